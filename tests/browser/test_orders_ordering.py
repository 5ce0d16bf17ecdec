"""A care home orders its masks on a Monday of tension; what it then does with its order."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from orders.models import Order
from tests.browser.axe import axe
from tests.builders import make_person
from tests.orders.ordering.world import left, located_for, order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    return located_for()


def go(page, name, **arguments):
    page.goto(reverse(f"orders:{name}", kwargs=arguments))


@pytest.mark.long
def test_a_care_home_orders_its_masks_on_a_monday_of_tension(open_page, world):
    page = open_page(world.operator)
    go(page, "catalogue")
    title = "EPI disponibles uniquement sur stock État"
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    axe(page)
    masks = page.locator(f"#equipement-{world.masks.item_id}")
    expect(masks).to_contain_text("0/1\u202f200")
    masks.get_by_label("Quantité").fill("120")
    masks.get_by_role("button", name="Ajouter").click()
    expect(masks).to_contain_text("tapez 100 ou 150")
    axe(page)
    masks.get_by_label("Quantité").fill("1 200")
    masks.get_by_role("button", name="Ajouter").click()
    expect(masks).to_contain_text("dont 1\u202f200 dans votre panier")
    order(world, {world.masks: 500}, by=make_person("OCE", on=world.home.establishment))
    page.get_by_role("link", name="Panier").click()
    quantity = page.get_by_label("Quantité : Masques FFP2")
    page.get_by_role("button", name="Transmettre la commande").click()
    offered = page.get_by_role("button", name="Mettre 700")
    expect(offered).to_be_visible()
    expect(quantity).to_have_value("1\u202f200")
    axe(page)
    offered.click()
    expect(quantity).to_have_value("700")
    quantity.fill("600")
    quantity.press("Enter")
    expect(page.locator("[data-label=Restera]")).to_have_text("100")
    assert not Order.objects.filter(state="submitted", created_by=world.operator).exists()
    page.get_by_role("button", name="Transmettre la commande").dblclick()
    expect(page.get_by_role("heading", name="Commande C-")).to_be_visible()
    axe(page)
    assert Order.objects.get(created_by=world.operator).state == "submitted"
    assert left(world.quota)[0] == 1_100


def test_an_order_is_changed_cancelled_stopped_and_taken_again(open_page, world):
    sent, gone = order(world, {world.masks: 300}), order(world, {world.masks: 50})
    Order.objects.filter(pk=gone.pk).update(exported_at=timezone.now())
    page = open_page(world.operator)
    go(page, "order_change", pk=sent.pk)
    axe(page)
    page.get_by_label("Quantité : Masques FFP2").fill("200")
    page.get_by_role("button", name="Enregistrer la commande modifiée").click()
    expect(page.get_by_text(f"La commande {sent.number} est modifiée.")).to_be_visible()
    page.get_by_role("link", name="Annuler", exact=True).click()
    axe(page)
    page.get_by_role("button", name="Annuler la commande").click()
    expect(page.get_by_text("ses quantités sont rendues")).to_be_visible()
    go(page, "order_stop", pk=gone.pk)
    axe(page)
    page.get_by_label("Pourquoi arrêter").fill("Commande frauduleuse")
    page.get_by_role("button", name="Demander l’arrêt").click()
    expect(page.get_by_text("L’arrêt est demandé")).to_be_visible()
    page.get_by_role("button", name="Recommander").click()
    expect(page.get_by_label("Quantité : Masques FFP2")).to_have_value("50")
    assert left(world.quota)[0] == 50


def test_the_national_cell_sets_the_hours(open_page, world):
    page = open_page(make_person("NAT", domain="distrilog"))
    go(page, "ordering_rules")
    axe(page)
    page.get_by_label("commandes modifiables jusqu’à").fill("12:00")
    page.get_by_role("button", name="Enregistrer la règle").click()
    expect(page.get_by_role("cell", name="12 h 00")).to_be_visible()
