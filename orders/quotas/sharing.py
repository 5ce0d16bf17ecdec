"""The fair share-out of a limited pool, on whole packs: pure arithmetic, no database.

Everybody is served the same part of their need, rounded to the nearest pack, and never under the
floor; what rounding leaves goes to the reserve. Two equal needs get the same, whoever has them: the
result depends on the needs alone, not on their order. ``docs/contingentement.md`` tells it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

WHOLE = 1_000_000  # the level is in millionths: four decimals of a percentage, shown as they are

Histogram = Mapping[int, int]  # how many beneficiaries have each need, in packs


@dataclass(frozen=True, slots=True)
class Sharing:
    """The result: with these two numbers, each share is computed again from its need."""

    level: int  # the part of each need that is served, in millionths
    floor: int  # packs under which nobody falls; 0 when the pool does not hold the floors
    total: int  # packs shared

    def share_of(self, need: int) -> int:
        return share_of(need, self.level, self.floor)


def share_of(need: int, level: int, floor: int) -> int:
    """Packs for one beneficiary: its part of the need, its floor at least, its need at most."""
    return max(min(need, floor), (2 * need * level + WHOLE) // (2 * WHOLE))


def total_of(needs: Histogram, level: int, floor: int) -> int:
    return sum(count * share_of(need, level, floor) for need, count in needs.items())


def share_out(needs: Histogram, packs: int, floor: int) -> Sharing:
    """Find the highest level at which the shares, floors included, fit in ``packs``."""
    if total_of(needs, 0, floor) > packs:
        floor = 0
    lowest, highest = 0, WHOLE
    while lowest < highest:  # the total never decreases with the level
        middle = (lowest + highest + 1) // 2
        if total_of(needs, middle, floor) <= packs:
            lowest = middle
        else:
            highest = middle - 1
    return Sharing(lowest, floor, total_of(needs, lowest, floor))


@dataclass(frozen=True, slots=True)
class Plan:
    """A pool cut in three: the shares, the regional pools, and what is left, in units."""

    sharing: Sharing
    pools: dict[str, int] = field(default_factory=dict)  # packs by region
    reserve: int = 0  # units


@dataclass(frozen=True, slots=True)
class Pool:
    """What is shared, in units: hundredths of a percent go to the regions, others are kept."""

    units: int
    pack: int
    floor: int
    percent: int = 0
    kept: int = 0

    @property
    def packs(self) -> int:
        return self.units // self.pack

    @property
    def packs_of_regions(self) -> int:
        return self.packs * self.percent // 10_000

    @property
    def packs_kept(self) -> int:
        """The reserve of the exceptional extras, before what the rounding adds to it."""
        return self.packs * self.kept // 10_000


def plan(pool: Pool, needs: Histogram, needs_by_region: Mapping[str, int]) -> Plan:
    """Serve the regional pools first, then everybody from the rest."""
    pools = split(pool.packs_of_regions, needs_by_region)
    kept = sum(pools.values())
    sharing = share_out(needs, pool.packs - kept - pool.packs_kept, pool.floor)
    return Plan(sharing, pools, pool.units - (kept + sharing.total) * pool.pack)


def split(packs: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Cut ``packs`` in proportion of the weights, all of them: largest remainders, then by code."""
    whole = sum(weights.values())
    if not whole:
        return {}
    parts = {code: packs * weight // whole for code, weight in weights.items()}
    left = packs - sum(parts.values())
    by_remainder = sorted(weights, key=lambda code: (-(packs * weights[code] % whole), code))
    for code in by_remainder[:left]:
        parts[code] += 1
    return dict(sorted(parts.items()))
