"""NAT: writes what pharmacies must do, follows who read it. NAL: reads the country and a region."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from epi_stocks.services.reference import load_epi_reference
from epi_stocks.summaries.refresh import refresh_due_weeks
from steering.services.bulletins import publish
from steering.situation.moment import Moment, now
from steering.situation.territory import country
from steering.situation.weeks import ended_week
from tests.browser.roles.conftest import menu
from tests.builders import make_category, make_establishment, make_line, make_person

pytestmark = pytest.mark.django_db(transaction=True)
FFP2 = 2
OBJECT = "Deux transmissions par semaine"


@pytest.fixture
def world(transactional_db):
    """A hospital of the Loiret is out of masks; the bulletin of the week before is published."""
    make_category()
    load_epi_reference()
    site = make_establishment(name="CH du Loiret")
    at = now()
    for week in (ended_week(at.at), at.week):
        make_line(site, week, FFP2, stock=0, daily=10)
    refresh_due_weeks()
    publish(country(), Moment(ended_week(at.at), at.at))
    return site


def test_the_cell_writes_a_message_and_sees_it_taken_into_account(enter, world):
    pharmacist = make_person("GF", on=world)
    page = enter(make_person("NAT", domain="dispostock"))
    page.get_by_role("link", name="Écrire un message").click()
    write(page)
    expect(page.get_by_text("Ce message ira à 1 personne dans 1 établissement")).to_be_visible()
    page.get_by_role("button", name="Envoyer à 1 personne").click()
    expect(page.get_by_role("heading", name="Qui a lu ce message")).to_be_visible()

    other = enter(pharmacist)
    other.get_by_role("link", name=OBJECT, exact=True).click()
    other.get_by_role("button", name="Pris en compte").click()
    expect(other.get_by_text("C’est noté")).to_be_visible()

    page.reload()
    expect(page.get_by_text("1 sur 1").first).to_be_visible()


def write(page):
    page.get_by_text("Pour action", exact=True).click()
    page.get_by_label("Objet").fill(OBJECT)
    page.get_by_label("Texte", exact=True).fill("Chaque lundi et chaque jeudi.")
    due = timezone.localdate() + timedelta(days=5)
    page.get_by_label("À faire avant le").fill(due.isoformat())
    page.get_by_text("Gestionnaires de fichiers (e-Dispostock)").click()
    page.get_by_role("button", name="Voir l’aperçu").click()


def test_the_national_reader_goes_from_the_country_to_a_region_and_the_bulletin(enter, world):
    page = enter(make_person("NAL", domain="epi_stock"))
    menu(page, "Situation")
    page.get_by_role("combobox", name="Territoire").select_option(label="Centre-Val de Loire")
    page.get_by_role("button", name="Afficher").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Centre-Val de Loire")
    expect(page.get_by_role("rowheader", name="Masques FFP2")).to_be_visible()
    menu(page, "Accueil")
    page.get_by_role("link", name="Bulletin de la semaine").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bulletin de la semaine")
    expect(page.get_by_role("link", name="Corriger ou compléter")).to_be_hidden()
