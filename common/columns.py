"""A table declared once: its page and its file cannot disagree."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import is_aware, localtime

UNDER = '<span class="app-sous">{}</span>'
FIRST = '<th role="rowheader" scope="row">{}</th>'
CELL = '<td role="cell" data-label="{}"{}>{}</td>'


@dataclass(frozen=True, slots=True)
class Column:
    """``value`` goes to the file; ``cell`` is what the page prints, the value itself by default.

    ``under`` puts it below the first cell of the row on the page, where it has no column;
    ``order`` names the order of the list that the column stands for; ``is_wide``: on a phone, where
    a row is a card, the cell takes the whole width of it. ``indicator``: the slug of its definition
    in the registry, which its heading leads to.
    """

    header: str
    value: Callable[[Any], Any]
    cell: Callable[[Any], Any] | None = None
    is_number: bool = False
    is_wide: bool = False
    under: bool = False
    order: str = ""
    direction: str = "ascending"
    indicator: str = ""

    def shown(self, row: Any) -> Any:
        return (self.cell or self.value)(row)


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a table, for its page and for its file."""

    ident: str
    title: str
    columns: Sequence[Column]

    @property
    def own_columns(self) -> list[Column]:
        return [column for column in self.columns if not column.under]

    @property
    def headers(self) -> list[str]:
        return [column.header for column in self.columns]

    def file_row(self, row: Any) -> list[Any]:
        return [column.value(row) for column in self.columns]

    def cells(self, row: Any) -> list[tuple[Column, Any]]:
        """The cells of a row on the page; the first carries what stands under it."""
        under = list(filter(None, (column.shown(row) for column in self.columns if column.under)))
        first, *others = self.own_columns
        head = format_html("{}" + UNDER, first.shown(row), " · ".join(under)) if under else None
        return [(first, head or first.shown(row)), *((one, one.shown(row)) for one in others)]


def drawn_cells(cells: Sequence[tuple[Column, Any]]) -> SafeString:
    """A row of the page, named by its first cell.

    Drawn here: a page has thousands of cells, which cost a template twice the time of all the rest.
    """
    (_, first), *others = cells
    drawn = (
        (column.header, class_attribute(column.is_number, column.is_wide), printed(cell))
        for column, cell in others
    )
    return format_html(FIRST, printed(first)) + format_html_join("", CELL, drawn)


def printed(cell: Any) -> Any:
    """As a template prints it: a moment in the time of Paris, a number in French."""
    if isinstance(cell, datetime) and is_aware(cell):
        cell = localtime(cell)
    return localize(cell)


@cache
def class_attribute(is_number: bool, is_wide: bool) -> SafeString:
    names = [name for name, is_so in (("app-num", is_number), ("app-large", is_wide)) if is_so]
    return format_html(' class="{}"', " ".join(names)) if names else SafeString()
