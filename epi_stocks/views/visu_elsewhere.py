"""« Autres régions »: what an ARS may know of its neighbours, totals by department."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from common.columns import Table
from common.weeks import WeekError, current_week, parse_week
from epi_stocks.dashboard.elsewhere import (
    ElsewhereRegion,
    departments_elsewhere,
    regions_elsewhere,
)
from epi_stocks.filters import default_item, week_name
from epi_stocks.models import EpiItem, SummarisedWeek
from epi_stocks.tables import badge, elsewhere_table
from epi_stocks.views.visu_context import Listing
from epi_stocks.views.visu_files import FORMATS, table_response
from establishments.access import allows
from establishments.perimeter import Action
from journal.services import record

MOST_WEEKS = 26


@allows(Action.DASH_EPI)
def visu_elsewhere(request: HttpRequest) -> HttpResponse:
    """The other regions' departments, on a page or, asked for, as a file."""
    perimeter = request.user.perimeter_to(Action.DASH_EPI)
    if not (perimeter.region_codes or perimeter.is_national):
        raise PermissionDenied(
            "La vue des autres régions est réservée aux ARS et à la cellule nationale."
        )
    items = list(EpiItem.objects.top().on(current_week()))
    item = next(
        (one for one in items if one.code == request.GET.get("equipement")), default_item(items)
    )
    week = asked_week(request)
    places = departments_elsewhere(perimeter.region_codes, week, item) if item else []
    kind = request.GET.get("fichier", "")
    if kind in FORMATS:
        name = f"epi-{item.code if item else 'rien'}-autres-regions-{week:%Y-%m-%d}"
        return _file(request, kind, elsewhere_table(names_region=True), places, name)
    return render(
        request,
        "epi_stocks/visu_elsewhere.html",
        {
            "above": [("Visu", reverse("epi_stocks:visu"))],
            "items": items,
            "item": item,
            "week": week,
            "weeks": [(one, week_name(one)) for one in _offered_weeks(week)],
            "count": len(places),
            "regions": [
                (region, badge(region.level), _listing(region))
                for region in regions_elsewhere(places)
            ],
            "files": [(kind.upper(), _file_address(request, kind)) for kind in FORMATS],
        },
    )


def _file(request: HttpRequest, kind: str, table: Table, places, name: str) -> HttpResponse:
    """The table as it stands on the screen; who took it is written in the journal."""
    record(
        "epi.exported",
        by=request.user,
        target=table.title,
        table=table.ident,
        format=kind,
        rows=len(places),
        filters=request.GET.urlencode(),
    )
    return table_response(kind, table, places, title=table.title, filename=name)


def asked_week(request: HttpRequest) -> date:
    """The week of the address; what is not one is this week."""
    try:
        return parse_week(request.GET.get("semaine", ""))
    except WeekError:
        return current_week()


def _offered_weeks(asked: date) -> list[date]:
    """The latest weeks with figures, and the one asked for, which is what is shown."""
    latest = SummarisedWeek.objects.values_list("week", flat=True)[:MOST_WEEKS]
    return sorted({asked, *latest}, reverse=True)


def _listing(region: ElsewhereRegion) -> Listing:
    """The departments of a region, under its line."""
    return Listing(
        table=elsewhere_table(names_region=False),
        rows=region.departments,
        count=len(region.departments),
        page=1,
        page_urls=(),
        caption=f"{region.name} : départements, du plus urgent au moins urgent",
        note="",
        empty="",
        orders={},
        order="",
        files=(),
    )


def _file_address(request: HttpRequest, kind: str) -> str:
    query = request.GET.copy()
    query["fichier"] = kind
    return f"?{query.urlencode()}"
