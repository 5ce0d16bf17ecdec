"""Each figure of a dashboard, against the rows it comes from."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st

from epi_stocks.models import RegionSummary
from orders.dashboard.figures import NOTHING, Delays, ItemStock
from orders.dashboard.reading import pallets_of_la_poste, stock_by_item
from orders.dashboard.refresh import refresh_all, refresh_due
from orders.models import (
    Beneficiary,
    Order,
    OrderSummary,
    QuotaSummary,
    Reception,
    ReliefRequest,
    Shipment,
    Source,
)
from tests.orders.builders import make_item, make_order, make_pool, make_product, make_stock
from tests.orders.dashboard.conftest import WEEK

pytestmark = pytest.mark.django_db


def test_what_is_ordered_of_what_is_allowed_by_region_then_by_department(world):
    world.quota("orleans", granted=1_000, used=500)
    world.quota("tours", granted=500, used=100)
    world.quota("rennes", granted=1_000, used=1_000)
    country = world.board()
    assert (country.now.granted, country.now.used, country.now.share) == (2_500, 1_600, 64)
    assert [(row.name, row.now.share) for row in country.places] == [
        ("Bretagne", 100),
        ("Centre-Val de Loire", 40),
    ]
    region = world.board(world.ars)
    assert (region.now.granted, region.now.used) == (1_500, 600)
    assert [row.name for row in region.places] == ["Loiret (45)"]


def test_the_filters_cut_the_figures_down(world):
    gloves = make_item(4)
    world.quota("orleans", granted=1_000, used=500)
    world.quota("orleans", granted=200, used=200, item=gloves)
    assert world.board(equipement=gloves.pk).now.granted == 200
    assert world.board(region="53").now == NOTHING
    assert world.board(categorie=world.homes["orleans"].category_id).now.granted == 1_200
    assert world.board(region="99", equipement="x", semaine="hier").now.granted == 1_200


def test_twelve_weeks_and_the_week_before(world):
    world.quota("orleans", granted=1_000, used=900, week=WEEK - timedelta(weeks=1))
    world.quota("orleans", granted=1_000, used=250)
    board = world.board()
    assert [row.now.share for row in board.weeks][-2:] == [90, 25]
    assert len(board.weeks) == 12
    assert (board.places[0].now.share, board.places[0].before.share) == (25, 90)


def test_the_need_that_the_quota_leaves_out(world):
    world.quota("orleans", granted=400, need=10)
    world.quota("rennes", granted=1_000, need=10)
    now = world.board().now
    assert (now.need, now.unserved, now.unserved_share_text) == (1_000, 100, "10\u00a0%")


def test_a_quota_with_less_than_a_pack_left_is_exhausted(world):
    world.quota("orleans", granted=1_000, used=951)
    world.quota("tours", granted=1_000, used=950)
    world.quota("rennes", granted=0)
    assert world.board().now.exhausted == 1


def test_the_time_from_the_order_to_the_delivery(world):
    for days in (2, 3, 3, 4, 20):
        world.delivered("orleans", days=days)
    world.delivered("rennes", days=5, operator=world.bodies["spf"])
    make_order(world.homes["rennes"])
    board = world.board()
    assert [(row.region, row.delays.count, row.delays.median) for row in board.delays] == [
        ("Bretagne", 1, 5),
        ("Centre-Val de Loire", 5, 3),
    ]
    assert (board.whole_delay.median, board.whole_delay.p90) == (3, 20)
    assert world.board(world.ars).whole_delay.count == 5


def test_without_a_delivery_report_the_day_of_the_reception_counts(world):
    order = world.delivered("orleans", days=9)
    order.shipments.update(delivered_at=None)
    sent = localdate(order.submitted_at)
    for days in (4, 6):
        Reception.objects.create(
            order=order, received_on=sent + timedelta(days=days), told_by=world.cell,
            told_at=order.submitted_at, token=uuid4(),
        )  # fmt: skip
    assert world.board().whole_delay.counts == {6: 1}
    order.shipments.update(delivered_at=order.submitted_at + timedelta(days=2))
    assert world.board().whole_delay.counts == {2: 1}


def test_an_order_delivered_in_two_times_counts_until_the_last(world):
    order = world.delivered("orleans", days=2)
    late = order.submitted_at + timedelta(days=11)
    Shipment.objects.create(order=order, number="2", shipped_at=late, delivered_at=late)
    assert world.board().whole_delay.median == 11


def test_days_are_those_of_the_calendar_in_paris(world):
    order = world.delivered("orleans", days=0)
    sent = order.submitted_at.replace(hour=23, minute=50)
    Order.objects.filter(pk=order.pk).update(submitted_at=sent)
    order.shipments.update(delivered_at=sent + timedelta(minutes=20))
    assert world.board().whole_delay.counts == {1: 1}


@given(st.lists(st.integers(0, 60), min_size=1, max_size=60))
def test_half_of_the_orders_came_within_the_median(days):
    counts = {one: days.count(one) for one in days}
    delays = Delays(counts)
    ordered = sorted(days)
    assert delays.median == ordered[(len(days) + 1) // 2 - 1]
    assert sum(one <= delays.p90 for one in days) * 10 >= 9 * len(days)


def test_no_order_has_no_delay():
    assert (Delays({}).median, Delays({}).p90) == (None, None)


def test_orders_are_counted_by_their_state_of_now(world):
    make_order(world.homes["orleans"])
    make_order(world.homes["orleans"], state="cancelled")
    make_order(world.homes["rennes"], state="draft", number="", submitted_at=None, operator=None)
    make_order(world.homes["rennes"], kind="paid")
    board = world.board()
    counts = {row.state: row.now for row in board.states}
    assert (counts["submitted"], counts["cancelled"], board.under_way) == (1, 1, 1)
    assert board.sent_in(WEEK) == 2


def test_the_summaries_say_what_the_rows_say_and_forget_what_is_gone(world):
    quota = world.quota("orleans", used=10)
    order = make_order(world.homes["orleans"])
    refresh_all()
    quota.used = 20
    quota.save()
    Beneficiary.objects.filter(pk=world.homes["orleans"].pk).update(department="35", region="53")
    order.state = "delivered"
    order.save()
    refresh_due()
    assert list(QuotaSummary.objects.values_list("department_code", "region_code", "used")) == [
        ("35", "53", 20)
    ]
    assert list(OrderSummary.objects.values_list("state", "delay", "orders")) == [
        ("delivered", -1, 1)
    ]


def test_a_refresh_that_finds_nothing_new_writes_nothing(world, django_assert_num_queries):
    world.quota("orleans", used=10)
    refresh_all()
    before = list(QuotaSummary.objects.extra(select={"x": "xmin::text"}).values_list("x"))
    with django_assert_num_queries(7):
        refresh_due()
    assert list(QuotaSummary.objects.extra(select={"x": "xmin::text"}).values_list("x")) == before


def test_the_twelve_weeks_of_the_country_take_the_time_that_they_need(world):
    """The delay of a page does not stop what the tasks do at night."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '10s'")
        refresh_all()
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


