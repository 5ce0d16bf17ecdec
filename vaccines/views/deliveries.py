"""Calendar of deliveries, coverage of injections, doses on hand, lots that expire: and files."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.views.decorators.http import require_safe

from common.columns import Table
from establishments.access import allows
from establishments.perimeter import Action
from establishments.region_filter import RegionFilter
from vaccines.corrections.coverage import (
    Rank,
    coverage_of,
    coverage_table,
    map_of,
    summary_of,
)
from vaccines.corrections.deliveries import (
    day_asked,
    deliveries_of,
    deliveries_table,
    grid_of,
    month_asked,
    month_lines,
    of_day,
    total_of,
)
from vaccines.corrections.doses import (
    doses_on_hand,
    expiring_lots,
    held_of,
    lots_table,
    stock_table,
)
from vaccines.corrections.following import looks_at_country
from vaccines.views.corrections import FORMATS, PER_PAGE, file_of, frame_of, query_without


@allows(Action.VAC_READ)
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    """A month as a calendar, then as a list."""
    today = timezone.localdate()
    month = month_asked(request.GET.get("mois", ""), today)
    rows = month_lines(request.user, month)
    grid = grid_of(rows, month)
    lines, doses = total_of(grid)
    day = day_asked(request.GET.get("jour", ""), month)
    context = {"month": month, "grid": grid, "today": today, "total": lines, "doses": doses}
    context["chosen"] = day
    context["caption"] = f"Livraisons du {day:%d/%m/%Y}" if day else "Livraisons du mois"
    context["week_days"] = [name.capitalize() for name in map(str, WEEKDAYS.values())]
    listed = _listed(request, deliveries_table(), deliveries_of(of_day(rows, day)))
    return render(request, "vaccines/following/deliveries.html", context | listed)


def _listed(request: HttpRequest, table: Table, rows: Any) -> dict[str, Any]:
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return frame_of(request.user, table.title) | {
        "table": table,
        "page": page,
        "lines": [table.cells(one) for one in page.object_list],
        "query": query_without(request, "page"),
        "formats": FORMATS,
    }


@allows(Action.VAC_READ)
@require_safe
def deliveries_file(request: HttpRequest, kind: str) -> HttpResponse:
    month = month_asked(request.GET.get("mois", ""), timezone.localdate())
    day = day_asked(request.GET.get("jour", ""), month)
    rows = deliveries_of(of_day(month_lines(request.user, month), day))
    code = day.isoformat() if day else month.code
    return file_of(request, deliveries_table(), rows, kind, f"livraisons-{code}")


@allows(Action.VAC_READ)
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """By department: the map of one injection, the table of both."""
    rank = Rank.SECOND if request.GET.get("injection") == Rank.SECOND else Rank.FIRST
    filters = RegionFilter(request.GET, is_country=looks_at_country(request.user))
    is_country = bool(filters.fields) and not filters.code
    rows = coverage_of(request.user, filters.code)
    table = coverage_table(is_country=is_country)
    context = {
        "rank": rank,
        "ranks": list(Rank),
        "summary": summary_of(rows, rank),
        "map": map_of(rows, rank, is_country=is_country) if rows else None,
        "table": table,
        "lines": [table.cells(one) for one in rows],
        "formats": FORMATS,
        "query": query_without(request),
        "form": filters,
    }
    context |= frame_of(request.user, table.title)
    return render(request, "vaccines/following/coverage.html", context)


@allows(Action.VAC_READ)
@require_safe
def coverage_file(request: HttpRequest, kind: str) -> HttpResponse:
    filters = RegionFilter(request.GET, is_country=looks_at_country(request.user))
    rows = coverage_of(request.user, filters.code)
    return file_of(request, coverage_table(), rows, kind, "couverture-vaccins")


@allows(Action.VAC_STOCK_READ)
@require_safe
def doses(request: HttpRequest) -> HttpResponse:
    """What pharmacies last declared to hold."""
    today, rows = timezone.localdate(), doses_on_hand(request.user)
    context = _listed(request, stock_table(today), rows)
    context["held"] = held_of(request.user, rows, today)
    return render(request, "vaccines/following/doses.html", context)


@allows(Action.VAC_STOCK_READ)
@require_safe
def doses_file(request: HttpRequest, kind: str) -> HttpResponse:
    rows = doses_on_hand(request.user).iterator(chunk_size=2_000)
    return file_of(request, stock_table(timezone.localdate()), rows, kind, "doses-en-stock")


@allows(Action.VAC_READ)
@require_safe
def lots(request: HttpRequest) -> HttpResponse:
    """What was received and expires within thirty days."""
    today = timezone.localdate()
    listed = _listed(request, lots_table(today), expiring_lots(request.user, today))
    return render(request, "vaccines/following/lots.html", listed)


@allows(Action.VAC_READ)
@require_safe
def lots_file(request: HttpRequest, kind: str) -> HttpResponse:
    today = timezone.localdate()
    rows = expiring_lots(request.user, today).iterator(chunk_size=2_000)
    return file_of(request, lots_table(today), rows, kind, "lots-peremption-proche")
