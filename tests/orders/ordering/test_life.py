"""The life of quotas, pool and stock through the services, in any order: what is always true.

Beside the database stands a plain sum in Python of what people were told was done.
"""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from common.weeks import PARIS, current_week
from orders.models import Movement, Order, Quota, Stock, Tension
from orders.services.errors import OrderingError
from orders.services.ordering import cancel, change, submit, version_of
from tests.machines import live
from tests.orders.builders import make_quota
from tests.orders.ordering.world import make_agency_world, make_world, order, pool_order

PACKS = st.integers(1, 12)
WHICH = st.integers(0, 7)
some_order = precondition(lambda self: self.told)


class LifeOfCounters(RuleBasedStateMachine):
    """``told`` keeps, for each order that stands, its week and its units by product."""

    @initialize()
    def begin(self):
        self.block = transaction.atomic()
        self.block.__enter__()
        self.world = make_agency_world(granted=800, available=3_000)
        Tension.objects.update(starts_on=timezone.localdate() - timedelta(days=400))
        self.products = [self.world.masks, *self.world.gloves]
        self.now, self.told, self.done = timezone.now(), {}, set()
        self.quotas()

    def teardown(self):
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def quotas(self):
        """A quota of 1,000 each for this week, when there is none."""
        for item in (self.world.masks.item, self.world.gloves[0].item):
            week = {"week": current_week(self.now), "item": item, "beneficiary": self.world.home}
            if not Quota.objects.filter(**week).exists():
                allocation = Quota.objects.filter(item=item).first().allocation
                make_quota(self.world.home, item, 1_000, week=week["week"], allocation=allocation)

    def lines(self, masks, small, medium):
        units = (masks * 50, small * 100, medium * 100)
        pairs = zip(self.products, units, strict=True)
        return {one.pk: number for one, number in pairs if number}

    def chosen(self, which):
        keys = sorted(self.told)
        return Order.objects.get(pk=keys[which % len(keys)])

    @rule(masks=PACKS, small=st.integers(0, 8), medium=st.integers(0, 8))
    def somebody_orders(self, masks, small, medium):
        lines = self.lines(masks, small, medium)
        try:
            with transaction.atomic():
                sent = submit(
                    by=self.world.operator, beneficiary=self.world.home, lines=lines,
                    delivery=self.world.delivery, token=uuid4(), now=self.now,
                )  # fmt: skip
        except OrderingError:
            self.done.add("refused")
            return
        self.told[sent.pk] = lines
        self.done.add("ordered")

    @rule(packs=PACKS)
    def the_agency_orders_on_its_pool(self, packs):
        try:
            with transaction.atomic():
                sent = pool_order(self.world, packs * 50)
        except OrderingError:
            return
        self.told[sent.pk] = {self.world.masks.pk: packs * 50}
        self.done.add("pool")

    @some_order
    @rule(which=WHICH, masks=PACKS, small=st.integers(0, 8))
    def somebody_changes(self, which, masks, small):
        order = self.chosen(which)
        lines = self.lines(masks, small if order.beneficiary_id else 0, 0)
        by = self.world.operator if order.beneficiary_id else self.world.ara
        try:
            with transaction.atomic():
                change(
                    by=by, order=order, lines=lines, delivery=self.world.delivery,
                    seen=version_of(order), now=self.now,
                )  # fmt: skip
        except OrderingError:
            return
        self.told[order.pk] = lines
        self.done.add("changed")

    @some_order
    @rule(which=WHICH)
    def somebody_cancels(self, which):
        order = self.chosen(which)
        by = self.world.operator if order.beneficiary_id else self.world.ara
        with transaction.atomic():
            cancel(by=by, order=order)
        del self.told[order.pk]
        self.done.add("cancelled")

    @rule()
    def a_week_begins(self):
        self.now += timedelta(weeks=1)
        self.quotas()
        self.done.add("week")

    @rule(packs=st.integers(-10, 10), gloves=st.booleans())
    def a_quota_goes_up_or_down(self, packs, gloves):
        item = (self.world.gloves[0] if gloves else self.world.masks).item
        row = Quota.objects.get(week=current_week(self.now), item=item, beneficiary=self.world.home)
        Quota.objects.filter(pk=row.pk).update(granted=max(row.used, row.granted + packs * 50))
        self.done.add("moved")

    @invariant()
    def nothing_passes_its_limit(self):
        for row in (*Quota.objects.all(), self.pool()):
            assert 0 <= row.used <= row.granted
        for stock in Stock.objects.all():
            assert stock.available >= 0
            assert stock.available + stock.reserved == 3_000

    def pool(self):
        self.world.pool.refresh_from_db()
        return self.world.pool

    @invariant()
    def the_ledger_says_what_the_counters_say(self):
        for counter, rows in (("quota", Quota.objects.all()), ("pool", [self.pool()])):
            for row in rows:
                moved = Movement.objects.filter(**{counter: row}).aggregate(sum=Sum("quantity"))
                assert row.used == (moved["sum"] or 0)
        for stock in Stock.objects.all():
            moved = Movement.objects.filter(stock=stock).aggregate(sum=Sum("quantity"))
            assert stock.reserved == (moved["sum"] or 0)

    @invariant()
    def the_counters_hold_what_people_were_told(self):
        kept = {one.product_id: one.reserved for one in Stock.objects.all()}
        for product in self.products:
            assert kept[product.pk] == sum(one.get(product.pk, 0) for one in self.told.values())
        masks = {self.world.masks.pk}
        own = Order.objects.in_bulk(self.told)
        weeks = {}
        for pk, lines in self.told.items():
            if own[pk].beneficiary_id:
                units = sum(number for product, number in lines.items() if product in masks)
                weeks[own[pk].week] = weeks.get(own[pk].week, 0) + units
        for quota in Quota.objects.filter(item=self.world.masks.item):
            assert quota.used == weeks.get(quota.week, 0)


