"""« Création et description de PUI »: the register, as a list and as a file."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.exports import csv_response, spreadsheet_response
from establishments.access import allows
from establishments.perimeter import Action
from journal.services import record
from pui.register_table import FORMATS, PER_PAGE, REGISTER, RegisterFilter
from pui.without import sites_without


@allows(Action.PUI_READ)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """One's own pharmacies, or those of the territory that one follows."""
    form = RegisterFilter(request.GET, user=request.user)
    page = Paginator(form.rows(), PER_PAGE).get_page(request.GET.get("page"))
    may_write = request.user.may(Action.PUI_WRITE)
    is_on_sites = is_of_sites(request)
    context = {
        "form": form,
        "page": page,
        "table": REGISTER,
        "lines": [REGISTER.cells(row) for row in page],
        "formats": FORMATS,
        "query": kept_query(request),
        "may_write": may_write,
        "is_on_sites": is_on_sites,
        "without": sites_without(request.user) if is_on_sites else None,
    }
    return render(request, "pui/register.html", context)


def is_of_sites(request: HttpRequest) -> bool:
    """Whether the person holds establishments one by one, and not a territory."""
    perimeter = request.user.perimeter_to(Action.PUI_READ)
    return bool(perimeter) and not (perimeter.is_national or perimeter.region_codes)


def kept_query(request: HttpRequest) -> str:
    """What was asked, without the page: for the file."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


@allows(Action.PUI_READ)
@require_safe
def register_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The same rows, whole; who took them is written in the journal."""
    if kind not in FORMATS:
        raise Http404
    form = RegisterFilter(request.GET, user=request.user)
    values = [REGISTER.file_row(row) for row in form.rows()]
    record(
        "pui.register_exported",
        by=request.user,
        target=REGISTER.title,
        rows=len(values),
        format=kind,
        filters=kept_query(request),
    )
    name = f"registre-des-pui-{timezone.localdate():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(REGISTER.headers, values, filename=name)
    return spreadsheet_response(REGISTER.title, REGISTER.headers, values, filename=name)
