"""An APE finds somebody of the perimeter, suspends and reopens their profile; axe at each state."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.limits import LOGIN_FAILURES
from accounts.models import Domain, Profile, Role
from tests.browser.axe import axe
from tests.builders import grant, make_legal_entity, make_person, make_user

PEOPLE = reverse("plage:people")


@pytest.fixture
def entity(transactional_db):
    return make_legal_entity(name="Centre hospitalier du Val de Brenne")


@pytest.fixture
def claire(entity):
    person = make_user(first_name="Claire", last_name="Fournier")
    make_person("OIE", on=entity, user=person)
    grant(person.profiles.get(), Domain.DISPOSTOCK, Role.DECLARANT, state="revoked", reason="fin")
    return person


def test_an_ape_suspends_and_reopens_a_profile_each_confirmed(open_page, entity, claire):
    page = open_page(make_person("APE", on=entity))
    page.goto(PEOPLE)
    axe(page)
    page.get_by_label("Nom, identifiant ou adresse").fill("fourn")
    page.get_by_role("button", name="Rechercher").click()
    page.get_by_role("link", name="Claire Fournier").click()
    expect(page.get_by_role("heading", name="Claire Fournier")).to_be_visible()
    axe(page)

    page.get_by_role("link", name="Suspendre").click()
    expect(page.get_by_text("ne pourra plus")).to_be_visible()
    axe(page)
    page.expected.append("422")
    page.get_by_role("button", name="Suspendre").click()
    expect(page.get_by_text("Indiquez le motif").first).to_be_visible()
    axe(page)
    page.get_by_label("Motif").fill("Congé de trois mois.")
    page.get_by_role("button", name="Suspendre").click()
    expect(page.get_by_text("est suspendu")).to_be_visible()
    axe(page)
    assert claire.profiles.get().state == Profile.State.SUSPENDED

    page.get_by_role("link", name="Rouvrir").click()
    page.get_by_label("Motif").fill("De retour.")
    page.get_by_role("button", name="Rouvrir").click()
    expect(page.get_by_text("est rouvert")).to_be_visible()
    assert claire.profiles.get().state == Profile.State.ACTIVE


def test_habilitations_openings_and_unlocking_are_sound_for_axe(open_page, entity, claire):
    page = open_page(make_person("APE", on=entity))
    for _ in range(5):
        LOGIN_FAILURES.begin(f"account {claire.pk}")
    profile = claire.profiles.get()
    right = profile.habilitations.get(domain=Domain.EPI_STOCK)
    for route, arguments in (
        ("person", []),
        ("person_unlock", []),
        ("profile_contact", [profile.pk]),
        ("right_new", [profile.pk]),
        ("right_change", [right.pk]),
        ("right_revoke", [right.pk]),
    ):
        page.goto(reverse(f"plage:{route}", args=[claire.public_id, *arguments]))
        axe(page)
    page.goto(reverse("plage:person_open"))
    axe(page)
    page.goto(f"{PEOPLE}?recherche=introuvable")
    axe(page)
