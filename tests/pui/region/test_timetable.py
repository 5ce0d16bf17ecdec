"""When reminders leave: the days chosen, at their hour in Paris, offices open."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.weeks import PARIS
from common.working_days import is_working_day
from pui.models import ReminderTimetable
from pui.reminders.timetable import DEFAULT, Timetable, moment_text, timetables_of
from tests.builders import make_region

TUESDAY = Timetable((2,), time(14))


def at(day, hour=9, minute=0, month=11, year=2020):
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(24, 13, 59), at(24, 14)),
        (at(24, 14), at(1, 14, month=12)),
        (at(23), at(24, 14)),
        (at(25), at(1, 14, month=12)),
    ],
)
def test_the_next_moment_is_the_day_chosen_at_its_hour(now, expected):
    assert TUESDAY.next(now) == expected


def test_a_public_holiday_is_kept_the_next_working_day():
    """Wednesday 11 November 2020, then Monday 28 May 2021's Whit Monday."""
    wednesday = Timetable((3,), time(10))
    assert wednesday.next(at(10, 12)) == at(12, 10)
    monday = Timetable((1,), time(10))
    assert monday.next(at(22, month=5, year=2021)) == at(25, 10, month=5, year=2021)


def test_two_days_chosen_and_one_off_leave_one_reminder():
    both = Timetable((3, 4), time(10))
    assert both.next(at(10, 12)) == at(12, 10)
    assert both.next(at(12, 10)) == at(18, 10)


def test_the_hour_is_that_of_paris_in_winter_and_in_summer():
    winter, summer = TUESDAY.moment(date(2020, 11, 24)), TUESDAY.moment(date(2020, 7, 7))
    assert (winter.utcoffset(), summer.utcoffset()) == (timedelta(hours=1), timedelta(hours=2))


@pytest.mark.parametrize(
    ("now", "is_due"),
    [
        (at(24, 13, 59), False),
        (at(24, 14), True),
        (at(24, 17, 59), True),
        (at(24, 18), False),
        (at(25, 14), False),
    ],
)
def test_a_worker_that_was_away_sends_them_the_same_afternoon_not_at_night(now, is_due):
    assert bool(TUESDAY.due(now)) is is_due


def test_paused_nothing_is_due_until_the_day_it_resumes():
    paused = Timetable((2,), time(14), is_paused=True, resumes_on=date(2020, 12, 1))
    assert paused.due(at(24, 14)) is None
    assert paused.next(at(23)) == at(1, 14, month=12)
    assert paused.due(at(1, 14, month=12))


def test_paused_without_a_day_there_is_no_next():
    paused = Timetable((2,), time(14), is_paused=True)
    assert paused.next(at(23)) is None
    assert paused.due(at(24, 14)) is None


@given(
    st.sets(st.integers(1, 5), min_size=1),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.times(),
)
def test_there_is_always_a_next_one_on_a_working_day_and_it_is_then_due(weekdays, day, hour):
    timetable = Timetable(tuple(sorted(weekdays)), time(10))
    moment = timetable.next(datetime.combine(day, hour, PARIS))
    assert moment is not None
    assert is_working_day(moment.date())
    assert timetable.due(moment) == moment


def test_it_reads_as_people_say_it():
    assert TUESDAY.rhythm == "chaque mardi à 14\u00a0h"
    assert Timetable((1, 3), time(10)).rhythm == "chaque lundi et mercredi à 10\u00a0h"
    assert moment_text(at(24, 14), at(24, 9)) == "aujourd’hui à 14\u00a0h"
    assert moment_text(at(24, 14), at(23, 9)) == "demain à 14\u00a0h"
    assert moment_text(at(24, 14), at(20, 9)) == "le mardi 24/11 à 14\u00a0h"


@pytest.mark.django_db
def test_a_region_that_set_none_follows_the_country_then_the_default():
    centre, rhone = make_region(), make_region("84", "Auvergne-Rhône-Alpes")
    assert timetables_of([centre])["24"] == DEFAULT
    ReminderTimetable.objects.create(region=None, weekdays=[5], at=time(9))
    ReminderTimetable.objects.create(region=rhone, weekdays=[2], at=time(14))
    found = timetables_of([centre, rhone, None])
    assert (found["24"].weekdays, found["24"].is_own) == ((5,), False)
    assert (found["84"].weekdays, found["84"].is_own) == ((2,), True)
    assert found[""].weekdays == (5,)
