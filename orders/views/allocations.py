"""Share-outs: those of each item, a draft, what is decided of it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.numbers import row_number
from common.weeks import current_week
from epi_stocks.models import EpiItem
from establishments.access import allows, as_shown
from establishments.models import Region
from establishments.perimeter import Action
from orders.models import Adjustment, Allocation, Doctrine
from orders.quotas.checks import obstacles, totals_of
from orders.quotas.forms import AdjustmentForm, DraftForm, initial_of, suggested
from orders.quotas.shelf import shelves
from orders.rules import served_regions
from orders.services.allocations import (
    abandon,
    adjust,
    change_draft,
    create_draft,
    duplicate,
    recompute,
    remove_adjustment,
    version_of,
)
from orders.services.publishing import end, propose, publish, send_back
from orders.services.quota_errors import AllocationError, ChangedMeanwhileError

OF_ALLOCATION = ("item", "doctrine", "created_by", "edited_by", "proposed_by", "published_by",
                 "renews")  # fmt: skip


@allows(Action.QUOTA_WRITE)
@require_safe
def allocations(request: HttpRequest) -> HttpResponse:
    found = shelves()
    context = {
        "busy": [one for one in found if not one.is_idle],
        "idle": [one for one in found if one.is_idle],
        "week": current_week(),
    }
    return render(request, "orders/quotas/allocations.html", context)


@allows(Action.QUOTA_WRITE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A share-out of the item of the address, with what is suggested for it."""
    asked = row_number(request.GET.get("equipement", ""))
    item = get_object_or_404(EpiItem.objects.top(), pk=asked)
    if request.method != "POST":
        return new_page(request, item, draft_form(initial=suggested(item)))
    form = draft_form(request.POST, initial=suggested(item))
    if not form.is_valid():
        return new_page(request, item, form, status=422)
    try:
        draft = create_draft(by=request.user, item=item, settings=form.settings())
    except AllocationError as refusal:
        form.add_error(None, str(refusal))
        return new_page(request, item, form, status=422)
    messages.success(request, "Le brouillon est enregistré et calculé.")
    return redirect("orders:allocation", pk=draft.pk)


def new_page(
    request: HttpRequest, item: EpiItem, form: DraftForm, status: int = 200
) -> HttpResponse:
    context = {"item": item, "form": form}
    return render(request, "orders/quotas/new.html", context, status=status)


def draft_form(data: Any = None, *, initial: dict[str, Any]) -> DraftForm:
    regions = Region.objects.filter(pk__in=served_regions(current_week())).order_by("name")
    return DraftForm(data, initial=initial, regions=regions, doctrines=Doctrine.objects.all())


