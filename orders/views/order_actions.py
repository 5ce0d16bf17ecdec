"""What one does with an order sent: change it, cancel it, ask its stop, order it again."""

from collections.abc import Collection
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from establishments.access import allows, as_shown, refusal
from establishments.perimeter import Action
from orders.models import Order
from orders.ordering.actions import COUNTED, OURS
from orders.ordering.again import reorder
from orders.ordering.basket import Asked, Basket, basket_of_order
from orders.ordering.forms import ReasonForm, StopForm
from orders.ordering.visiting import visit_of
from orders.services.errors import OrderingError
from orders.services.holders import holder_of_order
from orders.services.ordering import (
    ask_stop,
    cancel,
    change,
    may_be_stopped,
    may_still_change,
    version_of,
)
from orders.services.refusals import ChangedOrderError, RefusedLinesError
from orders.services.room import refusals_of
from orders.services.sending import units_of
from orders.views.basket import ONE_LINE, asked, set_line
from orders.views.catalogue import ordering_holder

BOTH = ["GET", "HEAD", "POST"]


def own_order(request: HttpRequest, pk: int, kinds: Collection[str] = OURS) -> Order:
    """An order that one may change; 404 out of the perimeter, 403 for who only reads it."""
    readable = Order.objects.for_user(request.user, to=Action.ORD_READ)
    sent = readable.exclude(state=Order.State.DRAFT).filter(kind__in=kinds)
    order: Order = get_object_or_404(sent.for_list(), pk=pk)
    if not Order.objects.to_write(request.user).filter(pk=pk).exists():
        raise PermissionDenied(refusal(Action.ORD_WRITE))
    return order


@allows(Action.ORD_WRITE)
@as_shown
@require_http_methods(BOTH)
def order_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Other quantities, another address, until its file is written."""
    order, now = own_order(request, pk, COUNTED), timezone.now()
    if not may_still_change(order):
        messages.error(request, "Cette commande ne peut plus être modifiée.")
        return redirect("orders:order", pk=pk)
    if request.method == "POST":
        return save_change(request, order, now)
    holder = holder_of_order(order)
    shown = basket_of_order(asked(request, holder), order, version_of(order), now)
    return page(request, shown)


def save_change(request: HttpRequest, order: Order, now: datetime) -> HttpResponse:
    holder, data = holder_of_order(order), request.POST.copy()
    line = ONE_LINE.fullmatch(data.get("action", ""))
    if line:
        set_line(data, line)
    asked_here = Asked(holder, request.user, data, asked(request, holder).finess)
    shown = basket_of_order(asked_here, order, version_of(order), now)
    if not shown.form.is_valid():
        return page(request, shown, status=422)
    if data.get("action") != "transmettre":
        shown.refused = refusals_of(shown.room, shown.form.lines, order.saved_at)
        return page(request, shown)
    return write_change(request, order, shown)


def write_change(request: HttpRequest, order: Order, shown: Basket) -> HttpResponse:
    form = shown.form
    seen = form.cleaned_data["vue"]
    try:
        change(by=request.user, order=order, lines=form.lines, delivery=form.delivery, seen=seen)
    except ChangedOrderError as error:
        order.refresh_from_db()
        shown.kept = units_of(order)
        form.data = form.data.copy()
        form.data["vue"] = version_of(order)
        form.add_error(None, str(error))
        return page(request, shown, status=409)
    except RefusedLinesError as error:
        shown.refused = error.lines
        form.add_error(None, str(error))
        return page(request, shown, status=409)
    except OrderingError as error:
        form.add_error(None, str(error))
        return page(request, shown, status=422)
    messages.success(request, f"La commande {order.number} est modifiée.")
    return redirect("orders:order", pk=order.pk)


def page(request: HttpRequest, shown: Basket, status: int = 200) -> HttpResponse:
    context = {"basket": shown, "form": shown.form, "order": shown.order}
    return render(request, "orders/ordering/change.html", context, status=status)


@allows(Action.ORD_WRITE)
@as_shown
@require_http_methods(BOTH)
def order_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """After being asked; what cannot be cancelled any more says so on its own page."""
    order = own_order(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel(by=request.user, order=order, reason=form.cleaned_data["motif"])
        except OrderingError as error:
            messages.error(request, str(error))
        else:
            told = f"La commande {order.number} est annulée\u00a0: ses quantités sont rendues."
            messages.success(request, told)
        return redirect("orders:order", pk=pk)
    if not may_still_change(order):
        messages.error(request, "Cette commande ne peut plus être annulée.")
        return redirect("orders:order", pk=pk)
    status = 422 if form.errors else 200
    context = {"order": order, "form": form}
    return render(request, "orders/ordering/cancel.html", context, status=status)


@allows(Action.ORD_WRITE)
@as_shown
@require_http_methods(BOTH)
def order_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """« Demander l’arrêt » [003]."""
    order = own_order(request, pk)
    form = StopForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_stop(by=request.user, order=order, reason=form.cleaned_data["motif"])
        except OrderingError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "L’arrêt est demandé à l’entrepôt.")
        return redirect("orders:order", pk=pk)
    if not may_be_stopped(order):
        messages.error(request, "L’arrêt de cette commande ne peut pas être demandé.")
        return redirect("orders:order", pk=pk)
    context = {"order": order, "form": form}
    status = 422 if form.errors else 200
    return render(request, "orders/ordering/stop.html", context, status=status)


@allows(Action.ORD_WRITE)
@as_shown
@require_POST
def order_again(request: HttpRequest, pk: int) -> HttpResponse:
    """« Recommander »: into the basket, with what differs told."""
    order, now = own_order(request, pk, COUNTED), timezone.now()
    holder = ordering_holder(visit_of(request.user, timezone.localdate(now)))
    try:
        done = reorder(by=request.user, holder=holder, order=order, now=now)
    except OrderingError as error:
        messages.error(request, str(error))
        return redirect("orders:catalogue")
    messages.success(request, f"Le panier reprend la commande {order.number}. Relisez-le.")
    for difference in done.differences:
        messages.warning(request, difference)
    return redirect("orders:basket")
