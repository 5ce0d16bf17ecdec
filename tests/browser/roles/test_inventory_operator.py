"""OIE: counts the storeroom on a phone, two weeks late, and the week is declared."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from common.weeks import current_week, shift
from epi_stocks.models import InventoryLine
from epi_stocks.services.reference import load_epi_reference
from tests.browser.roles.conftest import PHONE
from tests.builders import make_category, make_establishment, make_line, make_person

pytestmark = pytest.mark.django_db(transaction=True)
MASKS, FFP2 = 1, 2
STOCK, DAILY = "Stock utilisable restant", "Consommation quotidienne anticipable"


@pytest.fixture
def world(transactional_db):
    """A care home that follows two equipments, silent since three weeks ago."""
    category = make_category("500", "EHPAD")
    load_epi_reference()
    site = make_establishment(name="EHPAD Les Glycines", category=category)
    for item in (MASKS, FFP2):
        make_line(site, shift(current_week(), -3), item, stock=4_800, daily=200)
    return site


def type_in(page, item, measure, text):
    """As with a thumb: the cell is left by touching something else."""
    cell = page.get_by_role("textbox", name=f"{item} : {measure}")
    cell.fill(text)
    cell.blur()


def test_a_care_home_declares_its_week_on_a_phone(enter, world):
    page = enter(make_person("OIE", on=world), width=PHONE)
    expect(page.get_by_text("1 tâche en retard")).to_be_visible()
    page.get_by_role("link", name="Ouvrir la grille").click()

    page.get_by_role("link", name="Aller directement à la saisie").click()
    type_in(page, "Masques chirurgicaux", STOCK, "4 400")
    type_in(page, "Masques chirurgicaux", DAILY, "200")
    expect(page.get_by_role("cell", name="22 j Suffisante")).to_be_visible()
    type_in(page, "Masques FFP2", STOCK, "12OO")
    expect(page.get_by_text("la lettre O")).to_be_visible()
    type_in(page, "Masques FFP2", STOCK, "1 200")
    type_in(page, "Masques FFP2", DAILY, "200")
    expect(page.get_by_role("cell", name="6 j Critique")).to_be_visible()
    today = timezone.localdate()
    expect(page.get_by_text(f"déclaré le {today:%d/%m}", exact=True)).to_be_visible()

    page.get_by_role("link", name="Stocks Santé").first.click()
    expect(page.get_by_text("1 tâche déjà faite.")).to_be_visible()
    expect(page.get_by_text(f"déclaré le {today:%d/%m}")).to_be_visible()
    low = page.get_by_role("table", name="Vos stocks sous le seuil")
    expect(low.get_by_role("row", name=re.compile("Masques FFP2.*Critique"))).to_be_visible()
    typed = InventoryLine.objects.filter(establishment=world, week=current_week())
    assert set(typed.values_list("item", "stock")) == {(MASKS, 4_400), (FFP2, 1_200)}
