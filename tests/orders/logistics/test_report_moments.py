"""When a report comes: before another, long after, with a wrong clock; counts that wait."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders.models import LogisticsReport, Order
from orders.services.settling import settle_all
from tests.orders.logistics.world import (
    confirmation,
    departure,
    make_filed_order,
    moment,
    said,
    send,
    state,
    stock_count,
    stock_of,
)

pytestmark = pytest.mark.django_db
State, Reported = Order.State, LogisticsReport.State


def test_a_departure_before_its_confirmation_waits_and_goes_through_by_itself(order, product):
    early = send(departure(order, 200))
    delivery = send(said("livraison", order, 5, expedition="E1"))
    assert (early.state, delivery.state) == (Reported.WAITING, Reported.WAITING)
    assert "confirmation" in early.reason
    assert "E1" in delivery.reason
    send(confirmation(order, 200))
    assert state(order) == State.DELIVERED
    assert not LogisticsReport.objects.held_back().exists()


def test_a_count_less_what_is_kept_is_what_is_free(order, product):
    send(stock_count(product, 700))
    assert stock_of(product) == (500, 200)


def test_a_count_that_lacks_what_is_kept_waits_for_the_departure(order, product):
    report = send(stock_count(product, 100, hours=6))
    assert (report.state, stock_of(product)) == (Reported.WAITING, (9_800, 200))
    assert "100 unités comptées" in report.reason
    send(confirmation(order, 200))
    send(departure(order, 200))
    report.refresh_from_db()
    assert (report.state, stock_of(product)) == (Reported.APPLIED, (100, 0))


def test_an_older_count_is_passed_over_and_a_departure_before_a_count_is_not_taken_twice(
    order, product
):
    send(stock_count(product, 700, hours=6))
    send(stock_count(product, 5_000, hours=5))
    assert stock_of(product) == (500, 200)
    send(confirmation(order, 200))
    send(departure(order, 200, hours=3))  # had left when the 700 were counted
    assert stock_of(product) == (700, 0)


def test_a_count_of_an_unknown_product_is_kept_aside():
    report = send({"type": "stock", "le": moment(), "lignes": [{"produit": "x", "quantite": 1}]})
    assert "catalogue" in report.reason


def test_an_order_is_expected_when_its_shipments_are_and_not_before_the_promise(order):
    day = timezone.localdate()
    Order.objects.filter(pk=order.pk).update(expected_on=day + timedelta(days=5))
    send(confirmation(order, 200))

    def leaves(units, number, days):
        due = (day + timedelta(days=days)).isoformat()
        assert send(departure(order, units, number, livraison_prevue=due)).applied_at
        order.refresh_from_db()
        return (order.expected_on - day).days

    assert leaves(100, "E1", 3) == 5  # the rest is still promised for then
    assert leaves(100, "E2", 4) == 4


@pytest.mark.parametrize("days", [-2, 200])
def test_a_delivery_before_the_departure_or_in_years_is_kept_aside(order, days):
    send(confirmation(order, 200))
    due = (timezone.localdate() + timedelta(days=days)).isoformat()
    report = send(departure(order, 200, livraison_prevue=due))
    assert (report.state, "avant le départ" in report.reason) == (Reported.QUARANTINED, True)


def test_a_report_of_before_the_file_or_of_the_future_tells_of_a_wrong_clock(order):
    early = send(said("preparation", order, -1))
    assert "daté d’avant le fichier" in early.reason
    late = confirmation(order, 200)
    late["le"] = (timezone.now() + timedelta(minutes=11)).isoformat()
    assert "avenir" in send(late).reason
    late["le"] = (timezone.now() + timedelta(minutes=9)).isoformat()
    assert send(late).state == Reported.APPLIED


def test_a_warehouse_that_lacks_units_for_good_slows_no_other_report(product):
    first, second = make_filed_order(product), make_filed_order(product)

    def statements(order):
        with CaptureQueriesContext(connection) as found:
            send(confirmation(order, 200))
        return len(found)

    send(stock_count(product, 100, hours=4))
    alone = statements(first)
    for hours in (4.1, 4.2, 4.3, 4.4):
        assert send(stock_count(product, 100, hours=hours)).state == Reported.WAITING
    assert statements(second) == alone


def test_counts_that_waited_pass_once_the_last_of_them_holds(order, product):
    for hours, units in ((6, 150), (7, 120), (8, 100)):
        send(stock_count(product, units, hours=hours))
    assert LogisticsReport.objects.held_back().count() == 3
    send(confirmation(order, 200))
    send(departure(order, 200))
    assert not LogisticsReport.objects.held_back().exists()
    assert stock_of(product) == (100, 0)


def test_what_a_killed_worker_left_waiting_is_tried_again(order):
    send(departure(order, 200))
    delivery = send(said("livraison", order, 5, expedition="E1"))
    order.lines.update(confirmed=200)
    assert settle_all() == 2
    delivery.refresh_from_db()
    assert (delivery.state, state(order)) == (Reported.APPLIED, State.DELIVERED)
