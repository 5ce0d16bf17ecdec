"""The figures of one item somewhere, added up from summary rows, and how they read in French."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Self

from django.db.models import Sum

from common.cover import DEFAULT_THRESHOLDS, CoverOfSums, Level, Thresholds, level
from common.numbers import format_decimal, format_integer, format_percent

MEASURES = ("stock", "daily", "supply")
UNKNOWN = "inconnu"
NO_BREAK = "\u00a0"
WITHOUT_DAYS = {Level.NO_USE: "sans objet", Level.SHORTAGE: "sans stock"}
COUNTERS = {
    Level.SHORTAGE: "shortage",
    Level.CRITICAL: "critical",
    Level.TENSE: "tense",
    Level.SUFFICIENT: "sufficient",
    Level.NO_USE: "unused",
    Level.UNKNOWN: "unknown",
}
TENSION = (Level.SHORTAGE, Level.CRITICAL, Level.TENSE)


@dataclass(frozen=True, slots=True)
class Figures:
    """Totals of the lines that count. A total is None when nobody declared it: blank is not 0."""

    lines: int = 0
    stock: int | None = None
    daily: int | None = None
    supply: int | None = None
    ratio_lines: int = 0
    ratio_stock: int = 0
    ratio_daily: int = 0
    shortage: int = 0
    critical: int = 0
    tense: int = 0
    sufficient: int = 0
    unused: int = 0
    unknown: int = 0
    carried: int = 0
    doubtful: int = 0

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Read a row of sums; a sum over no row at all is NULL in the database, 0 for a count."""
        found = {name: row[name] for name in NAMES}
        return cls(
            **{
                name: value if name in MEASURES else int(value or 0)
                for name, value in found.items()
            }
        )

    def __add__(self, other: Self) -> Self:
        return type(self)(
            **{name: _added(getattr(self, name), getattr(other, name)) for name in NAMES}
        )

    def count(self, one: Level) -> int:
        """How many establishments are in that level."""
        return getattr(self, COUNTERS[one])

    @property
    def cover(self) -> CoverOfSums:
        return CoverOfSums(
            self.ratio_stock, self.ratio_daily, self.ratio_lines, self.lines - self.ratio_lines
        )

    @property
    def days(self) -> Decimal | None:
        return self.cover.days

    @property
    def known(self) -> int:
        """Establishments whose level is one of the four."""
        return self.shortage + self.critical + self.tense + self.sufficient

    @property
    def under_critical(self) -> int:
        return self.shortage + self.critical

    @property
    def under_alert(self) -> int:
        return self.under_critical + self.tense

    def level(self, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Level:
        """The level of the whole: that of the sums, as of a single establishment."""
        if not self.ratio_lines:
            return Level.UNKNOWN
        return level(self.ratio_stock, self.ratio_daily, thresholds)

    @property
    def cover_text(self) -> str:
        return days_text(self.days, self.level())

    @property
    def stock_text(self) -> str:
        return quantity_text(self.stock)

    @property
    def daily_text(self) -> str:
        return quantity_text(self.daily)

    @property
    def supply_text(self) -> str:
        return quantity_text(self.supply)


NAMES = tuple(field.name for field in fields(Figures))
SUMS = {name: Sum(name) for name in NAMES}
NOTHING = Figures()


@dataclass(frozen=True, slots=True)
class ReportingFigures:
    """Who declared, beside the same hour a week before: a rate on a Tuesday means nothing alone."""

    expected: int = 0
    declared: int = 0
    on_time: int = 0
    expected_before: int = 0
    declared_before: int = 0

    def __add__(self, other: Self) -> Self:
        return type(self)(
            **{name: getattr(self, name) + getattr(other, name) for name in REPORTING_NAMES}
        )

    @property
    def missing(self) -> int:
        return self.expected - self.declared

    @property
    def rate_text(self) -> str:
        return format_percent(self.declared, self.expected)

    @property
    def rate_before_text(self) -> str:
        return format_percent(self.declared_before, self.expected_before)

    @property
    def on_time_text(self) -> str:
        return format_percent(self.on_time, self.expected)


REPORTING_NAMES = tuple(field.name for field in fields(ReportingFigures))


def total(figures: Iterable[Figures]) -> Figures:
    """Add figures up; of none at all, nothing is known."""
    whole = NOTHING
    for one in figures:
        whole = whole + one
    return whole


def _added(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return one if other is None else other
    return one + other


def quantity_text(quantity: int | None) -> str:
    """« 1 820 », or « inconnu » for what nobody declared: blank is not 0."""
    return UNKNOWN if quantity is None else format_integer(quantity)


def days_text(days: Decimal | None, at: Level | None = None) -> str:
    """« 13,7 j »; without days, why."""
    if days is None:
        return WITHOUT_DAYS.get(at, UNKNOWN)
    return f"{format_decimal(days, places=1)}{NO_BREAK}j"


def doubtful_text(count: int) -> str:
    """« dont 3 à vérifier »: a figure that holds unusual values says so; silent without any."""
    return f"dont {format_integer(count)}{NO_BREAK}à vérifier" if count else ""


def weeks_before_text(count: int) -> str:
    """« l’une des 2 semaines précédentes »: where a value carried over may come from."""
    if count == 1:
        return "la semaine précédente"
    return f"l’une des {count}{NO_BREAK}semaines précédentes"


def plural(count: int, one: str, several: str | None = None) -> str:
    """« 1 établissement », « 9 établissements »: French is plural from 2."""
    word = one if abs(count) < 2 else several or f"{one}s"
    return f"{format_integer(count)}{NO_BREAK}{word}"
