"""The day an order is expected, from that of each of its shipments."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import Order
from orders.services.standing import expected_day, state_of
from tests.orders.builders import make_shipment

pytestmark = pytest.mark.django_db
PROMISED = timezone.localdate() + timedelta(days=8)


@pytest.fixture
def order(world):
    return world.masks_alone(expected_on=PROMISED)


def leave(world, *days):
    """A shipment of 50 for each day given; then what the order says."""
    line = world.order.lines.get()
    for day in days:
        on = None if day is None else PROMISED + timedelta(days=day)
        make_shipment(world.reread(), [(line, 50)], expected_on=on)
    order = world.reread()
    order.state = state_of(order)
    return (expected_day(order) - PROMISED).days


def test_all_has_left_the_last_of_its_shipments_says_the_day(world, order):
    """It may come sooner than was promised."""
    assert leave(world, -5, -3) == -3


def test_while_a_part_has_not_left_no_day_is_sooner_than_promised(world, order):
    assert leave(world, -5) == 0
    Order.objects.filter(pk=order.pk).update(expected_on=PROMISED - timedelta(days=9))
    assert leave(world) == -5


def test_a_shipment_without_a_day_leaves_the_one_promised(world, order):
    assert leave(world, -5, None) == 0
