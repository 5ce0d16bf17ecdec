"""What is left after parts, in whatever order they are told, and after corrections of them."""

from random import Random

import pytest
from django.utils import timezone

from orders.following.expected import due_of, expected_again, settled_by
from orders.following.filters import to_receive_q
from orders.models import Order, OrderStep, ReceptionLine
from orders.services.reception_checks import ReceptionError
from orders.services.receptions import correct_reception
from tests.orders.builders import make_order, make_shipment

pytestmark = pytest.mark.django_db
State = Order.State
NOW = timezone.now()


def undo(world, reception):
    told = world.told((50, 0, "later"))
    correct_reception(by=world.operator, reception=reception, told=told, seen=1)
    return world.reread().state


def test_corrected_it_goes_back_to_what_the_warehouse_had_said(world):
    """Not confirmed, confirmed, in preparation, given by the carrier."""
    world.masks_alone(exported_at=timezone.now())
    assert undo(world, world.receive(100, shipment=None)) == State.SUBMITTED

    order = world.masks_alone(state="confirmed", exported_at=timezone.now())
    order.lines.update(confirmed=100)
    assert undo(world, world.receive(100, shipment=None)) == State.CONFIRMED

    order = world.masks_alone(state="preparing", exported_at=timezone.now())
    order.lines.update(confirmed=100)
    OrderStep.objects.create(order=order, text="En préparation", state="preparing", at=NOW)
    assert undo(world, world.receive(100, shipment=None)) == State.PREPARING

    shipment = make_shipment(world.masks_alone(), delivered_at=timezone.now())
    assert undo(world, world.receive(100, shipment=shipment)) == State.DELIVERED
    assert world.order.received_at is None


def parts(world, *units):
    """An order of 200 masks, which leaves in as many shipments."""
    world.order = make_order(world.place, [(world.masks.product, 200)])
    line = world.order.lines.get()
    return [make_shipment(world.order, [(line, one)]) for one in units]


def test_a_part_told_of_the_whole_order_is_that_of_the_oldest_shipment(world):
    """Received before its departure was reported: no unit is due under two shipments."""
    first, second = parts(world, 100, 100)
    world.receive((100, 0, "later"), shipment=None)
    assert (world.left(), world.left(first), world.left(second)) == (100, 0, 100)
    with pytest.raises(ReceptionError, match="déjà réceptionné"):
        world.receive(100, shipment=first)
    world.receive(100, shipment=second)
    assert (world.reread().state, world.masks.received) == (State.DELIVERED, 200)


def test_a_shipment_named_keeps_what_was_told_of_it(world):
    first, second = parts(world, 100, 100)
    world.receive((60, 0, "later"), shipment=second)
    world.receive((100, 0, "later"), shipment=None)
    assert (world.left(), world.left(first), world.left(second)) == (40, 0, 40)


def test_the_first_of_two_parts_is_corrected_by_what_the_second_left(world):
    """400 expected, 150 came, then 250: the first cannot become 400 without saying too many."""
    first = world.receive((150, 0, "later"), 200)
    world.receive(250, None)
    assert expected_again(world.reread(), first) == {world.masks.pk: 150, world.gloves.pk: 200}
    with pytest.raises(ReceptionError, match="pourquoi"):
        correct_reception(by=world.operator, reception=first, told=world.told(400), seen=1)
    told = world.told((140, 10, ""))
    correct_reception(by=world.operator, reception=first, told=told, seen=1)
    assert (world.masks.received, world.left(), world.order.state) == (390, 0, State.DELIVERED)


def test_the_part_of_one_shipment_is_corrected_within_that_shipment(world):
    first, second = parts(world, 100, 100)
    reception = world.receive((50, 0, "later"), shipment=first)
    world.receive(50, shipment=first)
    assert expected_again(world.reread(), reception) == {world.masks.pk: 50}
    assert world.left(second) == 100


def test_a_part_of_the_whole_order_is_corrected_by_what_the_others_left(world):
    world.masks_alone(state="confirmed", exported_at=NOW)
    first = world.receive((20, 0, "later"), shipment=None)
    world.receive(80, shipment=None)
    assert expected_again(world.reread(), first) == {world.masks.pk: 20}


def test_a_part_corrected_to_less_leaves_the_rest_to_a_new_reception_not_to_an_older_one(world):
    (shipment,) = parts(world, 100)
    first = world.receive((70, 0, "later"), shipment=shipment)
    second = world.receive(30, shipment=shipment)
    told = world.told((50, 0, "later"))
    correct_reception(by=world.operator, reception=first, told=told, seen=1)
    assert expected_again(world.reread(), second) == {world.masks.pk: 30}
    assert world.left(shipment) == 20


def test_an_order_received_before_its_shipments_are_told_is_corrected_as_it_was(world):
    order = world.masks_alone(state="confirmed", exported_at=timezone.now())
    reception = world.receive(100, shipment=None)
    make_shipment(order, [(order.lines.get(), 50)])
    Order.objects.filter(pk=order.pk).update(state=State.DELIVERED)
    assert expected_again(world.reread(), reception) == {world.masks.pk: 100}


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_told_the_rest_is_what_was_asked_less_what_is_accounted_for(world, seed):
    """Departures, parts, whole orders and corrections at random; the list agrees with the page."""
    draw = Random(seed)  # noqa: S311  # not a secret
    world.order = make_order(world.place, [(world.masks.product, 400)], exported_at=NOW)
    line, receptions, shipments = world.order.lines.get(), [], [None]
    for _ in range(14):
        line.refresh_from_db()
        act = draw.choice(("leave", "receive", "receive", "correct"))
        if act == "leave" and line.shipped < 400:
            units = min(400 - line.shipped, draw.choice((50, 100, 150)))
            shipments.append(make_shipment(world.reread(), [(line, units)]))
        elif act == "receive":
            receptions += told_at_random(world, draw, draw.choice(shipments))
        elif receptions:
            correct_at_random(world, draw, draw.choice(receptions))
        order = world.reread()
        due, told = due_of(order), settled_of(order)
        whole = sum(due.left().values())
        assert whole == max(0, 400 - told) or order.state == State.SHIPPED
        by_shipment = sum(sum(due.left(one).values()) for one in shipments[1:])
        line.refresh_from_db()
        assert by_shipment == min(whole, max(0, line.shipped - told))
        listed = Order.objects.filter(to_receive_q(), pk=order.pk).exists()
        assert listed == (bool(by_shipment) and order.received_at is None)


def settled_of(order):
    rows = ReceptionLine.objects.filter(reception__order=order)
    return sum(settled_by(one) for one in rows)


def told_at_random(world, draw, shipment):
    units = world.left(shipment)
    if not units:
        return []
    came = draw.randint(1, units)
    gap = draw.choice(("later", "missing")) if came < units else ""
    return [world.receive((came, 0, gap), shipment=shipment)]


def correct_at_random(world, draw, reception):
    reception.refresh_from_db()
    [units] = expected_again(world.reread(), reception).values()
    came = draw.randint(0, units)
    told = world.told((came, 0, draw.choice(("later", "missing")) if came < units else ""))
    correct_reception(by=world.operator, reception=reception, told=told, seen=reception.version)
