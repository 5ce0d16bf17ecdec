"""The warehouses of a demonstration: the same world plays the same rounds."""

import pytest
from django.core.management import CommandError, call_command

from orders.logistics import simulator
from orders.logistics.simulator import play
from orders.models import LogisticsReport, Order, Stock
from orders.services.errors import OrderingError
from tests.orders.logistics.world import ask_stop, make_catalogue, make_filed_order, make_sent_order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.LOGISTICS_DIR = tmp_path
    settings.DEMO = True


def test_it_plays_on_a_demonstration_alone(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="démonstration"):
        call_command("simulate_logistics", "--once")
    with pytest.raises(OrderingError, match="démonstration"):
        play()


def test_orders_go_to_their_end_and_the_stock_keeps_its_count():
    product = make_catalogue()
    orders = [make_sent_order(product) for _ in range(12)]
    for _ in range(25):
        played = play(seed=7)
        assert played.problems == []
    states = set(Order.objects.values_list("state", flat=True))
    assert states <= {Order.State.DELIVERED, Order.State.REFUSED}
    stock = Stock.objects.get(product=product, holder=orders[0].operator)
    gone = sum(line.shipped for order in orders for line in order.lines.all())
    assert (stock.reserved, stock.available) == (0, 10_000 - gone)


def test_what_is_dirty_is_put_in_quarantine_and_its_order_goes_on(monkeypatch):
    for chance, value in {"STEADY": 1, "REFUSED": 0, "PARTIAL": 0, "DIRTY": 1}.items():
        monkeypatch.setattr(simulator, chance, value)
    order = make_filed_order()
    for _ in ("confirmation", "preparation", "shipment"):
        assert play(seed=7).problems == []
    order.refresh_from_db()
    assert order.state == Order.State.SHIPPED
    dirty = LogisticsReport.objects.filter(key__endswith="-sale")  # the same twice is one
    assert {one.state for one in dirty} == {LogisticsReport.State.QUARANTINED}


def test_without_dirt_nothing_is_held_back_and_a_stop_is_answered():
    order = make_filed_order()
    ask_stop(order)
    play(seed=7, dirty=False)
    order.refresh_from_db()
    assert order.state == Order.State.CANCELLED
    assert not LogisticsReport.objects.held_back().exists()
