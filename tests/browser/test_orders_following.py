"""A delivery, from its parcels to its reception, the claim, its answer, and the inventory."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Domain, Role
from common.weeks import current_week
from orders.models import Order
from orders.services.carriers import load_carriers
from orders.services.departures import announce_shipment
from tests.browser.again import BOTH_WIDTHS
from tests.browser.axe import axe
from tests.builders import grant, make_body, make_establishment, make_person
from tests.orders.builders import (
    GLOVES,
    make_beneficiary,
    make_item,
    make_order,
    make_product,
    make_shipment,
)
from tests.photos import picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ehpad(transactional_db):
    return make_beneficiary(make_establishment(name="EHPAD Les Tilleuls", siret="9" * 14))


@pytest.fixture
def sonia(ehpad):
    """She orders, and fills the inventory."""
    person = make_person("OCE", on=ehpad.establishment)
    grant(person.active_profile, Domain.EPI_STOCK, Role.INVENTORY_OPERATOR)
    return person


@pytest.fixture
def order(ehpad, sonia):
    load_carriers()
    masks = make_product(make_item(), label="Masques chirurgicaux")
    gloves = make_product(make_item(GLOVES), label="Gants médicaux")
    yesterday = timezone.localdate() - timedelta(days=1)
    found = make_order(
        ehpad, [(masks, 400), (gloves, 200)], by=sonia, expected_on=yesterday,
        contact_name="Accueil", contact_phone="02 00 00 00 00",
        delivery={"label": "EHPAD Les Tilleuls", "lines": "12 rue des Acacias",
                  "postal_code": "45000", "town": "ORLÉANS", "terms": "8 h à 12 h"},
    )  # fmt: skip
    announce_shipment(make_shipment(found, parcels=["6A00000001"]))
    return Order.objects.get(pk=found.pk)


def receive(page, order):
    """150 of the masks are damaged, a photo shows it."""
    page.get_by_role("link", name="Réceptionner").click()
    axe(page)
    masks = page.get_by_role("group", name="Masques chirurgicaux")
    masks.get_by_label("Reçu en bon état").fill("240")
    masks.get_by_label("Abîmé").fill("150")
    page.expected.append("422")
    page.get_by_role("button", name="Confirmer la réception").click()
    expect(page.get_by_text("Dites pourquoi ce nombre diffère").first).to_be_visible()
    axe(page)
    masks.get_by_label("Si le total diffère, pourquoi").select_option("missing")
    page.get_by_label("Photo").set_input_files(
        {"name": "carton.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    page.get_by_role("button", name="Confirmer la réception").click()
    expect(page.get_by_text("La réception est enregistrée, avec ce qui ne va pas.")).to_be_visible()
    expect(page.get_by_role("img", name="Photo de cette réception")).to_be_visible()
    axe(page)


def complain(page):
    page.get_by_role("link", name="Ouvrir une réclamation sur").click()
    expect(page.get_by_label("Produits abîmés")).to_be_checked()
    axe(page)
    page.get_by_label("Votre message").fill("Trois cartons sont arrivés mouillés.")
    page.get_by_role("button", name="Envoyer la réclamation").click()
    expect(page.get_by_text("La réclamation est envoyée.")).to_be_visible()
    axe(page)


def answer(page):
    """The warehouse, from its home page."""
    page.goto("/")
    page.get_by_role("link", name="Répondre").click()
    axe(page)
    page.get_by_role("link", name="Produits abîmés").click()
    page.get_by_label("Votre message").fill("Trois cartons repartent ce soir.")
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.get_by_text("Trois cartons repartent ce soir.")).to_be_visible()


@BOTH_WIDTHS
def test_a_delivery_from_its_parcels_to_the_inventory(open_page, order, sonia, width):
    page = open_page(user=sonia, width=width)
    page.goto(reverse("orders:orders"))
    axe(page)
    page.get_by_role("link", name=order.number).click()
    expect(page.get_by_role("link", name="6A00000001")).to_have_attribute(
        "href", "https://www.laposte.fr/outils/suivre-vos-envois?code=6A00000001"
    )
    expect(page.get_by_text("En retard").first).to_be_visible()
    axe(page)
    page.goto(reverse("orders:order_slip", args=[order.pk]))
    axe(page)
    page.goto(reverse("orders:order", args=[order.pk]))
    receive(page, order)
    complain(page)
    answer(open_page(user=make_person("LPO", on=make_body("la_poste")), width=width))

    page.reload()
    expect(page.get_by_text("Trois cartons repartent ce soir.")).to_be_visible()
    page.get_by_role("button", name="C’est réglé, clore").click()
    expect(page.get_by_text("La réclamation est close.")).to_be_visible()

    site = order.beneficiary.establishment
    page.goto(reverse("epi_stocks:inventory", args=[site.finess, current_week()]))
    expect(page.get_by_text("240 reçus").first).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Tout reprendre").click()
    expect(page.locator("input[name='1-supply']")).to_have_value("240")
    axe(page)


def test_the_carriers(open_page, order):
    page = open_page(user=make_person("NAT", domain="distrilog"))
    page.goto(reverse("orders:carriers"))
    axe(page)
