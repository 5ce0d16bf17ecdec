"""The figures of a bulletin as a table: one line for each figure and each cell of its tables."""

from collections.abc import Iterator

from common.cover import Level
from steering.situation.content import Content, Grid, Part, Row

HEADERS = (
    "Rubrique", "Indicateur", "Lieu ou produit", "Code", "Valeur", "Unité", "Classe",
    "Valeur la semaine d’avant", "Précision",
)  # fmt: skip
Line = list[str]


def lines_of(content: Content, before: Content) -> Iterator[Line]:
    """Numbers with a comma, as a French spreadsheet reads them; blank is not 0."""
    for part in content.parts:
        was = before.part(part.key)
        yield from _measures(part, before)
        for grid in part.grids:
            yield from _grid(part, grid, was.grid(grid.key) if was else None)


def _measures(part: Part, before: Content) -> Iterator[Line]:
    known = before.measures
    for one in part.measures:
        was = known.get(one.key)
        yield [
            part.title, one.label, "", "", _number(one.value), one.unit, "",
            _number(was.value) if was else "", one.detail,
        ]  # fmt: skip


def _grid(part: Part, grid: Grid, was: Grid | None) -> Iterator[Line]:
    known = {row.key: row for row in was.rows} if was else {}
    for row in grid.rows:
        yield from _row(part, grid, row, known.get(row.key))


def _row(part: Part, grid: Grid, row: Row, was: Row | None) -> Iterator[Line]:
    for rank, (heading, cell) in enumerate(zip(grid.headings, row.cells, strict=True)):
        old = was.cells[rank] if was and rank < len(was.cells) else None
        level = str(Level(cell.level).label) if cell.level else ""
        value = _number(cell.value) if cell.value or heading.is_number or level else cell.text
        yield [
            part.title, heading.label, row.name, row.key, value, heading.unit, level,
            _number(old.value) if old else "", cell.detail,
        ]  # fmt: skip


def _number(value: str) -> str:
    return value.replace(".", ",")
