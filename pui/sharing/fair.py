"""The fair share: a scarce quantity goes where cover is the shortest, until it is spent.

Like water poured into vessels of different heights: each next pack goes to the pharmacy whose stock
lasts the fewest days once what it was already given is counted; of equals, to the one that
consumes the most. Whole packs, therefore whole units. Giving in that order makes the rest true by
construction: never more than the quantity, never less to anybody when there is more to share,
covers that differ by one pack at most among those served, one answer for one question.
"""

import heapq
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

CENTS = 100  # stocks and consumptions are declared to the hundredth of a unit
STEPS = 1000  # the level is first looked for to the thousandth of a day
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a pharmacy holds and consumes, in units and in units a day.

    Blocked, or without consumption, it is given nothing.
    """

    key: Hashable
    stock: Decimal
    daily: Decimal
    is_blocked: bool = False

    @property
    def counts(self) -> bool:
        return not self.is_blocked and self.daily > 0


@dataclass(frozen=True, slots=True)
class Shares:
    """``given`` in units, by key, for every claim; ``level`` in days, None when nobody counts."""

    given: dict[Hashable, int] = field(default_factory=dict)
    remainder: int = 0
    level: Decimal | None = None

    @property
    def total(self) -> int:
        return sum(self.given.values())


def share(quantity: int, claims: Sequence[Claim], *, pack: int = 1) -> Shares:
    """Share ``quantity`` units by whole packs of ``pack`` units.

    What is left, less than a pack or everything when nobody counts, is the remainder. Of equal
    covers and consumptions, the first in ``claims`` is served first.
    """
    if quantity < 0 or pack < 1:
        raise ValueError("A quantity is not negative, a pack holds one unit at least.")
    vessels = [_Vessel.of(one, pack) for one in claims if one.counts]
    packs = quantity // pack if vessels else 0
    _pour(vessels, packs)
    given: dict[Hashable, int] = {one.key: 0 for one in claims}
    given |= {one.key: one.packs * pack for one in vessels}
    return Shares(given, quantity - packs * pack, _level(vessels))


@dataclass(slots=True)
class _Vessel:
    """A claim in whole hundredths, so that no comparison is ever rounded."""

    key: Hashable
    stock: int
    daily: int
    pack: int
    packs: int = 0

    @classmethod
    def of(cls, claim: Claim, pack: int) -> "_Vessel":
        return cls(claim.key, int(claim.stock * CENTS), int(claim.daily * CENTS), pack * CENTS)

    @property
    def cover(self) -> Fraction:
        """Days of cover once what it was given is counted."""
        return Fraction(self.stock + self.packs * self.pack, self.daily)

    def packs_under(self, steps: int) -> int:
        """How many packs it is given while its cover before each is under a level."""
        lacking = steps * self.daily - STEPS * self.stock
        return max(0, -(-lacking // (STEPS * self.pack)))


def _pour(vessels: Sequence[_Vessel], packs: int) -> None:
    """Fill up to the highest level that all the packs reach, then give the last ones one by one."""
    steps = _steps_reached(vessels, packs)
    for one in vessels:
        one.packs = one.packs_under(steps)
    waiting = [(one.cover, -one.daily, rank) for rank, one in enumerate(vessels)]
    heapq.heapify(waiting)
    for _ in range(packs - sum(one.packs for one in vessels)):
        rank = waiting[0][2]
        vessels[rank].packs += 1
        heapq.heapreplace(waiting, (vessels[rank].cover, -vessels[rank].daily, rank))


def _steps_reached(vessels: Sequence[_Vessel], packs: int) -> int:
    """The highest level, in thousandths of a day, under which the packs suffice for everybody."""
    if not vessels:
        return 0
    units = sum(one.stock for one in vessels) + packs * vessels[0].pack
    low, high = 0, STEPS * units // sum(one.daily for one in vessels) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if sum(one.packs_under(middle) for one in vessels) <= packs:
            low = middle
        else:
            high = middle
    return low


def _level(vessels: Sequence[_Vessel]) -> Decimal | None:
    """The days that nobody is under any more, a tenth rounded down."""
    lowest = min((one.cover for one in vessels), default=None)
    if lowest is None:
        return None
    days = Decimal(lowest.numerator) / Decimal(lowest.denominator)
    return days.quantize(TENTH, rounding=ROUND_DOWN)
