"""« Relevés quotidiens »: the stocks of each morning, for the tools of an ARS or of the country."""

from datetime import date

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.exports import CSV_TYPE
from establishments.access import allows
from establishments.perimeter import Action
from journal.services import record
from pui.feeds.columns import SNAPSHOT
from pui.feeds.snapshots import days_in_reach, schema, text_of
from pui.models import SnapshotPart

PER_PAGE = 31


@allows(Action.DASH_MED)
@require_safe
def snapshots(request: HttpRequest) -> HttpResponse:
    """The days that are kept; each file holds what the reader follows, no more."""
    parts = SnapshotPart.objects.for_user(request.user, to=Action.DASH_MED)
    page = Paginator(days_in_reach(parts), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "dictionary": SNAPSHOT,
        "is_national": request.user.perimeter_to(Action.DASH_MED).is_national,
        "kept": settings.SNAPSHOT_DAYS,
    }
    return render(request, "dispostock/snapshots.html", context)


@allows(Action.DASH_MED)
@require_safe
def snapshot_file(request: HttpRequest, day: date) -> HttpResponseBase:
    """The lines of one's territory that morning; who took them is in the journal."""
    parts = list(SnapshotPart.objects.for_user(request.user, to=Action.DASH_MED).filter(day=day))
    if not parts:
        raise Http404
    response = csv_of(parts)
    record(
        "pui.snapshot_downloaded",
        by=request.user,
        target=f"Relevé du {day:%d/%m/%Y}",
        rows=sum(one.lines for one in parts),
        day=f"{day:%Y-%m-%d}",
    )
    return response


def csv_of(parts: list[SnapshotPart]) -> StreamingHttpResponse:
    """In pieces: the file of the country is some hundred megabytes."""
    try:
        pieces = text_of(parts)
    except FileNotFoundError:
        raise Http404 from None
    response = StreamingHttpResponse(pieces, content_type=CSV_TYPE)
    regions = f"-{parts[0].region_code}" if len(parts) == 1 else ""
    name = f"releve-stocks-pui-{parts[0].day:%Y-%m-%d}{regions}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@allows(Action.DASH_MED)
@require_safe
def snapshot_schema(request: HttpRequest) -> HttpResponse:
    """The dictionary of the columns, as a Table Schema."""
    return JsonResponse(schema(), json_dumps_params={"ensure_ascii": False, "indent": 2})
