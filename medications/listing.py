"""One page of a list of products, ready for its template: its rows, its order, its addresses."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from common.columns import Column, Table

PER_PAGE = 50
LABEL = ("product__sort_label", "product__code")
ORDERS = {
    "priorite": ("priority", *LABEL),
    "libelle": LABEL,
    "dci": ("product__substance__name", *LABEL),
    "reference": ("product__reference__label", *LABEL),
    "depuis": ("-starts_on", *LABEL),
}
USUAL = "priorite"
FORMATS = ("xlsx", "csv")


def asked_order(query: QueryDict) -> str:
    """An unknown order is the usual one."""
    order = query.get("tri", USUAL)
    return order if order in ORDERS else USUAL


@dataclass(frozen=True)
class Listing:
    """``query`` is what was asked, kept in every address of the page."""

    table: Table
    rows: Any
    query: QueryDict
    caption: str = ""
    per_page: int = field(default=PER_PAGE)

    @cached_property
    def order(self) -> str:
        return asked_order(self.query)

    @cached_property
    def page(self) -> Page:
        ordered = self.rows.order_by(*ORDERS[self.order])
        return Paginator(ordered, self.per_page).get_page(self.query.get("page"))

    @property
    def count(self) -> int:
        return self.page.paginator.count

    @property
    def lines(self) -> list[list[tuple[Column, Any]]]:
        return [self.table.cells(row) for row in self.page]

    @property
    def columns(self) -> Sequence[tuple[Column, str, bool]]:
        """Each own column with the address that sorts by it, and whether it is in use."""
        return [
            (
                column,
                self.address(tri=column.order, page=None) if column.order else "",
                bool(column.order) and column.order == self.order,
            )
            for column in self.table.own_columns
        ]

    @property
    def filters(self) -> str:
        """The query of the file: the filters and the order, without the page."""
        return self.address(page=None)

    def address(self, **changes: Any) -> str:
        query = self.query.copy()
        for name, value in changes.items():
            if value is None:
                query.pop(name, None)
            else:
                query[name] = str(value)
        return f"?{query.urlencode()}" if query else "?"
