"""« Gestion des APE »: who administers each place of a region, what to do where nobody does."""

import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AccessRequest, Domain, Invitation, Role
from accounts.services.invitations import invite
from accounts.services.profiles import suspend_profile
from journal.models import Entry
from tests.accounts.invitations import ADDRESS, APE, GF
from tests.builders import (
    grant,
    make_category,
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_profile,
    make_region,
    make_user,
)
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
LIST = "/plage/ape/"


@pytest.fixture
def lonely():
    return make_establishment(name="Hôpital de la Rive", town="BLOIS")


@pytest.fixture
def agent(client_for, lonely):
    return client_for("ARA", on=lonely.region)


@pytest.fixture
def held():
    """An establishment whose entity has an APE."""
    site = make_establishment(name="Clinique du Parc", category=make_category("128", "Clinique"))
    user = make_user(first_name="Nadia", last_name="Benali")
    make_person("APE", on=site.legal_entity, user=user)
    return site


def shown(client, **filters):
    """The places of the list, in their order."""
    page = client.get(LIST, filters)
    assert page.status_code == 200
    return (
        [line.place for line in page.context["table"].page.object_list.data]
        if (page.context["table"].paginator.count)
        else []
    )


def ask_for_ape(place, **fields):
    user = make_user(**fields)
    profile = make_profile(user, place, state="pending")
    request = AccessRequest.objects.create(profile=profile, level="ars", asked_by=user)
    grant(profile, *APE[:2], state="pending", request=request)
    return request


def test_places_without_an_ape_come_first_each_with_one_thing_to_do(agent, lonely, held):
    page = agent.get(LIST)
    assert_sound_html(page)
    assert shown(agent) == [lonely, held]
    invite_url = reverse("plage:invitation_form", args=[lonely.finess])
    assert f"{invite_url}?habilitation=administration:administrator" in page.text
    assert "Nadia Benali" in page.text
    assert "pour toute l’entité" in page.text
    form = agent.get(invite_url, {"habilitation": "administration:administrator"}).text
    assert re.search(r'value="administration:administrator"[^>]*checked', form)


def test_a_request_for_ape_waits_before_anything_else(agent, lonely):
    request = ask_for_ape(lonely, first_name="Zoé", last_name="Le Goff")
    text = agent.get(LIST).text
    assert "Zoé Le Goff" in text
    assert reverse("plage:request", args=[request.pk]) in text
    assert "1 demande d’APE à décider" in text
    make_establishment(ask_for_ape(make_legal_entity()).profile.legal_entity)
    assert "2 demandes d’APE à décider" in agent.get(LIST).text
    assert reverse("plage:invitation_form", args=[lonely.finess]) not in text


def test_an_invitation_is_followed_and_sent_again_from_the_list(agent, lonely):
    invitation = invite(ADDRESS, lonely.legal_entity, [APE], by=agent.user)
    resend = reverse("plage:invitation_resend", args=[invitation.pk])
    assert "Invitation envoyée" in agent.get(LIST).text
    assert shown(agent, situation="invite") == [lonely]
    Invitation.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert shown(agent, situation="expiree") == [lonely]
    assert shown(agent, situation="invite") == []
    text = agent.get(LIST).text
    assert "Invitation expirée" in text
    assert agent.post(resend, {"next": LIST})["Location"] == LIST
    assert shown(agent, situation="invite") == [lonely]


def test_an_invitation_of_somebody_else_than_an_ape_is_not_told_here(agent, lonely):
    ape = make_person("APE", on=lonely)
    invite(ADDRESS, lonely, [GF], by=ape)
    assert shown(agent, situation="avec-ape") == [lonely]
    assert ADDRESS not in agent.get(LIST).text


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "revoked"},
        {"ends_on": timezone.localdate() - timedelta(days=1)},
        {"starts_on": timezone.localdate() + timedelta(days=3)},
    ],
)
def test_only_an_ape_in_force_counts(agent, lonely, fields):
    grant(make_profile(make_user(), lonely), *APE[:2], **fields)
    assert shown(agent, situation="sans-ape") == [lonely]


def test_neither_a_deputy_nor_a_suspended_ape_counts(agent, lonely):
    until = timezone.localdate() + timedelta(days=9)
    deputy = make_profile(make_user(), lonely)
    grant(deputy, Domain.ADMINISTRATION, Role.DELEGATED_ADMINISTRATOR, ends_on=until)
    ape = make_person("APE", on=lonely)
    assert shown(agent, situation="avec-ape") == [lonely]
    suspend_profile(ape.profiles.get(), by=agent.user, reason="absence")
    assert shown(agent, situation="sans-ape") == [lonely]


