"""« Etat du stock » in a browser: each of its pages is accessible, also on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from medications.calendar import calendar_of
from medications.models import Priority, Product
from tests.browser.axe import axe
from tests.builders import make_establishment, make_person, make_region
from tests.pui.builders import (
    make_followed,
    make_list,
    make_product,
    make_pui,
    make_reference,
    make_transmission,
)

STATE = "/dispostock/medicaments/etat-du-stock/"


@pytest.fixture
def site(transactional_db):
    return make_establishment(name="Hôpital de la Rive")


@pytest.fixture
def gf(site):
    return make_person("GF", on=site)


@pytest.fixture
def pui(site, gf):
    """Twelve due days of a falling stock, and a product that is not declared."""
    calendar = calendar_of(make_list())
    pui = make_pui("PUI de la Rive", on=site)
    falling = make_followed(make_product("MIDAZOLAM"), priority=Priority.NATIONAL)
    curare = make_reference("ROCURONIUM", "10 mg/ml")
    others = [make_followed(make_product(f"ROCURONIUM {n}", reference=curare)) for n in range(5)]
    make_followed(make_product("SILENCIEUX", reference=curare))
    for rank, due_on in enumerate(calendar.past_dues(timezone.now(), 12)):
        lines = {falling: (40 + 60 * rank, 10)} | dict.fromkeys(others, (300, 10))
        now = calendar.due_at(due_on) - timedelta(hours=1)
        make_transmission(pui, lines, by=gf, due_on=due_on, now=now)
    return pui


def test_a_pharmacist_finds_what_may_run_out_and_since_when_it_falls(open_page, gf, pui):
    page = open_page(user=gf)
    page.goto(STATE)
    axe(page)
    page.get_by_text("Comment lire ces chiffres").click()
    axe(page)
    page.get_by_label("Niveau").select_option(label="En tension")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.get_by_role("link", name="ROCURONIUM 1")).to_have_count(0)
    page.get_by_role("link", name="MIDAZOLAM", exact=True).click()
    expect(page.get_by_role("heading", name="MIDAZOLAM")).to_be_visible()
    expect(page.get_by_text("Rupture prévue")).to_be_visible()
    axe(page)


def test_the_whole_table_fits_beside_the_side_menu(open_page, gf, pui, site):
    """Two pharmacies of a site, one that declared less: the widest that the columns say."""
    make_pui("PUI du second site, bâtiment des urgences", on=site)
    Product.objects.update(label="AMOXICILLINE ET ACIDE CLAVULANIQUE 1 g/200 mg, poudre, flacon")
    page = open_page(user=gf)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(STATE)
    expect(page.get_by_role("columnheader", name="Déclaré")).to_be_visible()
    held = page.locator(".stock-lignes .fr-table__container")
    assert held.evaluate("one => one.scrollWidth - one.clientWidth") == 0


def test_a_reference_leads_to_its_ucds(open_page, gf, pui):
    page = open_page(user=gf)
    page.goto(f"{STATE}?par=dci")
    axe(page)
    page.get_by_role("link", name="ROCURONIUM", exact=True).click()
    page.get_by_role("link", name="ROCURONIUM 10 mg/ml").click()
    expect(page.get_by_role("link", name="ROCURONIUM 4")).to_be_visible()


def test_the_reader_of_a_region_chooses_a_pharmacy(open_page, pui):
    page = open_page(user=make_person("ARL", on=make_region()))
    page.goto(STATE)
    axe(page)
    page.get_by_label("PUI, établissement, commune ou FINESS").fill("rive")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="PUI de la Rive").click()
    expect(page.get_by_text("À jour, échéance du")).to_be_visible()
    axe(page)
