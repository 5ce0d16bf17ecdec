"""SPF in a browser: a wave of 300 lines, its plan from the needs, the export."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.again import BOTH_WIDTHS
from tests.browser.axe import axe
from tests.builders import make_person
from tests.pui.builders import make_pui
from tests.vaccines.builders import make_vaccine
from tests.vaccines.wave_world import serve
from vaccines.models import SupplyLine

WAVES = "/dispostock/vaccins/covid/vagues/"


@pytest.fixture
def spf(transactional_db):
    for n in range(10):
        serve(make_pui(f"PUI {n}"), 30)
    make_vaccine("Vaccin ARNm")
    return make_person("SPF", domain="dispostock")


@BOTH_WIDTHS
def test_spf_creates_a_wave_plans_it_and_takes_it_away(open_page, spf, width):
    page = open_page(user=spf, width=width)
    page.goto(WAVES)
    axe(page)
    page.get_by_role("link", name="Créer une vague").first.click()
    axe(page)
    describe(page)
    expect(page.get_by_role("heading", name="300 lignes à créer")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Créer les 300 lignes").click()
    expect(page.get_by_text("300 lignes créées")).to_be_visible()
    expect(page.get_by_text("1 sur 6")).to_be_visible()
    axe(page)
    SupplyLine.objects.update(first_doses=66, second_doses=0)
    page.get_by_role("link", name="Proposer d’après les besoins").click()
    expect(page.get_by_text("3 300 flacons")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Écrire les 300 livraisons").click()
    expect(page.get_by_text("300 livraisons enregistrées")).to_be_visible()
    first = page.get_by_label("Doses prévues, EHPAD PUI 0 1", exact=True)
    first.fill("72")
    page.get_by_role("button", name="Enregistrer cette page").click()
    expect(page.get_by_text("1 livraison enregistrée")).to_be_visible()
    expect(page.get_by_label("Doses prévues, EHPAD PUI 0 1", exact=True)).to_have_value("72")
    page.get_by_role("link", name="Par PUI").click()
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger la vague (XLSX)").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def describe(page):
    now = timezone.localtime()
    page.get_by_label("Nom de la vague").fill("EHPAD, 1re livraison")
    page.get_by_label("Vaccin", exact=True).select_option(label="Vaccin ARNm")
    page.get_by_label("Livraison prévue le").fill(f"{now + timedelta(days=14):%Y-%m-%d}")
    page.get_by_label("Besoins à saisir avant le").fill(f"{now + timedelta(days=7):%Y-%m-%dT%H:%M}")
    page.get_by_text("Etablissement d’hébergement pour personnes âgées").click()
    page.get_by_role("button", name="Voir les lignes").click()
