"""What orders bring to the inventory: each unit in one week, on one grid, and never twice."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random

import pytest
from django.urls import reverse
from django.utils import timezone

from common.weeks import PARIS, current_week, shift
from epi_stocks.models import ExpectedSupply, InventoryLine
from orders.following.expected import expected_again
from orders.logistics.shapes import Delivery
from orders.models import Order, ReliefRequest, Shipment
from orders.services.departures import announce_shipment
from orders.services.receptions import correct_reception
from orders.services.shipping import deliver
from orders.services.supplies import announce_order
from tests.builders import make_body, make_establishment, make_person
from tests.orders.builders import make_address, make_order, make_shipment
from tests.orders.following.pages import logged_in, text_of

pytestmark = pytest.mark.django_db
WEEK = current_week()
LAST = shift(WEEK, -1)


@pytest.fixture
def site(world):
    return world.place.establishment


def told(site):
    rows = ExpectedSupply.objects.filter(establishment=site)
    return {(one.week, one.item_id, one.quantity, one.is_received) for one in rows}


def day_of(week, hour=9):
    return datetime.combine(week + timedelta(days=2), datetime.min.time(), PARIS).replace(hour=hour)


def test_what_the_carrier_gave_in_another_week_moves_to_it(world, site):
    """Expected last week, given on Monday: last week's grid announces it no more."""
    Shipment.objects.update(expected_on=LAST, shipped_at=day_of(shift(LAST, -1)))
    announce_order(world.reread())
    assert {week for week, *_ in told(site)} == {LAST}
    report = Delivery.model_construct(
        type="livraison", commande="", expedition=world.shipment.number, le=day_of(WEEK)
    )
    deliver(world.reread(), report)
    assert told(site) == {(WEEK, 1, 400, False), (WEEK, 4, 200, False)}


def test_a_shipment_without_a_day_is_announced_for_that_of_its_order(world, site):
    Shipment.objects.update(expected_on=None)
    announce_order(world.reread())
    assert told(site) == set()
    Order.objects.update(expected_on=LAST)
    announce_order(world.reread())
    assert told(site) == {(LAST, 1, 400, False), (LAST, 4, 200, False)}


def test_parts_of_two_weeks_stand_each_in_its_own(world, site):
    Order.objects.update(submitted_at=day_of(shift(LAST, -1)))
    world.shipment.shipped_at = day_of(shift(LAST, -1))
    world.receive((150, 0, "later"), 200, day=LAST)
    world.receive(250, None, day=WEEK)
    assert told(site) == {(LAST, 1, 150, True), (LAST, 4, 200, True), (WEEK, 1, 250, True)}


def test_received_before_two_departures_are_told_it_is_announced_once(world, site):
    world.order = make_order(world.place, [(world.masks.product, 200)], exported_at=timezone.now())
    line = world.order.lines.get()
    world.receive((100, 0, "later"), shipment=None)
    for _ in range(2):
        announce_shipment(make_shipment(world.reread(), [(line, 100)]))
    assert told(site) == {(WEEK, 1, 100, True), (WEEK, 1, 100, False)}


def test_a_site_helped_by_its_agency_is_told_what_the_pool_sends(world):
    """A pool order has no beneficiary: what counts is where it goes."""
    helped, agency = make_establishment(), make_body("ars", region=world.order.region)
    address = make_address(None, agency=agency, site=helped)
    Order.objects.update(beneficiary=None, agency=agency, address=address)
    announce_order(world.reread())
    assert told(helped) == {(WEEK, 1, 400, False), (WEEK, 4, 200, False)}


def test_a_site_relieved_is_told_even_when_the_pool_goes_to_a_platform(world):
    relieved, agency = make_establishment(), make_body("ars", region=world.order.region)
    address = make_address(world.place, site=None)
    Order.objects.update(beneficiary=None, agency=agency, address=address)
    ReliefRequest.objects.create(
        beneficiary=world.place, site=relieved, item_id=1, quantity=400, reason="Cas groupés",
        asked_by=world.operator, state="ordered", order=world.reread(), granted=400,
    )  # fmt: skip
    announce_order(world.reread())
    assert told(relieved) == {(WEEK, 1, 400, False), (WEEK, 4, 200, False)}


def taken(world, site):
    client = logged_in(make_person("OIE", on=site))
    grid = reverse("epi_stocks:inventory", args=[site.finess, WEEK])
    return client, grid


def supply(site):
    rows = InventoryLine.objects.filter(week=WEEK, establishment=site, item=1)
    return rows.values_list("supply", flat=True).first()


