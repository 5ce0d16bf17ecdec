"""What the rules give by themselves: to whom, why, until when, and never again once taken back."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Domain, Habilitation, Role
from accounts.services.automatic import grant_automatic, grant_former_gf
from accounts.services.profiles import change_habilitation, revoke_habilitation
from accounts.services.spans import Span
from establishments.models import BeneficiaryCategory
from establishments.perimeter import Action
from journal.models import Entry
from tests.builders import (
    grant,
    make_body,
    make_category,
    make_establishment,
    make_legal_entity,
    make_person,
    make_profile,
    make_region,
    make_user,
)

pytestmark = pytest.mark.django_db
A, D, O = Domain.ADMINISTRATION, Domain.DISPOSTOCK, Domain.DISTRILOG  # noqa: E741
ORDERS = (O, Role.ORDER_OPERATOR)
GF = (D, Role.DECLARANT)
APE = (A, Role.ADMINISTRATOR)


@pytest.fixture
def beneficiary(db):
    BeneficiaryCategory.objects.create(category=make_category(), starts_on=date(2020, 3, 1))
    return make_establishment()


@pytest.fixture
def ars(db):
    return make_person("ARA", on=make_region())


@pytest.fixture
def fire_service(db):
    category = make_category("698", "Autre Etablissement Loi Hospitalière")
    return make_establishment(name="PUI du SDIS", category=category, ape_code="8425Z")


def holder(entity, domain, role, **fields):
    profile = make_profile(make_user(), entity)
    grant(profile, domain, role, **fields)
    return profile


def given(profile, by=None):
    return [(right.domain, right.role) for right in grant_automatic(profile, by=by)]


def test_the_ape_of_a_beneficiary_orders_from_today_on_and_the_reason_says_why(beneficiary, ars):
    profile = holder(beneficiary, *APE)
    (right,) = grant_automatic(profile, by=ars)
    assert (right.domain, right.role, right.state) == (*ORDERS, Habilitation.State.ACTIVE)
    assert right.is_automatic
    assert right.starts_on == timezone.localdate()
    assert "établissement bénéficiaire" in right.reason
    assert profile.user.may(Action.ORD_WRITE)
    entry = Entry.objects.latest("pk")
    assert (entry.verb, entry.by, entry.finess) == (
        "account.habilitation_granted",
        ars,
        beneficiary.finess,
    )
    assert entry.details["automatic"] is True


def test_the_ape_of_an_entity_orders_when_one_of_its_sites_is_a_beneficiary(beneficiary):
    assert given(holder(beneficiary.legal_entity, *APE)) == [ORDERS]


def test_elsewhere_an_ape_receives_nothing(beneficiary):
    other = make_establishment(category=make_category("246", "E.S.A.T."))
    assert given(holder(other, *APE)) == []
    assert given(holder(other.legal_entity, *APE)) == []


def test_the_administrator_of_an_ars_orders_for_its_pool(db):
    profile = holder(make_body("ars", region=make_region()), *APE)
    assert given(profile) == [ORDERS]
    assert "pot commun" in profile.habilitations.get(role=Role.ORDER_OPERATOR).reason


def test_a_deputy_and_an_operator_receive_nothing(beneficiary):
    end = timezone.localdate() + timedelta(days=9)
    deputy = holder(beneficiary, A, Role.DELEGATED_ADMINISTRATOR, ends_on=end)
    assert given(deputy) == []
    assert given(holder(beneficiary, *GF)) == []


def test_what_waits_or_was_asked_gives_nothing_yet(beneficiary):
    waiting = holder(beneficiary, *APE, state="pending")
    assert given(waiting) == []
    asked = holder(beneficiary, *APE)
    grant(asked, *ORDERS, state="pending")
    assert given(asked) == []
    suspended = holder(beneficiary, *APE)
    suspended.state = "suspended"
    suspended.save()
    assert given(suspended) == []


def test_a_rule_gives_once(beneficiary):
    profile = holder(beneficiary, *APE)
    assert given(profile) == [ORDERS]
    assert given(profile) == []


def test_it_lasts_as_long_as_what_it_follows(beneficiary):
    today = timezone.localdate()
    start, end = today + timedelta(days=3), today + timedelta(days=30)
    profile = holder(beneficiary, *APE, starts_on=start, ends_on=end)
    (right,) = grant_automatic(profile, by=None)
    assert (right.starts_on, right.ends_on) == (start, end)


def test_it_ends_when_what_it_follows_is_made_shorter_and_lasts_when_it_does(beneficiary, ars):
    profile = holder(beneficiary, *APE)
    (orders,) = grant_automatic(profile, by=ars)
    right, today = profile.habilitations.get(role=Role.ADMINISTRATOR), timezone.localdate()
    for end in (today + timedelta(days=9), today + timedelta(days=90), today):
        change_habilitation(right, Span(None, end), by=ars, reason="remplacement")
        orders.refresh_from_db()
        assert orders.ends_on == end
    entry = Entry.objects.filter(verb="account.habilitation_changed").latest("pk")
    assert entry.details["after"] == {"ends_on": today.isoformat()}
    assert entry.details["automatic"] is True


def test_orders_that_somebody_made_shorter_stay_so(beneficiary, ars):
    profile, today = holder(beneficiary, *APE), timezone.localdate()
    (orders,) = grant_automatic(profile, by=ars)
    change_habilitation(orders, Span(None, today), by=ars, reason="commandes centralisées")
    right = profile.habilitations.get(role=Role.ADMINISTRATOR)
    change_habilitation(right, Span(None, today + timedelta(days=9)), by=ars, reason="départ")
    orders.refresh_from_db()
    assert orders.ends_on == today


def test_what_a_person_took_back_is_never_given_again_by_a_rule(beneficiary, ars):
    profile = holder(beneficiary, *APE)
    (right,) = grant_automatic(profile, by=ars)
    revoke_habilitation(right, by=ars, reason="commandes centralisées")
    assert given(profile) == []
    profile.state = "ended"
    profile.save()
    again = profile.__class__.objects.create(
        user=profile.user, establishment=beneficiary, state="active"
    )
    grant(again, *APE)
    assert given(again) == []


def test_the_orders_go_with_the_administration_and_come_back_with_it(beneficiary, ars):
    profile = holder(beneficiary, *APE)
    grant_automatic(profile, by=ars)
    revoke_habilitation(profile.habilitations.get(role=Role.ADMINISTRATOR), by=ars, reason="départ")
    assert not profile.habilitations.in_force().exists()
    grant(profile, *APE)
    assert given(profile) == [ORDERS]


def test_orders_that_were_asked_for_stay_when_the_administration_goes(beneficiary, ars):
    profile = holder(beneficiary, *APE)
    grant(profile, *ORDERS)
    revoke_habilitation(profile.habilitations.get(role=Role.ADMINISTRATOR), by=ars, reason="départ")
    assert profile.habilitations.in_force().get().role == Role.ORDER_OPERATOR


def test_what_came_to_its_end_leaves_its_place(beneficiary):
    profile = holder(beneficiary, *APE)
    over = grant(profile, *ORDERS, ends_on=timezone.localdate() - timedelta(days=1))
    assert given(profile) == [ORDERS]
    over.refresh_from_db()
    assert over.state == Habilitation.State.REVOKED


def test_the_pharmacist_of_a_fire_service_is_also_its_ape(fire_service, beneficiary):
    BeneficiaryCategory.objects.create(category=fire_service.category, starts_on=date(2020, 3, 1))
    assert given(holder(fire_service, *GF)) == [APE, ORDERS]


@pytest.mark.parametrize(
    "name", ["Service d’incendie et de secours (fictif)", "SERVICE DÉPARTEMENTAL INCENDIE SECOURS"]
)
def test_a_fictitious_fire_service_is_known_by_its_name(name):
    entity = make_legal_entity(name=name)
    make_establishment(entity)
    assert given(holder(entity, *GF)) == [APE]


def test_the_second_pharmacist_of_a_fire_service_is_not_made_ape_by_the_first(fire_service):
    first = holder(fire_service, *GF)
    assert given(first) == [APE]
    assert given(holder(fire_service, *GF), by=first.user) == []


def test_the_ape_of_a_group_is_named_by_somebody(db):
    group = make_establishment(
        name="GCS PUI du Val", category=make_category("697", "G.C.S. Etablissement de Santé")
    )
    assert given(holder(group, *GF)) == []
    assert given(holder(make_establishment(name="Lieu de vie La Vincendière"), *GF)) == []


def test_who_held_gf_in_the_former_domain_receives_gf(beneficiary):
    profile = make_profile(make_user(), beneficiary)
    (right,) = grant_former_gf(profile)
    assert (right.domain, right.role, right.is_automatic) == (*GF, True)
    assert "ancien domaine Médicaments" in right.reason
    assert grant_former_gf(profile) == []


@pytest.fixture
def former_file(tmp_path, beneficiary):
    make_profile(make_user(email="a.roche@ch.example"), beneficiary)
    make_user(email="sans.profil@ch.example")
    path = tmp_path / "anciens.csv"
    path.write_text(
        "e-mail;FINESS\n"
        f"A.Roche@ch.example;{beneficiary.finess}\n"
        f"inconnu@ch.example;{beneficiary.finess}\n"
        f"sans.profil@ch.example;{beneficiary.finess}\n"
        "a.roche@ch.example;12\n",
        encoding="utf-8",
    )
    return path


def test_the_command_tells_and_writes_only_when_asked(former_file, capsys):
    call_command("grant_former_gf", former_file)
    told = capsys.readouterr()
    assert "Habilitations accordées\u00a0: 1. Essai" in told.out
    assert "aucun compte" in told.err
    assert "pas de profil actif" in told.err
    assert "Ligne 5" in told.err
    assert not Habilitation.objects.exists()
    call_command("grant_former_gf", former_file, write=True)
    assert Habilitation.objects.get().role == Role.DECLARANT


def test_the_command_refuses_a_file_it_cannot_read(tmp_path):
    with pytest.raises(CommandError, match="n’existe pas"):
        call_command("grant_former_gf", tmp_path / "absent.csv")
    path = tmp_path / "vide.csv"
    path.write_text("nom;prénom\nA;B\n", encoding="utf-8")
    with pytest.raises(CommandError, match="Colonnes attendues"):
        call_command("grant_former_gf", path)


def test_what_a_rule_gave_the_pharmacist_of_a_fire_service_goes_with_it(fire_service, ars):
    BeneficiaryCategory.objects.create(category=fire_service.category, starts_on=date(2020, 3, 1))
    BeneficiaryCategory.objects.get_or_create(
        category=make_category(), defaults={"starts_on": date(2020, 3, 1)}
    )
    profile = holder(fire_service, *GF)
    assert given(profile) == [APE, ORDERS]
    revoke_habilitation(profile.habilitations.get(role=Role.DECLARANT), by=ars, reason="départ")
    assert not profile.habilitations.in_force().exists()
    told = Entry.objects.filter(verb="account.habilitation_revoked", details__automatic=True)
    assert {entry.details["reason"] for entry in told} == {
        "Suit le retrait de «\u00a0Gestionnaire de fichiers (e-Dispostock)\u00a0»."
    }
    grant(profile, *GF)
    assert given(profile) == [APE, ORDERS]


def test_what_somebody_gave_the_pharmacist_stays_when_the_files_go(fire_service, ars):
    profile = holder(fire_service, *GF)
    grant(profile, *APE)
    revoke_habilitation(profile.habilitations.get(role=Role.DECLARANT), by=ars, reason="départ")
    assert profile.habilitations.in_force().get().role == Role.ADMINISTRATOR


def test_another_right_taken_back_leaves_what_the_rules_gave(fire_service, beneficiary, ars):
    BeneficiaryCategory.objects.create(category=fire_service.category, starts_on=date(2020, 3, 1))
    profile = holder(fire_service, *GF)
    other = grant(profile, Domain.EPI_STOCK, Role.INVENTORY_OPERATOR)
    given(profile)
    revoke_habilitation(other, by=ars, reason="autre service")
    kept = set(profile.habilitations.in_force().values_list("domain", "role"))
    assert kept == {GF, APE, ORDERS}


def test_the_whole_chain_ends_on_the_last_day_of_the_files(fire_service, ars):
    BeneficiaryCategory.objects.create(category=fire_service.category, starts_on=date(2020, 3, 1))
    profile = holder(fire_service, *GF)
    given(profile)
    end = timezone.localdate() + timedelta(days=9)
    files = profile.habilitations.get(role=Role.DECLARANT)
    change_habilitation(files, Span(None, end), by=ars, reason="remplacement")
    assert set(profile.habilitations.values_list("ends_on", flat=True)) == {end}
