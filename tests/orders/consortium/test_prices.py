"""Prices have dates; totals are rounded once a rate, as the European standard wants."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from journal.models import Entry
from orders.consortium.tariffs import CENT, Tariff, tariffs_on, totals_of
from orders.services.errors import OrderingError
from orders.services.products import Described, add_product, set_price, withdraw_price
from tests.builders import make_person
from tests.orders.builders import make_item, make_product
from tests.orders.paid_builders import consortium, make_sold

TODAY = timezone.localdate
DAY = timedelta(days=1)


@pytest.fixture
def supplier(db):
    return make_person("CSM", on=consortium())


@pytest.fixture
def masks(db):
    return make_sold("6.40")


def price_on(product, day):
    return tariffs_on(day, [product])[product.pk].price


def test_a_price_changes_from_its_day_and_not_before(supplier, masks):
    set_price(by=supplier, product=masks, tariff=tariff("5.90"), starts_on=TODAY() + 3 * DAY)
    assert price_on(masks, TODAY() + 2 * DAY) == Decimal("6.40")
    assert price_on(masks, TODAY() + 3 * DAY) == Decimal("5.90")
    entry = Entry.objects.get(verb="orders.price_set")
    assert (entry.details["before"]["price"], entry.details["after"]["price"]) == ("6.40", "5.90")


def tariff(price, tax="20"):
    return Tariff(Decimal(price), Decimal(tax))


def test_the_past_does_not_change(supplier, masks):
    with pytest.raises(OrderingError, match="dans le passé"):
        set_price(by=supplier, product=masks, tariff=tariff("5"), starts_on=TODAY() - DAY)


def test_a_price_to_come_is_withdrawn_a_price_begun_is_not(supplier, masks):
    coming = TODAY() + 9 * DAY
    set_price(by=supplier, product=masks, tariff=tariff("5.90"), starts_on=coming)
    withdraw_price(by=supplier, product=masks, starts_on=coming)
    assert price_on(masks, coming) == Decimal("6.40")
    set_price(by=supplier, product=masks, tariff=tariff("7"), starts_on=TODAY())
    with pytest.raises(OrderingError, match="a commencé"):
        withdraw_price(by=supplier, product=masks, starts_on=TODAY())


def test_the_same_price_again_is_refused_and_the_products_of_the_state_are_free(supplier, masks):
    with pytest.raises(OrderingError, match="déjà le prix"):
        set_price(by=supplier, product=masks, tariff=tariff("6.40"), starts_on=TODAY())
    cell, gloves = make_person("NAT", domain="distrilog"), make_product()
    with pytest.raises(OrderingError, match="gratuits"):
        set_price(by=cell, product=gloves, tariff=tariff("1"), starts_on=TODAY())


@pytest.mark.parametrize(
    ("price", "tax", "told"),
    [("0", "20", "plus de 0"), ("6.40", "19.6", "taux de TVA"), ("6.40", "0", "taux de TVA")],
)
def test_what_is_sold_costs_something_at_a_rate_of_the_law(supplier, masks, price, tax, told):
    wrong = tariff(price, tax)
    with pytest.raises(OrderingError, match=told):
        set_price(by=supplier, product=masks, tariff=wrong, starts_on=TODAY())
    described = Described(code="neuf", label="Neuf", item=make_item(), units_per_pack=1)
    with pytest.raises(OrderingError, match=told):
        add_product(by=supplier, described=described, tariff=wrong)


@pytest.mark.parametrize("tax", ["20", "10", "5.5", "5.50", "2.1"])
def test_every_rate_of_the_law_is_taken(supplier, masks, tax):
    set_price(by=supplier, product=masks, tariff=tariff("7", tax), starts_on=TODAY())
    assert tariffs_on(TODAY(), [masks])[masks.pk].tax_rate == Decimal(tax)


def test_prices_of_many_products_are_read_at_once(masks, django_assert_num_queries):
    others = [make_sold(str(price)) for price in range(1, 9)]
    with django_assert_num_queries(1):
        assert len(tariffs_on(TODAY(), [masks, *others])) == 9


def test_the_tax_is_that_of_the_total_of_each_rate():
    """Three lines at 0,03 €: taxed one by one they would owe three cents, together two."""
    totals = totals_of([(Decimal("0.03"), Decimal(20))] * 3 + [(Decimal(100), Decimal("5.5"))])
    assert [(one.rate, one.base, one.tax) for one in totals.bands] == [
        (Decimal(20), Decimal("0.09"), Decimal("0.02")),
        (Decimal("5.5"), Decimal("100.00"), Decimal("5.50")),
    ]
    assert (totals.net, totals.tax, totals.gross) == (
        Decimal("100.09"),
        Decimal("5.52"),
        Decimal("105.61"),
    )


def test_half_a_cent_goes_up():
    assert totals_of([(Decimal("0.10"), Decimal("5.00"))]).tax == Decimal("0.01")


AMOUNTS = st.lists(
    st.tuples(
        st.integers(0, 10_000_000).map(lambda cents: Decimal(cents) / 100),
        st.sampled_from([Decimal("20.00"), Decimal("10.00"), Decimal("5.50"), Decimal("0.00")]),
    ),
    max_size=30,
)


@given(AMOUNTS)
def test_totals_add_up_to_the_cent_whatever_the_lines(amounts):
    totals = totals_of(amounts)
    assert totals.net == sum((net for net, _ in amounts), Decimal(0))
    assert totals.gross == totals.net + totals.tax
    assert totals.tax == sum((one.tax for one in totals.bands), Decimal(0))
    assert all(abs(one.base * one.rate / 100 - one.tax) <= CENT / 2 for one in totals.bands)
