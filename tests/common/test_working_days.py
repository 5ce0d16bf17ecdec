"""Working days: weekends, fixed holidays, and those that follow Easter."""

from datetime import UTC, date, datetime

import pytest

from common.weeks import PARIS
from common.working_days import holidays_of, is_working_day, working_day_after


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 21),  # a Saturday
        date(2026, 11, 22),
        date(2026, 11, 11),
        date(2025, 12, 25),
        date(2020, 4, 13),  # Easter Monday
        date(2021, 4, 5),
        date(2024, 4, 1),
        date(2025, 4, 21),
        date(2026, 4, 6),
        date(2027, 3, 29),
        date(2026, 5, 14),  # Ascension
        date(2026, 5, 25),  # Whit Monday
    ],
)
def test_a_day_off(day):
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 11, 20), date(2026, 4, 7), date(2026, 12, 24)])
def test_a_working_day(day):
    assert is_working_day(day)


@pytest.mark.parametrize(
    ("moment", "after"),
    [
        ("2026-11-17 15:30", "2026-11-18 15:30"),
        ("2026-11-20 15:30", "2026-11-23 15:30"),  # Friday: Monday
        ("2026-11-21 15:30", "2026-11-24 08:00"),  # Saturday: Tuesday morning
        ("2026-11-10 09:00", "2026-11-12 09:00"),  # over the 11th
    ],
)
def test_a_working_day_later_is_the_same_hour_of_the_next_one(moment, after):
    asked, opens = (datetime.fromisoformat(one).replace(tzinfo=PARIS) for one in (moment, after))
    assert working_day_after(asked.astimezone(UTC)) == opens


def test_a_year_has_eleven_holidays_each_with_its_name():
    found = holidays_of(2026)
    assert len(found) == len({name for _, name in found}) == 11
    assert (date(2026, 4, 6), "Lundi de Pâques") in found
    assert (date(2026, 5, 14), "Ascension") in found
    assert found == sorted(found)


def test_ascension_on_a_fixed_holiday_is_one_day():
    """In 2008 Ascension fell on 1 May."""
    assert len(holidays_of(2008)) == 10
