"""A bulletin whose figures are read anew: what is only known at the instant stays as published."""

from dataclasses import replace

from steering.situation.content import Content, Grid, Part, Row
from steering.situation.parts.orders import STATE_STOCK


def reread(published: Content, anew: Content) -> Content:
    """Each part as it is known today, else as it was published."""
    kept = [_part(one, anew.part(one.key)) for one in published.parts]
    known = {one.key for one in published.parts}
    return Content((*kept, *(one for one in anew.parts if one.key not in known)))


def _part(was: Part, now: Part | None) -> Part:
    if now is None:
        return was
    told = {one.key for one in now.measures}
    untold = tuple(one for one in was.measures if one.key not in told)
    grids = tuple(_grid(was.grid(one.key), one) for one in now.grids)
    return replace(now, measures=(*now.measures, *untold), grids=grids)


def _grid(was: Grid | None, now: Grid) -> Grid:
    """The State stock is not read again: its cells are those published."""
    columns = [rank for rank, one in enumerate(now.headings) if one.label == STATE_STOCK]
    if was is None or not columns or was.headings != now.headings:
        return now
    before = {row.key: row for row in was.rows}
    return replace(now, rows=tuple(_row(before.get(row.key), row, columns[0]) for row in now.rows))


def _row(was: Row | None, now: Row, column: int) -> Row:
    if was is None:
        return now
    cells = (*now.cells[:column], was.cells[column], *now.cells[column + 1 :])
    return replace(now, cells=cells)
