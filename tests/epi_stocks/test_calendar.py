"""Expected on Friday 18 h, closed two Sundays later at midnight: Paris time, all year round."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from common.weeks import PARIS
from epi_stocks.calendar import (
    WeekCalendar,
    calendar_of,
    is_open,
    selectable_weeks,
)
from epi_stocks.models import DeclarationRule

WEEK = date(2026, 11, 16)


def test_a_week_is_expected_before_friday_18_h_and_says_so():
    calendar = WeekCalendar(WEEK)
    assert calendar.deadline == datetime(2026, 11, 20, 18, tzinfo=PARIS)
    assert calendar.deadline_sentence == "Attendu avant vendredi 20/11 à 18\u00a0h"


def test_a_week_closes_at_the_end_of_its_second_sunday():
    calendar = WeekCalendar(WEEK)
    assert calendar.closes_at == datetime(2026, 11, 30, 0, tzinfo=PARIS)
    assert calendar.closing_sentence == "modifiable jusqu’au dimanche 29/11/2026 inclus"


@pytest.mark.parametrize(
    ("week", "closes", "deadline"),
    [
        # the hour goes back on 25/10/2026: the week closes an hour later in universal time
        (date(2026, 10, 12), datetime(2026, 10, 25, 23, tzinfo=UTC), (2026, 10, 16, 16)),
        # the hour goes forward on 29/03/2026
        (date(2026, 3, 16), datetime(2026, 3, 29, 22, tzinfo=UTC), (2026, 3, 20, 17)),
        # the 53rd week of 2026 goes over the new year
        (date(2026, 12, 28), datetime(2027, 1, 10, 23, tzinfo=UTC), (2027, 1, 1, 17)),
    ],
)
def test_nights_that_change_hour_and_53_week_years(week, closes, deadline):
    calendar = WeekCalendar(week)
    assert calendar.closes_at == closes
    assert calendar.deadline == datetime(*deadline, tzinfo=UTC)
    assert calendar.is_open(closes - timedelta(seconds=1))
    assert not calendar.is_open(closes)


def test_a_week_opens_on_its_monday_in_paris():
    calendar = WeekCalendar(WEEK)
    assert not calendar.is_open(datetime(2026, 11, 15, 22, 59, 59, tzinfo=UTC))
    assert calendar.is_open(datetime(2026, 11, 15, 23, 0, tzinfo=UTC))


def test_a_reopening_has_its_own_end():
    calendar, late = WeekCalendar(WEEK), datetime(2027, 2, 1, tzinfo=PARIS)
    assert calendar.is_open(late, reopened_until=late + timedelta(seconds=1))
    assert not calendar.is_open(late, reopened_until=late)


@time_machine.travel(datetime(2027, 1, 4, 8, tzinfo=PARIS), tick=False)
def test_the_weeks_offered_cross_a_53_week_year_and_never_the_future():
    weeks = selectable_weeks(count=3)
    assert weeks == [date(2027, 1, 4), date(2026, 12, 28), date(2026, 12, 21)]


def test_the_values_carried_over_come_from_two_weeks_back_at_most():
    assert WeekCalendar(WEEK).carried == [WEEK, date(2026, 11, 9), date(2026, 11, 2)]


@pytest.mark.django_db
def test_the_rule_in_force_at_the_monday_decides():
    DeclarationRule.objects.update(ends_on=WEEK - timedelta(days=1))
    DeclarationRule.objects.create(
        starts_on=WEEK, expected_weekday=2, expected_time=time(12), closes_after_days=7
    )
    assert calendar_of(WEEK).deadline_sentence == "Attendu avant mercredi 18/11 à 12\u00a0h"
    assert calendar_of(date(2026, 11, 9)).expected_weekday == 4
    assert not is_open(WEEK, now=datetime(2026, 11, 23, 0, 0, tzinfo=PARIS))
    assert is_open(WEEK, now=datetime(2026, 11, 22, 23, 59, tzinfo=PARIS))
