"""A need: what is asked, who may give, what was proposed; the board of all open needs."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.flow import TooManyRoutesError
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from establishments.redistribution.forms import DonorForm, QuantityForm, ReasonForm
from establishments.redistribution.held import KEPT_DAYS, Held, units_text
from establishments.redistribution.models import Need, Transfer
from establishments.redistribution.rights import is_agency, is_asking, visible_transfers
from establishments.redistribution.rows import board_of, needs_to_serve, shown_transfers
from establishments.redistribution.services.needs import AidError, end_need, widen_need
from establishments.redistribution.services.steps import cancel, confirm_need
from establishments.redistribution.services.transfers import add_transfer, propose, set_quantity
from establishments.redistribution.sharing import Proposal, candidates_for
from establishments.redistribution.trade import Trade
from establishments.redistribution.views.context import need_of, require, shared

READERS = (Action.AID_ASK, Action.AID_PROPOSE)


@allows(*READERS)
@require_safe
def need(request: HttpRequest, pk: int, trade: Trade) -> HttpResponse:
    return need_page(request, trade, need_of(request, trade, pk))


def need_page(
    request: HttpRequest, trade: Trade, row: Need, donor_form: DonorForm | None = None
) -> HttpResponse:
    rows = visible_transfers(trade, request.user).filter(need=row)
    agency = is_agency(trade, request.user, row)
    transfers = shown_transfers(trade, request.user, rows)
    own, unit = own_stock(trade, row), trade.unit_of(row.goods_pk)
    context = {
        "need": row,
        "asked": units_text(row.quantity, unit),
        "left": units_text(row.remaining, unit),
        "transfers": transfers,
        "has_proposals": any(one.is_editable for one in transfers),
        "site": trade.site_of(row.place),
        "origin": trade.origin(row, request.user),
        "own": own,
        "own_declared": trade.declared_text(own.declared_on) if own else "",
        "kept_days": KEPT_DAYS,
        "is_agency": agency and row.is_open,
        "may_end": row.is_open and (agency or is_asking(trade, request.user, row)),
        "may_widen": agency and row.is_open and not row.is_beyond,
        **shared(trade),
        **(donors_of(request, trade, row, donor_form) if agency and row.is_open else {}),
    }
    status = 422 if donor_form and donor_form.errors else 200
    return render(request, "aid/need.html", context, status=status)


def own_stock(trade: Trade, row: Need) -> Held | None:
    """What the place in need declared of it; None when it did not lately."""
    place = trade.places().filter(pk=row.place_pk)
    return trade.held(place, [row.goods_pk], timezone.now()).get((row.place_pk, row.goods_pk))


def donors_of(
    request: HttpRequest, trade: Trade, row: Need, form: DonorForm | None
) -> dict[str, Any]:
    candidates = candidates_for(trade, request.user, [row], timezone.now())[row.pk]
    initial = {"quantity": row.remaining}
    return {
        "candidates": candidates,
        "donor_form": form or DonorForm(trade=trade, candidates=candidates, initial=initial),
    }


@allows(Action.AID_PROPOSE)
@require_safe
def board(request: HttpRequest, trade: Trade) -> HttpResponse:
    """Every open need that waits, with what is proposed for it: solved together in one click."""
    require(trade, request.user, Action.AID_PROPOSE)
    context = {"needs": board_of(trade, request.user), "kept_days": KEPT_DAYS, **shared(trade)}
    return render(request, "aid/board.html", context)


@allows(Action.AID_PROPOSE)
@as_shown
@require_POST
def propose_page(request: HttpRequest, trade: Trade) -> HttpResponse:
    """Share the donors out between the needs named; all those that wait when none is."""
    require(trade, request.user, Action.AID_PROPOSE)
    asked = [
        int(one) for one in request.POST.getlist("besoin") if one.isdecimal() and len(one) < 10
    ]
    numbers = asked or [one.pk for one in needs_to_serve(trade, request.user)]
    try:
        needs, proposal = propose(trade, by=request.user, need_ids=numbers)
    except (AidError, TooManyRoutesError) as error:
        messages.error(request, str(error))
    else:
        tell_proposal(request, trade, needs, proposal)
    if len(asked) == 1:
        return redirect(f"{trade.urls}:need", asked[0])
    return redirect(f"{trade.urls}:propose")


def tell_proposal(
    request: HttpRequest, trade: Trade, needs: list[Need], proposal: Proposal
) -> None:
    if count := len(proposal.moves):
        mark = "s" if count > 1 else ""
        messages.success(
            request, f"{count} transfert{mark} proposé{mark}\u00a0: relisez avant de confirmer."
        )
    for one in needs:
        if missing := proposal.unmet.get(one.pk, 0):
            left = units_text(missing, trade.unit_of(one.goods_pk))
            where = "." if one.is_beyond else " dans la région."
            messages.warning(
                request,
                f"{one.goods} pour {one.place}\u00a0: il reste {left} à trouver. "
                f"Personne d’autre, à jour, n’en a plus de {KEPT_DAYS} jours{where}",
            )


@allows(Action.AID_PROPOSE)
@as_shown
@require_POST
def confirm_page(request: HttpRequest, pk: int, trade: Trade) -> HttpResponse:
    row = need_of(request, trade, pk)
    try:
        rows = confirm_need(trade, by=request.user, need=row)
    except AidError as error:
        messages.error(request, str(error))
    else:
        mark = "s" if len(rows) > 1 else ""
        said = f"{len(rows)} transfert{mark} confirmé{mark}\u00a0: les deux côtés sont prévenus."
        messages.success(request, said)
    return redirect(f"{trade.urls}:need", pk)


@allows(Action.AID_PROPOSE)
@as_shown
@require_POST
def donor_page(request: HttpRequest, pk: int, trade: Trade) -> HttpResponse:
    """Add a donor by hand."""
    row = need_of(request, trade, pk)
    found = candidates_for(trade, request.user, [row], timezone.now())[row.pk]
    form = DonorForm(request.POST, trade=trade, candidates=found)
    if not form.is_valid():
        return need_page(request, trade, row, form)
    giver = next(one.place for one in found if str(one.place.pk) == form.cleaned_data["giver"])
    quantity = form.cleaned_data["quantity"]
    try:
        add_transfer(trade, by=request.user, need=row, giver=giver, quantity=quantity)
    except AidError as error:
        form.add_error(None, str(error))
        return need_page(request, trade, row, form)
    messages.success(request, f"Don proposé\u00a0: {giver}.")
    return redirect(f"{trade.urls}:need", pk)


@allows(Action.AID_PROPOSE)
@as_shown
@require_POST
def quantity_page(request: HttpRequest, pk: int, trade: Trade) -> HttpResponse:
    """Change what is proposed, or take it back."""
    rows = visible_transfers(trade, request.user).select_related("need", "giver")
    transfer: Transfer = get_object_or_404(rows, pk=pk)
    form = QuantityForm(request.POST)
    try:
        if "retirer" in request.POST:
            cancel(trade, by=request.user, transfer=transfer)
        elif form.is_valid():
            quantity = form.cleaned_data["quantity"]
            set_quantity(trade, by=request.user, transfer=transfer, quantity=quantity)
        else:
            raise AidError("Donnez une quantité entière, d’une unité au moins.")
    except AidError as error:
        messages.error(request, str(error))
    return redirect(f"{trade.urls}:need", transfer.need.pk)


@allows(Action.AID_PROPOSE)
@as_shown
@require_POST
def widen_page(request: HttpRequest, pk: int, trade: Trade) -> HttpResponse:
    row = need_of(request, trade, pk)
    try:
        if widen_need(trade, by=request.user, need=row):
            messages.success(request, "La cellule nationale est prévenue.")
    except AidError as error:
        messages.error(request, str(error))
    return redirect(f"{trade.urls}:need", pk)


@allows(*READERS)
@as_shown
@require_POST
def end_page(request: HttpRequest, pk: int, trade: Trade) -> HttpResponse:
    """The agency closes with an answer, who asked cancels: why is always told."""
    row = need_of(request, trade, pk)
    form = ReasonForm(request.POST)
    form.is_valid()
    try:
        end_need(trade, by=request.user, need=row, answer=form.cleaned_data.get("reason", ""))
    except AidError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Le besoin est terminé.")
    return redirect(f"{trade.urls}:need", pk)
