"""The goals of a load run: each told with what was measured, held or missed.

A time alone depends on the machine, and the programs that ask share its processors: each comes with
its ratio to what a raw upsert takes in the same run. Only what never depends on the machine fails
the command: an error, an acknowledged write that is not found, a product sold twice.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

P95_CELL, P95_LIST, P95_DASHBOARD = 25.0, 150.0, 150.0  # ms
RATIO_CELL = 0.12  # of the raw loop, with as many connections as processors


@dataclass(frozen=True, slots=True)
class Goal:
    """``is_law``: missed, the command fails; otherwise the report says so."""

    title: str
    measured: float
    limit: float
    unit: str = ""
    is_least: bool = False  # the limit is the least, not the most
    is_law: bool = False
    ratio: float | None = None  # raw upserts in that time
    slope: float | None = None  # an hour, of what must be flat

    @property
    def is_held(self) -> bool:
        if self.is_least:
            return self.measured >= self.limit
        return self.measured <= self.limit

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"is_held": self.is_held}


def none(title: str, measured: int) -> Goal:
    """Something that must never happen."""
    return Goal(title, measured, 0, is_law=True)


def reached(title: str, count: int) -> Goal:
    """Without it nothing was tried: what never broke would prove nothing."""
    return Goal(title, count, 1, is_least=True, is_law=True)


def quick_enough(title: str, p95: float, limit: float, raw: float) -> Goal:
    """A 95th percentile (ms) beside the raw loop, which does ``raw`` upserts a second."""
    return Goal(title, p95, limit, "ms", ratio=p95 * raw / 1000)


def broken(goals: Iterable[Goal]) -> list[Goal]:
    return [one for one in goals if one.is_law and not one.is_held]
