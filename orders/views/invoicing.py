"""The supplier issues its invoices: what is due, what the invoice will say, then it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from common.numbers import row_number
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.chorus.client import is_open
from orders.consortium.reach import seller_body
from orders.invoices.content import Content
from orders.invoices.due import Due, due_lines, to_invoice
from orders.models import Order, Seller
from orders.services.errors import OrderingError
from orders.services.invoices import drafted, issue
from orders.views.invoices import trail

PER_PAGE = 50
WITH = ("beneficiary__establishment", "beneficiary__legal_entity", "billing")


@as_shown
@allows(Action.INV_ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def invoices_due(request: HttpRequest) -> HttpResponse:
    """Orders that left and are not invoiced: choose, read the invoice, issue it."""
    if request.method != "POST":
        return _due_page(request)
    asked = [row_number(text) for text in request.POST.getlist("order")]
    orders = list(to_invoice(request.user).filter(pk__in=asked).select_related(*WITH))
    try:
        if len(orders) != len(set(asked)) or not orders:
            raise OrderingError("Choisissez au moins une commande à facturer.")
        if "confirm" in request.POST:
            made = issue(by=request.user, orders=orders)
            messages.success(request, f"Facture {made.number} émise.")
            return redirect("orders:invoice", pk=made.pk)
        return _preview(request, orders)
    except OrderingError as refusal:
        return _due_page(request, str(refusal), asked)


def _due_page(request: HttpRequest, refused: str = "", asked: Any = ()) -> HttpResponse:
    rows = to_invoice(request.user).select_related(*WITH)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    due = by_order(due_lines(list(page)))
    context = {
        "page": page,
        "rows": [(one, due.get(one.pk, [])) for one in page],
        "seller": Seller.objects.filter(body=seller_body(request.user)).first(),
        "refused": refused,
        "asked": set(asked),
        "is_open": is_open(),
        "above": trail(),
    }
    return render(request, "orders/invoices/due.html", context, status=422 if refused else 200)


def by_order(found: list[Due]) -> dict[int, list[Due]]:
    """What is due of each order, by its number."""
    rows: dict[int, list[Due]] = {}
    for one in found:
        rows.setdefault(one.line.order_id, []).append(one)
    return rows


def _preview(request: HttpRequest, orders: list[Order]) -> HttpResponse:
    body = seller_body(request.user)
    seller = Seller.objects.filter(body=body).first()
    if body is None or seller is None:
        raise OrderingError("Dites d’abord qui émet les factures.")
    invoice, lines = drafted(orders, body, seller, timezone.localdate())
    context = {
        "content": Content(invoice, lines),
        "invoice": invoice,
        "orders": orders,
        "is_open": is_open(),
        "above": trail(),
    }
    return render(request, "orders/invoices/preview.html", context)
