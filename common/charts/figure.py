"""What goes with a drawing: its caption, its legend, and the same figures as a table.

Shown by ``{% include "components/charts/figure.html" with figure=figure only %}``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from common.charts.patterns import css_name, swatch
from common.charts.values import LEVEL_WORDS, Level


@dataclass(frozen=True)
class LegendItem:
    """``ident`` is unique in the page; ``count_text`` says its unit (« 2 départements »)."""

    ident: str
    level: Level
    range_text: str = ""
    count_text: str = ""
    own_word: str = ""  # where the level is no tension

    @property
    def word(self) -> str:
        return self.own_word or LEVEL_WORDS[self.level]

    @property
    def swatch(self) -> SafeString:
        return swatch(f"{self.ident}-{css_name(self.level)}", self.level)


@dataclass(frozen=True)
class Column:
    label: str
    is_number: bool = False
    indicator: str = ""  # the slug of its definition in the registry


@dataclass(frozen=True)
class Cell:
    """``level`` shows the text as the badge of a tension class."""

    text: str
    level: Level | None = None

    @property
    def css_level(self) -> str:
        return css_name(self.level) if self.level else ""


@dataclass(frozen=True)
class DataTable:
    """The first cell of a row is its header; every cell arrives as text already in French."""

    ident: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell | str]]

    @property
    def labelled_rows(self) -> list[list[tuple[Column, Cell]]]:
        return [
            [
                (column, cell if isinstance(cell, Cell) else Cell(cell))
                for column, cell in zip(self.columns, row, strict=True)
            ]
            for row in self.rows
        ]


@dataclass(frozen=True)
class Figure:
    """``summary`` is the sentence that opens the table (« Voir les valeurs de la carte »)."""

    ident: str
    caption: str
    drawing: SafeString
    table: DataTable | None = None
    legend: Sequence[LegendItem] = field(default_factory=tuple)
    note: str = ""
    summary: str = "Voir les valeurs"
    indicator: str = ""  # the slug of what is drawn, in the registry
