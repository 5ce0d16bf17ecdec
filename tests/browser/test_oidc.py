"""Somebody enters another application through their account here, in a real browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.identity.tasks import tell_logout
from accounts.models import SignOn
from accounts.services.applications import register
from tests.accounts.identity_steps import one_key
from tests.browser.axe import axe
from tests.browser.relying_party import RelyingParty
from tests.builders import PASSWORD, make_establishment, make_person


@pytest.fixture
def agora(live_server, settings):
    settings.OIDC_ISSUER = f"{live_server.url}/identite"
    settings.OIDC_KEYS = one_key()
    party = RelyingParty(settings.OIDC_ISSUER)
    yield party
    party.stop()


def open_to(party, **fields):
    defaults = {"name": "Agora", "actions": ["acc.self"]}
    application, party.secret = register(
        redirect_uris=[f"{party.url}/retour"],
        logout_uris=[f"{party.url}/au-revoir"],
        logout_uri=f"{party.url}/fin",
        **defaults | fields,
    )
    party.client_id = application.client_id


def visit(page, party):
    page.expected.append(f"requête vers un tiers : {party.url}")
    page.goto(party.url)


def log_in(page, person):
    page.get_by_label("Adresse électronique ou identifiant").fill(person.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()


def test_one_enters_an_application_of_ours_by_logging_in_once(open_page, agora, claire, site):
    open_to(agora, is_ours=True)
    page = open_page()
    visit(page, agora)
    log_in(page, claire)
    expect(page.get_by_text("Bonjour Claire Fournier")).to_be_visible()
    expect(page.get_by_text(site.finess).first).to_be_visible()
    assert page.url.startswith(agora.url)
    (_, claims) = agora.entered[0]
    assert claims["sub"] == str(claire.public_id)

    visit(page, agora)
    expect(page.get_by_text("Bonjour Claire Fournier")).to_be_visible()
    assert len(agora.entered) == 2


def test_one_chooses_a_profile_then_agrees(open_page, agora, claire):
    other = make_establishment(name="EHPAD Les Tilleuls")
    make_person("OIE", on=other, user=claire)
    open_to(agora)
    page = open_page(width=360)
    visit(page, agora)
    log_in(page, claire)
    page.get_by_role("button", name="Travailler pour EHPAD Les Tilleuls").click()
    expect(page.get_by_role("heading", name="Entrer dans Agora")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Entrer dans Agora").click()
    expect(page.get_by_text("Bonjour Claire Fournier")).to_be_visible()
    expect(page.get_by_text(other.finess).first).to_be_visible()


def test_one_may_say_no(open_page, agora, claire):
    open_to(agora)
    page = open_page(claire)
    visit(page, agora)
    page.get_by_role("button", name="Ne pas entrer").click()
    expect(page.get_by_text("refus : access_denied")).to_be_visible()
    assert not SignOn.objects.exists()


def test_a_profile_that_opens_nothing_is_told_why_and_led_back(open_page, agora, claire):
    open_to(agora, actions=[], roles=["ARA"])
    page = open_page(claire)
    visit(page, agora)
    expect(page.get_by_role("heading", name="Accès refusé à Agora")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Revenir à Agora sans y entrer").click()
    expect(page.get_by_text("refus : access_denied")).to_be_visible()


def test_leaving_the_application_closes_the_session_here_and_it_is_told(open_page, agora, claire):
    open_to(agora, is_ours=True)
    page = open_page(claire)
    visit(page, agora)
    expect(page.get_by_text("Bonjour Claire Fournier")).to_be_visible()
    page.goto(f"{agora.url}/quitter")
    expect(page.get_by_text("Au revoir")).to_be_visible()
    tell_logout(SignOn.objects.get().pk)
    assert agora.ended[0]["sid"] == agora.entered[0][1]["sid"]
    page.goto(reverse("profiles:list"))
    expect(page.get_by_role("heading", name="Se connecter", exact=True)).to_be_visible()


def test_the_document_of_the_machines_opens_under_the_policy(open_page):
    page = open_page()
    page.goto("/api/v1/docs")
    expect(page.get_by_text("Interroger l’existence d’un compte")).to_be_visible()
