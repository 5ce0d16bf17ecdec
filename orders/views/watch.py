"""The watch panel: the equipment of a territory, then one of them from near."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.exports import csv_response, spreadsheet_response
from common.home import Figure
from common.numbers import format_integer
from epi_stocks.models import EpiItem
from establishments.access import allows
from establishments.perimeter import Action
from journal.services import record
from orders.models import Tension
from orders.tension.difficulties import DifficultyFilter
from orders.tension.drawings import trend_figure
from orders.tension.tables import watch_table
from orders.tension.watching import OF_LATE, Watch, read_watch

TITLE = "Suivi des tensions"
FORMATS = ("xlsx", "csv")
MOST_ROWS = 10


@allows(Action.DASH_ORD)
@require_safe
def watch(request: HttpRequest) -> HttpResponse:
    may_declare = request.user.may(Action.QUOTA_WRITE)
    found = read_watch(request.user, timezone.localdate())
    table = watch_table(found, may_declare=may_declare)
    context = {
        "title": TITLE,
        "watch": found,
        "figures": key_figures(found),
        "table": table,
        "lines": [table.cells(one) for one in found.items],
        "formats": FORMATS,
        "may_declare": may_declare,
        "may_see_stocks": request.user.may(Action.DASH_EPI),
    }
    return render(request, "orders/tension/watch.html", context)


def key_figures(found: Watch) -> list[Figure]:
    reporting, urgent = found.reporting, found.most_urgent
    open_ones = sum(one.difficulties for one in found.items)
    of_late = sum(one.difficulties_of_late for one in found.items)
    return [
        Figure(
            "Équipements en tension",
            format_integer(len(found.in_tension)),
            f"sur {len(found.items)}",
            ", ".join(str(one.item) for one in found.in_tension) or "Aucun aujourd’hui",
            reverse("orders:tensions"),
            "equipements-en-tension",
        ),
        Figure(
            "Couverture la plus basse",
            urgent.cover_text if urgent else "inconnue",
            str(urgent.item) if urgent else "",
            f"Semaine passée\u00a0: {urgent.before_text}"
            if urgent
            else "Aucune déclaration récente dans EPI-Stocks",
            indicator="couverture-epi",
        ),
        Figure(
            "Ont déclaré leurs stocks",
            reporting.rate_text if reporting.expected else "inconnu",
            f"{format_integer(reporting.declared)} sur {format_integer(reporting.expected)}",
            f"Semaine passée à la même heure\u00a0: {reporting.rate_before_text}"
            if reporting.expected_before
            else "EPI-Stocks n’attendait personne la semaine passée",
            indicator="taux-declaration-epi",
        ),
        Figure(
            "Difficultés ouvertes",
            format_integer(open_ones),
            "",
            f"dont {format_integer(of_late)} signalée{'s' if of_late > 1 else ''} depuis "
            f"{OF_LATE.days}\u00a0jours",
            f"{reverse('orders:difficulties')}?etat=ouvertes",
            "difficultes",
        ),
    ]


@allows(Action.DASH_ORD)
@require_safe
def watch_file(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in FORMATS:
        raise Http404
    found = read_watch(request.user, timezone.localdate())
    table = watch_table(found, may_declare=False)
    rows = [table.file_row(one) for one in found.items]
    record("orders.watch_exported", by=request.user, target=TITLE, format=kind, rows=len(rows))
    name = f"suivi-tensions-{timezone.localdate():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(table.headers, rows, filename=name)
    return spreadsheet_response(TITLE, table.headers, rows, filename=name)


@allows(Action.DASH_ORD)
@require_safe
def watched_item(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(EpiItem.objects.top(), pk=pk)
    today = timezone.localdate()
    found = read_watch(request.user, today, item)
    context: dict[str, Any] = {
        "title": str(item),
        "above": [(TITLE, reverse("orders:watch"))],
        "watch": found,
        "watched": found.items[0],
        "figure": trend_figure(found),
        "formula": formula_address(request, item),
        "tensions": tensions_of(item, found),
        "difficulties": difficulties_of(request, item),
        "may_declare": request.user.may(Action.QUOTA_WRITE),
    }
    return render(request, "orders/tension/item.html", context)


def formula_address(request: HttpRequest, item: EpiItem) -> str:
    """Where EPI-Stocks explains its figure, for who may open it and while it counts the item."""
    if item.starts_on is None or not request.user.may(Action.DASH_EPI):
        return ""
    return f"{reverse('epi_stocks:visu')}?equipement={item.code}"


def tensions_of(item: EpiItem, found: Watch) -> list[Tension]:
    rows = Tension.objects.filter(item=item).select_related(
        "item", "region", "declared_by", "ended_by"
    )
    if found.region:
        rows = rows.filter(region__isnull=True) | rows.filter(region=found.region)
    return list(rows.order_by("-starts_on")[:MOST_ROWS])


def difficulties_of(request: HttpRequest, item: EpiItem) -> list[Any]:
    query = request.GET.copy()
    query.clear()
    query.update({"equipement": str(item.pk), "etat": "ouvertes"})
    return list(DifficultyFilter(query, user=request.user).rows()[:MOST_ROWS])
