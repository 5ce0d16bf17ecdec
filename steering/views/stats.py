"""« Statistiques »: how the service is used, for everybody, from what is kept each night."""

from collections.abc import Iterator
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
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
KEPT_IN_FILE = timedelta(days=366)


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
    """Each day of a year, the latest first."""
    response = HttpResponse(csv_text_of(SCHEMA.names, list(_rows())), content_type=CSV_TYPE)
    response["Content-Disposition"] = 'attachment; filename="stats.csv"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _rows() -> Iterator[tuple[object, ...]]:
    rows = Statistic.objects.filter(day__gt=timezone.localdate() - KEPT_IN_FILE)
    yield from rows.order_by("-day", "name", "part").values_list("day", "name", "part", "value")


@public
@require_safe
@cache_control(public=True, max_age=KEPT)
def stats_schema(request: HttpRequest) -> HttpResponse:
    return told(SCHEMA.as_json())
