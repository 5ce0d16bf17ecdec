"""Where orders go: reroutes to Santé publique France, its platforms, orders that move."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.logistics.forms import PlatformForm, RerouteForm
from orders.logistics.tabs import page_context
from orders.models import Beneficiary, Order, Platform, Reroute
from orders.services.errors import OrderingError
from orders.services.large import save_platform
from orders.services.moving import SHOWN, Moved, move_orders, orders_to_move
from orders.services.rerouting import end_reroute, start_reroute

LONGEST_NUMBER = 19


@allows(Action.ROUTE_WRITE)
@require_safe
def routing(request: HttpRequest) -> HttpResponse:
    reroutes = Reroute.objects.select_related("region", "started_by", "ended_by")
    context = page_context(request.user, "orders:routing") | {
        "in_force": reroutes.in_force(),
        "ended": reroutes.filter(ended_at__isnull=False)[:20],
        "platforms": Platform.objects.annotate(served=Count("beneficiaries")).order_by("label"),
        "large": Beneficiary.objects.filter(platform__isnull=False).count(),
    }
    return render(request, "orders/logistics/routing.html", context)


@as_shown
@allows(Action.ROUTE_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def reroute_new(request: HttpRequest) -> HttpResponse:
    form = RerouteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = start_reroute(by=request.user, **form.cleaned_data)
        except OrderingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{row} sert les nouvelles commandes dès maintenant.")
            return redirect("orders:reroute", pk=row.pk)
    title = "Réacheminer vers Santé publique France"
    context = page_context(request.user, "orders:routing", title) | {"form": form}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "orders/logistics/reroute_new.html", context, status=status)


@as_shown
@allows(Action.ROUTE_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def reroute(request: HttpRequest, pk: int) -> HttpResponse:
    """One reroute: the orders that may still move, moved or left; its end."""
    row = get_object_or_404(
        Reroute.objects.select_related("region", "started_by", "ended_by"), pk=pk
    )
    moved: Moved | None = None
    if request.method == "POST":
        try:
            if "end" in request.POST:
                end_reroute(row, by=request.user)
                messages.success(request, "Les nouvelles commandes reprennent le chemin habituel.")
                return redirect("orders:routing")
            moved = move_orders(row, by=request.user, after=_after(request))
        except OrderingError as error:
            messages.error(request, str(error))
            return redirect("orders:reroute", pk=pk)
    waiting = orders_to_move(row) if row.ended_at is None else Order.objects.none()
    context: dict[str, Any] = page_context(request.user, "orders:routing", str(row)) | {
        "reroute": row,
        "orders": waiting[:SHOWN],
        "orders_count": waiting.count(),
        "moved": moved,
    }
    return render(request, "orders/logistics/reroute.html", context)


def _after(request: HttpRequest) -> int:
    """Where the click before stopped."""
    told = request.POST.get("after", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < LONGEST_NUMBER else 0


@as_shown
@allows(Action.ROUTE_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def platform_new(request: HttpRequest) -> HttpResponse:
    return _platform_page(request, Platform(), "Ajouter une plateforme")


@as_shown
@allows(Action.ROUTE_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def platform(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Platform, pk=pk)
    return _platform_page(request, row, str(row))


def _platform_page(request: HttpRequest, row: Platform, title: str) -> HttpResponse:
    form = PlatformForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            save_platform(form.instance, by=request.user)
        except OrderingError as error:
            form.add_error("is_open", str(error))
        else:
            messages.success(request, f"{form.instance} est enregistrée.")
            return redirect("orders:routing")
    context = page_context(request.user, "orders:routing", title) | {"form": form}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "orders/logistics/platform.html", context, status=status)
