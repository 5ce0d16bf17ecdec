"""What is sold out of tension: an EHPAD buys, the supplier invoices, the EHPAD downloads."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from orders.models import Invoice, Order, OrderLine, Shipment, ShipmentLine
from tests.browser.axe import axe
from tests.builders import make_person
from tests.orders.builders import make_stock
from tests.orders.paid_builders import (
    consortium,
    make_agreement,
    make_buyer,
    make_seller,
    make_sold,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def buyer(transactional_db):
    make_agreement()
    make_seller()
    masks = make_sold("6.40", label="Masques chirurgicaux", kind="type IIR")
    make_stock(masks, available=5_000, holder=consortium())
    return make_buyer()


def delivered(order):
    """What the warehouse of the supplier reports."""
    now = timezone.now()
    order.state, order.exported_at = Order.State.DELIVERED, now
    order.save()
    shipment = Shipment.objects.create(
        order=order, number="E1", shipped_at=now - timedelta(days=1), delivered_at=now
    )
    for line in order.lines.all():
        OrderLine.objects.filter(pk=line.pk).update(shipped=line.quantity)
        ShipmentLine.objects.create(shipment=shipment, line=line, quantity=line.quantity)


def bought(page):
    """From the catalogue to the order."""
    page.goto(reverse("orders:consortium"))
    axe(page)
    page.get_by_label("Nombre de colis").fill("10")
    page.get_by_role("button", name="Ajouter").click()
    page.get_by_role("link", name="Panier payant").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inscription")
    page.get_by_text("Madame").click()
    page.get_by_label("Téléphone").fill("02 38 00 00 00")
    page.get_by_role("button", name="S’inscrire").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Relire et transmettre")
    axe(page)
    page.get_by_label("Son téléphone").fill("02 38 00 00 00")
    page.get_by_label("Votre référence").fill("BC-17")
    page.get_by_label("SIRET").fill("123")
    page.expected.append("422")
    page.get_by_role("button", name="Transmettre").click()
    expect(page.get_by_role("alert")).to_contain_text("n’est pas un SIRET")
    axe(page)
    page.get_by_label("SIRET").fill("73282932000074")
    page.get_by_role("button", name="Transmettre").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Commande C-")
    axe(page)
    page.get_by_role("link", name="Corriger la facturation").click()
    axe(page)
    page.get_by_label("Votre référence").fill("BC-18")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("La facturation est corrigée")).to_be_visible()


def invoiced(page):
    """From the orders that left to the invoice."""
    page.goto(reverse("orders:invoices_due"))
    axe(page)
    page.get_by_text("C-", exact=False).first.click()
    page.get_by_role("button", name="Voir la facture").click()
    expect(page.get_by_text("Rien n’est encore émis")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Émettre la facture").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Facture F-")
    expect(page.get_by_text("BC-18")).to_be_visible()
    axe(page)


def lessened(page):
    """Two packs were missing: they are taken off."""
    page.get_by_role("link", name="Annuler ou diminuer").click()
    axe(page)
    page.get_by_label("Masques chirurgicaux").fill("20")
    page.get_by_label("Motif de la déduction").fill("Deux boîtes manquantes")
    page.expected.append("422")
    page.get_by_role("button", name="Déduire ces colis").click()
    expect(page.get_by_role("alert")).to_contain_text("10 colis au plus")
    axe(page)
    page.get_by_label("Masques chirurgicaux").fill("2")
    page.get_by_role("button", name="Déduire ces colis").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Avoir A-")
    axe(page)


def test_an_ehpad_buys_and_is_invoiced(open_page, buyer):
    bought(open_page(user=make_person("OCE", on=buyer.establishment)))
    delivered(Order.objects.get())
    supplier = open_page(user=make_person("CSM", on=consortium()))
    invoiced(supplier)
    lessened(supplier)
    page = open_page(user=make_person("APE", on=buyer.establishment))
    page.goto(reverse("orders:invoices"))
    axe(page)
    page.get_by_role("link", name="F-").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le PDF").click()
    content = download.value.path().read_bytes()
    assert content == bytes(Invoice.objects.get(kind="invoice").file.pdf)


def test_the_supplier_keeps_its_catalogue(open_page, buyer):
    page = open_page(user=make_person("CSM", on=consortium()))
    page.goto(reverse("orders:products"))
    axe(page)
    page.get_by_role("link", name="Masques chirurgicaux").click()
    axe(page)
    page.get_by_label("Unités comptées").fill("beaucoup")
    page.expected.append("422")
    page.get_by_role("button", name="Enregistrer le stock").click()
    axe(page)
    for name in ("product_new", "product_import", "seller"):
        page.goto(reverse(f"orders:{name}"))
        axe(page)
    page.get_by_label("Raison sociale").fill("Consortium fictif renommé")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("L’identité est enregistrée")).to_be_visible()


def test_the_cell_dates_the_agreement(open_page, buyer):
    page = open_page(user=make_person("NAT", domain="distrilog"))
    page.goto(reverse("orders:agreement"))
    axe(page)
    today = timezone.localdate()
    page.get_by_label("Jusqu’au").fill(today.isoformat())
    page.get_by_role("button", name="Enregistrer ces dates").click()
    expect(page.get_by_text("Les dates de la convention sont enregistrées")).to_be_visible()
