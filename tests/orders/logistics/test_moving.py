"""Orders that wait for their file go to Santé publique France with their stock."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journal.models import Entry
from orders.models import Order
from orders.services import moving
from orders.services.errors import OrderingError
from orders.services.moving import move_orders, orders_to_move
from orders.services.rerouting import end_reroute, start_reroute
from tests.builders import make_body, make_person
from tests.orders.logistics.world import (
    la_poste,
    make_catalogue,
    make_filed_order,
    make_sent_order,
    quota_used,
    spf,
    stock_of,
)

pytestmark = pytest.mark.django_db


def test_orders_whose_file_is_not_written_move_with_their_stock(cell):
    product, rare = make_catalogue(), make_catalogue()
    gone, moving = make_filed_order(product), make_sent_order(product)
    short = make_sent_order(rare, 200)
    short_stock = rare.stocks.get(holder=spf())
    short_stock.available = 100
    short_stock.save()
    row = start_reroute(by=cell, region=None, reason="Grève")
    moved = move_orders(row, by=cell)
    assert (moved.count, moved.left_count, moved.after) == (1, 1, None)
    assert [(one, "pas assez" in why) for one, why in moved.left] == [(short.number, True)]
    moving.refresh_from_db()
    gone.refresh_from_db()
    assert (moving.operator, gone.operator) == (spf(), la_poste())
    assert (stock_of(product), stock_of(product, spf())) == ((9_800, 200), (9_800, 200))
    assert (stock_of(rare), stock_of(rare, spf())) == ((9_800, 200), (100, 0))
    assert quota_used(moving) == 200
    assert move_orders(row, by=cell).count == 0
    assert [one.pk for one in orders_to_move(row)] == [short.pk]


def test_many_orders_move_by_batches_and_the_time_that_is_over_is_told(cell, monkeypatch):
    monkeypatch.setattr(moving, "BATCH", 2)
    product = make_catalogue()
    orders = [make_sent_order(product, 50) for _ in range(5)]
    row = start_reroute(by=cell, region=None, reason="Grève")
    moved = move_orders(row, by=cell, seconds=-1)
    assert (moved.count, moved.after) == (2, orders[1].pk)
    moved = move_orders(row, by=cell, after=moved.after)
    assert (moved.count, moved.after) == (3, None)
    assert (stock_of(product), stock_of(product, spf())) == ((10_000, 0), (9_750, 250))


def test_a_batch_is_journaled_with_its_orders_even_when_the_next_one_is_cut(cell, monkeypatch):
    monkeypatch.setattr(moving, "BATCH", 2)
    product = make_catalogue()
    for _ in range(3):
        make_sent_order(product, 50)
    row = start_reroute(by=cell, region=None, reason="Grève")
    write, batches = moving._write, []

    def cut_at_the_second(*details):
        batches.append(details)
        if len(batches) == 2:
            raise KeyboardInterrupt
        write(*details)

    monkeypatch.setattr(moving, "_write", cut_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        move_orders(row, by=cell)
    assert Order.objects.filter(operator=spf()).count() == 2
    entry = Entry.objects.get(verb="orders.orders_moved")
    assert (entry.details["count"], entry.details["missing"]) == (2, 0)


def test_what_spf_has_goes_to_the_first_orders(cell):
    product = make_catalogue()
    product.stocks.filter(holder=spf()).update(available=120)
    for _ in range(3):
        make_sent_order(product, 50)
    row = start_reroute(by=cell, region=None, reason="Grève")
    moved = move_orders(row, by=cell)
    assert (moved.count, moved.left_count) == (2, 1)
    assert (stock_of(product), stock_of(product, spf())) == ((9_950, 50), (20, 100))


def test_orders_move_in_as_many_statements_whatever_their_number(cell):
    product = make_catalogue()
    row = start_reroute(by=cell, region=None, reason="Grève")

    def statements(count):
        for _ in range(count):
            make_sent_order(product, 50)
        with CaptureQueriesContext(connection) as found:
            move_orders(row, by=cell)
        return len(found)

    assert statements(2) == statements(7)


def test_a_pool_order_moves_and_a_paid_one_stays(cell):
    product = make_catalogue()
    order, paid = make_sent_order(product), make_sent_order(product)
    Order.objects.filter(pk=order.pk).update(
        beneficiary=None, agency=make_body("ars", region=order.region), kind=Order.Kind.POOL
    )
    Order.objects.filter(pk=paid.pk).update(kind=Order.Kind.PAID)
    row = start_reroute(by=cell, region=order.region, reason="Grève")
    assert move_orders(row, by=cell).count == 1
    order.refresh_from_db()
    paid.refresh_from_db()
    assert (order.operator, paid.operator) == (spf(), la_poste())


def test_orders_do_not_move_once_the_reroute_is_ended(cell):
    row = start_reroute(by=cell, region=None, reason="Grève")
    with pytest.raises(OrderingError, match="levé"):
        move_orders(end_reroute(row, by=cell), by=cell)
    with pytest.raises(OrderingError, match="cellule nationale"):
        move_orders(row, by=make_person("LPO"))


def test_a_product_that_spf_does_not_hold_leaves_its_orders(cell):
    product = make_catalogue()
    product.stocks.get(holder=spf()).delete()
    order = make_sent_order(product)
    row = start_reroute(by=cell, region=order.region, reason="Grève")
    assert "n’en tient pas" in move_orders(row, by=cell).left[0][1]
