"""A transfer: where it is, why, whom to call; the step that waits for the reader."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from establishments.access import allows, as_shown
from establishments.perimeter import Action
from establishments.redistribution.states import Side, Step, TransferState
from establishments.redistribution.timeline import timeline
from pui.aid.explaining import sentence_of, unit_text
from pui.aid.forms import ReasonForm, ReceptionForm, ShippingForm
from pui.aid.rights import Sides, steps_sides, visible_needs
from pui.models import MedicineTransfer
from pui.region.contacts import own_contact, people_of
from pui.services.aid_needs import AidError
from pui.services.aid_steps import accept, cancel, confirm, receive, refuse, ship
from pui.views.aid.context import trail, transfer_of

DONE = {
    Step.CONFIRM: "Transfert confirmé\u00a0: les deux pharmacies sont prévenues.",
    Step.ACCEPT: "Transfert accepté de votre côté.",
    Step.SHIP: "Expédition enregistrée\u00a0: la pharmacie qui reçoit est prévenue.",
    Step.RECEIVE: "Réception enregistrée.",
    Step.REFUSE: "Transfert refusé\u00a0: l’ARS cherchera un autre donneur.",
    Step.CANCEL: "Transfert annulé.",
}


@allows(Action.AID_PROPOSE, Action.AID_ACCEPT)
@require_safe
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    return transfer_page(request, transfer_of(request, pk))


def transfer_page(
    request: HttpRequest, row: MedicineTransfer, bound: dict[str, Any] | None = None
) -> HttpResponse:
    sides = Sides(request.user, [row])
    open_steps = {step: steps_sides(row, step, sides) for step in Step}
    places = [("Donne", row.giver), ("Reçoit", row.need.pui)]
    people = people_of([pui for _, pui in places])
    context = {
        "transfer": row,
        "state": TransferState(row.state),
        "quantity": unit_text(row.quantity, row.explanation.get("unit", "unité")),
        "sentence": sentence_of(row),
        "timeline": timeline(row),
        "places": [(name, pui, own_contact(pui), people[pui.pk]) for name, pui in places],
        "steps": {step.value: found for step, found in open_steps.items() if found},
        "shipping": ShippingForm(),
        "reception": ReceptionForm(initial={"quantity": row.quantity}),
        "need_is_visible": visible_needs(request.user).filter(pk=row.need_id).exists(),
        "above": trail(),
        **(bound or {}),
    }
    status = 422 if bound else 200
    return render(request, "aid/medicines_transfer.html", context, status=status)


@allows(Action.AID_PROPOSE, Action.AID_ACCEPT)
@as_shown
@require_POST
def step_page(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take one step, on behalf of the side that the form names when one holds both."""
    if step not in Step.values:
        raise Http404
    row = transfer_of(request, pk)
    asked = Step(step)
    form, name = _form_of(request, asked)
    if form is not None and not form.is_valid():
        return transfer_page(request, row, {name: form})
    try:
        _take(request, row, asked, form.cleaned_data if form else {})
    except AidError as error:
        if form is not None and name:
            form.add_error(None, str(error))
            return transfer_page(request, row, {name: form})
        messages.error(request, str(error))
    else:
        messages.success(request, DONE[asked])
    if asked in (Step.CONFIRM, Step.CANCEL) and visible_needs(request.user).filter(pk=row.need_id):
        return redirect("aid_medicines:need", row.need_id)
    return redirect("aid_medicines:transfer", pk)


def _form_of(request: HttpRequest, step: Step) -> tuple[Any, str]:
    match step:
        case Step.SHIP:
            return ShippingForm(request.POST), "shipping"
        case Step.RECEIVE:
            return ReceptionForm(request.POST), "reception"
        case Step.REFUSE | Step.CANCEL:
            return ReasonForm(request.POST), ""
    return None, ""


def _take(request: HttpRequest, row: MedicineTransfer, step: Step, typed: dict[str, Any]) -> None:
    by = request.user
    match step:
        case Step.CONFIRM:
            confirm(by=by, transfer=row)
        case Step.ACCEPT:
            accept(by=by, transfer=row, side=_side(request))
        case Step.SHIP:
            ship(by=by, transfer=row, expiry=typed["expiry"], note=typed["note"])
        case Step.RECEIVE:
            receive(by=by, transfer=row, **typed)
        case Step.REFUSE:
            refuse(by=by, transfer=row, side=_side(request), reason=typed["reason"])
        case Step.CANCEL:
            cancel(by=by, transfer=row, reason=typed["reason"])


def _side(request: HttpRequest) -> Side:
    """Said by the form: a pharmacist may hold both sides of a transfer."""
    asked = request.POST.get("cote", "")
    return Side.GIVER if asked == Side.GIVER else Side.TAKER
