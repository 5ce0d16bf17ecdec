"""CSM: invoices what was delivered and finds its invoice again."""

import pytest
from playwright.sync_api import expect

from orders.models import Invoice
from tests.browser.roles.conftest import menu
from tests.builders import make_person
from tests.orders.paid_builders import (
    consortium,
    make_agreement,
    make_buyer,
    make_seller,
    make_shipped,
    make_sold,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    """An EHPAD received ten packs of masks that nobody invoiced."""
    make_agreement()
    make_seller()
    masks = make_sold("6.40", label="Masques chirurgicaux")
    return make_shipped(make_buyer(), [(masks, 10)])


def test_the_supplier_invoices_what_was_delivered(enter, world):
    page = enter(make_person("CSM", on=consortium()))
    page.get_by_role("link", name="1 commande à facturer").click()
    page.get_by_text(world.number, exact=True).click()
    page.get_by_role("button", name="Voir la facture").click()
    expect(page.get_by_text("Rien n’est encore émis")).to_be_visible()
    page.get_by_role("button", name="Émettre la facture").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Facture F-")
    invoice = Invoice.objects.get()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le PDF").click()
    assert download.value.path().read_bytes() == bytes(invoice.file.pdf)

    menu(page, "Accueil")
    expect(page.get_by_text("à facturer")).to_be_hidden()
    menu(page, "Distrilog-Santé")
    page.get_by_role("link", name="Factures", exact=True).click()
    page.get_by_role("link", name=invoice.number).click()
    expect(heading).to_contain_text(invoice.number)
