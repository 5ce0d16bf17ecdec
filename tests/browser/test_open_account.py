"""« Ouvrir un compte » [000], as a person does it: the account, then the step that most forget."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import AccessRequest, Domain, Habilitation, Role
from tests.browser.axe import axe
from tests.builders import PASSWORD, make_establishment, make_person, make_user

PHONE = 360


@pytest.fixture
def hospital(transactional_db):
    return make_establishment(name="Hôpital de la Rive", town="SAUMERAY")


@pytest.fixture
def nadia(hospital):
    person = make_user(first_name="Nadia", last_name="Benali")
    return make_person("APE", on=hospital, user=person)


def sign_up(page):
    page.goto("/")
    page.get_by_role("link", name="Créer un compte").first.click()
    page.get_by_label("Prénom").fill("Zoé")
    page.get_by_label("Nom", exact=True).fill("Le Goff")
    page.get_by_label("Adresse électronique professionnelle").fill("zoe.legoff@ch.example")
    for field in ("password1", "password2"):
        page.locator(f"[name={field}]").fill(PASSWORD)
    page.locator("main").get_by_role("button", name=re.compile("compte|inscri", re.I)).click()


def code_of(message):
    """The code of a mail stands alone on its line."""
    return re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", message.body, re.MULTILINE)[1]


def verify_address(page):
    page.locator("[name=code]").fill(code_of(mail.outbox[-1]))
    page.locator("main form button[type=submit]").first.click()


def find_hospital(page):
    """From the words that somebody remembers, while typing, without the button."""
    page.get_by_label(re.compile("Établissement, entité")).press_sequentially("hop riv")
    found = page.get_by_role("link", name="Choisir Hôpital de la Rive")
    expect(found).to_be_visible()
    axe(page)
    assert page.url.endswith("?recherche=hop+riv")
    found.click()


def ask_for_the_pharmacy(page):
    page.get_by_text("Gestionnaire de fichiers (GF)").click()
    page.get_by_label(re.compile("Message à la personne")).fill("Je remplace M. Roy.")
    axe(page)
    page.get_by_role("button", name="Relire avant d’envoyer").click()
    expect(page.get_by_text("1 personne de l’administration")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Envoyer la demande").click()


def remind(page):
    """From the home page; on the day of the request it is too early."""
    page.goto("/")
    page.get_by_role("link", name="Mes profils").first.click()
    line = page.get_by_role("region", name="Hôpital de la Rive")
    expect(line.get_by_text("Profil en attente")).to_be_visible()
    expect(line.get_by_text("en attente depuis aujourd’hui")).to_be_visible()
    expect(line.get_by_text("Relance possible à partir du")).to_be_visible()
    axe(page)
    AccessRequest.objects.update(asked_at="2026-01-05T08:00Z")
    page.reload()
    line.get_by_role("button", name="Relancer").click()


@pytest.mark.long
def test_an_account_is_opened_then_its_profile_asked_and_both_are_told(page, hospital, nadia):
    sign_up(page)
    verify_address(page)

    page.get_by_role("link", name="Mes profils").first.click()
    expect(page.get_by_role("heading", name="Mes profils", level=1)).to_be_visible()
    expect(page.get_by_text("Il manque une étape")).to_be_visible()
    axe(page)
    page.locator("main").get_by_role("link", name="Demander un profil").click()
    axe(page)
    find_hospital(page)
    ask_for_the_pharmacy(page)

    expect(page.get_by_role("heading", name="Votre demande est partie")).to_be_visible()
    expect(page.get_by_text("Nadia Benali")).to_be_visible()
    axe(page)
    right = AccessRequest.objects.get().habilitations.get()
    assert (right.domain, right.role) == (Domain.DISPOSTOCK, Role.DECLARANT)
    assert right.state == Habilitation.State.PENDING

    remind(page)
    expect(page.get_by_text("La relance sur Hôpital de la Rive est partie.")).to_be_visible()


def test_a_profile_is_asked_on_a_phone_without_script(open_page, hospital, nadia):
    page = open_page(user=make_user(), width=PHONE, java_script_enabled=False)
    page.goto(reverse("profiles:ask"))
    page.get_by_label(re.compile("Établissement, entité")).fill("saumeray")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="Choisir Hôpital de la Rive").click()
    page.get_by_role("button", name="Relire avant d’envoyer").click()
    expect(page.get_by_text("Choisissez au moins une habilitation")).to_be_visible()
    page.get_by_text("EPI-Stocks : Opérateur d’inventaire EPI").click()
    page.get_by_role("button", name="Relire avant d’envoyer").click()
    page.get_by_role("button", name="Corriger").click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(1)
    page.get_by_role("button", name="Relire avant d’envoyer").click()
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_role("heading", name="Votre demande est partie")).to_be_visible()
    page.get_by_role("link", name="Annuler la demande").click()
    page.get_by_role("button", name="Annuler la demande").click()
    expect(page.get_by_text("est annulée")).to_be_visible()


def test_changing_employer_ends_one_profile_and_asks_for_the_other(open_page, hospital, nadia):
    person = make_person("OIE", on=make_establishment(name="Ancien employeur"))
    page = open_page(user=person)
    page.goto(reverse("profiles:list"))
    page.get_by_role("link", name="Voir ce profil").click()
    axe(page)
    page.get_by_role("link", name="Je change d’employeur").click()
    page.get_by_label(re.compile("Établissement, entité")).press_sequentially("hop riv")
    page.get_by_role("link", name="Choisir Hôpital de la Rive").click()
    page.get_by_text("EPI-Stocks : Opérateur d’inventaire EPI").click()
    page.get_by_role("button", name="Relire avant d’envoyer").click()
    expect(page.get_by_text("votre profil sur Ancien employeur, dès l’envoi")).to_be_visible()
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_text("Remplace votre profil sur Ancien employeur")).to_be_visible()
    axe(page)


def test_a_place_typed_before_the_script_is_there_is_searched_all_the_same(open_page, hospital):
    page = open_page(user=make_user())
    late = []
    page.route("**/finess-search*.js", lambda route: late.append(route))
    page.goto(reverse("profiles:ask"), wait_until="commit")
    page.get_by_label(re.compile("Établissement, entité")).press_sequentially("hop riv")
    for route in late:
        route.continue_()
    expect(page.get_by_role("link", name="Choisir Hôpital de la Rive")).to_be_visible()
