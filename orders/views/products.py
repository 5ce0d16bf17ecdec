"""The catalogue as those who keep it see it: the cell that of the State, a supplier its own."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.consortium.product_forms import (
    CountForm,
    PriceForm,
    ProductForm,
    new_form_of,
)
from orders.consortium.reach import Shelf, shelf_of
from orders.consortium.seen import see_again
from orders.consortium.tariffs import tariffs_on
from orders.invoices.content import percent
from orders.models import Product, ProductPrice
from orders.services.errors import OrderingError
from orders.services.products import (
    ProductChangedError,
    add_product,
    change_product,
    set_price,
    withdraw_price,
)
from orders.services.stock_levels import LevelChangedError, count_stock, levels_of

PER_PAGE = 50
PRICE_IDS, COUNT_IDS = "prix_%s", "stock_%s"  # three forms on one page


def title_of(shelf: Shelf) -> str:
    return "Produits vendus" if shelf.is_paid else "Produits du stock de l’État"


def trail(shelf: Shelf) -> list[tuple[str, str]]:
    return [(title_of(shelf), reverse("orders:products"))]


def shelf_or_404(user: User) -> Shelf:
    shelf = shelf_of(user)
    if shelf is None:
        raise Http404
    return shelf


@allows(Action.CAT_WRITE)
@require_safe
def products(request: HttpRequest) -> HttpResponse:
    shelf = shelf_or_404(request.user)
    page = Paginator(shelf.products, PER_PAGE).get_page(request.GET.get("page"))
    tariffs, stocks = tariffs_on(timezone.localdate(), page), levels_of(shelf)
    context = {
        "shelf": shelf,
        "title": title_of(shelf),
        "page": page,
        "rows": [(one, tariffs.get(one.pk), stocks.get(one.pk)) for one in page],
    }
    return render(request, "orders/consortium/products.html", context)


@as_shown
@allows(Action.CAT_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def product_new(request: HttpRequest) -> HttpResponse:
    shelf = shelf_or_404(request.user)
    form: Any = new_form_of(shelf)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tariff = form.tariff() if shelf.is_paid else None
        try:
            made = add_product(by=request.user, described=form.described(), tariff=tariff)
        except OrderingError as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, f"{made} est enregistré.")
            return redirect("orders:product", pk=made.pk)
    context = {"form": form, "above": trail(shelf)}
    status = 422 if form.errors else 200
    return render(request, "orders/consortium/product_new.html", context, status=status)


def product_or_404(user: User, pk: int) -> tuple[Shelf, Product]:
    shelf = shelf_or_404(user)
    return shelf, get_object_or_404(shelf.products, pk=pk)


@as_shown
@allows(Action.CAT_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def product(request: HttpRequest, pk: int) -> HttpResponse:
    """Its description, its prices, its stock: a form each."""
    shelf, row = product_or_404(request.user, pk)
    if request.method != "POST":
        return product_page(request, shelf, row)
    form = ProductForm(request.POST, product=row)
    if not form.is_valid():
        return product_page(request, shelf, row, form=form)
    seen = form.cleaned_data["seen"]
    try:
        change_product(by=request.user, product=row, described=form.described(), seen=seen)
    except ProductChangedError as refusal:
        now = ProductForm(product=refusal.product).initial
        see_again(form, now["seen"], str(refusal))
        return product_page(request, shelf, refusal.product, form=form, beside=now, status=409)
    except OrderingError as refusal:
        form.add_error(None, str(refusal))
        return product_page(request, shelf, row, form=form)
    messages.success(request, "Le produit est enregistré.")
    return redirect("orders:product", pk=pk)


def product_page(
    request: HttpRequest,
    shelf: Shelf,
    row: Product,
    *,
    form: ProductForm | None = None,
    price: PriceForm | None = None,
    count: CountForm | None = None,
    beside: dict[str, Any] | None = None,
    status: int = 0,
) -> HttpResponse:
    """After a refusal, what was typed stays; ``beside``: what counts now."""
    today = timezone.localdate()
    tariff = tariffs_on(today, [row]).get(row.pk)
    stock = levels_of(shelf).get(row.pk)
    held = stock.available + stock.reserved if stock else 0
    shown = ProductForm(product=row)
    context = {
        "shelf": shelf,
        "product": row,
        "form": form or shown,
        "price_form": price or _price_form(tariff, today),
        "count_form": count or CountForm(initial={"seen": held}, auto_id=COUNT_IDS),
        "tariff": tariff,
        "prices": row.prices.select_related("set_by"),
        "today": today,
        "stock": stock,
        "beside": _told_beside(shown, beside or {}),
        "above": trail(shelf),
    }
    refused = any(one is not None for one in (form, price, count))
    status = status or (422 if refused else 200)
    return render(request, "orders/consortium/product.html", context, status=status)


def _price_form(tariff: ProductPrice | None, today: date) -> PriceForm:
    """The next price: from today, at the rate in force."""
    rate = percent(tariff.tax_rate)[:-2] if tariff else ""
    return PriceForm(initial={"starts_on": today, "tax_rate": rate}, auto_id=PRICE_IDS)


def _told_beside(shown: ProductForm, now: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [
        (shown[name].label, value)
        for name, value in now.items()
        if name in shown.fields and name not in ("seen", "item")
    ]


@as_shown
@allows(Action.CAT_WRITE)
@require_POST
def product_price(request: HttpRequest, pk: int) -> HttpResponse:
    """Another price from a day on, or give up one to come."""
    shelf, row = product_or_404(request.user, pk)
    if "withdrawn" in request.POST:
        return _withdrawn(request, row)
    form = PriceForm(request.POST, auto_id=PRICE_IDS)
    if form.is_valid():
        starts_on = form.cleaned_data["starts_on"]
        try:
            set_price(by=request.user, product=row, tariff=form.tariff(), starts_on=starts_on)
        except OrderingError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Le prix est enregistré, à partir du {starts_on:%d/%m/%Y}.")
            return redirect("orders:product", pk=pk)
    return product_page(request, shelf, row, price=form)


def _withdrawn(request: HttpRequest, row: Product) -> HttpResponse:
    coming = row.prices.filter(starts_on__gt=timezone.localdate())
    found = next((one for one in coming if str(one.pk) == request.POST["withdrawn"]), None)
    if found is None:
        messages.error(request, "Ce prix n’est plus à venir.")
    else:
        withdraw_price(by=request.user, product=row, starts_on=found.starts_on)
        messages.success(request, "Ce prix à venir est retiré.")
    return redirect("orders:product", pk=row.pk)


@as_shown
@allows(Action.CAT_WRITE)
@require_POST
def product_stock(request: HttpRequest, pk: int) -> HttpResponse:
    """What was counted."""
    shelf, row = product_or_404(request.user, pk)
    form, status = CountForm(request.POST, auto_id=COUNT_IDS), 422
    if form.is_valid():
        try:
            count_stock(by=request.user, product=row, **form.cleaned_data)
        except LevelChangedError as refusal:
            stock, status = levels_of(shelf)[row.pk], 409
            see_again(form, stock.available + stock.reserved, str(refusal), field="counted")
        except OrderingError as refusal:
            form.add_error("counted", str(refusal))
        else:
            messages.success(request, "Le stock compté est enregistré.")
            return redirect("orders:product", pk=pk)
    return product_page(request, shelf, row, count=form, status=status)
