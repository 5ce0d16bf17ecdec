"""What the templates of the real-time view show: figures, drawings, tables with their pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest

from common.columns import Table
from common.numbers import format_integer, format_percent
from epi_stocks.dashboard.addresses import place_address, view_address
from epi_stocks.dashboard.drawings import MOST_BARS, category_figure, map_figure, trend_figure
from epi_stocks.dashboard.establishments import PER_PAGE, late_sites, urgent_lines
from epi_stocks.dashboard.explanations import key_figures
from epi_stocks.dashboard.figures import days_text, plural
from epi_stocks.dashboard.page import Dashboard, ItemSituation, read_dashboard
from epi_stocks.dashboard.rhythm import rhythm_sentences
from epi_stocks.dashboard.scope import Scope
from epi_stocks.dashboard.territory import Scale
from epi_stocks.filters import LEVEL_CHOICES, DashboardFilter
from epi_stocks.tables import EVERY_ITEM, LATE, LINES, badge, every_item_table, places_table
from epi_stocks.views.visu_files import FORMATS, asked_order, late_rows, place_heading
from establishments.models import EstablishmentCategory
from establishments.perimeter import Action

HIGHEST_PAGE = 10_000
NEAR = 2


@dataclass(frozen=True)
class Listing:
    """A table with one of its pages, ready for its template."""

    table: Table
    rows: Sequence[Any]
    count: int
    page: int
    page_urls: Sequence[tuple[int, str]]
    caption: str
    note: str
    empty: str
    orders: dict[str, str]
    order: str
    files: Sequence[tuple[str, str]]
    choices: Sequence[tuple[str, str]] = ()

    @property
    def lines(self):
        return [self.table.cells(row) for row in self.rows]

    @property
    def columns(self):
        """Each own column with the address that sorts by it, and whether it is in use."""
        return [
            (
                column,
                self.orders.get(column.order, ""),
                bool(column.order) and column.order == self.order,
            )
            for column in self.table.own_columns
        ]

    @property
    def last_page(self) -> int:
        return max(1, -(-self.count // PER_PAGE))

    @property
    def count_text(self) -> str:
        """« ces 412 lignes »."""
        return "cette ligne" if self.count == 1 else f"ces {format_integer(self.count)} lignes"

    @property
    def near_pages(self) -> list[tuple[int, str]]:
        """The pages offered; a gap between two of them is a page without address."""
        shown: list[tuple[int, str]] = []
        for number, url in self.page_urls:
            if shown and number > shown[-1][0] + 1:
                shown.append((0, ""))
            shown.append((number, url))
        return shown

    @property
    def previous_url(self) -> str:
        return next((url for number, url in self.page_urls if number == self.page - 1), "")

    @property
    def next_url(self) -> str:
        return next((url for number, url in self.page_urls if number == self.page + 1), "")


def page_context(request: HttpRequest, scope: Scope, form: DashboardFilter) -> dict[str, Any]:
    query = request.GET
    is_long = asks_every_item(query)  # the list of those who are late waits behind a link
    dashboard = read_dashboard(scope)
    categories = {one.pk: one for one in _named_categories(dashboard)}
    to_place = lambda code: place_address(scope, query, code)  # noqa: E731
    list_address = lambda choice: f"{view_address(query, niveau=choice)}#etablissements"  # noqa: E731
    return {
        "dashboard": dashboard,
        "median_text": days_text(dashboard.median),
        "carried_text": format_percent(dashboard.figures.carried, dashboard.figures.lines),
        "title": f"Visu : {scope.item.label}, {scope.place_name}",
        "restriction": _restriction(scope),
        "key_figures": key_figures(dashboard, list_address),
        "map": map_figure(dashboard, to_place),
        "trend": trend_figure(dashboard),
        "categories": category_figure(
            dashboard, categories, lambda code: view_address(query, categorie=code)
        ),
        "item_links": [
            _item_link(one, scope, view_address(query, equipement=one.item.code))
            for one in dashboard.items
        ],
        "rhythm": rhythm_sentences(dashboard),
        "places": _places(scope, dashboard, query, to_place),
        "lines": None if scope.is_national else _lines(scope, query),
        "late": None if scope.is_national or is_long else _late(scope, query),
        "late_url": f"{view_address(query, liste=None)}#{LATE.ident}",
        "live_url": view_address(query, "visu_live", **_pages(query)),
        "refresh_url": view_address(query, **_pages(query)),
        "region": query.get("region", ""),
        "list_asked": query.get("liste", ""),
        "sees_elsewhere": scope.territory.scale is Scale.REGION,
        "sets_equipment": request.user.may(Action.EPI_SETTINGS),
        "back_url": view_address(query, region=None, departement=None, entite=None),
        "is_inside": scope.watches_country and not scope.is_national,
    }


def _restriction(scope: Scope) -> str:
    """What the page leaves aside, said in its title and on paper, where no filter shows."""
    choice = dict(LEVEL_CHOICES).get(scope.list_choice, "") if scope.list_choice else ""
    parts = [
        scope.category.label if scope.category else "",
        f"liste : {choice.lower()}" if choice else "",
    ]
    return ", ".join(filter(None, parts))


def _item_link(one: ItemSituation, scope: Scope, url: str) -> dict[str, Any]:
    return {
        "label": one.item.label,
        "url": "" if one.item == scope.item else url,
        "badge": badge(one.level),
        "days": days_text(one.figures.days, one.level),
    }


def _named_categories(dashboard: Dashboard):
    codes = [code for code, _ in dashboard.categories[:MOST_BARS]]
    return EstablishmentCategory.objects.filter(pk__in=codes)


def _pages(query) -> dict[str, str]:
    return {key: query[key] for key in ("page", "retards", "tri") if key in query}


def _places(scope: Scope, dashboard: Dashboard, query, to_place) -> Listing:
    heading = place_heading(scope)
    link = (lambda place: to_place(place.code)) if len(dashboard.places) > 1 else (lambda _: None)
    table = places_table(heading, link)
    return Listing(
        table,
        dashboard.places,
        len(dashboard.places),
        1,
        (),
        "Régions, de la plus urgente à la moins urgente"
        if scope.is_national
        else "Départements, du plus urgent au moins urgent",
        "Les couvertures sont des rapports de sommes : elles ne s’additionnent pas.",
        "Aucun territoire.",
        {},
        "",
        _files(query, "territoires"),
    )


def asks_every_item(query) -> bool:
    return query.get("liste") == EVERY_ITEM


def _lines(scope: Scope, query) -> Listing:
    """The establishments in view, for the item of the page or, asked for, for every item."""
    order, page = asked_order(query), asked_page(query, "page")
    every = asks_every_item(query)
    table = every_item_table(scope.items) if every else LINES
    read = partial(urgent_lines, scope, items=scope.items if every else (), order=order)
    rows, count = read(limit=PER_PAGE, offset=PER_PAGE * (page - 1))
    if not rows and page > 1:
        page = 1
        rows, count = read(limit=PER_PAGE)
    choice = dict(LEVEL_CHOICES).get(scope.list_choice, "") if scope.list_choice else ""
    shown = _shown(count, page, len(rows))
    note = f"{plural(count, 'ligne' if every else 'établissement')}{shown}."
    if order == "urgence":
        note += " En rupture, la plus forte consommation d’abord ; ensuite, le moins de jours."
    return Listing(
        table,
        rows,
        count,
        page,
        _page_urls(query, "page", count, page),
        ("Tous les équipements" if every else "Établissements")
        + ", du plus urgent au moins urgent"
        + (f" : {choice.lower()}" if choice else ""),
        note,
        "Aucun établissement ne correspond : effacez un filtre, ou choisissez une autre semaine.",
        {name: view_address(query, tri=name) for name in LINES_ORDERS},
        order,
        _files(query, table.ident),
        choices=[
            (scope.item.label, view_address(query, liste=None) if every else ""),
            ("Tous les équipements", "" if every else view_address(query, liste=EVERY_ITEM)),
        ],
    )


LINES_ORDERS = [column.order for column in LINES.columns if column.order]


def _late(scope: Scope, query) -> Listing:
    page = asked_page(query, "retards")
    sites, count = late_sites(scope, limit=PER_PAGE, offset=PER_PAGE * (page - 1))
    if not sites and page > 1:
        page = 1
        sites, count = late_sites(scope, limit=PER_PAGE)
    when = "cette semaine" if scope.is_current else f"la semaine du {scope.week:%d/%m/%Y}"
    return Listing(
        LATE,
        late_rows(scope, sites),
        count,
        page,
        _page_urls(query, "retards", count, page),
        f"N’ont pas déclaré {when} : {plural(count, 'établissement')}",
        f"Plus forte consommation connue d’abord{_shown(count, page, len(sites))}.",
        "Tous les établissements attendus ont déclaré."
        if count or scope.establishments.exists()
        else "Aucun établissement n’est attendu ici.",
        {},
        "",
        _files(query, LATE.ident),
    )


def _shown(count: int, page: int, length: int) -> str:
    if count <= PER_PAGE:
        return ""
    first = PER_PAGE * (page - 1) + 1
    return f", {first} à {first + length - 1} affichés"


def asked_page(query, name: str) -> int:
    """The page asked for; anything that is not one is the first."""
    text = query.get(name, "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return min(max(number, 1), HIGHEST_PAGE)


def _page_urls(query, name: str, count: int, page: int) -> list[tuple[int, str]]:
    """The first page, the last and those around this one: a region has hundreds of them."""
    others = {key: value for key, value in _pages(query).items() if key != name}
    last = max(1, -(-count // PER_PAGE))
    near = range(max(1, page - NEAR), min(last, page + NEAR) + 1)
    return [
        (number, view_address(query, **others, **{name: str(number)}))
        for number in sorted({1, last, *near})
    ]


def _files(query, table: str) -> list[tuple[str, str]]:
    order = {"tri": query["tri"]} if "tri" in query else {}
    return [
        (kind.upper(), view_address(query, "visu_file", table, kind, **order)) for kind in FORMATS
    ]
