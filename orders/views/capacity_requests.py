"""Corrections that wait: read by the ARS and the national cell, decided one or several at once."""

from collections.abc import Mapping

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.numbers import row_number
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.capacities.forms import DecideForm
from orders.capacities.waiting import requests_to_decide, waiting_rows
from orders.models import CapacityRequest
from orders.services.capacity_requests import (
    MOST,
    CapacityError,
    ChangedMeanwhileError,
    decide_requests,
    withdraw_request,
)
from orders.views.capacities import trail

TITLE = "Corrections de capacité"
PER_PAGE = 50
TICKED = "demande"


@allows(Action.CAP_VALIDATE)
@require_safe
def capacity_requests(request: HttpRequest) -> HttpResponse:
    """The oldest first; several are ticked, then read again before they are decided."""
    rows = requests_to_decide(request.user)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": TITLE,
        "above": trail(),
        "page": page,
        "rows": waiting_rows(page.object_list, request.user),
    }
    return render(request, "orders/capacities/requests.html", context)


@as_shown
@allows(Action.CAP_VALIDATE)
@require_http_methods(["GET", "HEAD", "POST"])
def capacity_decide(request: HttpRequest) -> HttpResponse:
    """The preview of those ticked, then one answer for those that stay ticked."""
    if request.method != "POST":
        return _preview(request, DecideForm(), _numbers(request.GET.getlist(TICKED)))
    ticked = _numbers(request.POST.getlist(TICKED))
    form = DecideForm(request.POST)
    if not ticked:
        form.add_error(None, "Cochez au moins une demande.")
    if not form.is_valid():
        return _preview(request, form, ticked, status=422)
    seen = {pk: request.POST.get(f"vu-{pk}", "") for pk in ticked}
    try:
        decided = decide_requests(
            by=request.user,
            seen=seen,
            accepted=form.is_accepted,
            answer=form.cleaned_data["answer"],
        )
    except CapacityError as error:
        form.add_error(None, str(error))
        status = 409 if isinstance(error, ChangedMeanwhileError) else 422
        return _preview(request, form, ticked, status=status)
    s = "s" if len(decided) > 1 else ""
    word = "acceptée" if form.is_accepted else "refusée"
    messages.success(
        request, f"{len(decided)} correction{s} {word}{s}. Un courriel part à qui a demandé."
    )
    return redirect("orders:capacity_requests")


def _preview(
    request: HttpRequest, form: DecideForm, ticked: set[int], status: int = 200
) -> HttpResponse:
    """Those shown before stay shown; those decided meanwhile are gone from the list."""
    shown = ticked | _numbers(request.POST.getlist("relue"))
    rows = requests_to_decide(request.user).filter(pk__in=shown)[:MOST]
    found = waiting_rows(rows, request.user)
    context = {
        "title": "Décider",
        "above": trail((TITLE, reverse("orders:capacity_requests"))),
        "rows": [(one, one.request.pk in ticked) for one in found if not one.own],
        "own": [one for one in found if one.own],
        "form": form,
    }
    return render(request, "orders/capacities/decide.html", context, status=status)


def _numbers(values: Mapping[str, str] | list[str]) -> set[int]:
    return {row_number(one) for one in values} - {0}


@require_POST
@as_shown
@allows(Action.CAP_PROPOSE)
def capacity_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Of one's place; of another, it does not exist."""
    own = CapacityRequest.objects.for_user(request.user, to=Action.CAP_PROPOSE)
    row = get_object_or_404(own.select_related("establishment"), pk=pk)
    try:
        withdraw_request(by=request.user, request=row)
    except CapacityError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "La demande est retirée.")
    return redirect("orders:capacity", finess=row.establishment.finess)
