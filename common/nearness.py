"""How far two departments are from each other: FINESS gives no coordinates."""

from functools import cache
from math import hypot

from common.charts.geometry import Pair
from common.charts.outlines import Outline, outlines

FAR = 10_000
KILOMETRES = 1.08  # one unit of the outlines, measured on the prefectures


def between(one: str | None, other: str | None) -> int:
    """Kilometres, near enough to sort by, from the middle of a department to that of another.

    0 within a department. ``FAR`` when one is unknown or overseas: nothing is carried there by
    road, and each overseas department is drawn on a plane of its own.
    """
    known = outlines()
    if one not in known or other not in known:
        return FAR
    return _between(*sorted((one, other)))


@cache
def _between(one: str, other: str) -> int:
    if one == other:
        return 0
    here, there = (outlines()[code] for code in (one, other))
    if here.is_overseas or there.is_overseas:
        return FAR
    (x, y), (u, v) = _middle(here), _middle(there)
    return round(KILOMETRES * hypot(x - u, y - v))


def _middle(outline: Outline) -> Pair:
    box = outline.bounds
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2
