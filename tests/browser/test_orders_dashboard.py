"""An address proposed then validated by another; the dashboards, part by part."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from orders.dashboard.refresh import refresh_all
from tests.browser.again import BOTH_WIDTHS
from tests.browser.axe import axe
from tests.browser.short_home import make_short_home
from tests.builders import make_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(transactional_db):
    found = make_short_home()
    refresh_all()
    return found


@BOTH_WIDTHS
def test_an_address_is_proposed_then_validated_by_another(open_page, width, home):
    site = home.establishment
    page = open_page(user=make_person("OCE", on=site), width=width)
    page.goto(reverse("orders:addresses"))
    axe(page)
    page.get_by_role("link", name="Proposer une adresse").click()
    axe(page)
    page.get_by_label("Nom du lieu").fill("Plateforme du groupement")
    page.get_by_label("Rue, bâtiment").fill("ZA du Clos")
    page.get_by_label("Code postal").fill("45160")
    page.get_by_label("Commune").fill("OLIVET")
    page.get_by_label("Pourquoi livrer là").fill("La réserve est pleine")
    page.get_by_role("button", name="Proposer cette adresse").click()
    expect(page.get_by_text("Vous l’avez proposée")).to_be_visible()
    axe(page)

    head = open_page(user=make_person("APE", on=site), width=width)
    head.goto(reverse("orders:addresses"))
    axe(head)
    head.get_by_role("link", name="Plateforme du groupement").first.click()
    axe(head)
    head.get_by_role("button", name="Valider l’adresse").click()
    expect(head.get_by_text("L’adresse est validée")).to_be_visible()


@BOTH_WIDTHS
def test_the_country_reads_its_dashboard_and_takes_a_file(open_page, width, home):
    page = open_page(user=make_person("NAT", domain="distrilog"), width=width)
    page.goto(reverse("orders:dashboard"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Commandes et contingents")
    axe(page)
    page.get_by_text("Comment est-ce calculé").first.click()
    axe(page)
    for part in ("Contingents", "Commandes et délais", "Stock de l’État"):
        page.get_by_role("link", name=part, exact=True).click()
        expect(page.get_by_role("navigation", name="Parties").get_by_text(part)).to_be_visible()
        axe(page)
    page.get_by_role("link", name="Contingents", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").first.click()
    assert "600" in download.value.path().read_text(encoding="utf-8-sig")
    page.goto(reverse("orders:state_stock"))
    axe(page)
