"""Reports of the warehouses: their list, a file of them, those held back."""

import hashlib
import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.paging import ShallowPaginator
from establishments.access import allows, as_shown, refusal
from establishments.perimeter import Action
from orders.logistics import report_files
from orders.logistics.forms import CorrectionForm, ReasonForm, ReportsFileForm, ReportsFilter
from orders.logistics.reach import may_handle, own_warehouse, reports_seen
from orders.logistics.tabs import page_context
from orders.models import LogisticsReport
from orders.models.exchange import LogisticsReportQuerySet
from orders.services.errors import OrderingError
from orders.services.reports import (
    KeyReusedError,
    NotHeldBackError,
    correct_report,
    digest_of,
    discard_report,
    receive,
)
from orders.services.settling import settle

PER_PAGE = 50
State = LogisticsReport.State
BY_FILE = "un fichier envoyé à l’écran"


@allows(Action.IF_PUT, Action.IF_META)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    seen = reports_seen(request.user).defer("content", "text")
    form = ReportsFilter(request.GET)
    rows = _filtered(seen, form)
    page = ShallowPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = page_context(request.user, "orders:reports") | {
        "page": page,
        "form": form,
        "held_back": seen.held_back().count(),
        "may_send": own_warehouse(request.user) is not None,
    }
    return render(request, "orders/logistics/reports.html", context)


def _filtered(rows: LogisticsReportQuerySet, form: ReportsFilter) -> LogisticsReportQuerySet:
    """What is no choice filters nothing."""
    form.is_valid()
    asked = form.cleaned_data
    if asked.get("etat") == "attente":
        rows = rows.held_back()
    elif asked.get("etat"):
        rows = rows.filter(state=asked["etat"])
    if asked.get("nature"):
        rows = rows.filter(kind=asked["nature"])
    if asked.get("commande"):
        rows = rows.filter(order_number=asked["commande"].replace("\x00", "").strip().upper())
    return rows


@as_shown
@allows(Action.IF_PUT)
@require_http_methods(["GET", "HEAD", "POST"])
def reports_file(request: HttpRequest) -> HttpResponse:
    """Each report of the file is taken by itself: sent again, those already taken count once."""
    form = ReportsFileForm(request.POST or None, request.FILES or None)
    sent = form.reports() if request.method == "POST" and form.is_valid() else []
    context = page_context(request.user, "orders:reports", "Envoyer un fichier")
    if not sent:
        status = 422 if form.errors else 200
        return render(
            request, "orders/logistics/report_file.html", context | {"form": form}, status=status
        )
    counts, held_back = _take(request, sent)
    context |= {"form": ReportsFileForm(), "counts": counts, "held": held_back, "total": len(sent)}
    return render(request, "orders/logistics/report_file.html", context)


@allows(Action.IF_PUT)
@require_safe
def reports_template(request: HttpRequest) -> HttpResponseBase:
    return report_files.template()


def _take(request: HttpRequest, sent: list[object]) -> tuple[dict[str, int], list[LogisticsReport]]:
    warehouse = own_warehouse(request.user)
    if warehouse is None:
        raise PermissionDenied(refusal(Action.IF_PUT))
    counts = {"applied": 0, "again": 0, "held": 0}
    held_back = []
    for content in sent:
        key = f"fichier-{digest_of(content)[:40]}"
        try:
            report, is_new = receive(
                content, operator=warehouse, key=key, via=BY_FILE, by=request.user
            )
        except KeyReusedError:
            counts["again"] += 1
            continue
        counts["again" if not is_new else "held" if report.is_held_back else "applied"] += 1
        if report.is_held_back:
            held_back.append(report)
    return counts, held_back


@as_shown
@allows(Action.IF_PUT, Action.IF_META)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report; held back, it is corrected and tried again, or discarded."""
    row = get_object_or_404(reports_seen(request.user), pk=pk)
    if request.method != "POST":
        return _page(request, row)
    if not may_handle(request.user, row):
        raise PermissionDenied(refusal(Action.IF_REPLAY))
    return _discarded(request, row) if "discard" in request.POST else _corrected(request, row)


def _corrected(request: HttpRequest, row: LogisticsReport) -> HttpResponse:
    form = CorrectionForm(request.POST)
    if request.POST.get("seen") != _mark(row):
        form.add_error(None, "Ce compte rendu a changé entre-temps\u00a0: relisez-le.")
        return _page(request, row, correction=form, status=409)
    if not form.is_valid():
        return _page(request, row, correction=form)
    try:
        row = correct_report(row, by=request.user, content=form.cleaned_data["content"])
    except NotHeldBackError as error:
        form.add_error(None, str(error))
        return _page(request, row, correction=form, status=409)
    if row.state == State.APPLIED:
        settle(row)
        messages.success(request, "Ce compte rendu est traité.")
    else:
        messages.warning(request, f"Pas encore traité\u00a0: {row.reason}")
    return redirect("orders:report", pk=row.pk)


def _discarded(request: HttpRequest, row: LogisticsReport) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, row, discarding=form)
    try:
        discard_report(row, by=request.user, reason=form.cleaned_data["reason"])
    except OrderingError as error:
        form.add_error("reason", str(error))
        return _page(request, row, discarding=form, status=409)
    messages.success(request, "Ce compte rendu est écarté.")
    return redirect("orders:report", pk=row.pk)


def _page(
    request: HttpRequest,
    row: LogisticsReport,
    *,
    correction: CorrectionForm | None = None,
    discarding: ReasonForm | None = None,
    status: int = 0,
) -> HttpResponse:
    row.refresh_from_db()
    failed = any(form is not None and form.errors for form in (correction, discarding))
    context = page_context(request.user, "orders:reports", f"{row}"[:1].upper() + f"{row}"[1:]) | {
        "report": row,
        "text": CorrectionForm.text_of(row),
        "seen": _mark(row),
        "reads_orders": request.user.may(Action.ORD_READ),
        "may_handle": row.is_held_back and may_handle(request.user, row),
        "correction": correction
        or CorrectionForm(initial={"content": CorrectionForm.text_of(row)}),
        "discarding": discarding or ReasonForm(),
    }
    return render(
        request, "orders/logistics/report.html", context, status=status or (422 if failed else 200)
    )


def _mark(row: LogisticsReport) -> str:
    """Changes with what it says and what became of it."""
    told = json.dumps([row.content, row.text, row.state, row.reason], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:20]
