"""The journal of one's perimeter, on a page and as a file."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.journal_page.details import on_one_line
from accounts.journal_page.filtering import JournalFilter, narrowed, regions_of
from accounts.journal_page.reading import (
    PER_PAGE,
    Line,
    after,
    entries_of,
    first_lines,
    lines_of,
    verbs_of,
)
from common.exports import csv_response, spreadsheet_response
from common.numbers import format_integer
from establishments.access import allows
from establishments.perimeter import Action
from journal.services import record

LARGEST = 50_000
FORMATS = ("csv", "xlsx")
LONGEST = 19  # digits of a number of line
HEADERS = (
    "Date",
    "Heure",
    "Action",
    "Par",
    "Sous le profil",
    "Objet",
    "Lieu",
    "Détails",
    "Numéro de requête",
)


@allows(Action.JRN_READ)
@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """What happened in one's perimeter, newest first."""
    entries = entries_of(request.user)
    form = JournalFilter(
        request.GET or None, verbs=verbs_of(entries), regions=regions_of(request.user)
    )
    form_is_valid = not form.is_bound or form.is_valid()
    lines: list[Line] = []
    if form_is_valid:
        chosen = form.cleaned_data if form.is_bound else {}
        lines = first_lines(entries, _last(request), chosen, PER_PAGE + 1)
    context = {
        "title": "Journal",
        "form": form,
        "lines": lines[:PER_PAGE],
        "next": lines[PER_PAGE - 1].pk if len(lines) > PER_PAGE else None,
        "is_first": _last(request) is None,
        "query": _filters(request).urlencode(),
        "formats": FORMATS,
        "largest": LARGEST,
        "kept_months": settings.JOURNAL_KEPT_MONTHS,
    }
    return render(request, "plage/journal.html", context, status=200 if form_is_valid else 400)


@allows(Action.JRN_READ)
@require_safe
def journal_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The same lines, all of them; who took them is in the journal."""
    form = JournalFilter(_filters(request), regions=regions_of(request.user))
    if kind not in FORMATS or not form.is_valid():
        raise Http404
    found = after(narrowed(entries_of(request.user), form.cleaned_data), None, form.cleaned_data)
    count = found.order_by()[: LARGEST + 1].count()
    if count > LARGEST:
        messages.error(
            request,
            f"Plus de {format_integer(LARGEST)} lignes correspondent : choisissez des dates plus "
            "proches ou une action pour les télécharger.",
        )
        return redirect(f"{reverse('plage:journal')}?{_filters(request).urlencode()}")
    record(
        "account.journal_exported",
        by=request.user,
        target="journal",
        place=request.user.active_profile.entity,  # a region finds who took its journal
        rows=count,
        format=kind,
        filters={name: value for name, value in _filters(request).items() if value},
    )
    return _file(kind, _rows(lines_of(found)))


def _rows(lines: Iterator[Line]) -> Iterator[tuple[object, ...]]:
    for line in lines:
        local = timezone.localtime(line.at)
        yield (
            local.date(),
            f"{local:%H:%M:%S}",
            line.title,
            line.who,
            line.profile,
            line.target,
            line.place,
            on_one_line(line.details),
            line.request_id,
        )


def _file(kind: str, rows: Iterator[tuple[object, ...]]) -> HttpResponse:
    name = f"journal-{timezone.localdate():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(HEADERS, rows, filename=name)
    return spreadsheet_response("Journal", HEADERS, rows, filename=name)


def _last(request: HttpRequest) -> int | None:
    """The last line of the page before; anything else than a number is the first page."""
    asked = request.GET.get("avant", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < LONGEST else None


def _filters(request: HttpRequest) -> QueryDict:
    """What was asked, less the place in the list."""
    filters = request.GET.copy()
    filters.pop("avant", None)
    return filters
