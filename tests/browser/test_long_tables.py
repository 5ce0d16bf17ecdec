"""On a phone: a long table stops after ten cards, filters do not stand before what they filter."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.axe import axe
from tests.builders import make_establishment, make_person
from tests.pui.builders import make_followed, make_product, make_pui

PHONE = 360


@pytest.fixture
def site(transactional_db):
    return make_establishment()


@pytest.fixture
def gf(site):
    return make_person("GF", on=site)


def test_the_stock_of_a_pharmacy_is_read_on_a_phone(open_page, gf, site):
    make_pui(on=site)
    for rank in range(18):
        make_followed(make_product(f"PRODUIT {rank:02}"))
    page = open_page(user=gf, width=PHONE)
    page.goto(reverse("pui:state"))
    lines = page.locator(".stock-lignes tbody tr")
    expect(lines.filter(visible=True)).to_have_count(10)
    expect(page.get_by_label("Niveau")).to_be_hidden()
    axe(page)
    page.get_by_text("Filtrer, changer de liste ou de PUI").click()
    expect(page.get_by_label("Niveau")).to_be_visible()
    page.get_by_role("link", name=re.compile("Voir plus.*8 lignes")).click()
    expect(lines.filter(visible=True)).to_have_count(18)
    expect(page.get_by_role("link", name=re.compile("Voir plus"))).to_have_count(0)
    axe(page)


def test_on_a_wide_screen_and_on_paper_nothing_is_kept_for_later(open_page, gf, site):
    make_pui(on=site)
    for rank in range(18):
        make_followed(make_product(f"PRODUIT {rank:02}"))
    page = open_page(user=gf)
    page.goto(reverse("pui:state"))
    lines = page.locator(".stock-lignes tbody tr")
    expect(lines.filter(visible=True)).to_have_count(18)
    expect(page.get_by_label("Niveau")).to_be_visible()
    page.set_viewport_size({"width": PHONE, "height": 800})
    page.emulate_media(media="print")
    expect(lines.filter(visible=True)).to_have_count(18)
