"""What a place holds of something, and what it may give of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from common.cover import DEFAULT_THRESHOLDS, Level, Quantity, days_of_cover, level
from common.numbers import format_decimal, format_integer
from establishments.redistribution.distance import Distance

KEPT_DAYS: Final = DEFAULT_THRESHOLDS.tense
NO_BREAK: Final = "\u00a0"

UNIT: Final = "unité"

SERVED_DAYS: Final = DEFAULT_THRESHOLDS.critical  # what is given must still be good so long
BAND_KM: Final = 25  # distances within a band are as good as equal: half an hour by road
MOST_DAYS: Final = 731  # two years ahead, an expiry hurries nobody: as if it were not declared

Key = tuple[int, int]  # a place and what it holds
Order = tuple[int, ...]  # what ranks a donor, the term that decides first


@dataclass(frozen=True, slots=True)
class Held:
    """As last declared, on ``declared_on``; ``promised`` to others, in whole units.

    ``unit`` is what one unit is called: « ampoule ». ``expiring``: units of the stock that expire
    too soon to serve anybody; ``nearest_expiry`` is that of the others, None: not declared.
    """

    stock: Quantity
    daily: Quantity
    promised: int = 0
    declared_on: date | None = None
    unit: str = UNIT
    nearest_expiry: date | None = None
    expiring: Quantity = 0

    @property
    def surplus(self) -> int:
        """Whole units beyond three weeks of its own consumption, what it has promised and what
        expires too soon."""
        given = self.stock - KEPT_DAYS * self.daily - self.promised - self.expiring
        return max(0, int(given))

    def serves(self, wanted_on: date, today: date) -> bool:
        """Whether its units are still good a week after the day when they are wanted."""
        expiry = self.nearest_expiry
        return expiry is None or expiry >= usable_on(max(wanted_on, today))

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
            **({"expiry": self.nearest_expiry.isoformat()} if self.nearest_expiry else {}),
            **({"expiring": str(self.expiring)} if self.expiring else {}),
        }


def usable_on(day: date) -> date:
    """The earliest expiry that units wanted on a day may have."""
    return day + timedelta(days=SERVED_DAYS)


def order_of(km: int, expiry: date | None, today: date) -> Order:
    """The nearest first, by bands of distance; in a band the nearest expiry, then the distance."""
    days = MOST_DAYS if expiry is None else min((expiry - today).days, MOST_DAYS)
    return km // BAND_KM, max(days, 0), km


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that could give to a need; ``order`` is what the solver pays for one unit."""

    place: Any
    held: Held
    distance: Distance
    order: Order


def held_in(told: dict[str, Any]) -> Held:
    """What a transfer was proposed from."""
    declared, expiry = told["declared_on"], told.get("expiry")
    return Held(
        Decimal(told["stock"]),
        Decimal(told["daily"]),
        int(told["promised"]),
        date.fromisoformat(declared) if declared else None,
        told["unit"],
        date.fromisoformat(expiry) if expiry else None,
        Decimal(told.get("expiring", 0)),
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


def expiry_text(expiry: date | None) -> str:
    """« péremption la plus proche le 31/03/2027 », « péremption non déclarée »."""
    if expiry is None:
        return "péremption non déclarée"
    return f"péremption la plus proche le {expiry:%d/%m/%Y}"


def expiring_text(held: Held) -> str:
    """« 40 ampoules périment trop tôt pour servir », or nothing."""
    if not held.expiring:
        return ""
    mark = "nt" if held.expiring >= 2 else ""
    return f"{units_text(held.expiring, held.unit)} périme{mark} trop tôt pour servir"


def why_sentence(
    held: Held, given: int, distance: Distance, declared: str, *, tells_expiry: bool = False
) -> str:
    """« 8 200 unités en stock (semaine du 16/11), 120 par jour : 68,3 j de couverture, … »."""
    promised = (
        f", dont {units_text(held.promised, held.unit)} déjà promises à d’autres"
        if held.promised
        else ""
    )
    return (
        f"{units_text(held.stock, held.unit)} en stock ({declared}){promised}, "
        f"{_cover(held, given)}{NO_BREAK}; {distance.text}{_expiry(held) if tells_expiry else ''}."
    )


def _expiry(held: Held) -> str:
    parts = filter(None, (expiry_text(held.nearest_expiry), expiring_text(held)))
    return "".join(f"{NO_BREAK}; {one}" for one in parts)


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
