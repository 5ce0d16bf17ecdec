"""How long things last, in a dozen classes: enough for percentiles, whatever their number."""

from bisect import bisect_left
from collections.abc import Sequence

BOUNDS = (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)  # milliseconds, each included
CLASSES = len(BOUNDS) + 1  # the last: longer than all


def class_of(millis: float) -> int:
    return bisect_left(BOUNDS, millis)


def percentile(buckets: Sequence[int], share: float) -> float | None:
    """The duration that ``share`` of them did not pass, within its class by its middle line.

    None when there is nothing; infinite past the last bound: how far, nobody measured.
    """
    total = sum(buckets)
    if not total:
        return None
    left = share * total
    lower = 0
    for count, upper in zip(buckets, BOUNDS, strict=False):
        if count and left <= count:
            return lower + (upper - lower) * left / count
        left -= count
        lower = upper
    return float("inf")
