"""Dashboards of orders: the figures of a region or of the country, and their files."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.exports import csv_response, spreadsheet_response
from establishments.access import allows
from establishments.perimeter import Action
from journal.services import record
from orders.dashboard.attention import points
from orders.dashboard.board import Board, read_board
from orders.dashboard.drawings import bars_figure, map_figure, trend_figure
from orders.dashboard.explanations import key_figures, pallets_figure
from orders.dashboard.parts import Links, part_asked
from orders.dashboard.scope import ScopeForm
from orders.dashboard.stock import held_rows, held_table
from orders.dashboard.tables import TABLES, Shown

FORMATS = ("xlsx", "csv")


@allows(Action.DASH_ORD)
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The essential, or one of its parts: what each figure is made of."""
    form = ScopeForm(request.GET, user=request.user)
    board = read_board(form.scope())
    part, links = part_asked(request.GET.get("vue", "")), Links(request.GET)
    context = {
        "form": form,
        "board": board,
        "scope": board.scope,
        "part": part,
        "tabs": links.tabs(part),
        "tables": [TABLES[name](board) for name in part.tables],
        "formats": FORMATS,
        "query": links.filters().urlencode(),
        "reads_stock": request.user.may(Action.STOCK_STATE),
        "is_empty": not board.now.granted and not any(row.all_weeks for row in board.states),
        **drawn_of(part.ident, board, links),
    }
    return render(request, "orders/dashboard/page.html", context)


def drawn_of(part: str, board: Board, links: Links) -> dict[str, Any]:
    """What a part shows besides its tables."""
    if part == "contingents":
        return {"drawings": drawings(board)}
    if part:
        return {}
    return {
        "figures": [(one, links.of_figure(one.ident)) for one in key_figures(board)],
        "points": points(board, links),
        "map": map_figure(board, address_of(board, links)),
        "trend": trend_figure(board),
    }


def drawings(board: Board) -> list[Any]:
    names = board.names
    return [
        bars_figure(
            "equipements",
            "Part des contingents commandée, par équipement",
            board.items,
            lambda code: names.items.get(int(code), code),
        ),
        bars_figure(
            "categories",
            "Part des contingents commandée, par catégorie",
            board.categories,
            names.short_category,
        ),
    ]


def address_of(board: Board, links: Links) -> Callable[[str], str]:
    """A department leads to its region, the filters of the page kept."""

    def address(region: str) -> str:
        changed = {"region": region} if board.scope.is_national else {}
        return links.to("contingents#territoires", **changed)

    return address


@allows(Action.DASH_ORD)
@require_safe
def dashboard_file(request: HttpRequest, table: str, kind: str) -> HttpResponse:
    """A table of the screen with the same filters; who took it is in the journal."""
    if table not in TABLES or kind not in FORMATS:
        raise Http404
    form = ScopeForm(request.GET, user=request.user)
    board = read_board(form.scope())
    return file_of(request, TABLES[table](board), kind, form.words())


def file_of(request: HttpRequest, shown: Shown, kind: str, words: dict[str, str]) -> HttpResponse:
    rows: Sequence[list[Any]] = list(shown.file_rows)
    title = shown.table.title
    record(
        "orders.dashboard_exported",
        by=request.user,
        target=title,
        format=kind,
        rows=len(rows),
        filters=words,
    )
    name = f"commandes-{shown.table.ident}-{timezone.localdate():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(shown.table.headers, rows, filename=name)
    return spreadsheet_response(title, shown.table.headers, rows, filename=name)


@allows(Action.STOCK_STATE)
@require_safe
def state_stock(request: HttpRequest) -> HttpResponse:
    """What each warehouse holds, product by product; a warehouse reads its own."""
    shown = Shown(held_table(), list(held_rows(request.user)))
    is_country = request.user.may(Action.DASH_ORD)
    board = read_board(ScopeForm(request.GET, user=request.user).scope()) if is_country else None
    context = {
        "shown": shown,
        "figures": [(pallets_figure(board), "")] if board else [],
        "formats": FORMATS,
    }
    return render(request, "orders/dashboard/stock.html", context)


@allows(Action.STOCK_STATE)
@require_safe
def state_stock_file(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in FORMATS:
        raise Http404
    return file_of(request, Shown(held_table(), list(held_rows(request.user))), kind, {})
