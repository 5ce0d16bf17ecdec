"""A fictitious history of one cell, and the errors that people make when they type it.

Made without looking at the detector: what a stock does from week to week (consumption around a
level of its own, with noise and trends; deliveries that fill up; holes), what a hand does (a box
for a unit, a digit twice or lost). Sizes go from a home with a few gowns to a large hospital.
"""

import random
from dataclasses import dataclass

PACKS = (10, 50, 100)


@dataclass(frozen=True)
class History:
    """Twelve weeks before, the latest first, and what was true in the week typed."""

    measure: str
    past: list[int | None]
    truth: int
    stock: int  # of the same week, for a consumption


def make_history(chance: random.Random) -> History:
    """Simulate fourteen weeks of consumption and stock, and keep one of the three columns."""
    weeks = 13
    usual = max(1.0, chance.lognormvariate(4.0, 1.6))  # units a day: from 1 to some 10,000
    noise = chance.uniform(0.03, 0.25)
    trend = trend_of(chance, weeks)
    target_days = chance.uniform(12, 45)
    deviation, stock = 0.0, usual * target_days
    rows = []
    for week in range(weeks):
        deviation = 0.7 * deviation + chance.gauss(0, noise)
        daily = usual * trend[week] * 2.718281828**deviation
        supply = delivery(chance, stock, daily, target_days)
        rows.append((round(stock), max(1, round(daily)), round(supply)))
        stock = max(daily, stock + supply - 7 * daily * chance.uniform(0.8, 1.2))
    position, measure = chance.choices(
        [(0, "stock"), (1, "daily"), (2, "supply")], weights=[4, 4, 1]
    )[0]
    column = [row[position] for row in rows]
    past = [None if chance.random() < 0.08 else value for value in column[-2::-1]]
    return History(measure, past, column[-1], rows[-1][0])


def trend_of(chance: random.Random, weeks: int) -> list[float]:
    """Most places are steady; some live a wave that multiplies what they use, or its end."""
    kind = chance.random()
    if kind < 0.8:
        return [1.0] * weeks
    top, start = chance.uniform(1.5, 4), chance.randrange(1, weeks - 4)
    ramp = [min(1.0, max(0.0, (week - start) / 4)) for week in range(weeks)]
    factors = [1 + (top - 1) * one for one in ramp]
    return factors if kind < 0.9 else factors[::-1]


def delivery(chance: random.Random, stock: float, daily: float, target_days: float) -> float:
    """Ordered when the stock goes down, by packs, sometimes late."""
    if stock > daily * target_days * chance.uniform(0.8, 1.2):
        return 0
    pack = chance.choice(PACKS) if daily > 20 else 1
    wanted = daily * (target_days + 7) - stock
    return pack * round(max(0.0, wanted) / pack)


def spoil(truth: int, chance: random.Random) -> tuple[str, int]:
    """Type ``truth`` wrongly, in one of the ways that change what it means."""
    text = str(truth)
    kinds = {
        "multiplied by 10": truth * 10,
        "multiplied by 50": truth * 50,
        "multiplied by 100": truth * 100,
        "divided by 10": truth // 10,
        "divided by 50": truth // 50,
        "a digit typed twice": int(doubled(text, chance)),
        "a digit lost": int(text[:-1] or 0),
    }
    name = chance.choice(list(kinds))
    return name, kinds[name]


def doubled(text: str, chance: random.Random) -> str:
    position = chance.randrange(len(text))
    return text[:position] + text[position] + text[position:]
