"""An APE decides of requests, on a desktop and on a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import AccessRequest
from accounts.services.requests import ask_profile
from tests.browser.axe import axe
from tests.builders import make_establishment, make_legal_entity, make_person, make_user
from tests.rights import APE, INVENTORY

DESKTOP, PHONE = 1280, 360


@pytest.fixture
def entity(transactional_db):
    return make_legal_entity(name="Centre hospitalier du Val de Brenne")


@pytest.fixture
def ape(entity):
    return make_person("APE", on=entity)


@pytest.fixture
def julien(entity):
    site = make_establishment(entity, name="Hôpital de la Rive")
    return ask(site, "Julien", "Moreau", note="Je remplace Mme Roy au magasin.")


@pytest.fixture
def sofia(entity, julien):
    return ask(entity, "Sofia", "Lambert")


def ask(on, first_name, last_name, right=INVENTORY, note=""):
    user = make_user(first_name=first_name, last_name=last_name)
    return ask_profile(user, on, [right], note=note)


def fresh(request):
    return AccessRequest.objects.get(pk=request.pk)


def test_at_a_desk_the_open_request_is_beside_the_list(open_page, entity, ape, julien, sofia):
    ask(entity, "Éric", "Dumas", APE)
    page = open_page(ape)
    page.goto("/")
    page.get_by_role("link", name="Décider : 2 demandes de profil").click()
    expect(page.get_by_role("heading", name="Demande de Julien Moreau")).to_be_visible()
    expect(page.get_by_role("table", name="décidées par d’autres")).to_contain_text("Éric Dumas")
    axe(page)

    page.get_by_role("link", name="Décider de la demande de Sofia Lambert").click()
    panel = page.get_by_role("region", name="Demande de Sofia Lambert")
    expect(panel).to_be_visible()
    expect(page.get_by_role("table", name="Demandes à décider")).to_be_visible()
    panel.get_by_role("button", name="Enregistrer la décision").click()
    expect(panel).to_contain_text("Choisissez : accepter, ou refuser.")
    axe(page)
    panel.get_by_text("Refuser", exact=True).click()
    panel.get_by_label("Motif").fill("Vous n’êtes pas de cet établissement.")
    panel.get_by_role("button", name="Enregistrer la décision").click()

    expect(page.get_by_text("La demande de Sofia Lambert est refusée.")).to_be_visible()
    assert fresh(sofia).outcome == "refused"
    assert fresh(julien).is_open


def test_on_a_phone_the_list_and_the_request_each_have_their_page(open_page, ape, julien, sofia):
    page = open_page(ape, width=PHONE)
    page.goto(reverse("plage:requests"))
    expect(page.get_by_role("heading", name="Demande de Julien Moreau")).to_be_hidden()

    page.get_by_role("link", name="Décider de la demande de Julien Moreau").click()
    expect(page.get_by_role("table", name="Demandes à décider")).to_be_hidden()
    panel = page.get_by_role("region", name="Demande de Julien Moreau")
    expect(panel).to_contain_text("Je remplace Mme Roy")
    axe(page, widths=(PHONE,))
    panel.get_by_text("Accepter", exact=True).click()
    panel.get_by_role("button", name="Enregistrer la décision").click()

    expect(page.get_by_text("La demande de Julien Moreau est acceptée")).to_be_visible()
    assert fresh(julien).outcome == "accepted"
    expect(page.get_by_text("Sofia Lambert").first).to_be_visible()


def test_several_are_ticked_read_again_then_decided(open_page, ape, julien, sofia):
    page = open_page(ape)
    page.goto(reverse("plage:requests"))
    for name in ("Julien Moreau", "Sofia Lambert"):
        page.get_by_text(f"Cocher la demande de {name}").click()
    page.get_by_role("button", name="Relire les demandes cochées").click()
    expect(page.get_by_role("table", name="Demandes à relire")).to_contain_text(
        "Hôpital de la Rive"
    )
    axe(page)
    page.get_by_text("Accepter", exact=True).click()
    page.get_by_role("button", name="Enregistrer ces décisions").click()

    expect(page.get_by_text("2 demandes acceptées.")).to_be_visible()
    assert {fresh(julien).outcome, fresh(sofia).outcome} == {"accepted"}
    axe(page)
