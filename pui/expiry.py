"""« Péremption la plus proche »: the earliest expiry among the units in stock, in one place.

How it is read, and when a stock is told to be at risk. A day of expiry is the last on which the
units serve. How it ranks donors is told by ``establishments.redistribution.held``.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.db import models
from django.utils import timezone

from common.dates import DayInput, parse_day

EARLIEST: Final = date(2000, 1, 1)
MOST_YEARS: Final = 20
NEAR: Final = timedelta(days=92)  # three months: what a pharmacy looks for on its shelves


class Standing(models.TextChoices):
    """What a declared expiry deserves: a look at once, units to move on, or nothing."""

    EXPIRED = "expired", "périmé"
    AT_RISK = "at_risk", "avant la fin du stock"
    FINE = "fine", ""


def parse_expiry(value: DayInput, today: date | None = None) -> date | None:
    """Read an expiry; blank is ``None``. Raise ``DayError`` for what none can be."""
    year = (today or timezone.localdate()).year + MOST_YEARS
    return parse_day(value, earliest=EARLIEST, latest=date(year, 12, 31))


def is_expired(expiry: date | None, on: date) -> bool:
    return expiry is not None and expiry < on


def standing(expiry: date | None, *, days: Decimal | None, told_on: date, today: date) -> Standing:
    """At risk: within three months, and before the stock is used at the declared consumption.

    ``days`` of cover count from ``told_on``, the due day; None: nothing says when it will be used.
    Only the nearest expiry is declared, not how many units have it: far ahead, the units used first
    are those, and the others would be told at risk for nothing.
    """
    if expiry is None:
        return Standing.FINE
    if is_expired(expiry, today):
        return Standing.EXPIRED
    is_used_before = days is not None and (expiry - told_on).days >= days
    is_near = expiry - today <= NEAR
    return Standing.AT_RISK if is_near and not is_used_before else Standing.FINE
