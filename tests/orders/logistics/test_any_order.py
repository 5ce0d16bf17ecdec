"""The same reports, in any order and several times, end in the same state."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from orders.models import LogisticsReport, Movement, Order, OrderStep, Quota, Stock
from tests.orders.logistics.world import (
    ask_stop,
    confirmation,
    departure,
    make_catalogue,
    make_filed_order,
    said,
    send,
    stock_count,
)

pytestmark = pytest.mark.django_db
PLANS = {
    "whole": lambda order, product: [
        confirmation(order, 200),
        said("preparation", order, 2),
        departure(order, 120, "E1", 3, colis=["P1"]),
        departure(order, 80, "E2", 4, colis=["P2"]),
        said("suivi", order, 5, expedition="E1", colis="P1", etat="Au dépôt"),
        said("suivi", order, 6, expedition="E1", colis="P1", etat="En tournée"),
        said("livraison", order, 7, expedition="E1"),
        said("livraison", order, 8, expedition="E2"),
        stock_count(product, 700, 3.5),
        stock_count(product, 600, 9),
    ],
    "part": lambda order, product: [
        confirmation(order, 150),
        departure(order, 100, "E1", 3),
        said("livraison", order, 7, expedition="E1"),
        stock_count(product, 300, 2),
    ],
    "closed": lambda order, product: [
        confirmation(order, 200),
        departure(order, 100, "E1", 3),
        said("livraison", order, 7, expedition="E1"),
        confirmation(order, 100, 8, motif="Rupture") | {"type": "solde"},
        stock_count(product, 300, 2),
    ],
    "refused": lambda order, product: [
        confirmation(order, 0),
        said("preparation", order, 2),
        stock_count(product, 500, 2),
    ],
    "stopped": lambda order, product: [
        confirmation(order, 150),
        said("preparation", order, 2),
        said("arret", order, 3, arretee=True),
        stock_count(product, 500, 2),
    ],
    "too late": lambda order, product: [
        confirmation(order, 200),
        departure(order, 200, "E1", 3),
        said("arret", order, 4, arretee=False),
        said("livraison", order, 5, expedition="E1"),
    ],
}


def outcome(order, product):
    """All that can be seen of it."""
    order.refresh_from_db()
    stock = Stock.objects.get(product=product, holder=order.operator)
    steps = OrderStep.objects.filter(order=order).values_list("at", "text")
    parcels = order.shipments.values_list("parcels__number", "parcels__state")
    return (
        order.state,
        order.stop_answer,
        (stock.available, stock.reserved),
        Quota.objects.get(beneficiary=order.beneficiary).used,
        [(line.confirmed, line.shipped) for line in order.lines.all()],
        sorted(order.shipments.values_list("number", "delivered_at")),
        sorted(parcels, key=str),
        sorted(set(steps)),
        sorted(LogisticsReport.objects.values_list("kind", "said_at", "state")),
    )


def ledger_holds(product, first):
    """What the ledger tells of a stock is what the stock says."""
    stock = Stock.objects.get(product=product, holder__kind="la_poste")
    rows = list(Movement.objects.filter(stock=stock).values_list("cause", "quantity"))
    free = first - sum(units for cause, units in rows if cause != Movement.Cause.SHIPPED)
    aside = (Movement.Cause.COUNTED, Movement.Cause.REPLENISHED)
    kept = sum(
        -units if cause == Movement.Cause.SHIPPED else units
        for cause, units in rows
        if cause not in aside
    )
    return (stock.available, stock.reserved) == (free, kept)


class AnyOrder(TestCase):
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data(), st.sampled_from(sorted(PLANS)))
    def test_any_permutation_and_repetition_ends_alike(self, data, plan):
        product = make_catalogue()
        order = make_filed_order(product)
        if plan in ("stopped", "too late"):
            ask_stop(order)
        reports = PLANS[plan](order, product)
        shuffled = data.draw(st.permutations([*reports, *reports[::2]]))
        straight = self.outcome_of(order, product, reports)
        assert self.outcome_of(order, product, shuffled) == straight

    def outcome_of(self, order, product, reports):
        """Played, seen, and undone."""
        point = transaction.savepoint()
        for report in reports:
            send(report)
        found = outcome(order, product)
        assert ledger_holds(product, 10_000)
        transaction.savepoint_rollback(point)
        return found


def test_the_orders_of_the_plans_end_where_they_should():
    ends = {}
    for plan, build in PLANS.items():
        product = make_catalogue()
        order = make_filed_order(product)
        if plan in ("stopped", "too late"):
            ask_stop(order)
        for report in build(order, product):
            send(report)
        order.refresh_from_db()
        ends[plan] = order.state
    assert timezone.now() - timedelta(days=1) < order.exported_at
    assert ends == {
        "whole": Order.State.DELIVERED,
        "part": Order.State.PARTLY_SHIPPED,
        "closed": Order.State.DELIVERED,
        "refused": Order.State.REFUSED,
        "stopped": Order.State.CANCELLED,
        "too late": Order.State.DELIVERED,
    }
