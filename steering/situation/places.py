"""One table of the places, each part with its own columns, and a map of each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf

from common.charts.country_map import country_map_by_region
from common.charts.figure import Figure, LegendItem
from common.charts.region_map import region_map
from common.charts.values import MapValue
from common.cover import Level
from common.french import alphabetical
from epi_stocks.dashboard.drawings import FOUR
from epi_stocks.dashboard.page import departments_by_region
from steering.situation.content import PLACES, Cell, Content, Grid, Heading, Part, Row

URGENCY = [level.value for level in Level]
MOST_URGENT = 8
NO_MAP = "Ce territoire n’a pas de carte\u00a0: ses valeurs sont dans les tableaux."
MAPPED = {
    "equipment": "Équipement le plus tendu, jours de couverture",
    "medicines": "Médicaments prioritaires en tension",
}


def split(grid: Grid) -> tuple[Grid, Grid | None]:
    """The most urgent places, and the others, which a page folds; two more are not worth it."""
    rows = grid.rows
    if len(rows) <= MOST_URGENT + 2:
        return grid, None
    title = "Les autres, du plus urgent au moins urgent"
    others = replace(grid, key="autres", rows=rows[MOST_URGENT:], title=title)
    return replace(grid, rows=rows[:MOST_URGENT]), others


def places_of(content: Content) -> Grid | None:
    """The places of every part in one table, the most urgent first."""
    grids = [grid for part in content.parts if (grid := part.grid(PLACES))]
    if not grids:
        return None
    rows = [_row(code, name, grids) for code, name in names_of(content).items()]
    days = _days_of(content)
    rows.sort(key=lambda row: _urgency(row, days))
    title = f"{grids[0].first}s, du plus urgent au moins urgent"
    headings = tuple(heading for grid in grids for heading in grid.headings)
    return Grid(PLACES, title, grids[0].first, headings, tuple(rows))


def _row(code: str, name: str, grids: Sequence[Grid]) -> Row:
    cells: list[Cell] = []
    for grid in grids:
        found = next((row for row in grid.rows if row.key == code), None)
        blank = tuple(Cell("–") for _ in grid.headings)
        cells += found.cells if found else blank
    return Row(code, name, tuple(cells))


def _urgency(row: Row, days: Mapping[str, float]) -> tuple[object, ...]:
    """The worst class first, then how many parts are in it, the fewest days, then the name."""
    ranks = sorted(URGENCY.index(cell.level) for cell in row.cells if cell.level)
    return ranks or [len(URGENCY)], days.get(row.key, inf), alphabetical(row.name)


def _days_of(content: Content) -> dict[str, float]:
    """The days of cover of what runs out first in each place, where they are known."""
    parts = [part for part in content.parts if part.key == "equipment"]
    rows = [row for part in parts if (grid := part.grid(PLACES)) for row in grid.rows]
    return {row.key: float(row.cells[0].value) for row in rows if row.cells[0].value}


def maps_of(content: Content, addresses: Mapping[str, str], *, is_country: bool) -> list[Figure]:
    """A map for equipment and one for medicines, of the same cells as the table."""
    found = [(part, part.grid(PLACES)) for part in content.parts if part.key in MAPPED]
    return [_map(part, grid, addresses, is_country=is_country) for part, grid in found if grid]


def _map(part: Part, grid: Grid, addresses: Mapping[str, str], *, is_country: bool) -> Figure:
    by_place = f", par {grid.first.lower()}" if len(grid.rows) > 1 else ""
    ident, title = f"carte-{part.key}", f"{MAPPED[part.key]}{by_place}"
    values = [_value(row, addresses, grid.headings[0]) for row in grid.rows if row.key]
    if is_country:
        drawing = country_map_by_region(ident, title, _named(values, grid), departments_by_region())
    else:
        drawing = region_map(ident, title, values)
    counts = Counter(value.level for value in values)
    return Figure(
        ident=f"situation-{ident}",
        caption=title,
        drawing=drawing,
        legend=[
            LegendItem(f"legende-{part.key}-{level.value}", level.value, "", _count(number, grid))
            for level in Level
            for number in [counts[level.value]]
            if number or level in FOUR
        ],
        note="" if drawing else NO_MAP,
    )


def _value(row: Row, addresses: Mapping[str, str], heading: Heading) -> MapValue:
    cell = row.cells[0]
    word = Level(cell.level).label.lower() if cell.level else "inconnue"
    unit = f"\u00a0{heading.unit}" if heading.unit and cell.value else ""
    named = f" ({cell.detail})" if cell.detail else ""
    return MapValue(
        code=row.key,
        value_text=f"{cell.text}{unit}",
        level=cell.level or Level.UNKNOWN.value,
        title=f"{row.name}\u00a0: {cell.text}{unit}, {word}{named}.",
        href=addresses.get(row.key),
    )


def _named(values: Sequence[MapValue], grid: Grid) -> list[MapValue]:
    names = {row.key: row.name for row in grid.rows}
    return [replace(one, name=names[one.code]) for one in values]


def _count(number: int, grid: Grid) -> str:
    word = grid.first.lower()
    return f"{number}\u00a0{word}{'s' if number > 1 else ''}"


def names_of(content: Content) -> dict[str, str]:
    """Every place that a part tells of, named as the first part that tells it."""
    grids = [grid for part in content.parts if (grid := part.grid(PLACES))]
    return {row.key: row.name for grid in reversed(grids) for row in grid.rows}
