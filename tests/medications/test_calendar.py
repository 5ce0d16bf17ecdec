"""When a list is due, from its dated rules."""

from datetime import date, datetime, time

import pytest

from common.weeks import PARIS
from medications.calendar import Due, NotDueError, ReportingCalendar

FRIDAYS = Due(date(2020, 1, 1))
TWICE = Due(date(2020, 11, 16), (2, 5), time(12))


def at(day, hour=9, minute=0):
    return datetime(2020, 11, day, hour, minute, tzinfo=PARIS)


def test_a_weekly_list_is_due_on_fridays_at_18_h_unless_a_rule_says_otherwise():
    calendar = ReportingCalendar([])
    assert calendar.expected(at(17)).due_at == datetime(2020, 11, 20, 18, tzinfo=PARIS)


def test_a_rule_holds_from_its_first_day_on():
    calendar = ReportingCalendar([FRIDAYS, TWICE])
    assert calendar.past_dues(at(21), 3) == [
        date(2020, 11, 20),
        date(2020, 11, 17),
        date(2020, 11, 13),
    ]


def test_two_due_days_are_open_the_one_just_past_and_the_one_expected():
    calendar = ReportingCalendar([FRIDAYS])
    assert [one.due_on for one in calendar.open_periods(at(17))] == [
        date(2020, 11, 13),
        date(2020, 11, 20),
    ]


def test_a_due_day_is_corrected_until_the_next_one_is_due():
    period = ReportingCalendar([FRIDAYS]).period(date(2020, 11, 13))
    assert period.is_open(at(20, 17, 59))
    assert not period.is_open(at(20, 18, 0))
    assert period.is_open(at(20, 18, 0), reopened_until=at(21))


def test_a_due_day_to_come_is_not_open_before_the_one_before_is_past():
    period = ReportingCalendar([FRIDAYS]).period(date(2020, 11, 27))
    assert not period.is_open(at(20, 23))
    assert period.is_open(at(21, 0, 1))


def test_once_its_hour_is_past_a_due_day_is_late_and_the_next_is_expected():
    calendar = ReportingCalendar([FRIDAYS])
    assert calendar.expected(at(20, 18, 1)).due_on == date(2020, 11, 27)
    assert calendar.period(date(2020, 11, 20)).is_late(at(20, 18, 1))


def test_nothing_is_due_on_another_day():
    with pytest.raises(NotDueError):
        ReportingCalendar([FRIDAYS]).period(date(2020, 11, 18))


@pytest.mark.parametrize("day", [date(9999, 12, 31), date(1, 1, 5), date(2200, 1, 3)])
def test_nothing_is_due_at_the_ends_of_time(day):
    assert day.isoweekday() == 5
    with pytest.raises(NotDueError):
        ReportingCalendar([FRIDAYS]).period(day)


def test_a_rhythm_that_changes_each_week_leaves_a_next_due_day_and_a_last_one():
    mondays = Due(date(2020, 11, 2), (1,))
    later = [
        Due(date(2020, 11, 9), (7,)),
        Due(date(2020, 11, 15), (6,)),
        Due(date(2020, 11, 21), (5,)),
    ]
    calendar = ReportingCalendar([mondays, *later])
    assert calendar.next_due(date(2020, 11, 2)) == date(2020, 11, 27)
    assert calendar.last_due(date(2020, 11, 27)) == date(2020, 11, 2)
