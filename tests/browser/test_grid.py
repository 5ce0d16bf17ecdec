"""The typing grid of a pharmacy in a real browser: typing, two people, a lost connection."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from medications.calendar import calendar_of
from medications.models import Priority
from pui.models import StockLine, Transmission
from tests.browser.axe import axe
from tests.browser.grids import PASTE
from tests.builders import make_establishment, make_person, make_user
from tests.pui.builders import (
    make_followed,
    make_list,
    make_product,
    make_pui,
    make_transmission,
)
from tests.pui.grid.pages import fill, held, url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def products(transactional_db):
    urgent = make_followed(make_product("MIDAZOLAM 5 mg/ml"), priority=Priority.NATIONAL)
    return [urgent, make_followed(make_product("PROPOFOL 10 mg/ml"))]


@pytest.fixture
def pui(products):
    return make_pui(on=make_establishment(name="CH Saint-Aubin"))


@pytest.fixture
def paul(pui):
    person = make_user(first_name="Paul", last_name="Renard")
    return make_person("GF", on=pui.establishment, user=person)


@pytest.fixture
def lea(pui):
    person = make_user(first_name="Léa", last_name="Morin")
    return make_person("GF", on=pui.establishment, user=person)


@pytest.fixture
def due_days():
    periods = calendar_of(make_list()).open_periods(timezone.now())
    return [one.due_on for one in periods]


def cell(page, product, measure="stock"):
    return page.locator(f'input[name="{product.pk}-{measure}"]')


def state(page, product, measure="stock"):
    return page.locator(f'[id="e-{product.pk}-{measure}"]')


def type_in(page, product, text, measure="stock"):
    cell(page, product, measure).fill(text)
    page.keyboard.press("Tab")


def test_a_pharmacy_types_its_first_declaration(open_page, pui, paul, products, due_days):
    midazolam, propofol = products
    page = open_page(user=paul)
    page.goto(url(pui, due_days[1]))
    cell(page, midazolam).focus()
    page.keyboard.type("1 200")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("33,5")
    page.keyboard.press("Enter")
    expect(state(page, midazolam, "daily")).to_contain_text("Enregistré à")
    expect(cell(page, midazolam)).to_have_value("1\u202f200")
    cover = page.locator(f'[data-cover="{midazolam.pk}"]')
    expect(cover).to_contain_text("35\u00a0j Suffisante")
    type_in(page, propofol, "1 2O0")
    expect(state(page, propofol)).to_contain_text("la lettre O")
    expect(cell(page, propofol)).to_have_attribute("aria-invalid", "true")
    axe(page)
    type_in(page, propofol, "0")
    expect(state(page, propofol)).to_contain_text("Enregistré à")
    assert not Transmission.objects.exists()
    page.get_by_role("button", name="Transmettre").click()
    page.wait_for_url(re.compile(r"/medicaments/transmission/[0-9a-f-]{36}/"))
    stocks = dict(StockLine.objects.values_list("product", "stock"))
    assert stocks == {midazolam.pk: 1200, propofol.pk: 0}


def test_the_expiries_are_typed_with_the_keyboard_in_a_column_of_their_own(
    open_page, pui, paul, products, due_days
):
    midazolam, propofol = products
    page = open_page(user=paul)
    page.goto(url(pui, due_days[1]))
    expect(cell(page, midazolam, "expiry")).to_have_count(0)
    page.get_by_role("link", name="Ajouter la colonne des péremptions").click()
    cell(page, midazolam).focus()
    page.keyboard.type("120")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("5")
    page.keyboard.press("ArrowRight")
    expect(cell(page, midazolam, "expiry")).to_be_focused()
    page.keyboard.type("03/2031")
    page.keyboard.press("Enter")
    expect(cell(page, propofol, "expiry")).to_be_focused()
    expect(state(page, midazolam, "expiry")).to_contain_text("Enregistré à")
    expect(cell(page, midazolam, "expiry")).to_have_value("31/03/2031")
    page.keyboard.type("03/31")
    page.keyboard.press("Tab")
    expect(state(page, propofol, "expiry")).to_contain_text("l’année n’a que deux chiffres")
    label = page.get_by_label("PROPOFOL 10 mg/ml : Péremption la plus proche (JJ/MM/AAAA")
    expect(label).to_have_attribute("aria-invalid", "true")
    axe(page)


def test_pressed_too_early_transmit_tells_under_the_cell_why(
    open_page, pui, paul, products, due_days
):
    page = open_page(user=paul)
    page.goto(url(pui, due_days[1]))
    type_in(page, products[1], "1 2O0")
    expect(state(page, products[1])).to_contain_text("la lettre O")
    page.get_by_role("button", name="Transmettre").click()
    expect(page.locator(".fr-alert", has_text="Rien n’est transmis")).to_be_visible()
    expect(state(page, products[1])).to_contain_text("la lettre O")
    expect(cell(page, products[1])).to_have_value("1 2O0")
    page.goto(url(pui, due_days[1]))
    expect(page.get_by_text("n’avait pas pu être enregistrée")).to_be_visible()
    assert not Transmission.objects.exists()


def test_two_people_on_one_cell_and_a_lost_connection(
    open_page, pui, paul, lea, products, due_days
):
    midazolam, propofol = products
    page = open_page(user=paul)
    page.goto(url(pui, due_days[1]))
    fill(lea, pui, due_days[1], midazolam, stock=640)
    type_in(page, midazolam, "700")
    expect(state(page, midazolam)).to_contain_text("Léa Morin a saisi 640")
    axe(page)
    page.get_by_role("button", name="Mettre 700").click()
    expect(state(page, midazolam)).to_contain_text("Enregistré à")
    assert held(pui, due_days[1], midazolam) == 700
    page.context.set_offline(True)
    type_in(page, propofol, "12")
    expect(state(page, propofol)).to_contain_text("connexion perdue")
    page.context.set_offline(False)
    expect(state(page, propofol)).to_contain_text("Enregistré à", timeout=10_000)
    assert held(pui, due_days[1], propofol) == 12


def test_a_large_change_is_read_again_before_it_is_transmitted(
    open_page, pui, paul, products, due_days
):
    midazolam = products[0]
    make_transmission(pui, {midazolam: (420, 35)}, by=paul, due_on=due_days[0])
    page = open_page(user=paul)
    page.goto(url(pui, due_days[1]))
    page.get_by_role("button", name="Rien n’a changé").click()
    expect(cell(page, midazolam)).to_have_value("420")
    cell(page, midazolam).fill("4200")
    page.get_by_role("button", name="Transmettre").click()
    expect(page.get_by_role("heading", name="À relire avant de transmettre")).to_be_visible()
    axe(page)
    page.get_by_text("C’est exact").last.click()
    page.get_by_role("button", name="Transmettre").click()
    page.wait_for_url(re.compile(r"/medicaments/transmission/[0-9a-f-]{36}/"))
    assert StockLine.objects.get(due_on=due_days[1]).stock == 4200


def test_the_block_of_a_spreadsheet_finds_its_lines_by_code(
    open_page, pui, paul, products, due_days
):
    midazolam, propofol = products
    page = open_page(user=paul)
    page.goto(url(pui, due_days[1]))
    text = f"{propofol.code}\t80\t4\n{midazolam.code}\t420\t35"
    cell(page, midazolam).evaluate(PASTE, text)
    expect(page.locator("[data-pasted]")).to_contain_text("4 cases remplies par collage.")
    expect(state(page, propofol, "daily")).to_contain_text("Enregistré à")
    assert (held(pui, due_days[1], midazolam), held(pui, due_days[1], propofol)) == (420, 80)


def test_a_draft_older_than_what_is_in_force_is_told_and_read_again(
    open_page, pui, paul, products, due_days
):
    midazolam = products[0]
    fill(paul, pui, due_days[1], midazolam, stock=12)
    make_transmission(pui, {midazolam: (15, 3)}, by=paul, due_on=due_days[1])
    page = open_page(user=paul)
    page.goto(url(pui, due_days[1]))
    expect(page.get_by_text("quantité en stock 12 (transmis\u00a0: 15)")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Transmettre").click()
    expect(page.get_by_role("heading", name="À relire avant de transmettre")).to_be_visible()
    axe(page)
    assert StockLine.objects.get().stock == 15
