"""Graduations a person reads at a glance."""

from collections.abc import Sequence
from math import ceil, log10

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
WEEK = 7
SMALLEST = 0.01  # figures are kept to the hundredth


def graduations(
    highest: float,
    thresholds: Sequence[float] = (),
    *,
    count: int = 5,
    is_whole: bool = False,
) -> list[float]:
    """From 0 to at least ``highest`` and every threshold, in about ``count`` round steps.

    ``is_whole``: what is counted has no half, so that no line stands between 0 and 1.
    Days whose thresholds are whole weeks are counted in weeks, so that thresholds fall on a line.
    """
    top = max([highest, *thresholds])
    if top < SMALLEST:
        top = 1.0
    in_weeks = bool(thresholds) and all(threshold % WEEK == 0 for threshold in thresholds)
    unit = float(WEEK) if in_weeks else 1.0
    step = _round_step(top / unit / count, whole=in_weeks or is_whole) * unit
    return [step * rank for rank in range(ceil(round(top / step, 6)) + 1)]


def _round_step(least: float, *, whole: bool) -> float:
    power = 10.0 ** (ceil(log10(least)) - 1)
    step = next(factor * power for factor in STEPS if factor * power >= least * 0.999)
    return max(1.0, float(ceil(step))) if whole else step


def graduation_text(value: float) -> str:
    """As written in French: 1 000 and 2,5."""
    text = f"{value:,.10g}"
    return text.replace(",", "\u202f").replace(".", ",")
