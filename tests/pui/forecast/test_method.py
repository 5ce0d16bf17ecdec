"""Dates between which a stock may run out: the same each time, honest on pasts that are known."""

from datetime import date, timedelta

import pytest

from pui.forecast.calibration import EVERYTHING, UNDER_CRITICAL, pinball, scores
from pui.forecast.method import (
    FEWEST_ERRORS,
    HORIZON,
    History,
    Point,
    RunOut,
    crossing,
    furthest,
    learn,
    pace,
    quantile,
    weeks_between,
)
from pui.forecast.simulated import jerky_pharmacies

TODAY = date(2026, 11, 20)


def history(stocks, daily=10.0):
    """Weekly declarations, the last one today; a blank is not in it."""
    last = TODAY.toordinal()
    days = [last - 7 * back for back in reversed(range(len(stocks)))]
    points = [Point(day, float(one)) for day, one in zip(days, stocks, strict=True) if one != ""]
    return History(points, daily)


def steady(loss, count=30, weeks=12, start=1000):
    """Pharmacies' products that lose as many units each week."""
    return [history([start - loss * rank for rank in range(weeks)]) for _ in range(count)]


def test_a_steady_fall_runs_out_on_the_day_that_arithmetic_says():
    past = steady(70)
    found = RunOut.of(past[0], learn(past))
    days = -(-past[0].points[-1].stock // 10)
    expected = TODAY + timedelta(days=days)
    assert (found.early, found.middle, found.late) == (expected, expected, expected)


def test_a_stock_that_does_not_fall_is_told_to_last_as_far_as_one_looked_and_no_further():
    past = steady(0)
    found = RunOut.of(past[0], learn(past))
    assert (found.early, found.middle, found.late) == (None, None, None)
    assert TODAY < found.until <= TODAY + timedelta(weeks=HORIZON)


def test_one_odd_value_does_not_upset_the_pace():
    odd = pace(history([500, 430, 360, 2900, 220, 150, 80, 10]).points)
    assert odd == pytest.approx(-10)


def test_deliveries_are_part_of_the_pace():
    assert pace(history([500, 430, 360, 290, 220, 650, 580, 510]).points) > -10


def test_the_dates_are_in_order_and_the_same_each_time():
    [products] = jerky_pharmacies(count=1)
    errors = learn(products)
    for one in products:
        found = RunOut.of(one, errors)
        assert found == RunOut.of(one, errors)
        if found:
            dates = [day or date.max for day in (found.early, found.middle, found.late)]
            assert dates == sorted(dates)


def test_nothing_is_said_of_an_empty_stock_nor_of_too_short_a_past():
    errors = learn(steady(10))
    assert RunOut.of(history([30, 20, 10, 0]), errors) is None
    assert RunOut.of(history([40, 30, 20]), errors) is None
    assert RunOut.of(history([40, 30, 20, 10]), learn([])) is None


def test_it_looks_no_further_than_where_errors_are_enough():
    products = FEWEST_ERRORS // 2
    errors = learn(steady(10, count=products, weeks=6))
    assert len(errors[1]) == FEWEST_ERRORS
    assert furthest(errors) == 1


def test_a_crossing_falls_between_the_two_weeks():
    assert crossing([70, 35, 0]) == 14
    assert crossing([70, 10, -60]) == 8
    assert crossing([70, 60, 50]) is None


def test_quantiles_stay_inside_what_was_seen():
    assert quantile([1.0], 0.1) == 1.0
    assert quantile([1.0, 2.0, 3.0], 0.5) == 2.0
    assert quantile([0.0, 10.0], 0.9) == 10.0


@pytest.mark.parametrize(("days", "weeks"), [(7, 1), (3, 0), (4, 1), (10, 1), (11, 2)])
def test_due_days_of_any_rhythm_are_counted_in_weeks(days, weeks):
    assert weeks_between(100, 100 + days) == weeks


def test_the_loss_is_nothing_when_exact_and_dearer_on_the_wrong_side():
    assert pinball(5, [5, 5, 5]) == 0
    assert pinball(0, [10, 10, 10]) == pytest.approx(10 * 1.5 / 3)


def test_the_interval_holds_four_fifths_of_a_past_it_does_not_know_and_beats_stock_by_cmj():
    found = scores(jerky_pharmacies(count=12))
    for name in (EVERYTHING, UNDER_CRITICAL):
        assert 0.75 < found[name].inside < 0.95
        assert found[name].loss < 0.7 * found[name].naive_loss


def test_it_learns_nothing_from_what_comes_after():
    """The same past with another continuation is given the same interval."""
    [products] = jerky_pharmacies(count=1)
    known = [History(one.points[:8], one.daily) for one in products]
    changed = [
        History([*one.points[:8], *(Point(p.day, p.stock * 9) for p in one.points[8:])], one.daily)
        for one in products
    ]
    cut = [History(one.points[:8], one.daily) for one in changed]
    assert learn(cut) == learn(known)
