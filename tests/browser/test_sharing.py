"""A share-out from its quantity to its reception, and a request for help; accessible."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from pui.models import HelpRequest, PharmacyShare, ShareOut
from pui.services.helping import Asked, ask_help
from pui.services.publishing import publish
from tests.browser.again import BOTH_THEMES
from tests.browser.axe import axe
from tests.pui.sharing.conftest import country as _country

pytestmark = pytest.mark.django_db(transaction=True)
country = _country


@pytest.mark.long
def test_a_scarce_medicine_is_shared_out_and_received(open_page, country, transactional_db):
    cell = open_page(user=country.cell)
    open_the_share_out(cell)
    adjust(open_page(user=country.agent))
    publish_it(cell)
    receive(open_page(user=country.gf))
    assert PharmacyShare.objects.get(pui=country.orleans).received_quantity == 50


def open_the_share_out(cell):
    cell.goto(reverse("pui:sharing"))
    axe(cell)
    cell.get_by_role("link", name="Ouvrir une répartition").click()
    cell.get_by_label("UCD de référence ou UCD").fill("CISATRACURIUM 20 mg/10 ml")
    cell.get_by_label("Quantité à répartir").fill("140")
    cell.get_by_role("button", name="Calculer la proposition").click()
    expect(cell.locator("h1")).to_contain_text("Proposition")
    axe(cell)
    cell.get_by_role("button", name="Ouvrir la répartition").click()
    expect(cell.locator("#regions")).to_contain_text("Centre-Val de Loire")
    axe(cell)


def adjust(agency):
    """Too much is refused and stays typed; then within the total, said to be done."""
    agency.goto("/")
    agency.get_by_role("link", name="Ajuster").click()
    total = agency.locator("[data-total]")
    expect(total).to_contain_text("80 répartis sur 80 : tout est réparti")
    agency.get_by_label("Quantité, PUI de Blois").fill("30")
    expect(total).to_contain_text("110 répartis sur 80 : 30 de trop")
    agency.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(agency.get_by_role("alert")).to_contain_text("retirez-en 30")
    axe(agency)
    agency.get_by_label("Quantité, PUI de Orléans").fill("50")
    agency.get_by_role("button", name="dire que c’est terminé").click()
    expect(agency.get_by_text("Ajustement terminé")).to_be_visible()
    axe(agency)


def publish_it(cell):
    cell.get_by_role("link", name="Publier").click()
    expect(cell.get_by_text("Auvergne-Rhône-Alpes", exact=False)).to_be_visible()
    axe(cell)
    cell.get_by_role("button", name="Publier la répartition").click()
    expect(cell.get_by_text("Les quantités ne changent plus")).to_be_visible()


def receive(pharmacy):
    pharmacy.goto("/")
    pharmacy.get_by_role("link", name="Voir et confirmer").click()
    expect(pharmacy.locator("h1")).to_contain_text("reçoit 50")
    axe(pharmacy)
    pharmacy.get_by_label("Quantité reçue, en ampoules").fill("50")
    pharmacy.get_by_role("button", name="Confirmer la réception").click()
    expect(pharmacy.get_by_text("La réception est confirmée")).to_be_visible()
    axe(pharmacy)


@pytest.mark.long
def test_a_pharmacy_asks_for_help_and_reads_the_answer(open_page, country, transactional_db):
    page = open_page(user=country.gf)
    page.goto(reverse("pui:help"))
    axe(page)
    page.get_by_role("link", name="Demander de l’aide").last.click()
    axe(page)
    page.get_by_label("UCD de référence ou UCD").fill("CISATRACURIUM 20 mg/10 ml")
    page.get_by_label("Quantité demandée").fill("40")
    page.get_by_text("Sous trois jours").click()
    page.get_by_label("Motif").fill("Deux lits de réanimation de plus")
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_text("En attente de réponse de l’ARS")).to_be_visible()
    axe(page)

    agency = open_page(user=country.agent)
    agency.goto("/")
    agency.get_by_role("link", name="Répondre").click()
    axe(agency)
    agency.locator("#demandes").get_by_role("link").first.click()
    axe(agency)
    agency.get_by_text("Prendre en charge").click()
    agency.get_by_label("Ce que vous dites à la PUI").fill("Nous appelons le CHU demain")
    agency.get_by_role("button", name="Envoyer la réponse").click()
    page.reload()
    expect(page.get_by_text("Nous appelons le CHU demain")).to_be_visible()
    assert HelpRequest.objects.get().state == "taken"


@BOTH_THEMES
def test_the_pages_are_accessible_in_each_theme(open_page, country, transactional_db, scheme):
    share_out = country.open(140)
    country.declare(country.tours, 5)
    asked = Asked(country.medicine, 40, HelpRequest.Urgency.TODAY, "Stock au plus bas")
    ask_help(by=country.gf, pui=country.orleans, asked=asked)
    agency = open_page(user=country.agent, color_scheme=scheme)
    for address in (
        reverse("pui:sharing"),
        reverse("pui:sharing_region", args=[share_out.pk, "24"]),
        reverse("pui:help"),
    ):
        agency.goto(address)
        axe(agency)
    cell = open_page(user=country.cell, color_scheme=scheme)
    for name in ("sharing_detail", "sharing_publish", "sharing_cancel"):
        cell.goto(reverse(f"pui:{name}", args=[share_out.pk]))
        axe(cell)
    publish(by=country.cell, share_out=ShareOut.objects.get())
    pharmacy = open_page(user=country.gf, color_scheme=scheme)
    share = country.share(share_out, country.orleans)
    for address in (reverse("pui:sharing"), reverse("pui:sharing_receive", args=[share.pk])):
        pharmacy.goto(address)
        axe(pharmacy)
