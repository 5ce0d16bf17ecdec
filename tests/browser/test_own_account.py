"""One’s own account in a browser: its pages, the end of a session, a required second factor."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.axe import axe
from tests.browser.test_second_factor import KEY, log_in
from tests.builders import PASSWORD, make_person

PAGES = [
    "own_home",
    "own_identity",
    "own_history",
    "own_data",
    "own_closing",
    "account_email",
    "account_change_password",
    "usersessions_list",
]


@pytest.fixture
def person(transactional_db):
    return make_person("APE")


def leave_seconds(seconds):
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=seconds))


def test_the_pages_of_ones_account_are_accessible(open_page, person):
    for password in (PASSWORD, "wrong password"):  # another session, and a failure to be shown
        Client().post(reverse("account_login"), {"login": person.email, "password": password})
    page = open_page(person)
    for name in PAGES:
        page.goto(reverse(name))
        axe(page)


def test_the_pages_of_a_forgotten_identifier_are_accessible(page, transactional_db):
    page.goto(reverse("forgotten_identifier"))
    axe(page)
    page.get_by_label("Adresse électronique").fill("nobody@ch.example")
    page.get_by_role("button", name="Recevoir mon identifiant").click()
    page.get_by_role("heading", name="Regardez vos messages").wait_for()
    axe(page)


def test_the_code_by_mail_and_a_first_password_are_accessible(open_page, person, settings):
    settings.SECOND_FACTOR, settings.SECOND_FACTOR_BY_EMAIL = "roles", True
    page = open_page()
    log_in(page, person)
    page.get_by_role("heading", name="Code de connexion").wait_for()
    axe(page)
    settings.SECOND_FACTOR = "off"
    person.set_unusable_password()
    person.save()
    page = open_page(person)
    for name in ("account_set_password", "own_closing", "own_home"):
        page.goto(reverse(name))
        axe(page)


@pytest.fixture
def warned(open_page, person):
    """A page on which somebody typed, then did nothing; the warning is open."""
    page = open_page(person)
    page.clock.install()
    page.goto(reverse("own_identity"))
    page.get_by_label("Prénom").fill("Camille-Rose")
    leave_seconds(110)
    page.clock.fast_forward("12:01")
    page.get_by_role("dialog", name="Votre session va se fermer").wait_for()
    return page


def test_two_minutes_before_the_end_one_may_stay_and_loses_nothing(warned):
    axe(warned)
    expect(warned.get_by_role("button", name="Rester connecté")).to_be_focused()
    expect(warned.get_by_role("link", name="Se reconnecter")).to_be_hidden()
    warned.keyboard.press("Enter")
    expect(warned.get_by_role("dialog")).to_be_hidden()
    left = Session.objects.get().expire_date - timezone.now()
    assert left > timedelta(minutes=59)
    expect(warned.get_by_label("Prénom")).to_have_value("Camille-Rose")


def test_the_key_that_closes_a_dialog_also_keeps_the_session(warned):
    warned.keyboard.press("Escape")
    expect(warned.get_by_role("dialog")).to_be_hidden()
    assert Session.objects.get().expire_date > timezone.now() + timedelta(minutes=59)


def test_another_tab_that_works_closes_the_warning(warned):
    leave_seconds(3600)
    warned.clock.run_for(20_000)
    expect(warned.get_by_role("dialog")).to_be_hidden()


def test_after_the_end_what_was_typed_is_kept_and_can_be_sent(warned, person):
    page = warned
    leave_seconds(-1)
    page.clock.run_for(20_000)
    page.get_by_role("dialog", name="Votre session est terminée").wait_for()
    axe(page)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Se reconnecter").click()
    tab = opened.value
    expect(tab.get_by_text("faute d’activité").first).to_be_visible()
    tab.locator("[name=login]").fill(person.email)
    tab.locator("[name=password]").fill(PASSWORD)
    tab.keyboard.press("Enter")
    tab.get_by_role("button", name="Se déconnecter").wait_for()
    tab.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("C’est enregistré.").wait_for()
    person.refresh_from_db()
    assert person.first_name == "Camille-Rose"


def test_a_region_meets_its_second_factor_first_then_enters_by_its_key(
    open_page, transactional_db, settings
):
    settings.SECOND_FACTOR = "roles"
    person = make_person("ARA")
    page = open_page()
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    log_in(page, person)
    page.get_by_text("Votre rôle demande un second facteur").wait_for()
    axe(page)
    page.get_by_role("link", name="Ajouter une clé").click()
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Me connecter avec cette clé seule").check(force=True)
    page.get_by_role("button", name="Ajouter").click()
    page.get_by_role("heading", name="Codes de secours", level=1).wait_for()
    page.goto(reverse("profiles:list"))
    page.get_by_role("button", name="Se déconnecter").click()
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    page.get_by_role("button", name="Se déconnecter").wait_for()
    page.goto(reverse("profiles:list"))
    page.get_by_role("heading", level=1).wait_for()
    assert reverse("profiles:list") in page.url
