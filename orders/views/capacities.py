"""The capacities that one reads, and those of one site, where a correction is asked."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.exports import csv_response, spreadsheet_response
from common.numbers import format_integer
from establishments.access import allows, as_shown, refusal
from establishments.models import Establishment
from establishments.models.search import search_condition
from establishments.perimeter import Action
from journal.services import record
from orders.capacities.columns import EXPORT_HEADERS
from orders.capacities.forms import WAITING, WITHOUT, AskForm, CapacityFilter
from orders.capacities.history import known_before
from orders.capacities.sites import served, site_rows, sites_of, without_capacity
from orders.capacities.tables import file_rows, site_table
from orders.capacities.waiting import requests_to_decide
from orders.doctrine.reading import doctrine_on
from orders.models import Capacity, CapacityRequest
from orders.services.capacity_requests import CapacityError, ask_capacity

TITLE = "Capacités"
PER_PAGE = 50
FORMATS = ("xlsx", "csv")


def trail(*above: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        ("Distrilog-Santé", reverse("orders:start")),
        (TITLE, reverse("orders:capacities")),
        *above,
    ]


@allows(Action.ORD_QUOTA_READ)
@require_safe
def capacities(request: HttpRequest) -> HttpResponse:
    """The sites of one's territory, or of one's place: alone, it is shown at once."""
    today = timezone.localdate()
    rows, form = shown(request)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    if form is None and page.paginator.count == 1:
        return redirect("orders:capacity", finess=page.object_list[0].finess)
    table = site_table()
    may_decide = request.user.may(Action.CAP_VALIDATE)
    context = {
        "title": TITLE if form else "Capacité de mes établissements",
        "above": trail()[:1],
        "form": form,
        "page": page,
        "table": table,
        "lines": [table.cells(one) for one in site_rows(page.object_list, today)],
        "count": count_text(page.paginator.count),
        "formats": FORMATS,
        "query": request.GET.urlencode(),
        "may_decide": may_decide,
        "waiting": requests_to_decide(request.user).count() if may_decide else 0,
        "doctrine": doctrine_on(today),
    }
    return render(request, "orders/capacities/list.html", context)


def shown(request: HttpRequest) -> tuple[QuerySet[Establishment], CapacityFilter | None]:
    """Those of one's place; of one's territory, those that the State stock serves, filtered."""
    perimeter = request.user.perimeter_to(Action.ORD_QUOTA_READ)
    own = sites_of(request.user)
    if not (perimeter.is_national or perimeter.region_codes):
        return own, None
    form = CapacityFilter(request.GET, user=request.user)
    return filtered(served(own, timezone.localdate()), form), form


def count_text(count: int) -> str:
    return f"{format_integer(count)} établissement{'s' if count > 1 else ''}."


def filtered(rows: QuerySet[Establishment], form: CapacityFilter) -> QuerySet[Establishment]:
    if region := form.chosen("region"):
        rows = rows.filter(region=region)
    if department := form.chosen("departement"):
        rows = rows.filter(department=department)
    if text := form.chosen("recherche"):
        rows = rows.filter(search_condition(text))
    match form.chosen("capacite"):
        case str() as one if one == WITHOUT:
            rows = without_capacity(rows, timezone.localdate())
        case str() as one if one == WAITING:
            waiting = CapacityRequest.objects.filter(state=CapacityRequest.State.OPEN)
            rows = rows.filter(pk__in=waiting.values("establishment"))
    return rows


@allows(Action.ORD_QUOTA_READ)
@require_safe
def capacities_export(request: HttpRequest, kind: str) -> HttpResponse:
    """A file that reads back as it is; who took it is in the journal."""
    if kind not in FORMATS:
        raise Http404
    sites, _ = shown(request)
    rows = Capacity.objects.filter(establishment__in=sites.order_by().values("pk"))
    rows = rows.select_related("establishment").order_by(
        "establishment__sort_name", "establishment__finess", "basis"
    )
    record("orders.capacities_exported", by=request.user, format=kind, rows=rows.count())
    lines = file_rows(rows.iterator(chunk_size=2_000))
    if kind == "csv":
        return csv_response(EXPORT_HEADERS, lines, filename="capacites")
    return spreadsheet_response(TITLE, EXPORT_HEADERS, lines, filename="capacites")


@as_shown
@allows(Action.ORD_QUOTA_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def capacity(request: HttpRequest, finess: str) -> HttpResponse:
    """What is known of a site, since when, by whom; a correction is asked there."""
    site = get_object_or_404(sites_of(request.user), finess=finess)
    here = Establishment.objects.for_user(request.user, to=Action.CAP_PROPOSE)
    may_ask = here.filter(pk=site.pk).exists()
    form = AskForm(request.POST or None)
    if request.method == "POST":
        if not may_ask:
            raise PermissionDenied(refusal(Action.CAP_PROPOSE))
        if form.is_valid():
            try:
                ask_capacity(by=request.user, site=site, **form.cleaned_data)
            except CapacityError as error:
                form.add_error(None, str(error))
            else:
                messages.success(
                    request,
                    "Correction demandée à votre ARS\u00a0: la réponse viendra par courriel.",
                )
                return redirect("orders:capacity", finess=finess)
    context = site_words(request, site) | {"form": form, "may_ask": may_ask}
    status = 422 if form.errors else 200
    return render(request, "orders/capacities/site.html", context, status=status)


def site_words(request: HttpRequest, site: Establishment) -> dict[str, Any]:
    today = timezone.localdate()
    (row,) = site_rows([site], today)
    past = CapacityRequest.objects.filter(establishment=site).exclude(
        state=CapacityRequest.State.OPEN
    )
    decided = Establishment.objects.for_user(request.user, to=Action.CAP_VALIDATE)
    return {
        "site": site,
        "row": row,
        "above": trail(),
        "doctrine": doctrine_on(today),
        "waiting": [one.waiting for one in row.lines if one.waiting],
        "past": past.select_related("asked_by", "decided_by")[:20],
        "history": known_before(site),
        "may_decide": decided.filter(pk=site.pk).exists(),
    }
