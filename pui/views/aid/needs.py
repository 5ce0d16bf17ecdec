"""A need: what is asked, who may give, what was proposed; the board of all open needs."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.flow import TooManyRoutesError
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from pui.aid.board import board_of, shown_transfers
from pui.aid.donors import candidates_for
from pui.aid.forms import DonorForm, QuantityForm, ReasonForm
from pui.aid.part import needs_to_serve
from pui.aid.rights import puis_to, visible_transfers
from pui.aid.stocks import KEPT_DAYS, catalogue_today, held_by
from pui.models import MedicineNeed, MedicineTransfer, Pui
from pui.services.aid_needs import AidError, end_need, widen_need
from pui.services.aid_steps import cancel, confirm_need
from pui.services.aid_transfers import add_transfer, propose, set_quantity
from pui.views.aid.context import need_of, require_medicines, trail

READERS = (Action.AID_ASK, Action.AID_PROPOSE)


@allows(*READERS)
@require_safe
def need(request: HttpRequest, pk: int) -> HttpResponse:
    return need_page(request, need_of(request, pk))


def need_page(
    request: HttpRequest, row: MedicineNeed, donor_form: DonorForm | None = None
) -> HttpResponse:
    transfers = visible_transfers(request.user).filter(need=row)
    agency = puis_to(request.user, Action.AID_PROPOSE).filter(pk=row.pui_id).exists()
    asks = puis_to(request.user, Action.AID_ASK).filter(pk=row.pui_id).exists()
    shown = shown_transfers(request.user, transfers)
    context = {
        "need": row,
        "transfers": shown,
        "has_proposals": any(one.is_editable for one in shown),
        "own": own_stock(row),
        "kept_days": KEPT_DAYS,
        "is_agency": agency and row.is_open,
        "may_end": (agency or asks) and row.is_open,
        "may_widen": agency and row.is_open and not row.is_beyond,
        "above": trail(),
        **(donors_of(request, row, donor_form) if agency and row.is_open else {}),
    }
    status = 422 if donor_form and donor_form.errors else 200
    return render(request, "aid/medicines_need.html", context, status=status)


def own_stock(row: MedicineNeed) -> Any:
    """What the pharmacy in need declared of the product; None when it did not."""
    label = row.reference.label
    now = timezone.now()
    return held_by(catalogue_today(now), [label], [row.pui_id], now).get((row.pui_id, label))


def donors_of(request: HttpRequest, row: MedicineNeed, form: DonorForm | None) -> dict[str, Any]:
    candidates = candidates_for(request.user, [row], timezone.now())[row.pk]
    return {
        "candidates": candidates,
        "donor_form": form or DonorForm(candidates=candidates, initial={"quantity": row.remaining}),
    }


@allows(Action.AID_PROPOSE)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Every open need that waits, with what is proposed for it: solved together in one click."""
    require_medicines(request, Action.AID_PROPOSE)
    context = {
        "needs": board_of(request.user),
        "kept_days": KEPT_DAYS,
        "above": trail(),
    }
    return render(request, "aid/medicines_board.html", context)


@allows(Action.AID_PROPOSE)
@as_shown
@require_POST
def propose_page(request: HttpRequest) -> HttpResponse:
    """Share the donors out between the needs named; all those that wait when none is."""
    require_medicines(request, Action.AID_PROPOSE)
    asked = [int(one) for one in request.POST.getlist("besoin") if one.isdigit() and len(one) < 10]
    numbers = asked or [one.pk for one in needs_to_serve(request.user)]
    try:
        needs, proposal = propose(by=request.user, need_ids=numbers)
    except (AidError, TooManyRoutesError) as error:
        messages.error(request, str(error))
    else:
        tell_proposal(request, needs, proposal)
    if len(asked) == 1:
        return redirect("aid_medicines:need", asked[0])
    return redirect("aid_medicines:propose")


def tell_proposal(request: HttpRequest, needs: list[MedicineNeed], proposal: Any) -> None:
    count = len(proposal.moves)
    mark = "s" if count > 1 else ""
    if count:
        messages.success(
            request, f"{count} transfert{mark} proposé{mark}\u00a0: relisez avant de confirmer."
        )
    for one in needs:
        if missing := proposal.unmet.get(one.pk, 0):
            messages.warning(
                request,
                f"{one.reference} pour {one.pui}\u00a0: {missing} unités restent à trouver. Aucune "
                f"autre PUI à jour n’en a plus de {KEPT_DAYS} jours"
                + ("." if one.is_beyond else " dans la région."),
            )


@allows(Action.AID_PROPOSE)
@as_shown
@require_POST
def confirm_page(request: HttpRequest, pk: int) -> HttpResponse:
    row = need_of(request, pk)
    try:
        rows = confirm_need(by=request.user, need=row)
    except AidError as error:
        messages.error(request, str(error))
    else:
        mark = "s" if len(rows) > 1 else ""
        messages.success(
            request,
            f"{len(rows)} transfert{mark} confirmé{mark}\u00a0: les pharmacies sont prévenues.",
        )
    return redirect("aid_medicines:need", pk)


@allows(Action.AID_PROPOSE)
@as_shown
@require_POST
def donor_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a donor by hand."""
    row = need_of(request, pk)
    found = candidates_for(request.user, [row], timezone.now())[row.pk]
    form = DonorForm(request.POST, candidates=found)
    if not form.is_valid():
        return need_page(request, row, form)
    giver = get_object_or_404(
        Pui.objects.select_related("establishment"), pk=int(form.cleaned_data["giver"])
    )
    try:
        add_transfer(by=request.user, need=row, giver=giver, quantity=form.cleaned_data["quantity"])
    except AidError as error:
        form.add_error(None, str(error))
        return need_page(request, row, form)
    messages.success(request, f"{giver} est proposée.")
    return redirect("aid_medicines:need", pk)


@allows(Action.AID_PROPOSE)
@as_shown
@require_POST
def quantity_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is proposed, or take it back."""
    rows = visible_transfers(request.user).select_related("need", "giver")
    transfer: MedicineTransfer = get_object_or_404(rows, pk=pk)
    form = QuantityForm(request.POST)
    try:
        if "retirer" in request.POST:
            cancel(by=request.user, transfer=transfer)
        elif form.is_valid():
            quantity = form.cleaned_data["quantity"]
            set_quantity(by=request.user, transfer=transfer, quantity=quantity)
        else:
            raise AidError("Donnez une quantité entière, d’une unité au moins.")
    except AidError as error:
        messages.error(request, str(error))
    return redirect("aid_medicines:need", transfer.need_id)


@allows(Action.AID_PROPOSE)
@as_shown
@require_POST
def widen_page(request: HttpRequest, pk: int) -> HttpResponse:
    row = need_of(request, pk)
    try:
        if widen_need(by=request.user, need=row):
            messages.success(request, "La cellule nationale est prévenue.")
    except AidError as error:
        messages.error(request, str(error))
    return redirect("aid_medicines:need", pk)


@allows(*READERS)
@as_shown
@require_http_methods(["POST"])
def end_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The agency closes with an answer, the pharmacy cancels: why is always told."""
    row = need_of(request, pk)
    form = ReasonForm(request.POST)
    form.is_valid()
    try:
        end_need(by=request.user, need=row, answer=form.cleaned_data.get("reason", ""))
    except AidError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Le besoin est terminé.")
    return redirect("aid_medicines:need", pk)
