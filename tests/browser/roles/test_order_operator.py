"""OCE: from the home page to an order within the quota, followed until what came is received."""

import pytest
from playwright.sync_api import expect

from orders.models import Order, Reception
from orders.services.carriers import load_carriers
from orders.services.departures import announce_shipment
from tests.browser.roles.conftest import menu
from tests.orders.builders import make_shipment
from tests.orders.ordering.world import left, located_for

pytestmark = pytest.mark.django_db(transaction=True)
MASKS = "Masques chirurgicaux"


@pytest.fixture
def world(transactional_db):
    load_carriers()
    world = located_for()
    world.masks.label = MASKS
    world.masks.save()
    return world


def test_a_care_home_orders_within_its_quota_and_receives(enter, world):
    page = enter(world.operator)
    expect(page.get_by_text("Tension d’approvisionnement").first).to_be_visible()
    page.get_by_role("link", name="Ouvrir Distrilog-Santé").click()
    page.get_by_role("link", name="Commander", exact=True).first.click()
    too_much(page)
    order = send(page, world)
    make_shipped(order)
    receive(page, order)


def too_much(page):
    """The quota is not passed, and what is left is said."""
    masks = page.get_by_role("form", name=MASKS)
    masks.get_by_label("Quantité").fill("1 300")
    masks.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_text("il reste 1\u202f200").first).to_be_visible()
    masks.get_by_label("Quantité").fill("600")
    masks.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_text("dont 600 dans votre panier")).to_be_visible()


def send(page, world):
    page.get_by_role("link", name="Panier").click()
    page.get_by_role("button", name="Transmettre la commande").click()
    expect(page.get_by_text("La commande est transmise")).to_be_visible()
    assert left(world.quota) == (600, 1_200)
    return Order.objects.get(created_by=world.operator)


def make_shipped(order):
    """The warehouse sends everything."""
    announce_shipment(make_shipment(order, parcels=["6A00000001"]))


def receive(page, order):
    """Another day: the home page says that something is on its way, then the order is closed."""
    menu(page, "Accueil")
    page.get_by_role("link", name=f"commande {order.number}").first.click()
    expect(page.get_by_role("heading", name="Expédiée")).to_be_visible()
    page.get_by_role("link", name="Réceptionner").click()
    masks = page.get_by_role("group", name=MASKS)
    masks.get_by_label("Reçu en bon état").fill("600")
    page.get_by_role("button", name="Confirmer la réception").click()
    expect(page.get_by_text("La réception est enregistrée")).to_be_visible()
    assert Reception.objects.get().shipment.order == order
