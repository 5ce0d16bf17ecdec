"""The ten lines of a bulletin that matter, as a mail tells them."""

from collections.abc import Iterator
from itertools import islice

from django.conf import settings

from steering.situation.comparing import change_of
from steering.situation.content import Content, Grid, Measure

MOST_LINES = 10
TENSE = ("Rupture", "Critique", "Tendue")


def lines_of(content: Content, before: Content, *, leave: str) -> list[str]:
    """The key figures beside those of the week before, then what is in tension, worst first."""
    known = before.measures
    told = [_measure(one, known.get(one.key)) for one in content.headlines]
    tense = islice(_tense(content), MOST_LINES - len(told))
    return [*told, *tense, f"Ne plus recevoir ce courriel\u00a0: {settings.SITE_URL}{leave}"]


def _measure(one: Measure, before: Measure | None) -> str:
    detail = f" ({one.detail})" if one.detail else ""
    change = change_of(one, before)
    since = f"\u00a0; {change.text} que la semaine d’avant" if change else ""
    if change and change.text == "sans changement":
        since = "\u00a0; sans changement"
    return f"{one.label}\u00a0: {one.text}{detail}{since}."


def _tense(content: Content) -> Iterator[str]:
    for part, key in (("equipment", "items"), ("medicines", "substances")):
        found = content.part(part)
        if grid := found and found.grid(key):
            yield from _rows(grid)


def _rows(grid: Grid) -> Iterator[str]:
    for row in grid.rows:
        level, cover = row.cells[0], row.cells[1]
        if level.text in TENSE:
            yield f"{row.name}\u00a0: {level.text.lower()}, {cover.text}."
