"""Which rows a file of the real-time view holds: those of the screen, without pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse, QueryDict

from common.columns import Table
from common.exports import csv_response, spreadsheet_response
from epi_stocks.dashboard.contacts import administrators_of
from epi_stocks.dashboard.establishments import ORDERS, LateSite, late_sites, urgent_lines
from epi_stocks.dashboard.page import read_dashboard
from epi_stocks.dashboard.scope import Scope
from epi_stocks.tables import (
    EVERY_ITEM,
    LATE,
    LINES,
    LateRow,
    every_item_table,
    places_table,
)

URGENT = "urgence"


FORMATS = ("xlsx", "csv")


@dataclass(frozen=True, slots=True)
class File:
    table: Table
    rows: Sequence
    title: str
    filename: str


def file_of(scope: Scope, table: str, query: QueryDict) -> File | None:
    """The file of a table, or None when this page has no such table."""
    found = _rows_of(scope, table, query) if scope.item else None
    if found is None:
        return None
    declared, rows = found
    item = "tous" if table == EVERY_ITEM else scope.item.code
    name = f"epi-{item}-{table}-{scope.week:%Y-%m-%d}"
    return File(declared, rows, f"{declared.title} {scope.week:%d-%m-%Y}", name)


def _rows_of(scope: Scope, table: str, query: QueryDict):
    if table == "territoires":
        return places_table(place_heading(scope), lambda place: None), read_dashboard(scope).places
    if scope.is_national:
        return None
    if table == LINES.ident:
        return LINES, urgent_lines(scope, order=asked_order(query))[0]
    if table == EVERY_ITEM:
        lines, _ = urgent_lines(scope, items=scope.items, order=asked_order(query))
        return every_item_table(scope.items), lines
    if table == LATE.ident:
        return LATE, late_rows(scope, late_sites(scope)[0])
    return None


def table_response(
    kind: str, table: Table, rows: Sequence, *, title: str, filename: str
) -> HttpResponse:
    """Send rows as a file of one of ``FORMATS``."""
    values = [table.file_row(row) for row in rows]
    if kind == "csv":
        return csv_response(table.headers, values, filename=filename)
    return spreadsheet_response(title, table.headers, values, filename=filename)


def place_heading(scope: Scope) -> str:
    return "Région" if scope.is_national else "Département"


def asked_order(query: QueryDict) -> str:
    """The order of the list; an unknown one is the usual one."""
    order = query.get("tri", URGENT)
    return order if order in ORDERS else URGENT


def late_rows(scope: Scope, sites: Sequence[LateSite]) -> list[LateRow]:
    """Late sites with whom to call, in one query whatever their number."""
    contacts = administrators_of(sites)
    return [
        LateRow(
            site,
            contacts[site.establishment_id],
            (scope.week - site.last_week).days // 7 if site.last_week else None,
        )
        for site in sites
    ]
