"""A situation as its pages draw it: the same values, with their links and what they were before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from common.cover import Level
from common.home import Figure
from steering.situation.comparing import SAME, Change
from steering.situation.content import Cell, Content, Grid, Heading, Measure, Part, Row
from steering.situation.parts.alerts import TITLE as ALERTS
from steering.situation.parts.words import LATE

IN_THE_CELL = ("%", "jours")  # units that a cell writes itself


@dataclass(frozen=True, slots=True)
class ShownCell:
    heading: Heading
    cell: Cell

    @property
    def level(self) -> Level | None:
        return Level(self.cell.level) if self.cell.level else None

    @property
    def text(self) -> str:
        """Beside its class, unless it says no more."""
        is_said = self.level is Level.UNKNOWN or (
            self.level is not None and self.cell.text == self.level.label
        )
        return "" if is_said else self.cell.text


@dataclass(frozen=True, slots=True)
class ShownRow:
    row: Row
    cells: Sequence[ShownCell]
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ShownGrid:
    grid: Grid
    rows: Sequence[ShownRow]

    @property
    def headers(self) -> list[tuple[str, bool]]:
        return [
            (header_of(one), one.is_number) for one in self.grid.headings if not one.is_for_files
        ]


@dataclass(frozen=True, slots=True)
class ShownMeasure:
    measure: Measure
    url: str = ""
    change: Change | None = None

    @property
    def indicator(self) -> str:
        return INDICATORS.get(self.measure.key, "")


@dataclass(frozen=True, slots=True)
class Block:
    """Parts of the same title, under one heading: mutual aid has one for each domain."""

    title: str
    time: str
    measures: Sequence[ShownMeasure]
    links: Sequence[tuple[str, str]] = field(default_factory=tuple)


def header_of(heading: Heading) -> str:
    unit = heading.unit
    if not unit or unit in IN_THE_CELL or unit.lower() in heading.label.lower():
        return heading.label
    return f"{heading.label} ({unit})"


def shown_grid(
    grid: Grid, urls: Mapping[str, str] | None = None, notes: Mapping[str, str] | None = None
) -> ShownGrid:
    urls, notes = urls or {}, notes or {}
    rows = [
        ShownRow(
            row,
            [
                ShownCell(heading, cell)
                for heading, cell in zip(grid.headings, row.cells, strict=True)
                if not heading.is_for_files
            ],
            urls.get(row.key, ""),
            notes.get(row.key, ""),
        )
        for row in grid.rows
    ]
    return ShownGrid(grid, rows)


def shown_measures(
    measures: Sequence[Measure],
    urls: Mapping[str, str] | None = None,
    changes: Mapping[str, Change] | None = None,
) -> list[ShownMeasure]:
    urls, changes = urls or {}, changes or {}
    return [ShownMeasure(one, urls.get(one.key, ""), changes.get(one.key)) for one in measures]


def blocks_of(
    content: Content,
    links: Mapping[str, tuple[str, str]] | None = None,
    urls: Mapping[str, str] | None = None,
    changes: Mapping[str, Change] | None = None,
) -> list[Block]:
    """What the key figures do not tell, by heading; who is late and the alerts come first."""
    links = links or {}
    grouped: dict[str, list[tuple[Part, Measure]]] = {LATE: [], ALERTS: []}
    for part in content.parts:
        for one in part.measures:
            told = grouped.setdefault(one.group or part.title, [])
            if not one.is_headline:
                told.append((part, one))
    return [
        Block(
            title,
            told[0][0].time,
            shown_measures([one for _, one in told], urls, changes),
            [] if title == LATE else _links(told, links),
        )
        for title, told in grouped.items()
        if told
    ]


def _links(
    told: Sequence[tuple[Part, Measure]], links: Mapping[str, tuple[str, str]]
) -> list[tuple[str, str]]:
    """Each page once: the three parts of alerts lead to the same."""
    keys = dict.fromkeys(part.key for part, _ in told)
    return list(dict.fromkeys(links[key] for key in keys if key in links))


def in_tension(grid: Grid) -> tuple[Grid, Grid | None]:
    """The rows whose class is a tension, and the others, which a page folds."""
    tense = [row for row in grid.rows if Level(row.cells[0].level).is_tension]
    others = tuple(row for row in grid.rows if row not in tense)
    rest = replace(grid, key=f"{grid.key}-autres", rows=others, title="Hors tension")
    return replace(grid, rows=tuple(tense)), rest if others else None


NO_LINK: Final = ("", "")
INDICATORS: Final = {  # where the registry defines a figure
    "equipment.declared": "taux-declaration-epi",
    "equipment.tense": "classe-epi",
    "medicines.declared": "taux-declaration-pui",
    "medicines.late": "pui-en-retard",
    "medicines.tense": "dci-en-tension",
    "orders.used": "contingent-utilise",
    "orders.under_way": "commandes-en-cours",
    "orders_aid.waiting": "depannages-a-traiter",
}


def headline_figures(content: Content, links: Mapping[str, tuple[str, str]]) -> list[Figure]:
    """The key figures, each leading to the page of its part."""
    return [
        Figure(
            one.label,
            one.text,
            one.detail,
            one.note,
            links.get(part.key, NO_LINK)[0],
            INDICATORS.get(one.key, ""),
        )
        for part in content.parts
        for one in part.measures
        if one.is_headline
    ]


def headline_changes(content: Content, changes: Mapping[str, Change]) -> list[Figure]:
    """Those of a bulletin: beside the week before, in words."""
    return [
        Figure(
            one.label,
            one.text,
            one.detail,
            _since(changes.get(one.key)),
            indicator=INDICATORS.get(one.key, ""),
        )
        for one in content.headlines
    ]


def _since(change: Change | None) -> str:
    if change is None:
        return ""
    if change.mark == SAME:
        return "Sans changement depuis la semaine d’avant"
    return f"{change} que la semaine d’avant"


def grids_of(content: Content, *keys: tuple[str, str]) -> list[tuple[Part, Grid]]:
    """Those named by their part and their key, where they are."""
    return [
        (part, grid)
        for part_key, key in keys
        if (part := content.part(part_key)) and (grid := part.grid(key)) and grid.rows
    ]
