"""When the nearest expiry of a stock deserves a look: one rule, in one place."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from common.dates import DayError
from pui.expiry import NEAR, Standing, parse_expiry, standing

TODAY = date(2020, 11, 24)
TOLD = date(2020, 11, 20)


def of(days_ahead, *, cover):
    cover = None if cover is None else Decimal(cover)
    expiry = TODAY + timedelta(days=days_ahead)
    return standing(expiry, days=cover, told_on=TOLD, today=TODAY)


def test_what_expires_within_three_months_and_before_it_is_used_is_at_risk():
    assert of(30, cover="60") is Standing.AT_RISK
    assert of(30, cover="20") is Standing.FINE, "used before it expires"
    assert of(30, cover="34") is Standing.FINE, "the cover counts from the due day: to the day"
    assert of(30, cover="34.1") is Standing.AT_RISK


def test_what_expires_later_is_told_of_nobody():
    assert of(NEAR.days, cover="900") is Standing.AT_RISK
    assert of(NEAR.days + 1, cover="900") is Standing.FINE


def test_without_a_consumption_nothing_says_that_it_will_be_used():
    assert of(30, cover=None) is Standing.AT_RISK
    assert of(NEAR.days + 1, cover=None) is Standing.FINE


def test_the_day_of_expiry_is_the_last_on_which_units_serve():
    assert of(-1, cover="1") is Standing.EXPIRED
    assert of(0, cover="1") is Standing.FINE


def test_nothing_is_said_of_an_expiry_that_nobody_declared():
    assert standing(None, days=None, told_on=TOLD, today=TODAY) is Standing.FINE


@pytest.mark.parametrize("text", ["31/12/1999", "01/2041", "31/03/0027"])
def test_an_expiry_before_2000_or_over_20_years_ahead_is_refused(text):
    with pytest.raises(DayError, match="possible"):
        parse_expiry(text, TODAY)


def test_twenty_years_ahead_is_still_an_expiry():
    assert parse_expiry("12/2040", TODAY) == date(2040, 12, 31)
