"""The real-time view: the page, its live parts, and the same tables as files."""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.template.loader import render_to_string

from epi_stocks.dashboard.scope import Scope, scope_for
from epi_stocks.dashboard.territory import territory_for
from epi_stocks.filters import DashboardFilter
from epi_stocks.views.visu_context import page_context
from epi_stocks.views.visu_files import FORMATS, file_of, table_response
from establishments.access import allows
from establishments.perimeter import Action
from journal.services import record


def asked(request: HttpRequest) -> tuple[Scope, DashboardFilter]:
    """What the address asks for, within what the person may see."""
    territory = territory_for(request.user, request.GET.get("region", ""))
    form = DashboardFilter(request.GET, user=request.user, territory=territory)
    return scope_for(request.user, territory, form), form


@allows(Action.DASH_EPI)
def visu(request: HttpRequest) -> HttpResponse:
    """The whole page, complete without script."""
    scope, form = asked(request)
    context = {"scope": scope, "form": form, "is_filtered": bool(request.GET)}
    if scope.item is None:
        return render(request, "epi_stocks/visu_no_item.html", context)
    return render(request, "epi_stocks/visu.html", context | page_context(request, scope, form))


@allows(Action.DASH_EPI)
def visu_live(request: HttpRequest) -> HttpResponse:
    """The parts of an open page that change; 304 while they do not."""
    scope, form = asked(request)
    if scope.item is None:
        raise Http404
    context = {"scope": scope, "form": form} | page_context(request, scope, form)
    html = render_to_string("epi_stocks/visu_live.html", context, request)
    etag = f'"{hashlib.sha256(html.encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = HttpResponse(html)
    answer.headers["ETag"] = etag
    return answer


@allows(Action.DASH_EPI)
def visu_file(request: HttpRequest, table: str, kind: str) -> HttpResponse:
    """Exactly the table on the screen, all its pages; who took it is written in the journal."""
    if kind not in FORMATS:
        raise Http404
    scope, _ = asked(request)
    file = file_of(scope, table, request.GET)
    if file is None:
        raise Http404
    record(
        "epi.exported",
        by=request.user,
        target=file.title,
        table=table,
        format=kind,
        week=str(scope.week),
        rows=len(file.rows),
        filters=request.GET.urlencode(),
    )
    return table_response(kind, file.table, file.rows, title=file.title, filename=file.filename)
