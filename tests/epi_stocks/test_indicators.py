"""One definition of cover, level and reporting, the same in Python and in SQL."""

from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from common.cover import CoverOfSums, Level, Thresholds, days_of_cover, level, level_sql
from common.weeks import current_week
from epi_stocks.indicators import THRESHOLDS_SQL, thresholds_on
from epi_stocks.models import TensionThreshold
from tests.builders import make_establishment, make_line

QUANTITY = st.none() | st.integers(0, 999_999_999) | st.integers(0, 30)
TRIPLES = st.lists(st.integers(1, 365), min_size=3, max_size=3, unique=True).map(sorted)


@pytest.mark.parametrize(
    ("stock", "daily", "expected"),
    [
        (None, None, Level.UNKNOWN),
        (None, 5, Level.UNKNOWN),
        (None, 0, Level.UNKNOWN),
        (0, 0, Level.NO_USE),
        (50, 0, Level.NO_USE),
        (0, None, Level.SHORTAGE),
        (0, 5, Level.SHORTAGE),
        (4, 5, Level.SHORTAGE),
        (5, 5, Level.CRITICAL),
        (34, 5, Level.CRITICAL),
        (35, 5, Level.TENSE),
        (104, 5, Level.TENSE),
        (105, 5, Level.SUFFICIENT),
        (5, None, Level.UNKNOWN),
    ],
)
def test_the_level_of_a_stock(stock, daily, expected):
    assert level(stock, daily) == expected


def test_days_of_cover_mean_nothing_without_stock_or_consumption():
    assert days_of_cover(None, 5) is days_of_cover(5, None) is days_of_cover(5, 0) is None
    assert days_of_cover(0, 5) == 0


@given(stock=st.integers(0, 10**9), daily=st.integers(1, 10**6))
def test_days_are_rounded_down_so_that_they_never_contradict_the_level(stock, daily):
    days = days_of_cover(stock, daily)
    assert (days < 7) == (level(stock, daily) in (Level.SHORTAGE, Level.CRITICAL))
    assert (days < 21) == (level(stock, daily) is not Level.SUFFICIENT)


@pytest.mark.django_db
@settings(max_examples=200, deadline=None)
@given(stock=QUANTITY, daily=QUANTITY, days=TRIPLES)
def test_python_and_sql_say_the_same_level(stock, daily, days):
    columns = ("line.stock", "line.daily", "days.shortage", "days.critical", "days.tense")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {level_sql(*columns)} "  # noqa: S608
            "FROM (SELECT %s::bigint AS stock, %s::bigint AS daily) line, "
            "(SELECT %s AS shortage, %s AS critical, %s AS tense) days",
            [stock, daily, *days],
        )
        assert cursor.fetchone()[0] == level(stock, daily, Thresholds(*days)).value


def test_the_days_of_a_sum_are_those_of_the_sums():
    assert CoverOfSums(stock=120, daily=12, counted=3, left_out=2).days == 10
    assert CoverOfSums(stock=120).days is None


@pytest.mark.django_db
def test_thresholds_have_dates_and_an_item_may_have_its_own():
    week = current_week()
    TensionThreshold.objects.create(
        item_id=2, shortage=2, critical=10, tense=30, starts_on=week, ends_on=week
    )
    assert thresholds_on(week) == {None: Thresholds(1, 7, 21), 2: Thresholds(2, 10, 30)}
    assert 2 not in thresholds_on(week - timedelta(weeks=1))
    place = make_establishment()
    make_line(place, week, 1, stock=1)
    make_line(place, week, 2, stock=1)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT days.* FROM epi_stocks_inventoryline line, LATERAL ({THRESHOLDS_SQL}) days "  # noqa: S608
            "WHERE line.week = ANY(ARRAY[%(week)s::date]) ORDER BY line.item_id",
            {"week": week},
        )
        assert cursor.fetchall() == [(1, 7, 21), (2, 10, 30)]
