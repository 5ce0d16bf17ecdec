"""Sums of stocks and of pharmacies, and how they read in French."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, Self

from common.cover import Level, Thresholds, days_of_cover, level
from common.numbers import format_decimal, format_integer, format_percent
from medications.thresholds import thresholds_of

NO_BREAK: Final = "\u00a0"
UNKNOWN: Final = "inconnu"
ZERO: Final = Decimal(0)
URGENCY: Final = list(Level)


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of lines; the cover is that of the sums, where both columns are declared.

    ``due_on`` is the due day whose thresholds tell the level; today's without one.
    """

    stock: Decimal | None = None
    daily: Decimal | None = None
    ratio_stock: Decimal = ZERO
    ratio_daily: Decimal = ZERO
    lines: int = 0
    ratio_lines: int = 0
    carried: int = 0
    due_on: date | None = field(default=None, compare=False)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        return cls(*(row[name] for name in SUM_NAMES))

    def __add__(self, other: Self) -> Self:
        return type(self)(
            _added(self.stock, other.stock),
            _added(self.daily, other.daily),
            self.ratio_stock + other.ratio_stock,
            self.ratio_daily + other.ratio_daily,
            self.lines + other.lines,
            self.ratio_lines + other.ratio_lines,
            self.carried + other.carried,
            self.due_on or other.due_on,
        )

    @property
    def days(self) -> Decimal | None:
        return days_of_cover(self.ratio_stock, self.ratio_daily) if self.ratio_lines else None

    @property
    def level(self) -> Level:
        return self.level_under(thresholds_of(self.due_on))

    def level_under(self, limits: Thresholds) -> Level:
        """That of the ratio; where no line tells both, no stock is a rupture all the same."""
        if self.ratio_lines:
            return level(self.ratio_stock, self.ratio_daily, limits)
        return level(self.stock, None)

    @property
    def left_out(self) -> int:
        return self.lines - self.ratio_lines

    @property
    def days_text(self) -> str:
        return days_text(self.days, self.level)

    @property
    def urgency(self) -> tuple[int, bool, Decimal]:
        """No stock is no day left, whatever is used."""
        is_unknown = self.days is None and self.level is not Level.SHORTAGE
        return URGENCY.index(self.level), is_unknown, self.days or ZERO


SUM_NAMES: Final = (
    "stock",
    "daily",
    "ratio_stock",
    "ratio_daily",
    "lines",
    "ratio_lines",
    "carried",
)
NOTHING: Final = Sums()


@dataclass(frozen=True, slots=True)
class Declared:
    """How many pharmacies declared, of those expected, and how many lack a watched DCI."""

    expected: int = 0
    declared: int = 0
    on_time: int = 0
    counted: int = 0
    shortage: int = 0
    critical: int = 0

    def __add__(self, other: Self) -> Self:
        return type(self)(*(getattr(self, name) + getattr(other, name) for name in DECLARED_NAMES))

    @property
    def late(self) -> int:
        return self.expected - self.declared

    @property
    def rate_text(self) -> str:
        return format_percent(self.declared, self.expected)


DECLARED_NAMES: Final = ("expected", "declared", "on_time", "counted", "shortage", "critical")
NOBODY: Final = Declared()


def total(sums: Iterable[Sums]) -> Sums:
    whole = NOTHING
    for one in sums:
        whole = whole + one
    return whole


def worst(found: Iterable[Sums]) -> Level:
    """The level of what runs out first; unknown when nothing is known."""
    return min((one.level for one in found), key=URGENCY.index, default=Level.UNKNOWN)


def in_tension(found: Iterable[Sums]) -> int:
    """How many of these groups are under the tense threshold."""
    return sum(one.level.is_tension for one in found)


def _added(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    if one is None or other is None:
        return one if other is None else other
    return one + other


def quantity_text(quantity: Decimal | None) -> str:
    """« 1 820 », « 0,5 », or « inconnu »: blank is not 0."""
    if quantity is None:
        return UNKNOWN
    if quantity == quantity.to_integral_value():
        return format_integer(int(quantity))
    return format_decimal(quantity)


def days_text(days: Decimal | None, at: Level | None = None) -> str:
    """« 13,7 j »; without days, why."""
    if days is not None:
        return f"{format_decimal(days, places=1)}{NO_BREAK}j"
    return {Level.NO_USE: "sans consommation", Level.SHORTAGE: "aucun stock"}.get(at, UNKNOWN)


def plural(count: int, one: str, several: str | None = None) -> str:
    """« 1 PUI », « 9 lignes »: French is plural from 2."""
    word = one if abs(count) < 2 else several or f"{one}s"
    return f"{format_integer(count)}{NO_BREAK}{word}"
