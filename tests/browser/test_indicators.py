"""From a figure to its definition, then to the open data and the usage, in a browser."""

import pytest
from playwright.sync_api import expect

from epi_stocks.services.reference import load_epi_reference
from epi_stocks.summaries.refresh import refresh_due_weeks
from medications.services.reference import load_medication_reference
from steering.services.open_data import publish_datasets
from steering.services.statistics import keep_statistics
from tests.browser.axe import axe
from tests.builders import make_category, make_establishment, make_line, make_person
from tests.epi_stocks.truth import expect as expect_category
from tests.epi_stocks.visu import FFP2, WEEK

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def declared(transactional_db):
    load_epi_reference()
    load_medication_reference()
    expect_category(make_category())
    for stock in (0, 50, 400):
        make_line(make_establishment(), WEEK, FFP2, stock=stock, daily=10)
    refresh_due_weeks()


def test_a_figure_leads_to_its_definition(open_page, declared):
    page = open_page(make_person("NAT", domain="epi_stock"))
    page.goto("/epi-stocks/visu/?equipement=ffp2")
    axe(page)
    page.locator(".visu-chiffres").get_by_role(
        "link", name="Définition : Jours de couverture d’un équipement"
    ).first.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Jours de couverture d’un équipement")
    expect(page.get_by_text("Calculé à l’instant")).to_be_visible()
    axe(page)
    page.locator("nav.fr-breadcrumb").get_by_role("link", name="Indicateurs").click()
    axe(page)
    page.get_by_label("Mots de l’indicateur").fill("contingent")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.get_by_role("link", name="Contingents utilisés")).to_be_visible()


def test_anybody_reads_the_open_data_and_the_usage(open_page, declared):
    page = open_page()
    page.goto("/donnees/")
    axe(page)
    publish_datasets()
    page.reload()
    axe(page)
    page.get_by_role("link", name="Indicateurs de la plateforme").first.click()
    page.locator("summary", has_text="Dictionnaire").click()
    axe(page)
    page.goto("/stats/")
    axe(page)
    keep_statistics()
    page.reload()
    for summary in page.locator("main summary").all():
        summary.click()
    axe(page)
    page.goto("/")
    expect(page.get_by_role("heading", name="Aujourd’hui")).to_be_visible()
    axe(page)
