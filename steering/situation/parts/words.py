"""How several things are named in one line of a situation, the most urgent first."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from common.cover import Level
from steering.situation.content import Cell

LATE = "En retard"  # the heading of who is late, whatever they owe
MOST_NAMED = 3
URGENCY = list(Level)
Ranked = tuple[Level, Decimal | None, str]


def urgency(level: Level, days: Decimal | None, name: str) -> tuple[Any, ...]:
    """The key of the house's order: the class, then the fewest days, then the name."""
    return URGENCY.index(level), days is None, days or 0, name


def worst_first(rows: Iterable[Ranked]) -> list[Ranked]:
    """Those in tension alone."""
    return sorted((one for one in rows if one[0].is_tension), key=lambda one: urgency(*one))


def named(names: Sequence[str]) -> str:
    """« Eure-et-Loir, Loiret, Cher et 2 autres »."""
    others = len(names) - MOST_NAMED
    end = f" et {others}\u00a0autre{'s' if others > 1 else ''}" if others > 0 else ""
    return ", ".join(names[:MOST_NAMED]) + end


def where(rows: Iterable[Ranked]) -> str:
    """« critique : Eure-et-Loir, Loiret et 2 autres »: the places of the worst class found."""
    found = worst_first(rows)
    if not found:
        return ""
    worst = found[0][0]
    names = [name for level, _, name in found if level is worst]
    return f"{worst.label.lower()}\u00a0: {named(names)}"


def class_cell(level: Level, detail: str = "") -> Cell:
    return Cell(str(level.label), level=level.value, detail=detail)


def text_of(number: Any) -> str:
    """As kept: blank is not 0."""
    return "" if number is None else str(number)
