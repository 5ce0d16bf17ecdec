"""« Etat du stock »: of one's pharmacies, of one of a territory, as a page and as a file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.lookups import can
from common.cover import level
from common.exports import csv_response, spreadsheet_response
from establishments.access import allows
from establishments.perimeter import Action
from journal.services import record
from pui.stock.board import FORMATS, Board
from pui.stock.drawing import cover_chart
from pui.stock.history import elsewhere, product_history
from pui.stock.reading import MOST_SUMMED
from pui.stock.scope import holds_territory, pui_of, scope_of, search


@allows(Action.MED_READ)
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """Of the pharmacies in reach; whoever follows a territory chooses one first."""
    scope = scope_of(request.user, request.GET)
    if scope is None:
        return choose(request)
    board = Board.of(scope, request.GET, timezone.localtime())
    pui = scope.pui
    context = {
        "board": board,
        "scope": scope,
        "form": board.form,
        "formats": FORMATS,
        "most_summed": MOST_SUMMED,
        "may_choose_other": holds_territory(request.user),
        "may_transmit": bool(pui and pui.is_open and can(request.user, Action.MED_WRITE, pui)),
    }
    return render(request, "dispostock/state.html", context)


def choose(request: HttpRequest) -> HttpResponse:
    """One pharmacy of the territory, found by its name, its establishment or its town."""
    asked = request.GET.get("recherche", "").strip()[:100]
    context = {
        "asked": asked,
        "found": search(request.user, asked) if holds_territory(request.user) else [],
        "holds_territory": holds_territory(request.user),
    }
    return render(request, "dispostock/state_choose.html", context)


@allows(Action.MED_READ)
@require_safe
def state_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The same rows, whole; who took them is in the journal."""
    scope = scope_of(request.user, request.GET)
    if kind not in FORMATS or scope is None:
        raise Http404
    board = Board.of(scope, request.GET, timezone.localtime())
    values = [board.table.file_row(row) for row in board.rows]
    record(
        "pui.state_exported",
        by=request.user,
        target=board.table.title,
        rows=len(values),
        format=kind,
        filters={name: value for name, value in request.GET.items() if value},
    )
    name = f"etat-du-stock-{timezone.localdate():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(board.table.headers, values, filename=name)
    return spreadsheet_response("Etat du stock", board.table.headers, values, filename=name)


@allows(Action.MED_READ)
@require_safe
def state_product(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One product of one pharmacy: what was declared, replaced, by whom, and what may come."""
    pui = pui_of(request.user, str(pk))
    found = product_history(pui, code, timezone.localtime())
    elsewhere_rows = elsewhere(request.user, pui, found.product)
    above = [("Etat du stock", f"{reverse('pui:state')}?pui={pui.pk}")]
    context = {
        "history": found,
        "drawing": cover_chart(found),
        "elsewhere": [(one, level(one.stock, one.daily)) for one in elsewhere_rows],
        "pui": pui,
        "above": above,
        "may_transmit": pui.is_open and can(request.user, Action.MED_WRITE, pui),
    }
    return render(request, "dispostock/state_product.html", context)
