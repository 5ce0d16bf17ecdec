"""What is far enough from the last declaration to be asked about: the thresholds, in one place.

A mistyped comma, boxes counted for units or a column shifted make a factor of ten; a true fall of
two levels of cover deserves a second look before a region acts on it. Nothing here blocks: the
person answers « C’est exact ».
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from common.cover import Level
from common.numbers import format_integer
from medications.thresholds import level_of
from pui.transfer.shapes import Before, Line

FACTOR = 10  # times more, or less
FEWEST_UNITS = 20  # of stock: between 1 and 10 ampoules a factor of ten says nothing
LEVELS_LOST = 2  # classes of cover, from « suffisante » down to « rupture »
ORDER = [Level.SUFFICIENT, Level.TENSE, Level.CRITICAL, Level.SHORTAGE]


class Quantities(NamedTuple):
    """In units of the product; the expiry of those in stock, which no threshold compares."""

    stock: Decimal | None
    daily: Decimal | None
    expiry: date | None = None

    @property
    def level(self) -> Level:
        return level_of(self.stock, self.daily)


def gaps_of(line: Line) -> list[str]:
    """What is asked about, in words: « stock × 10 » since the last declaration, « périmé »."""
    found = gaps_between(line.before, Quantities(*line.quantities)) if line.before else []
    return [*found, *expiry_gaps(line)]


def expiry_gaps(line: Line) -> list[str]:
    """Units out of date on the due day are no stock, or the date is wrong."""
    expiry = line.nearest_expiry if line.is_expired else None
    return [f"périmé depuis le {expiry:%d/%m/%Y}"] if expiry else []


def gaps_between(before: Before | Quantities, after: Quantities) -> list[str]:
    """Blank on either side compares with nothing."""
    was = Quantities(before.stock, before.daily)
    found = [*stock_gaps(was.stock, after.stock), *daily_gaps(was.daily, after.daily)]
    return found or level_gaps(was, after)


def stock_gaps(before: Decimal | None, after: Decimal | None) -> list[str]:
    if not before or after is None:
        return []
    if after == 0:
        return ["stock épuisé"]
    return ratio("stock", before, after) if max(before, after) >= FEWEST_UNITS else []


def daily_gaps(before: Decimal | None, after: Decimal | None) -> list[str]:
    """A consumption that falls to nothing takes a product out of tension: it is asked about."""
    if not before or after is None:
        return []
    return ["consommation tombée à 0"] if after == 0 else ratio("consommation", before, after)


def ratio(what: str, before: Decimal, after: Decimal) -> list[str]:
    if after >= before * FACTOR:
        return [f"{what} × {format_integer(int(after / before))}"]
    return [f"{what} ÷ {format_integer(int(before / after))}"] if after * FACTOR <= before else []


def level_gaps(was: Quantities, after: Quantities) -> list[str]:
    if was.level not in ORDER or after.level not in ORDER:
        return []
    if ORDER.index(after.level) - ORDER.index(was.level) < LEVELS_LOST:
        return []
    return [f"couverture {was.level.label.lower()} devenue {after.level.label.lower()}"]