@pytest.mark.django_db
def test_whatever_people_do_the_counters_and_the_ledger_agree():
    live(LifeOfCounters, examples=15, steps=15)


@pytest.mark.django_db
def test_each_act_of_a_life_can_be_done():
    """Services that refused everything would prove nothing."""
    life = LifeOfCounters()
    life.begin()
    steps = [
        lambda: life.somebody_orders(10, 2, 3),
        lambda: life.somebody_orders(12, 0, 0),
        lambda: life.the_agency_orders_on_its_pool(4),
        lambda: life.somebody_changes(0, 12, 1),
        lambda: life.a_week_begins(),
        lambda: life.somebody_orders(12, 0, 0),
        lambda: life.a_quota_goes_up_or_down(-10, False),
        lambda: life.somebody_cancels(0),
    ]
    for step in steps:
        step()
        life.nothing_passes_its_limit()
        life.the_ledger_says_what_the_counters_say()
        life.the_counters_hold_what_people_were_told()
    life.teardown()
    assert life.done == {"ordered", "refused", "pool", "changed", "week", "moved", "cancelled"}


@pytest.mark.django_db
@pytest.mark.parametrize("sunday", ["2021-01-03", "2027-01-03", "2027-03-28", "2026-10-25"])
def test_a_quota_ends_on_sunday_at_midnight_in_paris(sunday):
    """Years of 53 weeks and nights when the hour changes included."""
    world, last = make_world(), date.fromisoformat(sunday)
    Tension.objects.update(starts_on=date(2020, 3, 1))
    Quota.objects.filter(pk=world.quota.pk).update(week=last - timedelta(days=6))
    before = datetime.combine(last, time(23, 59), tzinfo=PARIS)
    assert order(world, {world.masks: 50}, now=before).week == last - timedelta(days=6)
    with pytest.raises(OrderingError, match="Aucun contingent"):
        order(world, {world.masks: 50}, now=before + timedelta(minutes=1))
