"""How the method would have done on a past whose continuation is known, beside « stock ÷ CMJ ».

At each past due day it only learns from what was declared until then; what came after is compared
with the interval that it would have given.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from common.cover import DEFAULT_THRESHOLDS
from pui.forecast.method import (
    QUANTILES,
    WEEK,
    Errors,
    History,
    furthest,
    learn,
    paths,
    weeks_between,
)

FIRST_RANK: Final = 7  # due days known before the first interval that is checked
EVERYTHING: Final = "ensemble"
UNDER_CRITICAL: Final = f"moins de {DEFAULT_THRESHOLDS.critical} j"
UNDER_TENSE: Final = f"moins de {DEFAULT_THRESHOLDS.tense} j"
OVER: Final = f"{DEFAULT_THRESHOLDS.tense} j et plus"
RANKS: Final = {UNDER_CRITICAL: (1, ""), UNDER_TENSE: (2, ""), OVER: (3, ""), EVERYTHING: (4, "")}


class Trial(NamedTuple):
    """One interval and what happened, in days of consumption."""

    weeks: int
    cover: float
    quantiles: tuple[float, ...]
    naive: float
    actual: float


@dataclass(slots=True)
class Score:
    """What is published of many trials."""

    trials: int = 0
    below: int = 0
    above: int = 0
    loss: float = 0.0
    naive_loss: float = 0.0
    width: float = 0.0

    def add(self, trial: Trial) -> None:
        low, _, high = trial.quantiles
        self.trials += 1
        self.below += trial.actual < low
        self.above += trial.actual > high
        self.loss += pinball(trial.actual, trial.quantiles)
        self.naive_loss += pinball(trial.actual, [trial.naive] * len(QUANTILES))
        self.width += high - low

    @property
    def inside(self) -> float:
        """The share of what happened that the interval held: 80 % is aimed at."""
        return 1 - (self.below + self.above) / self.trials

    def mean(self, total: float) -> float:
        return total / self.trials


def pinball(actual: float, values: Sequence[float]) -> float:
    """The usual loss of quantiles, their mean: the smaller the better, 0 only when exact."""
    gaps = ((share, actual - value) for share, value in zip(QUANTILES, values, strict=True))
    return sum(max(share * gap, (share - 1) * gap) for share, gap in gaps) / len(QUANTILES)


def scores(pharmacies: Iterable[Sequence[History]]) -> dict[str, Score]:
    """By distance, by days of cover at the start, then over all."""
    found: dict[str, Score] = {}
    for products in pharmacies:
        for trial in trials(products):
            for name in (f"à {trial.weeks} sem.", cover_class(trial.cover), EVERYTHING):
                found.setdefault(name, Score()).add(trial)
    return dict(sorted(found.items(), key=lambda pair: RANKS.get(pair[0], (0, pair[0]))))


def cover_class(days: float) -> str:
    if days < DEFAULT_THRESHOLDS.critical:
        return UNDER_CRITICAL
    return UNDER_TENSE if days < DEFAULT_THRESHOLDS.tense else OVER


def trials(products: Sequence[History]) -> Iterator[Trial]:
    """Every interval that one pharmacy would have been given."""
    days = sorted({point.day for one in products for point in one.points})
    for today in days[FIRST_RANK - 1 : -1]:
        past = [until(one, today) for one in products]
        errors = learn(past)
        for known, whole in zip(past, products, strict=True):
            if known.is_enough and known.points[-1].day == today:
                yield from trials_of(known, whole, errors)


def until(history: History, day: int) -> History:
    return History([point for point in history.points if point.day <= day], history.daily)


def trials_of(known: History, whole: History, errors: Errors) -> Iterator[Trial]:
    origin, daily = known.points[-1], known.daily
    expected = paths(known, errors)
    for later in whole.points[len(known.points) :]:
        weeks = weeks_between(origin.day, later.day)
        if 1 <= weeks <= furthest(errors):
            yield Trial(
                weeks,
                origin.stock / daily,
                tuple(max(0.0, path[weeks]) / daily for path in expected),
                max(0.0, origin.stock / daily - weeks * WEEK),
                later.stock / daily,
            )
