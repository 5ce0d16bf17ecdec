"""`/acces/`: what somebody lacks, who can act, since when, and the one next step."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRequest, Domain, Profile, Role
from accounts.services.requests import ask_habilitations, ask_profile
from tests.builders import grant, make_establishment, make_person, make_profile, make_user
from tests.config.access_page import ask, told
from tests.rights import INVENTORY

pytestmark = pytest.mark.django_db


def test_whoever_may_already_is_led_there(client_for, site):
    response = ask(client_for("OIE", on=site), place=site)
    assert response.missing == []
    assert "Vous pouvez remplir l’inventaire des EPI" in response.text
    assert f"/epi-stocks/inventaire/{site.finess}/" in response.text


def test_an_account_without_profile_is_told_the_step_that_people_forget(client, person, site):
    response = ask(client, place=site)
    assert response.missing == ["profile", "state", "right"]
    assert "Une seule démarche de votre part les règle toutes" in response.text
    form = reverse("profiles:ask_place", args=[site.finess])
    assert response.diagnosis.step.url == f"{form}?droit=epi_stock%3Ainventory_operator"
    assert client.get(response.diagnosis.step.url).status_code == 200


def test_a_request_that_waits_is_not_a_missing_one(client, person, site):
    ask_profile(person, site, [INVENTORY])
    AccessRequest.objects.update(asked_at=timezone.now() - timedelta(days=5))
    response = ask(client, place=site)
    assert response.diagnosis.waits
    assert "il y a 5\u00a0jours" in told(response, "state")
    assert "Vous pourrez remplir l’inventaire des EPI dès que" in response.text


def test_those_who_were_asked_are_reminded_from_here_after_a_working_day(client, person, site):
    make_person("APE", on=site)
    asked = ask_profile(person, site, [INVENTORY])
    response = ask(client, place=site)
    assert response.diagnosis.step is None
    assert "Relance possible à partir du" in told(response, "state")
    AccessRequest.objects.update(asked_at=timezone.now() - timedelta(days=9))
    step = ask(client, place=site).diagnosis.step
    assert (step.label, step.url) == ("Relancer", reverse("profiles:remind", args=[asked.pk]))
    AccessRequest.objects.update(reminded_at=timezone.now())
    response = ask(client, place=site)
    assert response.diagnosis.step is None
    assert "Dernière relance le" in told(response, "state")


def test_an_administrator_is_named_to_whoever_has_a_foot_in_the_entity(client, person, site):
    ape = make_person("APE", on=site, user=make_user(first_name="Nadia", last_name="Benali"))
    stranger = ask(client, place=site)
    assert "Benali" not in stranger.text
    assert ape.email not in stranger.text
    assert "1 personne" in stranger.text
    ask_profile(person, site, [INVENTORY])
    asked = ask(client, place=site)
    assert "Nadia Benali" in asked.text
    assert ape.email in asked.text


def test_where_nobody_decides_the_mailbox_of_the_ars_is_shown(client, person, site):
    response = ask(client, place=site)
    assert response.diagnosis.deciding.is_empty
    assert "mailto:ars@region.example" in response.text


def test_an_active_profile_without_the_habilitation_is_told_to_ask_for_it(client, person, site):
    profile = make_profile(person, site)
    grant(profile, Domain.DISPOSTOCK, Role.DECLARANT)
    response = ask(client, place=site)
    assert response.missing == ["right"]
    assert "n’a pas été demandée" in told(response, "right")
    form = reverse("profiles:ask_more", args=[profile.pk])
    assert response.diagnosis.step.url == f"{form}?droit=epi_stock%3Ainventory_operator"
    assert client.get(response.diagnosis.step.url).status_code == 200
    ask_habilitations(profile, [INVENTORY], by=person)
    assert ask(client, place=site).diagnosis.waits


@pytest.mark.parametrize(
    ("state", "dates", "words"),
    [
        ("refused", {}, "a été refusée le"),
        ("revoked", {}, "a été retirée le"),
        ("active", {"ends_on": -1}, "a pris fin le"),
        ("active", {"starts_on": 1}, "commencera le"),
    ],
)
def test_a_right_that_is_not_in_force_says_since_when_and_why(
    client, person, site, state, dates, words
):
    today = timezone.localdate()
    days = {name: today + timedelta(days=number) for name, number in dates.items()}
    grant(
        make_profile(person, site),
        *INVENTORY,
        state=state,
        decided_at=timezone.now(),
        reason="départ en retraite",
        **days,
    )
    response = ask(client, place=site)
    assert response.missing == ["right"]
    assert f"(domaine EPI-Stocks) {words}" in told(response, "right")
    if state != "active":
        assert told(response, "right").endswith("\u00a0: départ en retraite.")


@pytest.mark.parametrize(
    ("state", "words"),
    [("suspended", "est suspendu"), ("refused", "a été refusé"), ("ended", "est terminé")],
)
def test_a_profile_that_is_not_active_says_why(client, person, site, state, words):
    profile = make_profile(person, site, state=state)
    Profile.objects.filter(pk=profile.pk).update(reason="congé", decided_at=timezone.now())
    grant(profile, *INVENTORY)
    response = ask(client, place=site)
    assert response.missing == ["state"]
    assert told(response, "state").startswith(f"Votre profil sur {site} {words}")
    assert (response.diagnosis.step is None) is (state == "suspended")


def test_among_several_profiles_the_one_to_work_under_is_chosen_from_here(client, person, site):
    for place in (site, make_establishment()):
        make_person("APE", on=place, user=person)
    response = ask(client, "administrer", place=site)
    assert response.missing == ["use"]
    step = response.diagnosis.step
    client.post(step.url, dict(step.fields))
    assert ask(client, "administrer", place=site).missing == []


def test_the_inventory_adds_up_the_profiles_none_is_to_be_chosen(client, person, site):
    for place in (site, make_establishment()):
        make_person("OIE", on=place, user=person)
    assert ask(client, place=site).missing == []


def test_a_required_second_factor_is_one_of_the_conditions(client, person, settings, site):
    make_person("APE", on=site, user=person)
    assert ask(client, "administrer", place=site).missing == []
    settings.SECOND_FACTOR = "roles"
    response = ask(client, "administrer", place=site)
    assert response.missing == ["factor"]
    assert response.diagnosis.step.url == reverse("mfa_index")
