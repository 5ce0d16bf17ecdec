"""« Stocks de la région »: figures, map, trend and table, and the same table as a file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.exports import csv_response, spreadsheet_response
from establishments.access import allows
from establishments.perimeter import Action
from journal.services import record
from medications.sentences import due_sentence
from pui.aid.moving import under_way_between
from pui.region.detail import detail_of, read_lines
from pui.region.drawings import map_figure, substances_table, trend_figure
from pui.region.explanations import key_figures
from pui.region.filters import RegionFilter
from pui.region.listing import (
    Listing,
    asked_order,
    every_holder,
    listing_of,
    map_link,
    names_of,
    region_address,
)
from pui.region.reading import Page, read_page
from pui.region.rows import every_row
from pui.region.scope import Scope, scope_for
from pui.region.tables import LINES, STOCKS, moment, stocks_table
from pui.stock.table import badge

FORMATS = ("xlsx", "csv")


@allows(Action.DASH_MED)
@require_safe
def region(request: HttpRequest) -> HttpResponse:
    form = RegionFilter(request.GET, user=request.user)
    scope = scope_for(request.user, form)
    page = read_page(scope)
    listing = listing_of(scope, page, request.GET)
    context = {"scope": scope, "form": form, "page": page, "is_filtered": bool(request.GET)}
    return render(request, "dispostock/region.html", context | _shown(request, page, listing))


def _shown(request: HttpRequest, page: Page, listing: Listing) -> dict[str, Any]:
    scope, query = page.scope, request.GET
    return {
        "key_figures": key_figures(page),
        "map": map_figure(page, map_link(scope, query)),
        "trend": trend_figure(page),
        "substances": [
            (name, url, badge(sums.level), sums.days_text, before.days_text)
            for name, url, sums, before in substances_table(
                page, lambda name: region_address(query, dci=name)
            )
        ],
        "moving": _moving(scope),
        "every_substance_url": region_address(query, dci=None) if scope.substance else "",
        "listing": listing,
        "files": _files(scope),
        "query": query.urlencode(),
        "refreshed": moment(page.refreshed_at) if page.refreshed_at else "",
        "expected": due_sentence(scope.period),
    }


def _moving(scope: Scope) -> list[tuple[str, int, int]]:
    """What mutual aid moves of the DCI chosen, where the reader sees each pharmacy."""
    if not scope.substance or not scope.territory.is_detailed:
        return []
    return under_way_between(scope.puis(), scope.substance)


def _files(scope: Scope) -> list[tuple[str, str]]:
    """The files of the full detail: of the whole country, too long for a workbook."""
    if not scope.territory.is_detailed:
        return []
    is_long = scope.territory.is_country and not scope.substance
    return [(kind, LINES) for kind in (FORMATS[1:] if is_long else FORMATS)]


@allows(Action.DASH_MED)
@require_safe
def region_file(request: HttpRequest, table: str, kind: str) -> HttpResponse:
    """Exactly the table on the screen, all its pages, or the full detail; journaled."""
    scope = scope_for(request.user, RegionFilter(request.GET, user=request.user))
    if (kind, table) not in [*((one, STOCKS) for one in FORMATS), *_files(scope)]:
        raise Http404
    declared, rows = _rows_of(request, scope, table)
    record(
        "pui.region_exported",
        by=request.user,
        target=f"{declared.title}, {scope.place_name}",
        list=scope.monitored_list.pk,
        table=table,
        format=kind,
        filters=request.GET.urlencode(),
    )
    name = f"{table}-{scope.monitored_list.pk}-{timezone.localdate():%Y-%m-%d}"
    values = map(declared.file_row, rows)
    if kind == "csv":
        return csv_response(declared.headers, values, filename=name)
    return spreadsheet_response(declared.title, declared.headers, values, filename=name)


def _rows_of(request: HttpRequest, scope: Scope, table: str):
    if table == LINES:
        return detail_of(scope.monitored_list), read_lines(scope)
    names = names_of(scope, read_page(scope), every_holder(scope), request.GET)
    return stocks_table(scope, names), every_row(scope, asked_order(request.GET))
