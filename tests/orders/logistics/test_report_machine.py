"""A warehouse that tells the truth in any order, twice, among impossible things: nothing drifts.

Beside the database stands what truly happened: what was confirmed, what left and when.
"""

from datetime import datetime

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from orders.models import LogisticsReport, Order, OrderLine, Quota, ShipmentLine, Stock
from orders.services.reports import discard_report
from tests.builders import make_person
from tests.machines import live
from tests.orders.logistics.test_any_order import ledger_holds
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

HELD = 10_000
UNITS = st.sampled_from([0, 50, 150, 200])
WHICH = st.integers(0, 30)
HOURS = st.floats(1.5, 11, allow_nan=False)
Reported = LogisticsReport.State
some_untold = precondition(lambda self: self.untold)
some_said = precondition(lambda self: self.said)
few_orders = precondition(lambda self: len(self.orders) < 4)


class LifeOfReports(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.block = transaction.atomic()
        self.block.__enter__()
        self.product = make_catalogue(HELD)
        self.person = make_person("LPO")
        self.orders, self.untold, self.said, self.left, self.done = [], [], [], [], set()
        self.counted = 0

    def teardown(self):
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def filed(self):
        order = make_filed_order(self.product, 200)
        self.orders.append(order)
        return order

    @few_orders
    @rule(served=UNITS, first=UNITS, hour=HOURS)
    def an_order_is_served(self, served, first, hour):
        order = self.filed()
        first, hour = min(first, served), max(hour, self.counted + 0.1)  # those counted were there
        self.untold += [confirmation(order, served), said("preparation", order, 1.2)]
        for number, units, later in (("E1", first, 0), ("E2", served - first, 0.4)):
            if units:
                gone = departure(order, units, number, hour + later)
                self.left.append((datetime.fromisoformat(gone["le"]), units))
                self.untold += [gone, said("livraison", order, hour + 0.5, expedition=number)]

    @few_orders
    @rule(served=UNITS)
    def an_order_is_stopped(self, served):
        order = self.filed()
        ask_stop(order)
        self.untold += [confirmation(order, served), said("arret", order, 2, arretee=True)]

    @some_untold
    @rule(which=WHICH)
    def the_warehouse_says_something_true(self, which):
        report = self.untold.pop(which % len(self.untold))
        self.said.append(report)
        self.done.add(send(report).state)

    @some_said
    @rule(which=WHICH)
    def it_says_it_again(self, which):
        send(self.said[which % len(self.said)])
        self.done.add("again")

    @rule(hour=HOURS)
    def it_counts_its_shelves(self, hour):
        report = stock_count(self.product, 0, hour)
        moment = datetime.fromisoformat(report["le"])
        gone = sum(units for left_at, units in self.left if left_at <= moment)
        report["lignes"][0]["quantite"] = HELD - gone
        self.counted = max(self.counted, hour)
        send(report)
        self.done.add("counted")

    @precondition(lambda self: self.orders)
    @rule(which=WHICH, what=st.sampled_from(["confirm", "ship", "deliver", "stop", "unknown"]))
    def it_says_something_impossible(self, which, what):
        order = self.orders[which % len(self.orders)]
        report = {
            "confirm": confirmation(order, 201),
            "ship": departure(order, 900, "E9"),
            "deliver": said("livraison", order, 3, expedition="E9"),
            "stop": said("arret", order, 3, arretee="oui"),
            "unknown": said("preparation", order, 3) | {"commande": "C-0"},
        }[what]
        assert send(report).state != Reported.APPLIED
        self.done.add("impossible")

    @rule()
    def somebody_sets_aside_what_is_in_quarantine(self):
        for report in LogisticsReport.objects.filter(state=Reported.QUARANTINED):
            discard_report(report, by=self.person, reason="Impossible")
            self.done.add("discarded")

    @rule()
    def all_is_told(self):
        while self.untold:
            self.the_warehouse_says_something_true(0)
        stock = Stock.objects.get(product=self.product, holder__kind="la_poste")
        shipped = sum(units for _, units in self.left)
        assert stock.available + stock.reserved == HELD - shipped
        self.done.add("all")

    @invariant()
    def the_counters_hold_what_the_orders_keep(self):
        if not hasattr(self, "product"):
            return
        kept = used = 0
        for line in OrderLine.objects.select_related("order"):
            promised = line.quantity if line.confirmed is None else line.confirmed
            left = ShipmentLine.objects.filter(line=line).aggregate(sum=Sum("quantity"))["sum"]
            assert line.shipped == (left or 0) <= promised <= line.quantity
            if line.order.state not in (Order.State.CANCELLED, Order.State.REFUSED):
                kept += promised - line.shipped
                used += promised
        stock = Stock.objects.get(product=self.product, holder__kind="la_poste")
        assert stock.reserved == kept
        assert 0 <= stock.available <= HELD - kept
        assert sum(Quota.objects.values_list("used", flat=True)) == used
        assert ledger_holds(self.product, HELD)

    @invariant()
    def what_is_held_back_says_why(self):
        assert not LogisticsReport.objects.held_back().filter(reason="").exists()


@pytest.mark.django_db
def test_whatever_comes_in_any_order_the_stock_never_drifts():
    live(LifeOfReports, examples=10, steps=12)


@pytest.mark.django_db
def test_each_act_of_a_warehouse_can_be_done():
    """Reports that were all kept aside would prove nothing."""
    life = LifeOfReports()
    life.begin()
    steps = [
        lambda: life.an_order_is_served(200, 150, 3),
        lambda: life.an_order_is_stopped(50),
        lambda: life.the_warehouse_says_something_true(2),
        lambda: life.it_says_it_again(0),
        lambda: life.it_counts_its_shelves(4),
        lambda: life.it_says_something_impossible(0, "ship"),
        lambda: life.it_says_something_impossible(1, "unknown"),
        life.all_is_told,
        life.somebody_sets_aside_what_is_in_quarantine,
    ]
    for step in steps:
        step()
        life.the_counters_hold_what_the_orders_keep()
        life.what_is_held_back_says_why()
    life.teardown()
    assert life.done >= {"applied", "waiting", "again", "counted", "impossible", "discarded", "all"}
