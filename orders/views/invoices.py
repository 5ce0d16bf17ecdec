"""Invoices as their buyer, the cell and the supplier read them: a list, a page, its document."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import User
from common.exports import csv_response, spreadsheet_response
from establishments.access import allows
from establishments.perimeter import Action
from journal.services import record
from orders.chorus.client import is_open
from orders.consortium.reach import seller_body
from orders.invoices.content import Content
from orders.invoices.filters import InvoiceFilters
from orders.invoices.states import HEADERS, look_of, rows_of, state_in_words
from orders.models import Deposit, Invoice
from orders.services.deposits import AGAIN, MOST_TRIES

TITLE = "Factures"
PER_PAGE = 30


def trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(TITLE, reverse("orders:invoices")), *more]


def invoices_of(user: User) -> Any:
    return Invoice.objects.for_user(user, to=Action.INV_READ)


def is_seller_of(user: User, invoice: Invoice) -> bool:
    body = seller_body(user)
    return body is not None and body.pk == invoice.body_id


@allows(Action.INV_READ)
@require_safe
def invoices(request: HttpRequest) -> HttpResponse:
    form = InvoiceFilters(request.GET)
    rows = form.applied(invoices_of(request.user).for_list())
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": TITLE,
        "form": form,
        "page": page,
        "rows": [(one, state_in_words(one), look_of(one)) for one in page],
        "formats": ("xlsx", "csv"),
        "may_issue": request.user.may(Action.INV_ISSUE),
        "query": request.GET.urlencode(),
    }
    return render(request, "orders/invoices/list.html", context)


@allows(Action.INV_READ)
@require_safe
def invoices_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The same list, as a file."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    rows = InvoiceFilters(request.GET).applied(invoices_of(request.user).for_list())
    record("orders.invoices_exported", by=request.user, rows=rows.count(), format=kind)
    if kind == "csv":
        return csv_response(HEADERS, rows_of(rows), filename="factures")
    return spreadsheet_response(TITLE, HEADERS, rows_of(rows), filename="factures")


def invoice_or_404(user: User, pk: int) -> Invoice:
    found: Invoice = get_object_or_404(invoices_of(user).for_list(), pk=pk)
    return found


@allows(Action.INV_READ)
@require_safe
def invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """All that its document says, and where it stands."""
    row = invoice_or_404(request.user, pk)
    lines = list(row.lines.select_related("ordered__order"))
    own = is_seller_of(request.user, row)
    may_cancel = own and not row.is_credit and not hasattr(row, "cancelled_by")
    context = {
        "invoice": row,
        "content": Content(row, lines),
        "credits": row.lessened_by.all(),
        "state": state_in_words(row),
        "look": look_of(row),
        "is_own": own,
        "may_cancel": may_cancel,
        "above": trail(),
    }
    context |= deposit_context(getattr(row, "deposit", None))
    return render(request, "orders/invoices/page.html", context)


def deposit_context(deposit: Deposit | None) -> dict[str, Any]:
    """Where an invoice stands on Chorus Pro, and what its supplier may do about it."""
    if deposit is None:
        return {"deposit": None}
    return {
        "deposit": deposit,
        "steps": deposit.steps.all(),
        "may_deposit": deposit.state in AGAIN and is_open(),
        "is_by_hand": deposit.state == Deposit.State.BY_HAND,
        "is_refused": deposit.state == Deposit.State.REFUSED,
        "is_given_up": deposit.tries >= MOST_TRIES,
        "is_told_why": deposit.state in (*Deposit.TO_MEND, Deposit.State.SUSPENDED),
    }


@allows(Action.INV_READ)
@require_safe
def invoice_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(invoices_of(request.user).select_related("file"), pk=pk)
    return _download(bytes(row.file.pdf), "application/pdf", f"{row.number}.pdf")


@allows(Action.INV_READ)
@require_safe
def invoice_xml(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(invoices_of(request.user).select_related("file"), pk=pk)
    return _download(bytes(row.file.xml), "application/xml", f"{row.number}.xml")


def _download(data: bytes, kind: str, name: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type=kind, headers=disposition)
