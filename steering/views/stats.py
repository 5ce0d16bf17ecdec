"""« Statistiques »: how the service is used, for everybody, from what is kept each night."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from common.exports import CSV_TYPE
from establishments.access import public
from steering.figures.page import (
    SCHEMA,
    drawings,
    key_figures,
    last_usage,
    people_rows,
)
from steering.models import Statistic
from steering.open_data.files import csv_text_of
from steering.views.open_data import told

KEPT = 3600
MOST_DAYS = 400 * 40  # about a year of figures


@public
@require_safe
def stats(request: HttpRequest) -> HttpResponse:
    usage = last_usage()
    context = {
        "usage": usage,
        "figures": key_figures(usage) if usage else [],
        "drawings": drawings(usage) if usage else [],
        "people": people_rows(usage) if usage else [],
        "delay": usage.values.get(("delai-reponse", "")) if usage else None,
        "dictionary": SCHEMA,
    }
    return render(request, "steering/figures/stats.html", context)


@public
@require_safe
@cache_control(public=True, max_age=KEPT)
def stats_file(request: HttpRequest) -> HttpResponse:
    """Every day kept, the latest first."""
    response = HttpResponse(csv_text_of(SCHEMA.names, list(_rows())), content_type=CSV_TYPE)
    response["Content-Disposition"] = 'attachment; filename="stats.csv"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _rows() -> Iterator[tuple[object, ...]]:
    rows = Statistic.objects.order_by("-day", "name", "part")
    yield from rows.values_list("day", "name", "part", "value")[:MOST_DAYS]


@public
@require_safe
@cache_control(public=True, max_age=KEPT)
def stats_schema(request: HttpRequest) -> HttpResponse:
    return told(SCHEMA.as_json())
