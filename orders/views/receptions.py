"""What came, told by who ordered, and put right for seven days."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.lookups import get_in_perimeter
from accounts.models import User
from common.numbers import row_number
from common.weeks import monday_of
from epi_stocks.calendar import is_open
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.following.expected import due_of, expected_again, is_receivable
from orders.following.forms import ReceptionForm
from orders.following.reading import order_of
from orders.models import Order, Reception, Shipment
from orders.services.reception_checks import (
    CorrectedMeanwhileError,
    ReceivedMeanwhileError,
    ReceptionError,
)
from orders.services.receptions import confirm_reception, correct_reception
from orders.services.supplies import site_of
from orders.views.following import LIST, trail


@allows(Action.ORD_RECEP)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def reception(request: HttpRequest, pk: int) -> HttpResponse:
    """Of one shipment, or of the whole order."""
    order = own_order(request.user, pk)
    shipment = shipment_asked(request, order)
    form = ReceptionForm(
        request.POST or None,
        request.FILES or None,
        lines=order.lines.select_related("product__item"),
        left=due_of(order).left(shipment) if is_receivable(order) else {},
        received_on=day_given(shipment),
    )
    context = {"above": trail(LIST, order=order), "order": order, "shipment": shipment}
    if request.method != "POST":
        return shown(request, form, context)
    if not form.is_valid():
        return shown(request, form, context, 422)
    try:
        done = confirm_reception(
            by=request.user,
            order=order,
            shipment=shipment,
            told=form.told_now(),
            token=form.cleaned_data["jeton"],
            seen=form.seen,
        )
    except ReceivedMeanwhileError as refusal:
        form.show_again()
        form.refuse(str(refusal), None)
        return shown(request, form, context, 409)
    except ReceptionError as refusal:
        form.refuse(str(refusal), refusal.line)
        return shown(request, form, context, 422)
    messages.success(request, told_sentence(done))
    return redirect("orders:order", pk=order.pk)


@allows(Action.ORD_RECEP)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Reception.objects.select_related("shipment", "told_by", "corrected_by")
    kept = get_in_perimeter(rows, request.user, to=Action.ORD_READ, pk=pk)
    assert isinstance(kept, Reception)  # noqa: S101  # says to the types what was read
    order = own_order(request.user, kept.order_id)
    form = correction_form(request, order, kept)
    context = {
        "above": trail(LIST, order=order),
        "order": order,
        "shipment": kept.shipment,
        "reception": kept,
    }
    if request.method != "POST":
        return shown(request, form, context)
    if not form.is_valid():
        return shown(request, form, context, 422)
    try:
        correct_reception(by=request.user, reception=kept, told=form.told_now(), seen=form.version)
    except CorrectedMeanwhileError as refusal:
        form.keep_beside(refusal.reception)
        form.refuse(str(refusal), None)
        return shown(request, form, context, 409)
    except ReceptionError as refusal:
        form.refuse(str(refusal), refusal.line)
        return shown(request, form, context, 422)
    messages.success(request, "La réception est corrigée.")
    return redirect("orders:order", pk=order.pk)


def correction_form(request: HttpRequest, order: Order, kept: Reception) -> ReceptionForm:
    return ReceptionForm(
        request.POST or None,
        request.FILES or None,
        lines=order.lines.select_related("product__item"),
        left=expected_again(order, kept),
        reception=kept,
        received_on=kept.received_on,
    )


def day_given(shipment: Shipment | None) -> date | None:
    """The day its carrier says it gave it, when it does."""
    if shipment is None or shipment.delivered_at is None:
        return None
    return timezone.localdate(shipment.delivered_at)


def own_order(user: User, pk: int) -> Order:
    """Out of reach it does not exist; read only, it is refused with a sentence."""
    order = order_of(user, pk)
    if not Order.objects.filter(pk=pk).held_by(user, to=Action.ORD_RECEP).exists():
        raise PermissionDenied(
            "Qui a commandé réceptionne\u00a0: l’opérateur de commande de l’établissement, ou "
            "l’ARS pour son pot commun."
        )
    return order


def shipment_asked(request: HttpRequest, order: Order) -> Shipment | None:
    """That of the address or of the form; one of another order does not exist."""
    asked = request.POST.get("expedition") or request.GET.get("expedition", "")
    if not asked:
        return None
    found: Shipment | None = order.shipments.filter(pk=row_number(asked)).first()
    if found is None:
        raise Http404
    return found


def told_sentence(done: Reception) -> str:
    if any(one.is_problem for one in done.lines.all()):
        return (
            "La réception est enregistrée, avec ce qui ne va pas. Ouvrez une réclamation pour que "
            "l’entrepôt vous réponde."
        )
    told, week = "La réception est enregistrée.", monday_of(done.received_on)
    if site_of(done.order) is None or not is_open(week):
        return told
    return f"{told} L’inventaire EPI de la semaine du {week:%d/%m/%Y} la propose."


def shown(
    request: HttpRequest, form: ReceptionForm, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(
        request, "orders/following/reception.html", context | {"form": form}, status=status
    )
