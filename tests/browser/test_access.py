"""What an EPI-STOCKS user never got: the five sentences, each on screen, and the way out."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import AccessRequest, Domain, Role
from accounts.services.requests import ask_profile
from epi_stocks.services.reference import load_epi_reference
from tests.browser.axe import axe
from tests.builders import PASSWORD, grant, make_establishment, make_person, make_profile, make_user
from tests.rights import INVENTORY

NOT_RECOGNISED = "L’identifiant ou le mot de passe n’est pas reconnu."


@pytest.fixture
def site(transactional_db):
    load_epi_reference()
    return make_establishment(name="EHPAD Les Glycines")


@pytest.fixture
def person(site):
    make_person("APE", on=site, user=make_user(first_name="Nadia", last_name="Benali"))
    return make_user(first_name="Julien", last_name="Moreau")


def log_in(page, login, password=PASSWORD):
    """From the page that one wanted to open."""
    page.goto(reverse("epi_stocks:inventory_start"))
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(password)
    page.keyboard.press("Enter")


def verdict(page):
    return page.locator("#verdict")


def test_an_unknown_account_is_told_and_led_to_help(page, person):
    log_in(page, "personne@ch.example")
    expect(page.get_by_role("alert")).to_contain_text(NOT_RECOGNISED)
    page.get_by_role("link", name="Je n’arrive pas à me connecter").click()
    expect(verdict(page)).to_have_text("Vous n’êtes pas connecté")
    axe(page)


def test_a_wrong_password_is_told_in_the_same_words(page, person):
    log_in(page, person.email, "pas-le-bon-mot")
    expect(page.get_by_role("alert")).to_contain_text(NOT_RECOGNISED)
    expect(page.get_by_role("link", name="Je n’arrive pas à me connecter")).to_be_visible()


def test_an_address_not_confirmed_is_told(page, person):
    person.emailaddress_set.update(verified=False)
    log_in(page, person.email)
    expect(page.get_by_text("Votre adresse n’est pas encore confirmée")).to_be_visible()
    axe(page)


def test_a_profile_that_waits_is_told_with_who_decides(page, person, site):
    ask_profile(person, site, [INVENTORY])
    log_in(page, person.email)
    expect(verdict(page)).to_have_text(
        re.compile("Vous pourrez remplir l’inventaire des EPI dès que votre demande sera acceptée")
    )
    expect(page.get_by_text("la demande attend une décision").first).to_be_visible()
    expect(page.get_by_text("Nadia Benali").first).to_be_visible()
    axe(page)
    AccessRequest.objects.update(asked_at="2026-01-05T08:00Z")
    page.reload()
    with page.expect_navigation():
        page.get_by_role("button", name="Relancer").first.click()
    page.goto(reverse("access"))
    expect(page.get_by_text("Dernière relance le").first).to_be_visible()


def test_a_missing_habilitation_is_told_and_asked_for_from_there(page, person, site):
    grant(make_profile(person, site), Domain.EPI_STOCK, Role.INVENTORY_OPERATOR, state="revoked")
    log_in(page, person.email)
    expect(verdict(page)).to_have_text(
        re.compile("Vous ne pouvez pas encore remplir l’inventaire des EPI\\s: 1 condition sur")
    )
    axe(page)
    page.get_by_role("link", name="Demander cette habilitation").first.click()
    expect(page.get_by_label("Opérateur d’inventaire EPI")).to_be_checked()


def test_an_account_without_profile_asks_for_the_one_that_the_page_filled(page, person, site):
    page.goto(f"{reverse('account_login')}?next={reverse('access')}")
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Il manque une étape")).to_be_visible()
    axe(page)
    page.get_by_label("Ce que vous voulez faire").select_option("inventaire-epi")
    page.get_by_label("Établissement").fill("glycines")
    page.get_by_role("button", name="Vérifier").click()
    expect(verdict(page)).to_contain_text("3 conditions sur 6 manquent")
    axe(page)
    page.get_by_role("link", name="Demander ce profil").first.click()
    expect(page.get_by_label("Opérateur d’inventaire EPI")).to_be_checked()


def test_a_refusal_leads_to_what_is_missing(open_page, site):
    page = open_page(user=make_person("GF", on=site))
    page.goto(reverse("epi_stocks:visu"))
    axe(page)
    page.get_by_role("link", name="Pourquoi n’ai-je pas accès").first.click()
    expect(verdict(page)).to_have_text(
        "Votre profil ne permet pas de suivre les EPI d’un territoire"
    )
    axe(page)
