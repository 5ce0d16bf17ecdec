from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import NoReverseMatch, Resolver404, path, register_converter
from django.urls.converters import REGISTERED_CONVERTERS
from django.urls.resolvers import RegexPattern, URLResolver
from hypothesis import given
from hypothesis import strategies as st

from common import weeks
from common.converters import FinessConverter, WeekConverter
from common.weeks import PARIS, WeekError

MONDAY = date(2026, 11, 16)


@given(st.dates(date(2020, 1, 1), date(2099, 12, 31)))
def test_a_week_is_the_monday_on_or_before_the_day(day):
    monday = weeks.monday_of(day)
    assert monday.weekday() == 0
    assert 0 <= (day - monday).days <= 6


def test_the_week_is_the_one_it_is_in_paris():
    sunday_evening_in_london = datetime(2026, 11, 15, 23, 30, tzinfo=UTC)
    assert weeks.current_week(sunday_evening_in_london) == MONDAY
    assert weeks.monday_of(sunday_evening_in_london) == MONDAY
    assert weeks.current_week(sunday_evening_in_london - timedelta(hours=1)) == date(2026, 11, 9)
    assert weeks.current_week().weekday() == 0


def test_a_week_is_read_from_its_monday():
    assert weeks.parse_week("2026-11-16") == MONDAY


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-17",
        "2026-02-30",
        "20261116",
        "2026-W47-1",
        "16/11/2026",
        "",
        "２０２６-11-16",
        "1999-01-04",
        "2100-01-04",
        "0787-01-01",
        "2026-11-16\n",
    ],
)
def test_what_is_not_a_week_is_refused(text):
    with pytest.raises(WeekError):
        weeks.parse_week(text)


def test_the_refusal_says_which_monday_was_meant():
    with pytest.raises(WeekError, match="c’est le 16/11/2026"):
        weeks.parse_week("2026-11-18")


def test_labels_show_the_iso_number():
    assert weeks.week_label(MONDAY) == "N°47 du 16/11/2026 au 22/11/2026"
    assert weeks.week_label(date(2020, 11, 16)) == "N°47 du 16/11/2020 au 22/11/2020"
    assert weeks.short_label(date(2027, 1, 4)) == "S01 (04/01)"


@pytest.mark.parametrize("year", [2020, 2026])
def test_years_of_53_weeks_have_a_week_53(year):
    last = weeks.monday_of(date(year, 12, 31))
    assert weeks.iso_number(last) == 53
    assert weeks.iso_number(weeks.shift(last, 1)) == 1


def test_the_last_twelve_weeks_end_with_this_one():
    found = weeks.weeks_back(MONDAY, 12)
    assert (found[0], found[-1], len(found)) == (date(2026, 8, 31), MONDAY, 12)
    assert weeks.weeks_back(MONDAY, 0) == []


def test_a_declaration_is_on_time_until_friday_18_h_in_paris():
    assert weeks.deadline(MONDAY) == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert weeks.deadline(date(2026, 7, 6)) == datetime(2026, 7, 10, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("monday", "instant"),
    [
        (MONDAY, datetime(2026, 11, 29, 23, tzinfo=UTC)),
        (date(2026, 10, 12), datetime(2026, 10, 25, 23, tzinfo=UTC)),  # winter time began that day
        (date(2026, 3, 16), datetime(2026, 3, 29, 22, tzinfo=UTC)),  # summer time began that day
    ],
)
def test_a_week_closes_at_midnight_after_the_second_sunday(monday, instant):
    assert weeks.closes_at(monday) == instant
    local = weeks.closes_at(monday).astimezone(PARIS)
    assert (local.weekday(), local.hour) == (0, 0)
    assert (local.date() - monday).days == 14


@pytest.fixture
def resolver(monkeypatch):
    monkeypatch.setattr("django.urls.converters.REGISTERED_CONVERTERS", dict(REGISTERED_CONVERTERS))
    register_converter(WeekConverter, "monday")
    register_converter(FinessConverter, "finess_number")
    view = path("<finess_number:finess>/<monday:week>/", lambda request: None, name="inventory")
    return URLResolver(RegexPattern(r"^/"), [view])


def test_an_address_names_an_establishment_and_a_monday(resolver):
    match = resolver.resolve("/2A0000014/2026-11-16/")
    assert match.kwargs == {"finess": "2A0000014", "week": MONDAY}
    assert resolver.reverse("inventory", "2A0000014", MONDAY) == "2A0000014/2026-11-16/"


@pytest.mark.parametrize(
    "address",
    [
        "/2A0000014/2026-11-17/",
        "/2A0000014/2026-13-01/",
        "/2a0000014/2026-11-16/",
        "/12345678/2026-11-16/",
        "/2A0000014/٢٠٢٦-11-16/",
    ],
)
def test_an_address_that_is_not_one_does_not_exist(resolver, address):
    with pytest.raises(Resolver404):
        resolver.resolve(address)


def test_no_address_is_made_of_a_wrong_number(resolver):
    with pytest.raises(NoReverseMatch):
        resolver.reverse("inventory", "12", MONDAY)
