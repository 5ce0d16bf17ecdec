"""One page of the table of stocks, ready for its template: rows, order, pages, addresses."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from common.columns import Column, Table
from establishments.models import Department, Establishment
from pui.models import Pui
from pui.region.figures import plural
from pui.region.filters import ROW_LABELS, Rows
from pui.region.reading import Page
from pui.region.rows import ORDERS, USUAL, Row, read_rows
from pui.region.scope import Scope
from pui.region.tables import Names, stocks_table

PER_PAGE = 50
SHOWN_FIRST = 10  # on a phone, where a line is a card; the link below opens the others
PAGES = ("page", "tri")
HIGHEST = 100_000


def region_address(query: QueryDict, **changes: str | None) -> str:
    """The page with the filters of ``query``, ``changes`` applied; None removes one."""
    kept = query.copy()
    for name in {*PAGES, *changes}:
        kept.pop(name, None)
    for name, value in changes.items():
        if value is not None:
            kept[name] = value
    text = kept.urlencode()
    address = reverse("pui:region")
    return f"{address}?{text}" if text else address


def asked_order(query: QueryDict) -> str:
    """The order of the table; an unknown one is the usual one."""
    order = query.get("tri", USUAL)
    return order if order in ORDERS else USUAL


def asked_page(query: QueryDict) -> int:
    text = query.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    return min(max(number, 1), HIGHEST)


@dataclass(frozen=True)
class Listing:
    """``query`` is what was asked, kept in every address of the page."""

    table: Table
    rows: Sequence[Row]
    count: int
    number: int
    caption: str
    query: QueryDict

    @property
    def lines(self) -> list[list[tuple[Column, Any]]]:
        return [self.table.cells(row) for row in self.rows]

    @property
    def order(self) -> str:
        return asked_order(self.query)

    @property
    def columns(self) -> list[tuple[Column, str, bool]]:
        """Each own column with the address that sorts by it, and whether it is in use."""
        return [
            (
                column,
                region_address(self.query, tri=column.order) if column.order else "",
                bool(column.order) and column.order == self.order,
            )
            for column in self.table.own_columns
        ]

    @property
    def last(self) -> int:
        return max(1, -(-self.count // PER_PAGE))

    @property
    def shown_first(self) -> int:
        return SHOWN_FIRST

    @property
    def kept_for_later(self) -> int:
        return max(0, len(self.rows) - SHOWN_FIRST)

    @property
    def count_text(self) -> str:
        return plural(self.count, "ligne")

    def _page_url(self, number: int) -> str:
        return region_address(self.query, tri=self.order, page=str(number))

    @property
    def previous_url(self) -> str:
        return self._page_url(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        return self._page_url(self.number + 1) if self.number < self.last else ""


def listing_of(scope: Scope, page: Page, query: QueryDict) -> Listing:
    order, number = asked_order(query), asked_page(query)
    rows, count = read_rows(scope, order, limit=PER_PAGE, offset=PER_PAGE * (number - 1))
    if not rows and number > 1:
        number = 1
        rows, count = read_rows(scope, order, limit=PER_PAGE)
    products = scope.substance or scope.grain_label
    return Listing(
        table=stocks_table(scope, names_of(scope, page, holders_of(scope, rows), query)),
        rows=rows,
        count=count,
        number=number,
        caption=f"{ROW_LABELS[scope.rows]} × {products}, {scope.place_name}",
        query=query,
    )


def holders_of(scope: Scope, rows: Sequence[Row]) -> Iterable[Pui | Establishment]:
    """The pharmacies, or the sites, of a page of the table."""
    pks = {row.holder_id for row in rows if row.holder_id}
    if not pks:
        return ()
    if scope.rows == Rows.SITE:
        return Establishment.objects.filter(pk__in=pks)
    return Pui.objects.filter(pk__in=pks).select_related("establishment")


def every_holder(scope: Scope) -> Iterable[Pui | Establishment]:
    """Those of all the pages; none where a line is a place."""
    if scope.rows == Rows.SITE:
        sites = scope.puis().order_by().values("establishment")
        return Establishment.objects.filter(pk__in=sites)
    return scope.puis().select_related("establishment") if scope.rows == Rows.PUI else ()


def names_of(
    scope: Scope, page: Page, holders: Iterable[Pui | Establishment], query: QueryDict
) -> Names:
    """The names of places, and of these sites or pharmacies, and where each leads."""
    by_number = {one.pk: one for one in holders}
    return Names(place_names(scope, page), by_number, place_link(scope, query))


def place_names(scope: Scope, page: Page) -> dict[str, str]:
    """Of the places of the map, or of those that the table shows instead."""
    if scope.rows == Rows.DEPARTMENT and scope.territory.is_country:
        return dict(Department.objects.values_list("code", "name"))
    if scope.rows == Rows.REGION and not scope.territory.is_country:
        return {scope.territory.region_code: scope.territory.name}
    return {place.code: place.name for place in page.places}


def place_link(scope: Scope, query: QueryDict) -> Callable[[str], str | None]:
    """Into the region, or to the department; from a department, back to the whole region."""

    def link(code: str) -> str | None:
        if not code:
            return None
        if scope.territory.is_country:
            return (
                region_address(query, region=code, departement=None, lignes=None)
                if scope.rows == Rows.REGION
                else None
            )
        if scope.rows == Rows.REGION:
            return None
        return region_address(query, departement=None if scope.department else code)

    return link


def map_link(scope: Scope, query: QueryDict) -> Callable[[str], str]:
    """Where a territory of the map leads."""

    def link(code: str) -> str:
        if scope.territory.is_country:
            return region_address(query, region=code, departement=None, lignes=None)
        is_chosen = scope.department is not None and scope.department.code == code
        return region_address(query, departement=None if is_chosen else code)

    return link
