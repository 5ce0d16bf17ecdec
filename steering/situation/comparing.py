"""What changed since the bulletin before, in words: an arrow never stands alone."""

from dataclasses import dataclass
from decimal import Decimal

from common.numbers import format_decimal, format_integer
from steering.situation.content import Content, Grid, Measure, Row

UP, DOWN, SAME = "▲", "▼", "="
POINTS = {"%": "point"}


@dataclass(frozen=True, slots=True)
class Change:
    """« ▲ 4 points de plus », « ▼ 2 de moins », « = sans changement »."""

    mark: str
    text: str

    def __str__(self) -> str:
        return f"{self.mark} {self.text}"


def change_of(now: Measure, before: Measure | None) -> Change | None:
    """None where one of the two is not known."""
    if before is None or not now.value or not before.value:
        return None
    return difference(Decimal(now.value), Decimal(before.value), now.unit)


def difference(now: Decimal, before: Decimal, unit: str = "") -> Change:
    gap = abs(now - before)
    if not gap:
        return Change(SAME, "sans changement")
    number = format_integer(int(gap)) if gap == gap.to_integral_value() else format_decimal(gap)
    word = f"\u00a0{POINTS[unit]}{'s' if gap >= 2 else ''}" if unit in POINTS else ""
    if now > before:
        return Change(UP, f"{number}{word} de plus")
    return Change(DOWN, f"{number}{word} de moins")


def changes_of(now: Content, before: Content) -> dict[str, Change]:
    """By the key of the measure."""
    known = before.measures
    found = {key: change_of(one, known.get(key)) for key, one in now.measures.items()}
    return {key: one for key, one in found.items() if one is not None}


def class_changes(now: Grid, before: Grid | None) -> dict[str, str]:
    """« était suffisante »: the rows whose class is not what it was, by their key."""
    if before is None:
        return {}
    was = {row.key: _class_of(row) for row in before.rows}
    return {
        row.key: f"était {was[row.key].lower()}"
        for row in now.rows
        if was.get(row.key) and _class_of(row) and _class_of(row) != was[row.key]
    }


def _class_of(row: Row) -> str:
    return next((cell.text for cell in row.cells if cell.level), "")
