"""« Etat du stock »: of one's pharmacies, of one of a territory, as a page and as a file."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.lookups import can
from accounts.models import User
from common.exports import csv_response, spreadsheet_response
from establishments.access import allows
from establishments.perimeter import Action
from journal.services import record
from medications.models import MonitoredList, Product
from medications.thresholds import level_of
from pui.models import Pui
from pui.rights import READ, may_write
from pui.stock.board import FORMATS, Board
from pui.stock.drawing import cover_chart
from pui.stock.history import elsewhere, list_following, product_history, product_of
from pui.stock.reading import MOST_SUMMED
from pui.stock.scope import (
    holds_territory,
    list_of,
    pui_of,
    query_of,
    scope_of,
    search,
)

READERS = tuple(dict.fromkeys(READ.values()))


@allows(*READERS)
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
        "list_query": urlencode(query_of(scope.monitored_list)),
        "may_choose_other": holds_territory(request.user, scope.monitored_list),
        "may_transmit": bool(pui and may_transmit(request.user, pui, scope.monitored_list)),
    }
    return render(request, "dispostock/state.html", context)


def may_transmit(user: User, pui: Pui, monitored_list: MonitoredList) -> bool:
    return pui.is_open and may_write(user, pui, monitored_list)


def choose(request: HttpRequest) -> HttpResponse:
    """One pharmacy of the territory, found by its name, its establishment or its town."""
    user, asked = request.user, request.GET.get("recherche", "").strip()[:100]
    monitored_list = list_of(user, request.GET.get("liste"))
    has_territory = holds_territory(user, monitored_list)
    context = {
        "asked": asked,
        "monitored_list": monitored_list,
        "query": urlencode(query_of(monitored_list)),
        "found": search(user, asked, monitored_list) if has_territory else [],
        "holds_territory": has_territory,
    }
    return render(request, "dispostock/state_choose.html", context)


@allows(*READERS)
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


@allows(*READERS)
@require_safe
def state_product(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One product of one pharmacy: what was declared, replaced, by whom, and what may come."""
    product = product_of(code)
    monitored_list = list_following(product)
    pui = pui_of(request.user, str(pk), monitored_list)
    found = product_history(pui, product, monitored_list, timezone.localtime())
    elsewhere_rows = elsewhere(request.user, pui, product, monitored_list)
    query = urlencode({"pui": pui.pk} | query_of(monitored_list))
    above = [("Etat du stock", f"{reverse('pui:state')}?{query}")]
    context = {
        "history": found,
        "drawing": cover_chart(found),
        "elsewhere": [(one, level_of(one.stock, one.daily)) for one in elsewhere_rows],
        "pui": pui,
        "monitored_list": monitored_list,
        "above": above,
        "may_transmit": may_transmit(request.user, pui, monitored_list),
        "help_url": help_address(request.user, pui, product, monitored_list),
    }
    return render(request, "dispostock/state_product.html", context)


def help_address(user: User, pui: Pui, product: Product, monitored_list: MonitoredList) -> str:
    """The request for help about this medicine, prefilled; blank for who may not ask here."""
    if not pui.is_open or monitored_list.pk != MonitoredList.Slug.OTHERS:
        return ""
    query = urlencode({"pui": pui.pk, "produit": str(product.reference or product)})
    return f"{reverse('pui:help_ask')}?{query}" if can(user, Action.AID_ASK, pui) else ""
