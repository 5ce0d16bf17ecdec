"""From the last declarations of a pharmacy to the dates between which a product may run out.

The stock is carried on at its recent pace, deliveries included: the median of the slopes between
its declarations two by two (Theil–Sen), which one odd value does not upset. The interval comes from
the errors that this very rule made on the past of the same pharmacy, for the products that then
had about as many days of cover, at the same distance: nothing is supposed of their shape. What
would happen without any delivery is told by the days of cover, not here.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise
from math import ceil
from statistics import median
from typing import Final, NamedTuple, Self

WEEK: Final = 7
HORIZON: Final = 8  # weeks
FEWEST_POINTS: Final = 4  # declarations before a pace means something
MOST_POINTS: Final = 8  # beyond, a pace is no longer recent
FEWEST_ERRORS: Final = 20  # past errors before a tenth of them means something
NEIGHBOURS: Final = 60  # errors kept: those of the nearest numbers of days of cover
QUANTILES: Final = (0.1, 0.5, 0.9)


class Point(NamedTuple):
    """What was declared on a due day, the day as its ordinal."""

    day: int
    stock: float


class History(NamedTuple):
    """One product of a pharmacy, or a sum: what was declared, the oldest first, without blanks.

    ``daily`` is its consumption, units a day, above 0.
    """

    points: Sequence[Point]
    daily: float

    @property
    def is_enough(self) -> bool:
        """Whether a pace can be told, and something is left to run out."""
        return len(self.points) >= FEWEST_POINTS and self.points[-1].stock > 0


class Error(NamedTuple):
    """What was missed, in days of consumption, of a product that had so many days of cover."""

    cover: float
    days: float


Errors = Mapping[int, Sequence[Error]]  # by number of weeks ahead, by days of cover


def pace(points: Sequence[Point]) -> float:
    """Units gained a day, deliveries included; negative when the stock goes down."""
    recent = points[-MOST_POINTS:]
    return median(
        (after.stock - before.stock) / (after.day - before.day)
        for before, after in combinations(recent, 2)
    )


def learn(past: Iterable[History]) -> Errors:
    """The errors that the rule made: of each past declaration, for those that followed it."""
    found: dict[int, list[Error]] = {weeks: [] for weeks in range(1, HORIZON + 1)}
    for points, daily in past:
        for rank in range(FEWEST_POINTS, len(points)):
            origin = points[rank - 1]
            if not origin.stock:
                continue
            slope, cover = pace(points[:rank]), origin.stock / daily
            for later in points[rank:]:
                weeks = weeks_between(origin.day, later.day)
                if 1 <= weeks <= HORIZON:
                    carried = origin.stock + slope * (later.day - origin.day)
                    found[weeks].append(Error(cover, (later.stock - carried) / daily))
    return {weeks: sorted(errors) for weeks, errors in found.items()}


def weeks_between(before: int, after: int) -> int:
    """The nearest number of weeks: due days may be several a week."""
    return (after - before + WEEK // 2) // WEEK


def furthest(errors: Errors) -> int:
    """How many weeks ahead there are errors enough, without a gap; 0 when there is nothing."""
    weeks = 0
    while weeks < HORIZON and len(errors.get(weeks + 1, ())) >= FEWEST_ERRORS:
        weeks += 1
    return weeks


def quantiles(errors: Sequence[Error], cover: float) -> list[float]:
    """Those of the errors of the nearest covers, in days of consumption."""
    middle = bisect_left(errors, Error(cover, 0.0))
    first = max(0, min(middle - NEIGHBOURS // 2, len(errors) - NEIGHBOURS))
    days = sorted(one.days for one in errors[first : first + NEIGHBOURS])
    return [quantile(days, share) for share in QUANTILES]


def quantile(values: Sequence[float], share: float) -> float:
    """Of sorted values; a little on the wide side when they are few, never outside them."""
    rank = min(max(share * (len(values) + 1) - 1, 0.0), len(values) - 1.0)
    below = int(rank)
    above = min(below + 1, len(values) - 1)
    return values[below] + (rank - below) * (values[above] - values[below])


def paths(history: History, errors: Errors) -> list[list[float]]:
    """The stock week after week, today first, at each quantile; under 0, what is missing."""
    origin, slope = history.points[-1].stock, pace(history.points)
    found = [[origin] for _ in QUANTILES]
    for weeks in range(1, furthest(errors) + 1):
        carried = origin + slope * weeks * WEEK
        gaps = quantiles(errors[weeks], origin / history.daily)
        for path, gap in zip(found, gaps, strict=True):
            path.append(carried + gap * history.daily)
    return found


def crossing(path: Sequence[float]) -> int | None:
    """After how many days a path reaches nothing; None: not on its whole length."""
    for week, (before, after) in enumerate(pairwise(path)):
        if after <= 0:
            return ceil(WEEK * (week + before / (before - after)))
    return None


@dataclass(frozen=True, slots=True)
class RunOut:
    """Between which dates a stock may run out; None: not before ``until``, the last day looked at.

    ``early`` comes from the tenth of the past errors that were the worst, ``late`` from the tenth
    that were the best, ``middle`` from the one that half of them passed.
    """

    early: date | None
    middle: date | None
    late: date | None
    until: date

    @classmethod
    def of(cls, history: History, errors: Errors) -> Self | None:
        """None when the past is too short to say anything, or when nothing is left."""
        weeks = furthest(errors)
        if not history.is_enough or not weeks:
            return None
        origin = history.points[-1].day
        days = [crossing(path) for path in paths(history, errors)]
        dates = [None if one is None else date.fromordinal(origin + one) for one in days]
        return cls(*dates, date.fromordinal(origin + weeks * WEEK))
