"""The supplier takes back an invoice, whole or in part, and sends one again to Chorus Pro."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from common.numbers import NumberError, parse_integer
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.models import Invoice
from orders.services.credit_notes import cancel_invoice, left_to_credit, lessen_invoice
from orders.services.deposits import deposit_again, deposited_by_hand
from orders.services.errors import OrderingError
from orders.views.invoices import trail

BOTH = ["GET", "HEAD", "POST"]


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
@require_http_methods(BOTH)
def invoice_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """A credit note, of all of it or of some packs, with its reason."""
    row, refused = own_invoice_or_404(request.user, pk), ""
    if request.method == "POST":
        try:
            credit = _credited(request, row)
        except OrderingError as refusal:
            refused = str(refusal)
        else:
            done = "annulée" if credit.cancels else "diminuée"
            said = f"Facture {row.number} {done} par l’avoir {credit.number}."
            messages.success(request, said)
            return redirect("orders:invoice", pk=credit.pk)
    if row.is_credit or hasattr(row, "cancelled_by"):
        return redirect("orders:invoice", pk=pk)
    context = _context(request, row) | {"refused": refused}
    status = 422 if refused else 200
    return render(request, "orders/invoices/cancel.html", context, status=status)


def _context(request: HttpRequest, row: Invoice) -> dict[str, Any]:
    """What was typed stays, in the form where it was."""
    left = left_to_credit(row)
    is_part = request.POST.get("what") == "part"
    return {
        "invoice": row,
        "lines": [(one, count, request.POST.get(field_of(one.pk), "")) for one, count in left],
        "is_lessened": any(one.packs != count for one, count in left),
        "is_part": is_part,
        "reason": request.POST.get("reason", ""),
        "above": trail(),
    }


def field_of(line: int) -> str:
    return f"packs-{line}"


def _credited(request: HttpRequest, row: Invoice) -> Invoice:
    reason, by = request.POST.get("reason", ""), request.user
    if request.POST.get("what") != "part":
        return cancel_invoice(by=by, invoice=row, reason=reason)
    packs = {one.pk: _count(request, one.pk, one.label) for one in row.lines.all()}
    return lessen_invoice(by=by, invoice=row, packs=packs, reason=reason)


def _count(request: HttpRequest, line: int, label: str) -> int:
    try:
        return parse_integer(request.POST.get(field_of(line), ""), maximum=100_000) or 0
    except NumberError as refusal:
        raise OrderingError(f"{label}\u00a0: {refusal}") from refusal


@as_shown
@allows(Action.INV_ISSUE)
@require_POST
def invoice_deposit(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask again that Chorus Pro receives it, or say that it was put there by hand."""
    row = own_invoice_or_404(request.user, pk)
    if not hasattr(row, "deposit"):
        raise Http404
    is_by_hand = "by_hand" in request.POST
    try:
        (deposited_by_hand if is_by_hand else deposit_again)(by=request.user, invoice=row)
    except OrderingError as refusal:
        messages.error(request, str(refusal))
    else:
        said = "est noté" if is_by_hand else "est demandé"
        messages.success(request, f"Le dépôt sur Chorus Pro {said}.")
    return redirect("orders:invoice", pk=pk)