def reprise(client, site, seen=""):
    address = reverse("epi_stocks:inventory_supply", args=[site.finess, WEEK])
    return client.post(address, {"item": "1", "vu-1": seen}, follow=True)


def test_taken_when_announced_it_is_not_proposed_again_when_it_comes(world, site):
    """The same 400: expected, taken into the inventory, then received."""
    client, grid = taken(world, site)
    announce_shipment(world.shipment)
    reprise(client, site)
    assert supply(site) == 400
    world.receive(400, 200)
    text = text_of(client.get(grid))
    assert "400 reçus" in text
    assert 'name="item" value="1"' not in text
    reprise(client, site, "400")
    assert supply(site) == 400


def test_received_less_than_was_taken_the_difference_is_proposed_never_written(world, site):
    client, grid = taken(world, site)
    announce_shipment(world.shipment)
    reprise(client, site)
    reception = world.receive((300, 0, "missing"), 200)
    assert supply(site) == 400
    assert "300 reçus" in text_of(client.get(grid))
    reprise(client, site, "400")
    assert supply(site) == 300
    correct_reception(by=world.operator, reception=reception, told=world.told(), seen=1)
    reprise(client, site, "300")
    assert supply(site) == 400


def test_told_late_it_goes_to_the_week_it_came_not_to_the_stock_counted_since(world, site):
    """Its stock of this week holds it already: this week's grid does not propose it."""
    Order.objects.update(submitted_at=day_of(shift(LAST, -1)))
    world.shipment.shipped_at = day_of(shift(LAST, -1))
    announce_order(world.reread())
    world.receive(day=LAST)
    client, grid = taken(world, site)
    assert "reçus" not in text_of(client.get(grid))
    closed = reverse("epi_stocks:inventory", args=[site.finess, LAST])
    assert "400 reçus" in text_of(client.get(closed))


def test_the_page_says_which_inventory_proposes_it(world):
    client = logged_in(world.operator)
    page = reverse("orders:reception", args=[world.order.pk])
    sent = {
        "recue_le": f"{world.today:%Y-%m-%d}",
        "expedition": world.shipment.pk,
        "jeton": "4f0b1c1e-7a57-4bd6-9a9e-1f0d2a6d7c11",
        "vu": "",
    }
    for line, units in ((world.masks, 400), (world.gloves, 200)):
        sent[f"recu-{line.pk}"] = units
    answer = client.post(page, sent, follow=True)
    assert f"L’inventaire EPI de la semaine du {WEEK:%d/%m/%Y} la propose." in text_of(answer)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_no_unit_is_announced_twice(world, site, seed):
    """Several orders, departures, parts and corrections: the sum is what left or came, no more."""
    draw = Random(seed)  # noqa: S311  # not a secret
    orders = [make_order(world.place, [(world.masks.product, 300)]) for _ in range(2)]
    receptions = []
    for _ in range(16):
        world.order = draw.choice(orders)
        world.reread()
        act = draw.choice(("leave", "receive", "receive", "correct"))
        line = world.order.lines.get()
        if act == "leave" and line.shipped < 300:
            day = draw.choice((LAST, WEEK, shift(WEEK, 1)))
            shipment = make_shipment(world.order, [(line, 100)], expected_on=day)
            announce_shipment(shipment)
        elif act == "receive" and world.order.shipments.exists():
            receptions += some(world, draw)
        elif act == "correct" and receptions:
            again(world, draw, draw.choice(receptions))
        for order in orders:
            check(order)


def some(world, draw):
    shipment = draw.choice([None, *world.order.shipments.all()])
    left = world.left(shipment)
    if not left:
        return []
    came = draw.randint(1, left)
    gap = draw.choice(("later", "missing")) if came < left else ""
    return [world.receive((came, 0, gap), shipment=shipment)]


def again(world, draw, reception):
    reception.refresh_from_db()
    world.order = reception.order
    [units] = expected_again(world.reread(), reception).values()
    came = draw.randint(0, units)
    said = world.told((came, 0, draw.choice(("later", "missing")) if came < units else ""))
    correct_reception(by=world.operator, reception=reception, told=said, seen=reception.version)


def check(order):
    line = order.lines.get()
    rows = ExpectedSupply.objects.filter(source=f"commande {order.number}")
    sums = Counter()
    for one in rows:
        sums[one.is_received] += one.quantity
    assert sums[True] == (line.received or 0)
    assert sum(sums.values()) <= max(line.shipped, line.received or 0)
