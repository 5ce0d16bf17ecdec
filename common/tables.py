"""Tables of lists, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import EmptyPage, PageNotAnInteger
from django.http import HttpRequest
from django.template.context_processors import csrf
from django.template.loader import get_template
from django_tables2 import TemplateColumn


def show_page(request: HttpRequest, table: Any, *, per_page: int) -> None:
    """Sort the table and cut the page that the address asks for; past the end, the last one.

    How many lines a page has is never asked in the address: a whole country would fit in one.
    """
    table.request = request
    asked = request.GET.getlist(table.prefixed_order_by_field)
    # the library reads any other word as a path into our rows
    if columns := [name for name in asked if name.removeprefix("-") in table.columns]:
        table.order_by = columns
    try:
        table.paginate(per_page=per_page, page=request.GET.get(table.prefixed_page_field, 1))
    except PageNotAnInteger:
        table.page = table.paginator.page(1)
    except EmptyPage:
        table.page = table.paginator.page(table.paginator.num_pages)


class CellColumn(TemplateColumn):  # type: ignore[misc]  # the library has no types
    """A cell drawn by a template that uses ``record``, ``table`` and ``request`` alone.

    The library gives each cell all that the page has, and asks for the banners and the menu again
    for each: twice the time of the cell.
    """

    def render(self, record: Any, table: Any, **_: Any) -> str:
        request = getattr(table, "request", None)
        known = {"record": record, "table": table, "request": request}
        return get_template(self.template_name).render(known | (csrf(request) if request else {}))


@dataclass(frozen=True, slots=True)
class DrawnColumn:
    """What is the same for all the cells of a column."""

    header: str
    css: str
    column: Any

    def cell_of(self, row: Any) -> Any:
        """The library looks for a value first, which the template of a cell finds by itself."""
        column = self.column.column
        if isinstance(column, CellColumn):
            return column.render(row.record, row.table)
        return row.get_cell(self.column.name)


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A row as the page prints it: its attributes, and each cell with its column."""

    attributes: str
    cells: list[tuple[DrawnColumn, Any]]


def drawn_rows(table: Any) -> Iterator[DrawnRow]:
    """The rows of the page shown. The library works out a column anew for each of its cells."""
    columns = [
        DrawnColumn(str(one.header), one.attrs["td"].get("class") or "", one)
        for one in table.columns
    ]
    for row in table.paginated_rows:
        yield DrawnRow(row.attrs.as_html(), [(one, one.cell_of(row)) for one in columns])
