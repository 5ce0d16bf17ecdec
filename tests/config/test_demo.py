"""The demonstration world: the same each time, complete, and cheap to build again."""

import json
import re
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F, Q
from django.http import QueryDict
from django.test import Client, override_settings
from django.utils import timezone

from accounts.grants import CODES, code_of
from accounts.models import AccessRequest, Habilitation, Invitation, Profile, Role, User
from accounts.services.automatic import grant_automatic
from accounts.services.decisions import decide
from accounts.services.invitations import confirm_invitation
from common.weeks import current_week
from config.demo.country import SERVING, SMALL_EHPAD, build_country
from config.demo.history import build_history
from config.demo.national import build_nation, build_national_pharmacies, build_places
from config.demo.people import PASSWORD, accounts
from config.demo.pharmacies import SHORT
from config.demo_accounts import demo_accounts
from epi_stocks.models import InventoryLine, WeeklyInventory
from establishments.models import Establishment, LegalEntity, Region
from journal.models import Entry
from medications.calendar import calendar_of
from medications.models import MonitoredList, Monitoring
from pui.aid.stocks import catalogue_today
from pui.expiry import NEAR as EXPIRY_NEAR
from pui.models import LatestStock, Pui, ServedEstablishment, StockLine, SwitchOver
from pui.particular import groups_at
from pui.region.donors import find_donors
from pui.region.filters import RegionFilter
from pui.region.late import late_puis
from pui.region.reading import read_page
from pui.region.scope import scope_for
from pui.services.register import serving_pui

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    """Built once; what a test changes of it is undone after the test, and itself at the end."""
    files = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files"))
    with files, django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEMO=True):
            call_command("demo", weeks=3, stdout=StringIO())
        connection.check_constraints()  # else each test would, of all that was built
        yield
        transaction.set_rollback(True)


@pytest.fixture
def world(built, settings):
    settings.DEMO = True


