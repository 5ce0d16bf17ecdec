"""The situation of a region, its bulletin, corrected, and received by mail."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from epi_stocks.services.reference import load_epi_reference
from epi_stocks.summaries.refresh import refresh_due_weeks
from steering.services.bulletins import publish
from steering.situation.moment import Moment, now
from steering.situation.territory import country, region_territory
from steering.situation.weeks import ended_week
from tests.browser.again import BOTH_WIDTHS
from tests.browser.axe import axe
from tests.builders import (
    make_category,
    make_department,
    make_establishment,
    make_line,
    make_person,
    make_region,
)

pytestmark = pytest.mark.django_db(transaction=True)
FFP2 = 2


@pytest.fixture
def region(transactional_db):
    """Loiret is well provided, Cher is out of masks; the bulletin of last week is published."""
    make_category()
    load_epi_reference()
    found = make_region()
    at = now()
    for code, name, stock in (("45", "Loiret", 900), ("18", "Cher", 0)):
        site = make_establishment(department=make_department(code, name))
        for week in (ended_week(at.at), at.week):
            make_line(site, week, FFP2, stock=stock, daily=10)
    refresh_due_weeks()
    for territory in (region_territory(found), country()):
        publish(territory, Moment(ended_week(at.at), at.at))
    return found


@BOTH_WIDTHS
def test_an_agency_reads_its_situation_corrects_its_bulletin_and_gets_it(open_page, width, region):
    page = open_page(user=make_person("ARA", on=region), width=width)
    page.goto(reverse("steering:situation"))
    axe(page)
    page.get_by_text("Hors tension").first.click()
    axe(page)
    page.get_by_role("button", name="Recevoir le bulletin par courriel").click()
    expect(page.get_by_text("Vous recevez ce bulletin")).to_be_visible()

    page.get_by_role("link", name="Bulletin de la semaine").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bulletin de la semaine")
    axe(page)
    page.get_by_role("link", name="Corriger ou compléter").click()
    axe(page)
    page.get_by_label("Le mot de la cellule").fill("Le Cher est dépanné mardi.")
    page.get_by_role("button", name="Publier la correction").click()
    expect(page.get_by_text("Dites en une phrase").first).to_be_visible()
    axe(page)
    page.get_by_label("Ce qui change, et pourquoi").fill("Mot ajouté.")
    page.get_by_role("button", name="Publier la correction").click()
    expect(page.get_by_text("Le Cher est dépanné mardi.")).to_be_visible()
    axe(page)

    page.goto(reverse("steering:bulletins_of", args=[region.code]))
    axe(page)
    page.get_by_label("Le mot de la cellule").fill("À suivre.")
    page.get_by_role("button", name="Enregistrer le mot").click()
    expect(page.get_by_text("est enregistré")).to_be_visible()


@BOTH_WIDTHS
def test_the_country_goes_from_its_situation_to_a_region(open_page, width, region):
    page = open_page(user=make_person("NAT", domain="epi_stock"), width=width)
    page.goto(reverse("steering:situation"))
    axe(page)
    page.get_by_role("combobox", name="Territoire").select_option(region.code)
    page.get_by_role("button", name="Afficher").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(region.name)
    axe(page)


def test_the_link_of_the_mail_opens_without_login(open_page, region):
    page = open_page(width=360)
    page.goto(reverse("steering:digest_leave", args=["rien"]))
    expect(page.get_by_text("aucun abonnement")).to_be_visible()
    axe(page)
