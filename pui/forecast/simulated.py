"""A second past to check the method on: invented pharmacies supplied by fits and starts.

That of the demonstration moves little by little; real stocks fall for weeks, then jump.
"""

from collections.abc import Iterator
from random import Random
from typing import Final

from pui.forecast.method import WEEK, History, Point

FIRST_DAY: Final = 737_000
TARGETS: Final = (14, 21, 30, 45)  # days of cover that a delivery aims at


def jerky_pharmacies(
    count: int = 30, products: int = 60, weeks: int = 12
) -> Iterator[list[History]]:
    """The same ones each time."""
    chance = Random(20_200_316)  # noqa: S311 – an invented past, not a secret
    for _ in range(count):
        yield [_product(chance, weeks) for _ in range(products)]


def _product(chance: Random, weeks: int) -> History:
    """Below half of its target, it is delivered some weeks, and not others."""
    daily = chance.lognormvariate(1.5, 1.0)
    target = daily * chance.choice(TARGETS)
    regularity = chance.uniform(0.5, 0.85)
    stock, points = target * chance.uniform(0.3, 1.0), []
    for week in range(weeks):
        points.append(Point(FIRST_DAY + week * WEEK, float(round(stock))))
        used = sum(max(0.0, chance.gauss(1.0, 0.25)) * daily for _ in range(WEEK))
        stock = max(0.0, stock - used)
        if stock < target / 2 and chance.random() < regularity:
            stock += target * chance.uniform(0.5, 0.9)
    return History(points, daily)