def test_a_group_without_a_site_is_listed_by_its_entity(agent, lonely):
    group = make_legal_entity(name="GCS des Pharmacies")
    assert group in shown(agent)
    assert shown(agent, nature="EJ") == [group]
    assert lonely.legal_entity not in shown(agent)
    make_person("APE", on=group)
    assert shown(agent, situation="avec-ape") == [group]


def test_there_is_a_filter_for_every_column(agent, lonely, held):
    assert shown(agent, recherche="rive") == [lonely]
    assert shown(agent, recherche=lonely.finess_text) == [lonely]
    assert shown(agent, nature="ET", commune="blois") == [lonely]
    assert shown(agent, commune="orleans") == [held]
    assert shown(agent, departement="45") == [lonely, held]
    assert shown(agent, entite=held.legal_entity.name) == [held]
    assert shown(agent, entite=held.legal_entity.finess) == [held]
    assert shown(agent, ape="benali") == [held]
    assert shown(agent, situation="rien") == [lonely]
    group = make_category("300", "Groupe", aggregate_code="1101", aggregate_label="CHR")
    held.category = group
    held.save()
    assert shown(agent, categorie="1101") == [held]
    for forged in ({"categorie": "x"}, {"departement": "75"}, {"situation": "x"}, {"sort": "x"}):
        assert shown(agent, **forged) == [lonely, held]


def test_the_categories_offered_are_those_of_the_region(agent, held):
    make_category("620", "Pharmacie d’officine", aggregate_code="3101")
    held.category = make_category("300", "Groupe", aggregate_code="1101", aggregate_label="CHR")
    held.save()
    choices = dict(agent.get(LIST).context["form"].fields["categorie"].choices)
    assert "1101" in choices
    assert "3101" not in choices


def test_the_list_sorts_by_name_and_by_town(agent, lonely, held):
    assert shown(agent, sort="name") == [held, lonely]
    assert shown(agent, sort="-name") == [lonely, held]
    assert shown(agent, sort="town") == [lonely, held]
    assert shown(agent, sort="-ape") == [held, lonely]


def test_another_region_is_not_there(agent, lonely):
    department = make_department("75", "Paris", region=make_region("11", "Île-de-France"))
    make_establishment(department=department)
    make_legal_entity(department)
    assert shown(agent) == [lonely]
    assert shown(agent, departement="75") == [lonely]


def test_closed_places_are_not_listed(agent, lonely):
    make_establishment(lonely.legal_entity, closed_on=timezone.localdate())
    assert shown(agent) == [lonely]


def test_the_page_takes_as_many_queries_for_two_as_for_thirty(agent, lonely, count_queries, client):
    client.force_login(agent.user)
    make_person("APE", on=make_establishment())
    make_legal_entity()
    with_two = count_queries(LIST)
    for number in range(10):
        make_person("APE", on=make_establishment().legal_entity)
        ask_for_ape(make_establishment())
        invite(f"a{number}@ch.example", make_establishment(), [APE], by=agent.user)
        make_legal_entity()
    assert count_queries(LIST) == with_two


def test_the_export_is_the_list_without_pages_and_is_recorded(agent, lonely, held):
    invite(ADDRESS, lonely, [APE], by=agent.user)
    for _ in range(30):
        make_establishment()
    answer = agent.get(f"{LIST}export/", {"situation": "avec-ape"})
    rows = list(sheet_of(answer).iter_rows(values_only=True))
    assert [row[2] for row in rows[1:]] == ["Clinique du Parc"]
    assert rows[1][8:10] == ("Avec APE", "Nadia Benali")
    everything = list(sheet_of(agent.get(f"{LIST}export/")).iter_rows(values_only=True))
    assert len(everything) == 33
    invited = next(row for row in everything if row[2] == lonely.name)
    assert (invited[8], invited[12]) == ("APE invité", ADDRESS)
    taken = Entry.objects.filter(verb="account.ape_exported", by=agent.user)
    assert [one.region_code for one in taken] == [agent.user.active_profile.body.region_id] * 2


def sheet_of(answer):
    return load_workbook(io.BytesIO(b"".join(answer))).worksheets[0]


def test_the_page_is_for_the_ars_alone(client_for, lonely):
    for code in ("APE", "ARL", "NAT", "GF", "USR"):
        client = client_for(code, on=lonely if code in ("APE", "GF") else None)
        assert client.get(LIST).status_code == 403
        assert client.get(f"{LIST}export/").status_code == 403
