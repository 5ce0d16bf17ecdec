"""The page of a stock, put together: rows, filters, order, key figures, addresses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from common.columns import Column, Table
from common.cover import Level
from common.french import alphabetical
from common.home import Figure
from common.numbers import format_integer
from medications.models import Priority
from medications.thresholds import thresholds_of
from pui.models import Pui
from pui.stock.filters import MISSING, TENSION, StockFilter
from pui.stock.freshness import Freshness
from pui.stock.reading import Reading, read_stocks
from pui.stock.rows import By, Row, rows_of, tell_coming
from pui.stock.scope import Scope
from pui.stock.table import shown_on_page, table_of

PER_PAGE: Final = 50
FORMATS: Final = ("xlsx", "csv")
EVERYTHING: Final = "toutes"
USUAL: Final = "urgence"
LEVELS: Final = list(Level)
FAR = date.max
SOON: Final = timedelta(weeks=3)


def urgency(row: Row) -> tuple:
    """The nearest to run out first; of those that have nothing left, the most used."""
    return LEVELS.index(row.level), row.days or 0, -(row.daily or 0), name(row)


def name(row: Row) -> str:
    return alphabetical(row.label)


def forecast_key(row: Row) -> tuple:
    found = row.run_out
    early = (found.early if found else None) or FAR
    return early, (found.middle if found else None) or FAR, urgency(row)


ORDERS: Final[dict[str, Callable[[Row], Any]]] = {
    USUAL: urgency,
    "libelle": name,
    "stock": lambda row: (row.stock is None, row.stock or 0, name(row)),
    "conso": lambda row: (-(row.daily or 0), name(row)),
    "rupture": forecast_key,
    "peremption": lambda row: (row.nearest_expiry or FAR, urgency(row)),
    "declaration": lambda row: (row.due_on or date.min, name(row)),
}


@dataclass(frozen=True)
class Board:
    """``query`` is what was asked, kept in every address of the page."""

    scope: Scope
    reading: Reading
    query: QueryDict

    @classmethod
    def of(cls, scope: Scope, query: QueryDict, now: datetime) -> "Board":
        return cls(scope, read_stocks(scope.puis, scope.monitored_list, now), query)

    @cached_property
    def form(self) -> StockFilter:
        return StockFilter(self.query, scope=self.scope, products=self.reading.products)

    @property
    def by(self) -> By:
        return self.form.by

    @cached_property
    def table(self) -> Table:
        return table_of(self.reading, self.scope, self.by)

    @cached_property
    def every_row(self) -> list[Row]:
        rows = rows_of(self.reading, self.by)
        tell_coming(rows, self.scope.puis)
        return rows

    @property
    def order(self) -> str:
        asked = self.query.get("tri", USUAL)
        return asked if asked in ORDERS else USUAL

    @cached_property
    def rows(self) -> list[Row]:
        """Those that pass every filter; figures and forecasts come from all of them."""
        if self.form.is_too_short:
            return []
        return sorted(filter(self.form.keeps, self.every_row), key=ORDERS[self.order])

    @cached_property
    def page(self) -> Page:
        is_whole = self.query.get("page") == EVERYTHING
        per_page = max(len(self.rows), 1) if is_whole else PER_PAGE
        return Paginator(self.rows, per_page).get_page(self.query.get("page"))

    @property
    def lines(self) -> list[list[tuple[Column, Any]]]:
        """Without the columns of the file, which would be drawn empty for each row."""
        shown = shown_on_page(self.table)
        return [shown.cells(row) for row in self.page]

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
    def whole_url(self) -> str:
        return self.address(page=EVERYTHING) if self.page.has_other_pages() else ""

    @property
    def filters(self) -> str:
        """The query of the file: the filters and the order, without the page."""
        return self.address(page=None)

    @property
    def scope_url(self) -> str:
        """The same place and grouping, without any other filter."""
        return self.address(
            niveau=None, priorite=None, dci=None, declaration=None, recherche=None, page=None
        )

    def address(self, **changes: Any) -> str:
        query = self.query.copy()
        for key, value in changes.items():
            if value is None:
                query.pop(key, None)
            else:
                query[key] = str(value)
        return f"?{query.urlencode()}" if query else "?"

    @cached_property
    def freshness(self) -> list[tuple[Pui, Freshness]]:
        """Of each pharmacy, the stale ones first."""
        found = [(pui, self.reading.freshness(pui)) for pui in self.scope.puis]
        return sorted(found, key=lambda pair: pair[1].is_fresh)

    @property
    def missing(self) -> int:
        return sum(row.missing for row in self.every_row)

    @property
    def figures(self) -> list[Figure]:
        tense = [row for row in self.every_row if row.level.is_tension]
        urgent = [row for row in self.every_row if row.priority == Priority.NATIONAL]
        return [
            Figure(
                "En tension",
                format_integer(len(tense)),
                f"sur {format_integer(len(self.every_row))}",
                f"dont {count_of(tense, Level.SHORTAGE)} en rupture, "
                f"{count_of(tense, Level.CRITICAL)} sous {thresholds_of().critical}\u00a0jours",
                self.narrowed(niveau=TENSION),
                "classe-medicament",
            ),
            *([self.urgent_figure(urgent)] if urgent else []),
            Figure(
                "Lignes non déclarées",
                format_integer(self.missing),
                note="vides, donc ni comptées ni mises à 0",
                url=self.narrowed(declaration=MISSING),
                indicator="lignes-non-declarees",
            ),
            Figure(
                "Rupture possible sous 3\u00a0semaines",
                format_integer(self.soon),
                note="si le rythme des dernières échéances continue",
                url=self.narrowed(tri="rupture"),
                indicator="rupture-prevue",
            ),
        ]

    def urgent_figure(self, urgent: Sequence[Row]) -> Figure:
        """Vaccines and devices have no national priority: nothing to say of it there."""
        return Figure(
            "Priorité nationale en tension",
            format_integer(sum(row.level.is_tension for row in urgent)),
            f"sur {format_integer(len(urgent))}",
            url=self.narrowed(niveau=TENSION, priorite=Priority.NATIONAL.value),
            indicator="classe-medicament",
        )

    @property
    def soon(self) -> int:
        """How many have the early end of their interval near."""
        limit = self.reading.now.date() + SOON
        early = (row.run_out.early for row in self.every_row if row.run_out)
        return sum(day is not None and day <= limit for day in early)

    def narrowed(self, **filters: Any) -> str:
        emptied = dict.fromkeys(("niveau", "priorite", "dci", "declaration", "recherche", "page"))
        return self.address(**(emptied | filters))


def count_of(rows: Sequence[Row], level: Level) -> str:
    return format_integer(sum(row.level is level for row in rows))
