"""Replenishment of the La Poste warehouse: what it will lack, what is asked, what moves."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.logistics.forms import ReceivedForm, ReplenishmentForm
from orders.logistics.needs import CAPACITY, COVER_DAYS, TARGET_DAYS, WATCHED_DAYS, warehouse_now
from orders.logistics.reach import replenishes, replenishments_seen
from orders.logistics.tabs import page_context
from orders.models import Replenishment
from orders.services.errors import OrderingError
from orders.services.replenishing import (
    ask_replenishment,
    drop_replenishment,
    receive_replenishment,
    request_replenishment,
    ship_replenishment,
)

PER_PAGE = 25
State = Replenishment.State
OF_THE_STATE = "Le stock de l’État se réassortit de Santé publique France à La Poste."
SAID = {
    "ask": "Le réassort est demandé.",
    "drop": "Le réassort est abandonné.",
    "ship": "Le réassort est expédié.",
    "receive": "Le réassort est reçu.",
}


@as_shown
@allows(Action.ROUTE_WRITE, Action.IF_PUT)
@require_http_methods(["GET", "HEAD", "POST"])
def replenishments(request: HttpRequest) -> HttpResponse:
    if not replenishes(request.user):
        raise PermissionDenied(OF_THE_STATE)
    form = ReplenishmentForm(request.POST or None, initial=_proposed(request))
    if request.method == "POST" and form.is_valid():
        try:
            request_replenishment(by=request.user, **form.cleaned_data)
        except OrderingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Le réassort est noté.")
            return redirect("orders:replenishments")
    page = Paginator(replenishments_seen(request.user), PER_PAGE).get_page(request.GET.get("page"))
    held = request.user.perimeter_to(Action.IF_PUT).operator_ids
    context = page_context(request.user, "orders:replenishments") | {
        "warehouse": warehouse_now(),
        "capacity": CAPACITY,
        "cover_days": COVER_DAYS,
        "target_days": TARGET_DAYS,
        "watched_days": WATCHED_DAYS,
        "page": page,
        "rows": [(one, _actions(request, one, held)) for one in page],
        "form": form,
        "may_ask": request.user.may(Action.ROUTE_WRITE),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "orders/logistics/replenishments.html", context, status=status)


def _proposed(request: HttpRequest) -> dict[str, str]:
    """What the table of needs proposes fills the form."""
    names = {"product": "produit", "quantity": "quantite"}
    found = {name: request.GET.get(key, "") for name, key in names.items()}
    return {name: text for name, text in found.items() if text.isascii() and text.isdigit()}


def _actions(request: HttpRequest, row: Replenishment, held: frozenset[int]) -> list[str]:
    """What this person may do with it now."""
    is_national = request.user.may(Action.ROUTE_WRITE)
    found = {
        "ask": is_national and row.state == State.PROPOSED,
        "drop": is_national and row.state in (State.PROPOSED, State.ASKED),
        "ship": row.source_id in held and row.state == State.ASKED,
        "receive": row.target_id in held and row.state == State.SHIPPED,
    }
    return [name for name, is_open in found.items() if is_open]


@as_shown
@allows(Action.ROUTE_WRITE, Action.IF_PUT)
@require_POST
def replenishment(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    row = get_object_or_404(replenishments_seen(request.user), pk=pk)
    if act not in SAID:
        raise Http404
    try:
        _do(request, row, act)
    except OrderingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, SAID[act])
    return redirect("orders:replenishments")


def _do(request: HttpRequest, row: Replenishment, act: str) -> None:
    if act == "ask":
        ask_replenishment(row, by=request.user)
    elif act == "drop":
        drop_replenishment(row, by=request.user)
    elif act == "ship":
        ship_replenishment(row, by=request.user)
    else:
        form = ReceivedForm(request.POST, row=row)
        if not form.is_valid():
            raise OrderingError("Dites combien d’unités sont arrivées, en nombre entier.")
        receive_replenishment(row, by=request.user, received=form.cleaned_data["received"])
