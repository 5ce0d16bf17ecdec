"""The supplier issues its invoices, cancels one, sends one again to Chorus Pro."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from common.numbers import row_number
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.chorus.client import is_open
from orders.consortium.reach import seller_body
from orders.invoices.content import Content
from orders.models import Invoice, Order, Seller
from orders.services.deposits import deposit_again
from orders.services.errors import OrderingError
from orders.services.invoices import cancel_invoice, drafted, issue, to_invoice
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
    rows = to_invoice(request.user).select_related(*WITH).prefetch_related("lines__product")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "seller": Seller.objects.filter(body=seller_body(request.user)).first(),
        "refused": refused,
        "asked": set(asked),
        "is_open": is_open(),
        "above": trail(),
    }
    return render(request, "orders/invoices/due.html", context, status=422 if refused else 200)


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


def own_invoice_or_404(user: User, pk: int) -> Invoice:
    rows = Invoice.objects.for_user(user, to=Action.INV_ISSUE).select_related(
        "cancelled_by", "buyer__establishment", "buyer__legal_entity"
    )
    found: Invoice | None = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@as_shown
@allows(Action.INV_ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def invoice_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """A credit note for all of it, with its reason."""
    row = own_invoice_or_404(request.user, pk)
    refused, reason = "", request.POST.get("reason", "")
    if request.method == "POST":
        try:
            credit = cancel_invoice(by=request.user, invoice=row, reason=reason)
        except OrderingError as refusal:
            refused = str(refusal)
        else:
            said = f"Facture {row.number} annulée par l’avoir {credit.number}."
            messages.success(request, said)
            return redirect("orders:invoice", pk=credit.pk)
    if row.is_credit or hasattr(row, "cancelled_by"):
        return redirect("orders:invoice", pk=pk)
    context = {"invoice": row, "refused": refused, "reason": reason, "above": trail()}
    status = 422 if refused else 200
    return render(request, "orders/invoices/cancel.html", context, status=status)


@as_shown
@allows(Action.INV_ISSUE)
@require_POST
def invoice_deposit(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask again that Chorus Pro receives it."""
    row = own_invoice_or_404(request.user, pk)
    if not hasattr(row, "deposit"):
        raise Http404
    try:
        deposit_again(by=request.user, invoice=row)
    except OrderingError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Le dépôt sur Chorus Pro est demandé.")
    return redirect("orders:invoice", pk=pk)