def test_a_week_read_for_the_first_time_is_counted_then_left_to_the_night(world):
    quota = world.quota("orleans", used=10, week=WEEK - timedelta(weeks=5))
    refresh_due()
    assert QuotaSummary.objects.get().used == 10
    quota.used = 20
    quota.save()
    refresh_due()
    assert QuotaSummary.objects.get().used == 10
    refresh_all()
    assert QuotaSummary.objects.get().used == 20


def peak(item, daily, week=WEEK):
    RegionSummary.objects.create(week=week, item_id=item.pk, region_code="FR", daily=daily)


def test_the_state_stock_stands_against_ten_weeks_of_the_highest_consumption(world):
    product = make_product(world.item)
    make_stock(product, 30_000, reserved=5_000)
    make_stock(product, 35_000, holder=world.bodies["spf"])
    make_stock(make_product(world.item, source=Source.CONSORTIUM), 1_000_000)
    peak(world.item, 1_000)
    peak(world.item, 400, WEEK - timedelta(weeks=3))
    found = stock_by_item()[world.item.pk]
    assert (found.held, found.peak_weekly, found.target) == (70_000, 7_000, 70_000)
    assert (found.weeks_text, found.share_text) == ("10", "100\u00a0%")
    assert (found.weeks, found.share, found.is_short) == (10, 100, False)


def test_weeks_of_the_peak_by_hand():
    held = ItemStock(available=4_000, reserved=500, peak_daily=100)  # 4,500 ÷ 700 = 6.43
    assert (held.weeks, held.weeks_text, held.is_short) == (Decimal("6.4"), "6,4", True)
    assert (held.share, held.share_text) == (64, "64\u00a0%")
    assert ItemStock(available=6_999, peak_daily=100).weeks_text == "9,9"
    assert not ItemStock(available=5).is_short


@pytest.mark.parametrize(
    ("available", "peak_daily", "word"),
    [(0, 100, "épuisé"), (699, 100, "limité"), (700, 100, "disponible"), (1, None, "disponible")],
)
def test_an_ars_reads_a_word(available, peak_daily, word):
    assert ItemStock(available, 50, peak_daily).word == word


def test_an_item_without_stock_nor_consumption_is_there_all_the_same(world):
    make_product(world.item)
    found = stock_by_item()[world.item.pk]
    assert (found.held, found.target, found.weeks_text, found.share_text) == (0, None, "–", "–")


def test_pallets_are_rounded_up_product_by_product_at_la_poste_alone(world):
    make_stock(make_product(units_per_pallet=1_000), 1_001)
    make_stock(make_product(units_per_pallet=1_000), 2_000, reserved=1)
    make_stock(make_product(units_per_pallet=1_000), 9_000, holder=world.bodies["spf"])
    make_stock(make_product(units_per_pallet=None), 10)
    make_stock(make_product(units_per_pallet=None), 0)
    found = pallets_of_la_poste()
    assert (found.used, found.unknown) == (5, 1)


def test_requests_for_relief_are_counted_with_what_is_not_served(world):
    for home, state in (("orleans", "open"), ("rennes", "open")):
        ReliefRequest.objects.create(
            beneficiary=world.homes[home],
            site=world.homes[home].establishment,
            item=world.item,
            quantity=100,
            reason="Manque",
            state=state,
            asked_by=world.cell,
        )
    assert world.board().relief == {"open": (2, 200)}
    board = world.board(world.ars)
    assert (board.relief, board.waiting_relief) == ({"open": (1, 100)}, 1)
    assert world.board().waiting_relief == 2
    gloves = make_item(4)
    assert world.board(equipement=gloves.pk).waiting_relief == 0
    ReliefRequest.objects.update(asked_at=timezone.now() - timedelta(weeks=20))
    assert world.board().relief == {"open": (2, 200)}


def test_the_pools_of_the_week_are_those_of_the_region_read(world):
    make_pool(world.homes["orleans"].region, world.item, granted=1_000, used=250)
    make_pool(world.homes["rennes"].region, world.item, granted=500, used=500)
    country, region = world.board().pool, world.board(world.ars).pool
    assert (country.used, country.granted, country.share) == (750, 1_500, 50)
    assert (region.used, region.left) == (250, 750)
    last = (WEEK - timedelta(weeks=1)).isoformat()
    assert world.board(semaine=last).pool == NOTHING
