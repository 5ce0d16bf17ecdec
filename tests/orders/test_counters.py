"""Quota, regional pool, stock: all is taken or nothing, and the ledger says so."""

import pytest
from django.db import IntegrityError, transaction

from orders.models import Movement, Quota, RegionalPool, Stock
from orders.services.counters import NotEnoughError, Taking, take
from tests.builders import make_region
from tests.orders.builders import make_order, make_pool, make_quota, make_stock

pytestmark = pytest.mark.django_db
ORDERED = Movement.Cause.ORDERED


@pytest.fixture
def order():
    return make_order()


def take_of(order, **quantities):
    with transaction.atomic():
        take(Taking(**quantities), order=order, cause=ORDERED, by=order.created_by)


def test_taking_counts_on_each_counter_and_writes_the_ledger(order):
    quota, stock = make_quota(granted=300), make_stock(available=500)
    take_of(order, quotas={quota.pk: 300}, stocks={stock.pk: 300})
    quota.refresh_from_db()
    stock.refresh_from_db()
    assert (quota.used, stock.available, stock.reserved) == (300, 200, 300)
    assert set(order.movements.values_list("quantity", "quota", "stock")) == {
        (300, quota.pk, None),
        (300, None, stock.pk),
    }


@pytest.mark.parametrize(
    "make", [make_quota, lambda granted: make_pool(make_region(), granted=granted)]
)
def test_a_quota_or_a_pool_refuses_more_than_is_left_and_keeps_nothing(order, make):
    counter, stock = make(granted=100), make_stock()
    name = "quotas" if isinstance(counter, Quota) else "pools"
    with pytest.raises(NotEnoughError):
        take_of(order, **{name: {counter.pk: 150}}, stocks={stock.pk: 150})
    counter.refresh_from_db()
    stock.refresh_from_db()
    assert (counter.used, stock.reserved, order.movements.count()) == (0, 0, 0)


def test_a_stock_refuses_more_than_is_available_and_gives_the_quota_back(order):
    quota, stock = make_quota(granted=1_000), make_stock(available=100)
    with pytest.raises(NotEnoughError):
        take_of(order, quotas={quota.pk: 150}, stocks={stock.pk: 150})
    quota.refresh_from_db()
    assert (quota.used, order.movements.count()) == (0, 0)


def test_what_is_given_back_was_taken_before(order):
    quota, stock = make_quota(), make_stock()
    take_of(order, quotas={quota.pk: 100}, stocks={stock.pk: 100})
    take_of(order, quotas={quota.pk: -40}, stocks={stock.pk: -40})
    quota.refresh_from_db()
    assert quota.used == 60
    with pytest.raises(NotEnoughError):
        take_of(order, quotas={quota.pk: -100})
    with pytest.raises(NotEnoughError):
        take_of(order, stocks={stock.pk: -100})


@pytest.mark.parametrize(
    ("model", "make", "wrong"),
    [
        (Quota, make_quota, {"used": 99_999_999}),
        (RegionalPool, lambda: make_pool(make_region()), {"used": 99_999_999}),
        (Stock, make_stock, {"available": -1}),
    ],
)
def test_the_database_refuses_what_the_services_would_let_through(model, make, wrong):
    row = make()
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**wrong)