def test_it_is_refused_outside_the_demonstration(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo")


def test_the_country_has_its_regions_and_every_number_its_own_key(world):
    assert set(Establishment.objects.values_list("region", flat=True)) == set(
        Region.objects.values_list("pk", flat=True)
    )
    assert 1_200 < Establishment.objects.count() < 2_000
    assert (
        LegalEntity.objects.get(name="Centre hospitalier du Val de Brenne").establishments.count()
        == 6
    )


def test_the_calendar_of_the_regions_is_that_of_the_instruction(world):
    """Its four rows: every region, its meeting and its day; the pilot one meets nobody [001]."""
    waves: dict[tuple[str, str], set[str]] = {}
    for one in SwitchOver.objects.select_related("region"):
        meeting = f"{timezone.localtime(one.meeting_at):%d/%m %H h}" if one.meeting_at else "pilote"
        assert one.is_pilot is (one.meeting_at is None)
        waves.setdefault((meeting, f"{one.switches_on:%d/%m/%Y}"), set()).add(one.region.name)
    overseas = {"Guadeloupe", "Martinique", "Guyane", "La Réunion", "Mayotte"}
    assert waves == {
        ("pilote", "02/11/2020"): {"Centre-Val de Loire"},
        ("04/11 10 h", "09/11/2020"): overseas
        | {"Auvergne-Rhône-Alpes", "Île-de-France", "Nouvelle-Aquitaine"},
        ("09/11 16 h", "12/11/2020"): {
            *("Bourgogne-Franche-Comté", "Bretagne", "Grand Est", "Hauts-de-France"),
        },
        ("12/11 10 h", "16/11/2020"): {
            *("Corse", "Normandie", "Occitanie", "Pays de la Loire"),
            "Provence-Alpes-Côte d’Azur",
        },
    }


def test_built_twice_it_changes_nothing(world):
    before = (Establishment.objects.count(), InventoryLine.objects.count(), Profile.objects.count())
    call_command("demo", weeks=3, stdout=StringIO())
    after = (Establishment.objects.count(), InventoryLine.objects.count(), Profile.objects.count())
    assert after == before
    assert build_country() == 0
    assert build_history(3) == []


def test_some_establishments_are_served_and_a_group_has_its_pharmacy_at_a_host(world):
    """One of the same entity, one of another; the group stands in the building of a hospital."""
    today = timezone.localdate()
    of_entity = Q(establishment__legal_entity=F("pui__establishment__legal_entity"))
    assert ServedEstablishment.objects.in_force(today).filter(of_entity).count() > 20
    neighbour = Establishment.objects.get(name=SMALL_EHPAD.name)
    assert serving_pui(neighbour, today).establishment.name == SERVING
    group = Pui.objects.get(label="GCS PUI du Val de Brenne").establishment
    assert group.legal_entity.legal_status_id == "29"
    assert not Profile.objects.filter(legal_entity=group.legal_entity).exists()
    host = Establishment.objects.get(name=SERVING)
    assert (group.address, group.postal_code) == (host.address, host.postal_code)
    assert group in list(groups_at(host))


def test_the_first_region_lacks_a_dci_and_has_late_pharmacies(world):
    """What an ARS comes for: whom to help, whom to call, one that never declared."""
    ars, now = User.objects.get(email="ars@demo.example"), timezone.localtime()
    query = QueryDict("")
    page = read_page(scope_for(ars, RegionFilter(query, user=ars), now))
    assert page.now[SHORT].level.is_tension
    assert find_donors(ars, catalogue_today(now), SHORT, None, now).found
    late = late_puis(ars, MonitoredList.objects.get(pk="autres"), calendar_of("autres"), now)
    assert {one.declared_on is None for one in late} == {True, False}


@pytest.mark.parametrize(
    ("key", "waiting"),
    [("ape", 3), ("delegue", 3), ("ars", 5), ("national", 1), ("national2", 2)],
)
def test_each_who_decides_has_requests_waiting(world, key, waiting):
    person = User.objects.get(email=f"{key}@demo.example")
    assert AccessRequest.objects.to_decide(person).count() == waiting


def test_what_was_seeded_is_in_the_journal_on_its_day(world):
    for request in AccessRequest.objects.select_related("profile__user"):
        target = f"{request.profile.user.username} · {request.profile}"
        told = Entry.objects.filter(target=target, at=request.asked_at)
        asked = told.filter(by=request.asked_by, details__has_key="habilitations").get()
        assert asked.verb in {
            "account.profile_requested",
            "account.habilitation_requested",
            "account.request_proposed",
        }
    for invitation in Invitation.objects.all():
        assert Entry.objects.filter(target=str(invitation), at=invitation.created_at).exists()
    suspended = Entry.objects.get(verb="account.profile_suspended")
    assert suspended.by.email == "ape@demo.example"
    assert Entry.objects.filter(verb="account.request_escalated", by=None).exists()
    assert Entry.objects.filter(at__gt=timezone.now()).count() == 0


def test_invitations_of_the_demonstration_are_in_every_common_state(world):
    states = {one.state for one in Invitation.objects.all()}
    common = (Invitation.State.SENT, Invitation.State.EXPIRED, Invitation.State.TO_CONFIRM)
    assert states == set(common)


def test_the_second_national_person_ends_what_the_first_began(world):
    first, second = (
        User.objects.get(email=f"{key}@demo.example") for key in ("national", "national2")
    )
    proposed = AccessRequest.objects.to_decide(second).get(first_by=first)
    assert decide(proposed, by=second, accepted=True).outcome == AccessRequest.Outcome.ACCEPTED
    prepared = Invitation.objects.get(sent_at=None)
    assert confirm_invitation(prepared, by=second).state == Invitation.State.SENT


def test_the_rules_would_give_nothing_more_to_the_administrators(world):
    """The demonstration gives in bulk what they give one by one."""
    leading = Habilitation.objects.in_force().filter(role=Role.ADMINISTRATOR)
    automatic = Habilitation.objects.filter(is_automatic=True)
    assert {one.profile.user.email for one in automatic} >= {"ape@demo.example", "ars@demo.example"}
    for kind in ("body", "establishment", "legal_entity"):
        for right in leading.filter(**{f"profile__{kind}__isnull": False})[:8]:
            assert grant_automatic(right.profile, by=None) == []
    for right in automatic[:8]:
        right.delete()
        assert [one.reason for one in grant_automatic(right.profile, by=None)] == [right.reason]


def test_every_role_of_the_matrix_has_an_account(world):
    held = {
        code_of(right, profile)
        for account in accounts()
        for profile in Profile.objects.with_rights().filter(user__email=account.email)
        for right in profile.rights
    }
    assert held == set(CODES)


def test_an_account_of_the_manifest_logs_in(world):
    output = StringIO()
    call_command("demo", json=True, stdout=output)
    manifest = json.loads(output.getvalue())
    assert manifest["week"] == current_week().isoformat()
    accounts_by_email = {account["email"]: account for account in manifest["accounts"]}
    assert len(accounts_by_email["multi@demo.example"]["profiles"]) == 3
    assert states_of(accounts_by_email["attente@demo.example"]) == [("pending", ["pending"])]
    assert states_of(accounts_by_email["delegue@demo.example"]) == [("active", ["active"])]
    assert states_of(accounts_by_email["suspendu@demo.example"]) == [("suspended", ["active"])]
    assert Client().login(email="epi@demo.example", password=PASSWORD) is True


def states_of(account):
    return [
        (profile["state"], [one["state"] for one in profile["habilitations"]])
        for profile in account["profiles"]
    ]


def test_the_login_page_says_what_each_account_waits_for(world):
    told = {one["email"]: one["role"] for one in demo_accounts()["people"]}
    assert told["attente@demo.example"].startswith("profil en attente, SSIAD du Val")
    assert told["delegue@demo.example"].startswith("Administrateur délégué, Centre hospitalier")
    assert told["nouveau@demo.example"] == "aucun profil"


def test_every_account_of_the_readme_is_in_the_demonstration(world):
    told = re.findall(r"`(\S+@demo\.example)`", (settings.BASE_DIR / "README.md").read_text())
    assert set(told) == {one["email"] for one in demo_accounts()["people"]}


def test_each_week_has_lines_headers_holes_and_a_site_under_way(world):
    week = current_week()
    declared = InventoryLine.objects.filter(week=week).values("establishment").distinct().count()
    assert declared == WeeklyInventory.objects.filter(week=week).count()
    assert 0.7 < declared / Establishment.objects.count() < 0.9
    under_way = InventoryLine.objects.filter(week=week, establishment__name="Hôpital Saint-Aubin")
    assert 0 < under_way.count() < 7
    assert not InventoryLine.objects.filter(week=week, establishment__name="USLD Bel-Air").exists()
    assert 0 < InventoryLine.objects.filter(week=week, doubts=1).count() < 100


def test_the_national_size_is_made_in_the_database(world):
    build_nation(places=90, weeks=4)
    made = Establishment.objects.filter(finess__startswith="9S")
    assert made.count() == 90
    assert made.filter(is_main=True).count() == 30
    lines = InventoryLine.objects.filter(establishment__in=made, week=current_week())
    assert not lines.exists() or lines.filter(item__code="gants").count() == 0


def test_most_pharmacies_declare_the_nearest_expiry_of_what_they_have_and_others_do_not(world):
    lines = LatestStock.objects.filter(pui__closed_on=None)
    telling = set(lines.exclude(nearest_expiry=None).values_list("pui", flat=True))
    silent = set(lines.values_list("pui", flat=True)) - telling
    assert telling
    assert silent
    last = timezone.localdate() + EXPIRY_NEAR
    assert lines.filter(nearest_expiry__lte=last, pui__in=telling).exists(), "some are near"


def test_the_national_pharmacies_declare_every_product_at_every_due_day(world):
    build_places(60)
    before = Pui.objects.count()
    assert build_national_pharmacies(pharmacies=before + 5, products=98, due_days=14) == before + 5
    followed = Monitoring.objects.filter(monitored_list="autres", ends_on=None)
    assert followed.count() == 98
    days = calendar_of("autres").past_dues(timezone.now(), 14)
    oldest = StockLine.objects.filter(due_on=days[-1], product__monitorings__in=followed)
    assert oldest.count() == oldest.values("pui").distinct().count() * 98 > 98
    of_the_nation = Pui.objects.filter(establishment__finess__startswith="9S")
    assert oldest.filter(pui__in=of_the_nation).exists()
    assert LatestStock.objects.filter(pui__in=of_the_nation).exists()
