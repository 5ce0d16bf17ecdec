"""The sums that a dashboard shows, and what is computed from them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Self

from common.numbers import format_decimal, format_integer, format_percent, percent

NO_BREAK = "\u00a0"
NEARLY_ALL = 90  # percent: from there on, little is left


@dataclass(frozen=True, slots=True)
class QuotaFigures:
    """Sums of quotas, in units; ``beneficiaries`` counts one for each item."""

    beneficiaries: int = 0
    exhausted: int = 0
    granted: int = 0
    used: int = 0
    need: int = 0
    unserved: int = 0

    def __add__(self, other: Self) -> Self:
        return type(self)(
            *(getattr(self, one.name) + getattr(other, one.name) for one in fields(self))
        )

    @property
    def left(self) -> int:
        return self.granted - self.used

    @property
    def share(self) -> int | None:
        """The percent of the quotas that was ordered."""
        return percent(self.used, self.granted)

    @property
    def share_text(self) -> str:
        return format_percent(self.used, self.granted, without="–")

    @property
    def unserved_share_text(self) -> str:
        return format_percent(self.unserved, self.need, without="–")


NOTHING = QuotaFigures()


@dataclass(frozen=True)
class Delays:
    """How many orders took how many days from their sending to their delivery."""

    counts: Mapping[int, int]

    @property
    def count(self) -> int:
        return sum(self.counts.values())

    def at(self, part: int) -> int | None:
        """The fewest days within which ``part`` percent of the orders came; None without any."""
        if not self.count:
            return None
        wanted, seen = -(-self.count * part // 100), 0
        for days in sorted(self.counts):
            seen += self.counts[days]
            if seen >= wanted:
                return days
        return None

    @property
    def median(self) -> int | None:
        return self.at(50)

    @property
    def p90(self) -> int | None:
        return self.at(90)


def days_text(days: int | None) -> str:
    return "–" if days is None else f"{days}{NO_BREAK}jour{'s' if days > 1 else ''}"


@dataclass(frozen=True, slots=True)
class ItemStock:
    """The State stock of an item against the peak of what the country consumes, in units."""

    available: int = 0
    reserved: int = 0
    peak_daily: int | None = None

    @property
    def held(self) -> int:
        return self.available + self.reserved

    @property
    def peak_weekly(self) -> int | None:
        return None if self.peak_daily is None else 7 * self.peak_daily

    @property
    def target(self) -> int | None:
        """Ten weeks of the peak [004]."""
        return None if self.peak_weekly is None else TARGET_WEEKS * self.peak_weekly

    @property
    def weeks(self) -> Decimal | None:
        """Of the peak, a tenth rounded down; None when nothing was ever consumed."""
        if not self.peak_weekly:
            return None
        return Decimal(self.held * 10 // self.peak_weekly) / 10

    @property
    def weeks_text(self) -> str:
        return "–" if self.weeks is None else format_decimal(self.weeks)

    @property
    def share(self) -> int | None:
        """The percent of the target that is held."""
        return percent(self.held, self.target or 0)

    @property
    def share_text(self) -> str:
        return format_percent(self.held, self.target or 0, without="–")

    @property
    def is_short(self) -> bool:
        """Under ten weeks of the peak."""
        return self.target is not None and self.held < self.target

    @property
    def word(self) -> str:
        """What an ARS reads: never the quantity (matrix, stock.state)."""
        if not self.available:
            return "épuisé"
        if self.peak_weekly and self.available < self.peak_weekly:
            return "limité"
        return "disponible"


TARGET_WEEKS = 10
LA_POSTE_PALLETS = 20_000


@dataclass(frozen=True, slots=True)
class Pallets:
    """Pallets in the La Poste warehouse: units ÷ units of a pallet, rounded up by product."""

    used: int = 0
    products: int = 0
    unknown: int = 0

    @property
    def share_text(self) -> str:
        return format_percent(self.used, LA_POSTE_PALLETS)

    @property
    def is_nearly_full(self) -> bool:
        return self.used * 100 >= NEARLY_ALL * LA_POSTE_PALLETS

    @property
    def text(self) -> str:
        return format_integer(self.used)
