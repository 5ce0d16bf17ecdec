"""The one definition of days of cover and of tension levels, in Python and in SQL.

Screens, exports, summaries and alerts all come here, for equipment and for medicines; a property
test holds both languages together.
"""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

from django.db import models

TENTH = Decimal("0.1")
Quantity = int | Decimal


class Level(models.TextChoices):
    """How near an item is to run out, the most urgent first."""

    SHORTAGE = "rupture", "Rupture"
    CRITICAL = "critique", "Critique"
    TENSE = "tendue", "Tendue"
    SUFFICIENT = "suffisante", "Suffisante"
    NO_USE = "sans_consommation", "Sans consommation"
    UNKNOWN = "inconnue", "Inconnue"

    @property
    def css_class(self) -> str:
        """The class of the house style sheet: the word is always printed beside the colour."""
        return f"app-classe--{'sans' if self is Level.NO_USE else self.value}"

    @property
    def is_tension(self) -> bool:
        return self in (Level.SHORTAGE, Level.CRITICAL, Level.TENSE)


class Thresholds(NamedTuple):
    """Days of cover under which an item is in rupture, critique, tendue [domain §7]."""

    shortage: int = 1
    critical: int = 7
    tense: int = 21


DEFAULT_THRESHOLDS = Thresholds()


def level(
    stock: Quantity | None, daily: Quantity | None, thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> Level:
    """Tell the level of a stock (units) against a daily consumption (units a day).

    No stock is a rupture even when the consumption is blank; without consumption there is no
    tension even without stock.
    """
    if stock is None:
        return Level.UNKNOWN
    if daily == 0:
        return Level.NO_USE
    if stock == 0:
        return Level.SHORTAGE
    if daily is None:
        return Level.UNKNOWN
    if stock < thresholds.shortage * daily:
        return Level.SHORTAGE
    if stock < thresholds.critical * daily:
        return Level.CRITICAL
    return Level.TENSE if stock < thresholds.tense * daily else Level.SUFFICIENT


def days_of_cover(stock: Quantity | None, daily: Quantity | None) -> Decimal | None:
    """Say how many days the stock lasts, a tenth rounded down; nothing when it means nothing.

    Rounded down, so that 6.99 days never read as « 7 jours » beside the level « critique ».
    """
    if stock is None or not daily:
        return None
    return (Decimal(stock) / Decimal(daily)).quantize(TENTH, rounding=ROUND_DOWN)


@dataclass(frozen=True, slots=True)
class CoverOfSums:
    """Days of cover of many rows: sum of stock ÷ sum of consumption where both are declared."""

    stock: Quantity = 0
    daily: Quantity = 0
    counted: int = 0
    left_out: int = 0

    @property
    def days(self) -> Decimal | None:
        return days_of_cover(self.stock, self.daily)


def level_sql(stock: str, daily: str, shortage: str, critical: str, tense: str) -> str:
    """Write ``level`` in SQL from the names of five columns. The result is ``Level``'s value."""
    return f"""CASE
        WHEN {stock} IS NULL THEN 'inconnue'
        WHEN {daily} = 0 THEN 'sans_consommation'
        WHEN {stock} = 0 THEN 'rupture'
        WHEN {daily} IS NULL THEN 'inconnue'
        WHEN {stock} < {shortage}::bigint * {daily} THEN 'rupture'
        WHEN {stock} < {critical}::bigint * {daily} THEN 'critique'
        WHEN {stock} < {tense}::bigint * {daily} THEN 'tendue'
        ELSE 'suffisante' END"""
