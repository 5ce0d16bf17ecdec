"""Difficulties of supply: reported by establishments and ARS, followed, closed with an outcome."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.exports import csv_response, spreadsheet_response
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from journal.services import record
from orders.models import SupplyDifficulty
from orders.services import difficulties as services
from orders.services.errors import OrderingError
from orders.tension.difficulties import DifficultyFilter, difficulties_table
from orders.tension.forms import CloseForm, DifficultyForm

PER_PAGE = 50
FORMATS = ("xlsx", "csv")
TITLE = "Difficultés d’approvisionnement"
REPORTED = (
    "La difficulté est signalée. La cellule nationale et l’ARS la lisent\u00a0; vous verrez ici la "
    "suite donnée."
)


@allows(Action.ORD_QUOTA_READ)
@require_safe
def difficulties(request: HttpRequest) -> HttpResponse:
    form = DifficultyFilter(request.GET, user=request.user)
    page = Paginator(form.rows(), PER_PAGE).get_page(request.GET.get("page"))
    shown = [one.pk for one in page]
    closable = set(
        services.closable_by(request.user).filter(pk__in=shown).values_list("pk", flat=True)
    )
    table = difficulties_table(closable)
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "title": TITLE,
        "form": form,
        "page": page,
        "table": table,
        "lines": [table.cells(one) for one in page],
        "formats": FORMATS,
        "query": kept.urlencode(),
        "may_report": may_report(request),
        "may_watch": request.user.may(Action.DASH_ORD),
    }
    return render(request, "orders/tension/difficulties.html", context)


def may_report(request: HttpRequest) -> bool:
    return bool(request.user.may(Action.ORD_WRITE) or request.user.may(Action.QUOTA_WRITE))


@allows(Action.ORD_QUOTA_READ)
@require_safe
def difficulties_file(request: HttpRequest, kind: str) -> HttpResponse:
    """All the pages of the list as it is filtered; who took it is in the journal."""
    if kind not in FORMATS:
        raise Http404
    form, table = DifficultyFilter(request.GET, user=request.user), difficulties_table(set())
    rows = [table.file_row(one) for one in form.rows()]
    record(
        "orders.difficulties_exported",
        by=request.user,
        target=TITLE,
        format=kind,
        rows=len(rows),
        filters=form.words,
    )
    name = f"difficultes-approvisionnement-{timezone.localdate():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(table.headers, rows, filename=name)
    return spreadsheet_response(table.title, table.headers, rows, filename=name)


@as_shown
@allows(Action.ORD_WRITE, Action.QUOTA_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """An establishment and an ARS report for themselves; the national cell says who told it."""
    try:
        origin = services.origin_of(request.user)
    except OrderingError as refusal:
        messages.warning(request, str(refusal))
        return redirect("orders:difficulties")
    data = request.POST if request.method == "POST" else None
    initial = {"equipement": request.GET.get("equipement", "")}
    form = DifficultyForm(data, is_national=origin is None, initial=initial)
    if data is not None and form.is_valid():
        try:
            services.report_difficulty(by=request.user, typed=form.typed())
        except OrderingError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, REPORTED)
            return redirect("orders:difficulties")
    said = f"Signalée au nom de\u00a0: {origin.source}." if origin else ""
    return show_form(request, form, "Signaler une difficulté", "Signaler", said)


@as_shown
@allows(Action.ORD_WRITE, Action.QUOTA_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    rows = services.closable_by(request.user).select_related("item", "closed_by")
    difficulty: SupplyDifficulty = get_object_or_404(rows, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = CloseForm(data, initial={"closed_on": timezone.localdate()})
    if data is not None and form.is_valid():
        try:
            services.close_difficulty(by=request.user, difficulty=difficulty, **form.cleaned_data)
        except OrderingError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La difficulté est close.")
            return redirect("orders:difficulties")
    said = (
        f"{difficulty.item}, signalée le {difficulty.reported_on:%d/%m/%Y} par "
        f"{difficulty.source}\u00a0: {difficulty.description}"
    )
    return show_form(request, form, "Clore une difficulté", "Clore", said)


def show_form(
    request: HttpRequest, form: Form, title: str, action: str, situation: str
) -> HttpResponse:
    back = reverse("orders:difficulties")
    context = {
        "title": title,
        "action": action,
        "situation": situation,
        "form": form,
        "above": [(TITLE, back)],
        "back_url": back,
    }
    status = 422 if form.errors else 200
    return render(request, "orders/typed.html", context, status=status)
