"""Dates as people and software write them: read without guessing, or refused with the reason."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.dates import DayError, parse_day

LAST = date(2027, 3, 31)


@pytest.mark.parametrize("blank", [None, "", "  ", "\u00a0"])
def test_blank_is_no_date(blank):
    assert parse_day(blank) is None


@pytest.mark.parametrize(
    "text",
    [
        *("31/03/2027", "31-03-2027", "31.03.2027", " 31/3/2027 ", "2027-03-31", "2027/3/31"),
        *("2027-03-31 00:00:00", "2027-03-31T00:00:00.000", "31/03/2027 00:00", LAST),
    ],
)
def test_a_day_is_read_however_it_is_written(text):
    assert parse_day(text) == LAST


@pytest.mark.parametrize("text", ["03/2027", "3/2027", "03-2027", "03.2027", "2027-03"])
def test_a_month_alone_is_its_last_day_as_boxes_print_it(text):
    assert parse_day(text) == LAST


def test_the_last_day_of_february_depends_on_the_year():
    assert parse_day("02/2028") == date(2028, 2, 29)
    assert parse_day("02/2027") == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("03/27", "deux chiffres"),
        ("31/03/27", "deux chiffres"),
        ("31/02/2027", "n’existe pas"),
        ("13/2027", "n’existe pas"),
        ("03/0000", "n’existe pas"),
        ("bientôt", "ce texte"),
        ("mars", "ce texte"),
        ("46000", "ce nombre"),
        (46000, "ce nombre"),
        (0.5, "ce texte"),
        ("٣١/٠٣/٢٠٢٧", "ce texte"),
        ("3" * 50, "trop long"),
    ],
)
def test_what_reads_two_ways_or_none_is_refused_with_the_reason(text, reason):
    with pytest.raises(DayError, match=reason) as refused:
        parse_day(text)
    assert "31/03/2027" in refused.value.expected


def test_a_day_out_of_the_bounds_is_refused():
    bounds = {"earliest": date(2000, 1, 1), "latest": date(2046, 12, 31)}
    assert parse_day("31/12/2046", **bounds) == date(2046, 12, 31)
    with pytest.raises(DayError, match="après 2046"):
        parse_day("01/2047", **bounds)
    with pytest.raises(DayError, match="avant 2000"):
        parse_day("31/12/1999", **bounds)


@given(st.dates())
def test_any_day_written_in_any_of_the_styles_comes_back_equal(day):
    french = f"{day.day:02}/{day.month:02}/{day.year:04}"
    assert parse_day(french) == parse_day(day.isoformat()) == parse_day(day) == day
    month = parse_day(f"{day.month:02}/{day.year:04}")
    assert month >= day
    if month < date.max:
        assert (month + timedelta(days=1)).day == 1


@given(st.one_of(st.text(), st.integers(), st.floats()))
def test_anything_is_read_or_refused_and_never_breaks(value):
    with suppress(DayError):
        day = parse_day(value)
        assert day is None or isinstance(day, date)
