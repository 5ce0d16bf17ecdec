"""What « flat » means of a figure sampled through a soak: it does not grow, whatever its level.

The first third is left aside: caches fill, statements are prepared. Over the rest, the slope is the
median of the slopes between all pairs of samples (Theil-Sen: a peak or a fall does not bend it),
told as what it adds over the time watched. That must stay under a part of the usual level, or
under a floor below which a figure says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

WARM_UP = 1 / 3
MOST_SAMPLES = 240  # pairs are their square
FEWEST_SAMPLES = 12

Series = Sequence[tuple[float, float]]  # seconds since the beginning, value


class TooShortError(ValueError):
    """Not enough samples to say anything."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A figure is flat when it grows by less than ``share`` of its level, or than ``floor``."""

    floor: float
    share: float = 0.05

    def allowed(self, level: float) -> float:
        return max(self.floor, self.share * level)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was seen after the warm-up; ``growth`` over the time watched, as the slope tells it."""

    level: float
    slope: float  # a second
    growth: float
    allowed: float

    @property
    def is_flat(self) -> bool:
        return self.growth <= self.allowed

    @property
    def hourly(self) -> float:
        return self.slope * 3600


def judged(series: Series, rule: Rule) -> Verdict:
    """Say whether a series is flat; raise ``TooShortError`` when it is too short to say."""
    watched = settled(series)
    if len(watched) < FEWEST_SAMPLES:
        raise TooShortError(f"{len(watched)} relevés après la mise en route")
    level = median(value for _, value in watched)
    slope = theil_sen(watched)
    return Verdict(level, slope, slope * (watched[-1][0] - watched[0][0]), rule.allowed(level))


def settled(series: Series) -> Series:
    """What follows the warm-up."""
    if not series:
        return series
    first, last = series[0][0], series[-1][0]
    begin = first + WARM_UP * (last - first)
    return [one for one in series if one[0] >= begin]


def theil_sen(series: Series) -> float:
    every = max(1, -(-len(series) // MOST_SAMPLES))
    kept = series[::every]
    slopes = [
        (later[1] - sooner[1]) / (later[0] - sooner[0])
        for rank, sooner in enumerate(kept)
        for later in kept[rank + 1 :]
        if later[0] > sooner[0]
    ]
    return median(slopes) if slopes else 0.0
