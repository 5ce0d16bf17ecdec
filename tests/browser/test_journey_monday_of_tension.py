"""A care home orders its masks on a Monday of tension: from the login to the next inventory.

All by what is on screen; only the warehouse is played, by its file and its reports.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Domain, Role
from orders.models import FiledOrder, LogisticsReport, Order, Registration
from orders.services.carriers import load_carriers
from orders.services.outbox import write_due_files
from tests.browser.again import BOTH_WIDTHS
from tests.browser.axe import axe
from tests.browser.test_access import log_in
from tests.builders import grant
from tests.orders.logistics.world import said, send
from tests.orders.ordering.world import left, located_for
from tests.photos import picture

pytestmark = pytest.mark.django_db(transaction=True)
MASKS, SMALL, MEDIUM = "Masques chirurgicaux", "Gants S", "Gants M"


@pytest.fixture
def home(transactional_db):
    """Its operator orders for the first time, and also fills the inventory."""
    load_carriers()
    world = located_for()
    world.masks.label = MASKS
    world.masks.save()
    Registration.objects.all().delete()
    grant(world.operator.active_profile, Domain.EPI_STOCK, Role.INVENTORY_OPERATOR)
    return world


@BOTH_WIDTHS
def test_a_care_home_orders_its_masks_on_a_monday_of_tension(open_page, home, width):
    page = open_page(width=width)
    arrive(page, home)
    register(page)
    fill_the_basket(page)
    order = review_and_send(page, home)
    print_the_receipt(page)
    the_warehouse_prepares_and_ships(order)
    follow(page, order)
    receive(page, order)
    complain(page, order)
    find_it_in_the_inventory(page)


def arrive(page, home):
    """The notice after the login, the banner in brief, then the mode and « commandé/autorisé »."""
    log_in(page, home.operator.email)
    expect(page.get_by_text("Contingentés, commandé sur autorisé cette semaine")).to_be_visible()
    page.get_by_role("link", name="En tension : Masques chirurgicaux et gants").click()
    expect(page.get_by_role("heading", name="Tension en cours sur 2 équipements")).to_be_visible()
    expect(page.get_by_text("0/1\u202f200").first).to_be_visible()
    axe(page)


def register(page):
    page.get_by_role("link", name="S’inscrire").click()
    page.get_by_text("Madame").click()
    page.get_by_label("Téléphone").fill("02 38 00 00 00")
    page.get_by_role("button", name="S’inscrire").click()
    expect(page.get_by_text("Votre inscription est enregistrée.")).to_be_visible()


def fill_the_basket(page):
    """Masks, then two sizes of gloves that share one quota."""
    page.get_by_role("link", name="Commander", exact=True).first.click()
    masks = page.get_by_role("form", name=MASKS)
    masks.get_by_label("Quantité").fill("600")
    masks.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_text("dont 600 dans votre panier")).to_be_visible()
    gloves = page.get_by_role("form", name="Gants")
    gloves.get_by_label("S", exact=False).first.fill("800")
    gloves.get_by_label("M", exact=False).first.fill("500")
    gloves.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_text("En tout 1\u202f300, et il reste 1\u202f200")).to_be_visible()
    axe(page)
    gloves.get_by_label("M", exact=False).first.fill("400")
    gloves.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_text("dont 1\u202f200 dans votre panier")).to_be_visible()
    page.get_by_role("link", name="Panier").click()


def review_and_send(page, home):
    """The address is there; a quantity is put right, then all is sent."""
    expect(page.get_by_label(f"Quantité : {SMALL}")).to_have_value("800")
    expect(page.get_by_role("radio", name="12 rue des Acacias")).to_be_checked()
    page.get_by_label(f"Quantité : {SMALL}").fill("300")
    page.get_by_label("Personne à joindre").fill("Accueil de l’EHPAD")
    page.get_by_label("Téléphone").fill("02 38 00 00 01")
    axe(page)
    page.get_by_role("button", name="Transmettre la commande").click()
    expect(page.get_by_text("La commande est transmise")).to_be_visible()
    axe(page)
    order = Order.objects.get(created_by=home.operator)
    assert (left(home.quota)[0], left(home.gloves_quota)[0]) == (600, 700)
    return order


def print_the_receipt(page):
    """On paper the order alone: no button, no menu."""
    page.emulate_media(media="print")
    expect(page.get_by_role("table", name="Produits commandés")).to_be_visible()
    for button in ("Modifier", "Annuler", "Suivre la commande"):
        expect(page.get_by_role("link", name=button, exact=True)).to_be_hidden()
    expect(page.get_by_role("button", name="Recommander")).to_be_hidden()
    page.emulate_media(media="screen")


def the_warehouse_prepares_and_ships(order):
    """Its hour is past: the file is written, the warehouse confirms, prepares, ships."""
    before = timezone.now() - timedelta(hours=6)
    Order.objects.filter(pk=order.pk).update(submitted_at=before, editable_until=before)
    write_due_files()
    assert FiledOrder.objects.get().order == order
    lines = {one.product: one.quantity for one in order.lines.select_related("product")}
    told = [{"produit": one.code, "quantite": units} for one, units in lines.items()]
    gone = {"transporteur": "Colissimo", "colis": ["6A00000001", "6A00000002"]}
    now = timezone.now().isoformat()
    for report in (
        said("confirmation", order, 0, lignes=told, le=now),
        said("preparation", order, 0, le=now),
        said("expedition", order, 0, expedition="EXP-1", lignes=told, le=now, **gone),
    ):
        assert send(report).state == LogisticsReport.State.APPLIED


def follow(page, order):
    page.get_by_role("link", name="Suivre la commande").click()
    expect(page.get_by_role("heading", name="Expédiée")).to_be_visible()
    expect(page.get_by_role("link", name="6A00000002")).to_be_visible()
    for event in ("Commande transmise.", "confirmée", "préparation"):
        expect(page.locator(".suivi-histoire").get_by_text(event).first).to_be_visible()
    expect(page.get_by_role("link", name="Modifier", exact=True)).to_be_hidden()
    axe(page)


def receive(page, order):
    """A carton of masks came wet: a photo shows it."""
    page.get_by_role("link", name="Réceptionner").click()
    masks = page.get_by_role("group", name=MASKS)
    masks.get_by_label("Reçu en bon état").fill("550")
    masks.get_by_label("Abîmé").fill("50")
    page.get_by_label("Photo").set_input_files(
        {"name": "carton.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    page.get_by_role("button", name="Confirmer la réception").click()
    expect(page.get_by_text("La réception est enregistrée, avec ce qui ne va pas.")).to_be_visible()
    expect(page.get_by_role("img", name="Photo de cette réception")).to_be_visible()
    axe(page)


def complain(page, order):
    page.get_by_role("link", name="Ouvrir une réclamation sur").click()
    page.get_by_label("Votre message").fill("Un carton est arrivé mouillé.")
    page.get_by_role("button", name="Envoyer la réclamation").click()
    page.goto(reverse("orders:order", args=[order.pk]))
    claims = page.get_by_role("region", name="Réclamations")
    expect(claims.get_by_role("link", name="Produits abîmés")).to_be_visible()


def find_it_in_the_inventory(page):
    """What came in good state is proposed as « approvisionnement », and taken in one press."""
    page.goto(reverse("epi_stocks:inventory_start"))
    expect(page.get_by_text("550 reçus").first).to_be_visible()
    page.get_by_role("button", name="Tout reprendre").click()
    expect(page.locator("input[name='1-supply']")).to_have_value("550")
    axe(page)
