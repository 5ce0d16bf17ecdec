"""A transfer: where it is, why, whom to call; the step that waits for the reader."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from establishments.access import allows, as_shown
from establishments.perimeter import Action
from establishments.redistribution.forms import ReasonForm, ReceptionForm, ShippingForm
from establishments.redistribution.models import Transfer
from establishments.redistribution.rights import Sides, visible_needs
from establishments.redistribution.rows import sentence_of
from establishments.redistribution.services.needs import AidError
from establishments.redistribution.services.steps import (
    accept,
    cancel,
    confirm,
    receive,
    refuse,
    ship,
)
from establishments.redistribution.states import Side, Step, TransferState
from establishments.redistribution.timeline import timeline
from establishments.redistribution.trade import Trade
from establishments.redistribution.views.context import shared, transfer_of

ACTIONS = (Action.AID_PROPOSE, Action.AID_ACCEPT)
DONE = {
    Step.CONFIRM: "Transfert confirmé\u00a0: les deux côtés sont prévenus.",
    Step.ACCEPT: "Transfert accepté de votre côté.",
    Step.SHIP: "Expédition enregistrée\u00a0: celui qui reçoit est prévenu.",
    Step.RECEIVE: "Réception enregistrée.",
    Step.REFUSE: "Transfert refusé\u00a0: l’ARS cherchera un autre donneur.",
    Step.CANCEL: "Transfert annulé.",
}


@allows(*ACTIONS)
@require_safe
def transfer(request: HttpRequest, pk: int, trade: Trade) -> HttpResponse:
    return transfer_page(request, trade, transfer_of(request, trade, pk))


def transfer_page(
    request: HttpRequest, trade: Trade, row: Transfer, bound: dict[str, Any] | None = None
) -> HttpResponse:
    sides = Sides(trade, request.user, [row])
    open_steps = {step: sides.able(row, step) for step in Step}
    places = [("Donne", row.giver), ("Reçoit", row.need.place)]
    context = {
        "transfer": row,
        "state": TransferState(row.state),
        "quantity": row.units,
        "sentence": sentence_of(trade, row),
        "timeline": timeline(row),
        "places": [
            (name, place, trade.site_of(place), trade.people(place)) for name, place in places
        ],
        "delivery": trade.delivery(row.need.place),
        "steps": {step.value: found for step, found in open_steps.items() if found},
        "shipping": ShippingForm(trade=trade, initial={"expiry": row.declared_expiry}),
        "reception": ReceptionForm(initial={"quantity": row.quantity}),
        "need_is_visible": _sees_need(request, trade, row),
        **shared(trade),
        **(bound or {}),
    }
    return render(request, "aid/transfer.html", context, status=422 if bound else 200)


def _sees_need(request: HttpRequest, trade: Trade, row: Transfer) -> bool:
    return bool(visible_needs(trade, request.user).filter(pk=row.need.pk).exists())


@allows(*ACTIONS)
@as_shown
@require_POST
def step_page(request: HttpRequest, pk: int, step: str, trade: Trade) -> HttpResponse:
    """Take one step, on behalf of the side that the form names when one holds both."""
    if step not in Step.values:
        raise Http404
    row = transfer_of(request, trade, pk)
    asked = Step(step)
    form, name = _form_of(request, trade, asked)
    if form is not None and not form.is_valid():
        return transfer_page(request, trade, row, {name: form})
    try:
        _take(request, trade, row, asked, form.cleaned_data if form else {})
    except AidError as error:
        if form is not None and name:
            form.add_error(None, str(error))
            return transfer_page(request, trade, row, {name: form})
        messages.error(request, str(error))
    else:
        messages.success(request, DONE[asked])
    if asked in (Step.CONFIRM, Step.CANCEL) and _sees_need(request, trade, row):
        return redirect(f"{trade.urls}:need", row.need.pk)
    return redirect(f"{trade.urls}:transfer", pk)


def _form_of(request: HttpRequest, trade: Trade, step: Step) -> tuple[Any, str]:
    match step:
        case Step.SHIP:
            return ShippingForm(request.POST, trade=trade), "shipping"
        case Step.RECEIVE:
            return ReceptionForm(request.POST), "reception"
        case Step.REFUSE | Step.CANCEL:
            return ReasonForm(request.POST), ""
    return None, ""


def _take(
    request: HttpRequest, trade: Trade, row: Transfer, step: Step, typed: dict[str, Any]
) -> None:
    by = request.user
    match step:
        case Step.CONFIRM:
            confirm(trade, by=by, transfer=row)
        case Step.ACCEPT:
            accept(trade, by=by, transfer=row, side=_side(request))
        case Step.SHIP:
            ship(trade, by=by, transfer=row, **typed)
        case Step.RECEIVE:
            receive(trade, by=by, transfer=row, **typed)
        case Step.REFUSE:
            refuse(trade, by=by, transfer=row, side=_side(request), reason=typed["reason"])
        case Step.CANCEL:
            cancel(trade, by=by, transfer=row, reason=typed["reason"])


def _side(request: HttpRequest) -> Side:
    """Said by the form: one person may hold both sides of a transfer."""
    asked = request.POST.get("cote", "")
    return Side.GIVER if asked == Side.GIVER else Side.TAKER