@allows(Action.QUOTA_WRITE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def allocation(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft to change; the others to read."""
    row = get_object_or_404(Allocation.objects.select_related(*OF_ALLOCATION), pk=pk)
    if request.method != "POST":
        return page(request, row)
    form = draft_form(request.POST, initial=initial_of(row))
    if not form.is_valid():
        return page(request, row, form=form, status=422)
    try:
        change_draft(by=request.user, draft=row, settings=form.settings(),
                     seen=form.cleaned_data["seen"])  # fmt: skip
    except ChangedMeanwhileError as refusal:
        form.add_error(None, str(refusal))
        return page(request, refusal.row, form=again(form, refusal.row), status=409)
    except AllocationError as refusal:
        return refused(request, row, refusal, form=form)
    messages.success(request, "Le brouillon est enregistré et calculé.")
    return redirect("orders:allocation", pk=pk)


def refused(
    request: HttpRequest, row: Allocation, refusal: AllocationError, **forms: Any
) -> HttpResponse:
    """Told in the form that was sent; on the page when it has no form any more."""
    row.refresh_from_db()
    if not row.is_open:
        messages.error(request, str(refusal))
        return redirect("orders:allocation", pk=row.pk)
    for form in forms.values():
        form.add_error(None, str(refusal))
    return page(request, row, **forms, status=422)


def again(form: DraftForm, row: Allocation) -> DraftForm:
    """What was typed stays; sent again, it answers what counts now."""
    form.data = form.data.copy()
    form.data["seen"] = version_of(row)
    return form


def page(
    request: HttpRequest,
    row: Allocation,
    *,
    form: DraftForm | None = None,
    adjustment: AdjustmentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    totals = totals_of(row)
    if row.is_open:
        form = form or draft_form(initial=initial_of(row))
    of_beneficiary = ("beneficiary__establishment", "beneficiary__legal_entity")
    in_force = Allocation.objects.in_force(row.starts_on).filter(item=row.item).exclude(pk=row.pk)
    context = {
        "row": row,
        "totals": totals,
        "obstacles": obstacles(totals) if row.state in (STATE.DRAFT, STATE.PROPOSED) else [],
        "form": form,
        "adjustment": adjustment or AdjustmentForm(),
        "adjustments": row.adjustments.select_related(*of_beneficiary),
        "factors": row.region_factors.select_related("region"),
        "in_force": in_force.first(),
        "is_mine": row.proposed_by_id == request.user.pk,
        "version": version_of(row),
        "regions": Region.objects.filter(pk__in=row.regions).order_by("name"),
        "is_ended": row.ends_on is not None and row.ends_on <= current_week(),
    }
    return render(request, "orders/quotas/allocation.html", context, status=status)


STATE = Allocation.State
Verb = Callable[[HttpRequest, Allocation], tuple[Allocation, str]]


def _recompute(request: HttpRequest, row: Allocation) -> tuple[Allocation, str]:
    return recompute(by=request.user, draft=row), "Le calcul est refait avec les données du jour."


def _duplicate(request: HttpRequest, row: Allocation) -> tuple[Allocation, str]:
    return duplicate(by=request.user, source=row), "Voici la copie, calculée."


def _abandon(request: HttpRequest, row: Allocation) -> tuple[Allocation, str]:
    return abandon(by=request.user, draft=row), "Le brouillon est abandonné."


def _propose(request: HttpRequest, row: Allocation) -> tuple[Allocation, str]:
    row = propose(by=request.user, draft=row, seen=request.POST.get("seen", ""))
    return row, "La répartition est proposée\u00a0: une autre personne la publie."


def _send_back(request: HttpRequest, row: Allocation) -> tuple[Allocation, str]:
    reason = request.POST.get("reason", "")[:500]
    return send_back(by=request.user, proposal=row, reason=reason), "Redevenue un brouillon."


def _publish(request: HttpRequest, row: Allocation) -> tuple[Allocation, str]:
    row = publish(by=request.user, proposal=row, seen=request.POST.get("seen", ""))
    return row, "La répartition est publiée. Les ARS sont prévenues."


def _end(request: HttpRequest, row: Allocation) -> tuple[Allocation, str]:
    last: date = max(current_week(), row.starts_on)
    row = end(by=request.user, allocation=row, last_week=last)
    return row, f"La répartition s’arrête après la semaine du {last:%d/%m/%Y}."


VERBS: dict[str, Verb] = {
    "calculer": _recompute,
    "dupliquer": _duplicate,
    "abandonner": _abandon,
    "proposer": _propose,
    "rendre": _send_back,
    "publier": _publish,
    "arreter": _end,
}


@allows(Action.QUOTA_WRITE)
@as_shown
@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One decision about a share-out; a refusal is told on its page."""
    if verb not in VERBS:
        raise Http404
    row = get_object_or_404(Allocation.objects.select_related(*OF_ALLOCATION), pk=pk)
    try:
        row, done = VERBS[verb](request, row)
    except AllocationError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("orders:allocation", pk=row.pk)


@allows(Action.QUOTA_WRITE)
@as_shown
@require_POST
def adjusted(request: HttpRequest, pk: int) -> HttpResponse:
    """« Ajustement individuel » of a draft."""
    row = get_object_or_404(Allocation.objects.select_related(*OF_ALLOCATION), pk=pk)
    form = AdjustmentForm(request.POST)
    if not form.is_valid():
        return page(request, row, adjustment=form, status=422)
    told = form.cleaned_data
    try:
        adjust(by=request.user, draft=row, beneficiary=told["finess"], factor=told["factor"],
               reason=told["reason"])  # fmt: skip
    except AllocationError as refusal:
        return refused(request, row, refusal, adjustment=form)
    messages.success(request, f"{told['finess']}\u00a0: ajustement enregistré et calculé.")
    return redirect("orders:allocation", pk=pk)


@allows(Action.QUOTA_WRITE)
@as_shown
@require_POST
def adjustment_removed(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Adjustment.objects.for_user(request.user, to=Action.QUOTA_WRITE)
    row = get_object_or_404(rows.select_related("allocation", "beneficiary"), pk=pk)
    try:
        remove_adjustment(by=request.user, adjustment=row)
    except AllocationError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "L’ajustement est retiré.")
    return redirect("orders:allocation", pk=row.allocation_id)
