"""What the agencies, OMEDITs, the country and administrators follow of a flu season."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.columns import Table
from common.exports import csv_response, spreadsheet_response
from common.home import Figure
from common.numbers import format_integer, format_percent
from establishments.access import allows
from establishments.perimeter import Action
from journal.services import record
from pui.region.figures import quantity_text
from vaccines.flu.figures import Figures, whole
from vaccines.flu.filters import BY_DEPARTMENT, PUI, FollowFilter
from vaccines.flu.following import (
    DEPARTMENT,
    REGION,
    Row,
    Season,
    missing_puis,
    pharmacy_rows,
    place_rows,
    sums_of,
    whole_row,
)
from vaccines.flu.tables import follow_table, missing_table, shown
from vaccines.models import FluNeed, TargetGroup
from vaccines.views.flu_context import season_asked, season_words

PER_PAGE = 50
FORMATS = ("xlsx", "csv")


def followed(request: HttpRequest, season: Season) -> HttpResponse:
    form = FollowFilter(request.GET, user=request.user, season=season)
    ids, table = form.ids(), table_of(form)
    source = source_of(form, ids)
    page = Paginator(source, PER_PAGE).get_page(request.GET.get("page"))
    sums = whole_of(form, ids, source)
    rows = rows_of(form, page.object_list)
    context = season_words(season) | {
        "form": form,
        "table": table,
        "lines": [table.cells(one) for one in with_whole(rows, sums)] if rows else [],
        "page": page,
        "caption": caption_of(form, table),
        "figures": [] if form.is_missing else key_figures(sums, season),
        "missing": missing_puis(request.user, season).count(),
        "formats": FORMATS,
        "query": query_of(request),
        "may_set": request.user.may(Action.MED_SETTINGS),
        "reads_stocks": request.user.may(Action.DASH_MED),
    }
    return render(request, "vaccines/flu/followed.html", context)


def caption_of(form: FollowFilter, table: Table) -> str:
    if not form.is_missing:
        return table.title
    late = ", en retard" if form.season.is_closed else ""
    return f"Demandes de la saison {form.season.campaign.season} pas faites{late}"


def query_of(request: HttpRequest) -> str:
    """The filters, for the file and for the other pages."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()


def source_of(form: FollowFilter, ids: Sequence[int]) -> Sequence[Any]:
    """The numbers of pharmacies to cut in pages, or the few rows of their territories."""
    if form.rows == PUI:
        return ids
    path = DEPARTMENT if form.rows == BY_DEPARTMENT else REGION
    return place_rows(ids, path, form.season)


def whole_of(form: FollowFilter, ids: Sequence[int], source: Sequence[Any]) -> Figures:
    """Of all that is shown: the rows of territories hold it already."""
    return sums_of(ids, form.season) if form.rows == PUI else whole(one.figures for one in source)


def rows_of(form: FollowFilter, found: Sequence[Any]) -> list[Row]:
    if form.rows != PUI:
        return list(found)
    return pharmacy_rows(found, form.season, with_people=form.is_missing)


def with_whole(rows: Sequence[Row], sums: Figures) -> list[Row]:
    return [whole_row(sums), *rows]


def table_of(form: FollowFilter) -> Table:
    season = form.season
    if form.is_missing and form.rows == PUI:
        return missing_table(season)
    groups = groups_of(season) if form.shows_groups else None
    return follow_table(season, rows=form.rows, groups=groups)


def groups_of(season: Season) -> list[TargetGroup]:
    """Those that are proposed, and those that this season speaks of all the same."""
    told = FluNeed.objects.filter(request__campaign=season.campaign).order_by().values("group")
    rows = TargetGroup.objects.filter(is_used=True) | TargetGroup.objects.filter(pk__in=told)
    return list(rows)


def key_figures(sums: Figures, season: Season) -> list[Figure]:
    """Never alone: what the season before asked, what part is delivered."""
    before = season.before
    last = f"Saison {before.season}\u00a0: {shown(sums.last_need)}" if before else ""
    left = sums.puis - sums.asked
    stock = [stock_figure(sums)] if season.has_stock else []
    return [
        Figure(
            "Demandes faites",
            format_percent(sums.asked, sums.puis),
            f"{format_integer(sums.asked)} sur {format_integer(sums.puis)}",
            f"{format_integer(left)}\u00a0PUI sans demande",
            indicator="demandes-grippe",
        ),
        Figure("Besoin", shown(sums.need), "doses", last, indicator="besoin-grippe"),
        Figure(
            "Commandé et livré",
            shown(sums.delivered),
            "doses",
            f"Part du besoin\u00a0: {sums.share_text}",
            indicator="quantite-cumulee-livree",
        ),
        *stock,
    ]


def stock_figure(sums: Figures) -> Figure:
    stock = sums.stock
    return Figure(
        "Stock déclaré",
        "–" if stock.stock is None else quantity_text(stock.stock),
        "doses",
        f"Couverture\u00a0: {stock.days_text}" if stock.lines else "Aucun stock à jour",
        indicator="couverture-medicament",
    )


@allows(Action.FLU_READ)
@require_safe
def flu_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The table of the screen, all its pages; who took it is in the journal."""
    if kind not in FORMATS:
        raise Http404
    season = season_asked(request)
    if season is None:
        return redirect("vaccines:flu")
    form = FollowFilter(request.GET, user=request.user, season=season)
    ids, table = form.ids(), table_of(form)
    source = source_of(form, ids)
    rows = with_whole(rows_of(form, source), whole_of(form, ids, source))
    values = [table.file_row(one) for one in rows]
    record(
        "vaccines.flu_exported",
        by=request.user,
        target=table.title,
        format=kind,
        rows=len(values),
        filters=form_words(form),
    )
    name = f"vaccins-grippe-{season.campaign.season}-{timezone.localdate():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(table.headers, values, filename=name)
    return spreadsheet_response(table.title, table.headers, values, filename=name)


def form_words(form: FollowFilter) -> dict[str, str]:
    """What was chosen, by the label of its field."""
    chosen = {str(field.label): form.chosen(name) for name, field in form.fields.items()}
    return {label: value for label, value in chosen.items() if value}
