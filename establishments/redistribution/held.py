"""What a place holds of something, and what it may give of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from common.cover import DEFAULT_THRESHOLDS, Level, Quantity, days_of_cover, level
from common.numbers import format_decimal, format_integer
from establishments.redistribution.distance import Distance

KEPT_DAYS: Final = DEFAULT_THRESHOLDS.tense
NO_BREAK: Final = "\u00a0"

UNIT: Final = "unité"

Key = tuple[int, int]  # a place and what it holds


@dataclass(frozen=True, slots=True)
class Held:
    """As last declared, on ``declared_on``; ``promised`` to others, in whole units.

    ``unit`` is what one unit is called: « ampoule ».
    """

    stock: Quantity
    daily: Quantity
    promised: int = 0
    declared_on: date | None = None
    unit: str = UNIT

    @property
    def surplus(self) -> int:
        """Whole units beyond three weeks of its own consumption and what it has promised."""
        return max(0, int((self.stock - KEPT_DAYS * self.daily - self.promised) // 1))

    @property
    def left(self) -> Quantity:
        """What is not promised."""
        return max(0, self.stock - self.promised)

    @property
    def days(self) -> Decimal | None:
        return days_of_cover(self.stock, self.daily)

    @property
    def days_text(self) -> str:
        return cover_text(self.days)

    @property
    def level(self) -> Level:
        return level(self.stock, self.daily)

    @property
    def as_json(self) -> dict[str, Any]:
        """Figures as text, so that they come back equal."""
        return {
            "stock": str(self.stock),
            "daily": str(self.daily),
            "promised": self.promised,
            "declared_on": self.declared_on.isoformat() if self.declared_on else "",
            "unit": self.unit,
        }


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that could give to a need; ``cost`` is what the solver pays for one unit."""

    place: Any
    held: Held
    distance: Distance
    cost: int


def held_in(told: dict[str, Any]) -> Held:
    """What a transfer was proposed from."""
    declared = told["declared_on"]
    return Held(
        Decimal(told["stock"]),
        Decimal(told["daily"]),
        int(told["promised"]),
        date.fromisoformat(declared) if declared else None,
        told["unit"],
    )


def cover_text(days: Decimal | None) -> str:
    """« 34,2 j de couverture »."""
    if days is None:
        return "sans consommation déclarée"
    return f"{format_decimal(days, places=1)}{NO_BREAK}j de couverture"


def units_text(quantity: Quantity, unit: str = UNIT) -> str:
    """« 1 200 ampoules », « 1 unité », « 12,5 unités »."""
    mark = "" if quantity < 2 or unit.endswith("s") else "s"
    return f"{number_text(quantity)}{NO_BREAK}{unit}{mark}"


def number_text(quantity: Quantity) -> str:
    whole = quantity == int(quantity)
    return format_integer(int(quantity)) if whole else format_decimal(Decimal(quantity))


def promised_text(quantity: int) -> str:
    """« 5 unités déjà promises »."""
    return f"{units_text(quantity)} déjà promise{'s' if quantity >= 2 else ''}"


def why_sentence(held: Held, given: int, distance: Distance, declared: str) -> str:
    """« 8 200 unités en stock (semaine du 16/11), 120 par jour : 68,3 j de couverture, … »."""
    promised = (
        f", dont {units_text(held.promised, held.unit)} déjà promises à d’autres"
        if held.promised
        else ""
    )
    return (
        f"{units_text(held.stock, held.unit)} en stock ({declared}){promised}, "
        f"{_cover(held, given)}{NO_BREAK}; {distance.text}."
    )


def _cover(held: Held, given: int) -> str:
    if not held.daily:
        return "aucune consommation déclarée"
    after = days_of_cover(max(0, held.left - given), held.daily)
    return (
        f"{number_text(held.daily)} par jour{NO_BREAK}: "
        f"{cover_text(days_of_cover(held.left, held.daily))}, "
        f"{cover_text(after).removesuffix(' de couverture')} après ce don "
        f"(au moins {KEPT_DAYS}{NO_BREAK}j gardés)"
    )
