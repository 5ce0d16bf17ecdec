"""Somebody who has just an account: asks for a profile, sees who decides, then enters."""

import pytest
from playwright.sync_api import expect

from accounts.models import AccessRequest
from tests.browser.roles.conftest import menu
from tests.builders import make_establishment, make_person, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    return make_establishment(name="EHPAD Résidence du Parc")


@pytest.fixture
def nadia(world):
    person = make_user(first_name="Nadia", last_name="Benali")
    return make_person("APE", on=world, user=person)


def test_a_new_person_asks_for_a_profile_and_knows_who_decides(enter, world, nadia):
    page = enter(make_user(first_name="Inès", last_name="Robin"), "Pourquoi n’ai-je pas accès ?")
    page.get_by_role("link", name="Demander un profil").click()
    page.get_by_label("Établissement, entité ou administration").fill("parc")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="Choisir EHPAD Résidence du Parc").click()
    page.get_by_role("button", name="Relire avant d’envoyer").click()
    expect(page.get_by_text("Choisissez au moins une habilitation").first).to_be_visible()
    page.get_by_text("Opérateur d’inventaire EPI").click()
    page.get_by_role("button", name="Relire avant d’envoyer").click()
    expect(page.get_by_text("Qui recevra votre demande")).to_be_visible()
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_text("Nadia Benali").first).to_be_visible()
    asked = AccessRequest.objects.get()
    assert (asked.profile.establishment, asked.is_open) == (world, True)

    menu(page, "Accueil")
    page.get_by_role("link", name="Suivre ma demande").click()
    expect(page.get_by_text("Nadia Benali").first).to_be_visible()
    accept(enter(nadia))
    menu(page, "Accueil")
    menu(page, "EPI-Stocks")
    expect(page.get_by_role("heading", name="Inventaire hebdomadaire des EPI")).to_be_visible()


def accept(page):
    page.get_by_role("link", name="Décider").click()
    page.get_by_text("Accepter", exact=True).click()
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.get_by_text("La demande d’Inès Robin est acceptée")).to_be_visible()
