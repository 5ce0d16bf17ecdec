"""The pages of the second factor, in a real browser that holds a key of its own."""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.axe import axe
from tests.builders import PASSWORD, make_person

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def person(transactional_db):
    return make_person("OIE")


@pytest.fixture
def own_page(open_page, person):
    """Logged in, on a machine that makes keys."""
    page = open_page()
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    log_in(page, person)
    return page


def log_in(page, person):
    page.goto(reverse("account_login"))
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")


def open_own(page, name, *args):
    """Open a page that asks for the password again, and give it."""
    page.goto(reverse(name, args=args))
    if reverse("account_reauthenticate") in page.url:
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Continuer").click()


def test_a_key_is_added_renamed_and_proposed(own_page):
    page = own_page
    expect(page.get_by_role("button", name="Se déconnecter")).to_be_visible()
    page.goto(reverse("mfa_add_webauthn"))
    axe(page)  # the password is asked again
    open_own(page, "mfa_add_webauthn")
    axe(page)
    page.get_by_label("Nom de la clé").fill("Ordinateur du bureau")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_role("heading", name="Codes de secours", level=1)).to_be_visible()
    axe(page)  # the recovery codes come with the first key

    page.goto(reverse("mfa_list_webauthn"))
    expect(page.get_by_text("Ordinateur du bureau").first).to_be_visible()
    axe(page)
    for link in ("Renommer", "Retirer"):
        page.goto(reverse("mfa_list_webauthn"))
        page.get_by_role("link", name=re.compile(link)).click()
        axe(page)
    page.goto(reverse("mfa_reauthenticate_webauthn"))
    axe(page)


def test_the_pages_of_an_app_are_accessible(own_page, person):
    page = own_page
    expect(page.get_by_role("button", name="Se déconnecter")).to_be_visible()
    open_own(page, "mfa_activate_totp")
    axe(page)
    TOTP.activate(person, generate_totp_secret())
    for name in ("mfa_index", "mfa_deactivate_totp", "mfa_generate_recovery_codes"):
        open_own(page, name)
        axe(page)
    page.goto(reverse("mfa_reauthenticate"))
    axe(page)


def test_the_second_step_of_a_log_in_is_accessible(open_page, person):
    TOTP.activate(person, generate_totp_secret())
    page = open_page()
    log_in(page, person)
    page.get_by_role("heading", name="Second facteur").wait_for()
    axe(page)
    page.get_by_label("Code de l’application, ou code de secours").fill("nothing")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page.get_by_text("Ce code n’est pas le bon.").first).to_be_visible()
    axe(page)
