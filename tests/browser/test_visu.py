"""« Référent ARS, lundi 11 h »: map, filter, drill-down, file; a page that changes by itself."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import expect

from common.weeks import FIRST_WEEK, current_week, shift
from epi_stocks.models import ExpectedCategory, InventoryLine
from epi_stocks.services.reference import load_epi_reference
from epi_stocks.summaries.refresh import refresh_due_weeks
from tests.browser.axe import axe
from tests.builders import (
    PASSWORD,
    make_category,
    make_department,
    make_establishment,
    make_line,
    make_person,
    make_region,
)

pytestmark = pytest.mark.django_db(transaction=True)
WEEK = current_week()
FFP2 = 2


@pytest.fixture
def region():
    load_epi_reference()
    ExpectedCategory.objects.get_or_create(category=make_category(), starts_on=FIRST_WEEK)
    loiret, cher = make_department(), make_department("18", "Cher")
    sites = {
        "empty": make_establishment(department=loiret, name="EHPAD Sans Masque"),
        "tense": make_establishment(department=cher, name="CH Tendu"),
        "silent": make_establishment(department=cher, name="IME Silencieux"),
    }
    for back in range(12):
        make_line(sites["tense"], shift(WEEK, -back), FFP2, stock=100 + 10 * back, daily=10)
    make_line(sites["empty"], WEEK, FFP2, stock=0, daily=10, supply=0)
    refresh_due_weeks()
    return sites


@pytest.fixture
def referent():
    return make_person("ARA", on=make_region())


def test_the_referent_finds_whom_to_help_and_takes_the_list_away(page, region, referent):
    page.goto("/")
    page.goto(reverse("account_login"))
    page.get_by_label("Identifiant ou adresse").or_(page.locator("[name=login]")).first.fill(
        referent.email
    )
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.goto(reverse("epi_stocks:visu"))
    assert page.locator("h1").inner_text() == "Visu : Masques FFP2, Centre-Val de Loire"

    page.locator(".app-carte a").filter(has_text="Loiret").first.click()
    page.wait_for_url("**departement=45**")
    expect(page.locator("#etablissements tbody tr")).to_have_count(1)

    page.get_by_role("link", name="Effacer les filtres").click()
    page.get_by_label("Niveau de tension").select_option("rupture")
    page.get_by_role("button", name="Afficher").click()
    shown = ["EHPAD Sans Masque"]
    expect(page.locator("#etablissements tbody th strong")).to_have_text(shown)

    with page.expect_download() as download:
        page.locator("#etablissements").get_by_role("link", name="XLSX").first.click()
    with open(download.value.path(), "rb") as file:
        _, *rows = load_workbook(io.BytesIO(file.read())).active.iter_rows(values_only=True)
    assert [row[0] for row in rows] == shown
    expect(page.locator("#etablissements tbody td").nth(3)).to_have_text(str(rows[0][6]))

    page.get_by_role("link", name="EHPAD Sans Masque").click()
    page.wait_for_url(f"**/visu/{region['empty'].finess}/**")
    assert "Ce qui compte pour la semaine" in page.locator("#situation caption").inner_text()


def test_an_open_page_changes_while_a_colleague_types(open_page, region, referent):
    page = open_page(user=referent)
    page.clock.install()
    page.goto(reverse("epi_stocks:visu") + "?niveau=rupture")
    page.locator("#calcul-couverture summary").click()
    page.get_by_label("Entité juridique").fill("45")
    page.get_by_label("Entité juridique").focus()

    make_line(region["silent"], WEEK, FFP2, stock=0, daily=90, saved_at=timezone.now())
    page.clock.fast_forward(11_000)
    page.locator("#etablissements").get_by_role("link", name="IME Silencieux").wait_for()

    expect(page.locator("#etablissements tbody th strong")).to_have_text(
        ["IME Silencieux", "EHPAD Sans Masque"]
    )
    assert page.locator("#calcul-couverture").evaluate("panel => panel.open")
    assert page.get_by_label("Entité juridique").input_value() == "45"
    assert page.evaluate("document.activeElement.name") == "entite"
    assert "mis à jour" in page.locator("[data-live-status]").inner_text()


def test_focus_stays_on_the_same_link_when_its_table_changes(open_page, region, referent):
    page = open_page(user=referent)
    page.clock.install()
    page.goto(reverse("epi_stocks:visu"))
    page.get_by_role("link", name="CH Tendu").focus()
    InventoryLine.objects.filter(establishment=region["empty"], week=WEEK).update(stock=900)
    page.clock.fast_forward(11_000)
    page.locator("#etablissements").get_by_text("90,0").first.wait_for()
    assert page.evaluate("document.activeElement.innerText") == "CH Tendu"


def test_a_lost_session_stops_the_page_and_says_so(open_page, region, referent):
    page = open_page(user=referent)
    page.clock.install()
    page.goto(reverse("epi_stocks:visu"))
    page.context.clear_cookies()
    page.clock.fast_forward(11_000)
    page.get_by_role("link", name="Se reconnecter").wait_for()
    assert "Votre session est terminée" in page.locator("[data-live-status]").inner_text()


def test_the_pages_have_no_accessibility_fault(open_page, region, referent):
    page = open_page(user=referent)
    for address in (
        reverse("epi_stocks:visu"),
        reverse("epi_stocks:visu_elsewhere"),
        reverse("epi_stocks:visu_establishment", args=[region["tense"].finess]),
    ):
        page.goto(address)
        axe(page)


def test_the_national_pages_have_no_accessibility_fault(open_page, region):
    page = open_page(user=make_person("NAT", domain="epi_stock"))
    for address in (reverse("epi_stocks:visu"), reverse("epi_stocks:visu_alerts")):
        page.goto(address)
        axe(page)


def test_the_departments_of_another_region_unfold_under_its_line(open_page, region, referent):
    brittany = make_department("35", "Ille-et-Vilaine", region=make_region("53", "Bretagne"))
    make_line(make_establishment(department=brittany), WEEK, FFP2, stock=100, daily=10)
    refresh_due_weeks()
    page = open_page(user=referent)
    page.goto(reverse("epi_stocks:visu_elsewhere"))
    department = page.get_by_role("rowheader", name="Ille-et-Vilaine")
    expect(department).to_be_hidden()
    page.locator("summary", has_text="Bretagne").click()
    expect(department).to_be_visible()
    axe(page)
