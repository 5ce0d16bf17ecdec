"""What the agencies and OMEDITs follow: the lines, one line, the reports of pharmacies."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.lookups import can, get_in_perimeter
from accounts.models import User
from common.exports import csv_response, spreadsheet_response
from common.numbers import format_integer, row_number
from common.paging import KeyedPaginator
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from journal.services import record
from vaccines.corrections.following import (
    NAMED,
    Followed,
    LinesFilter,
    followed_lines,
    with_reports,
)
from vaccines.corrections.forms import DismissForm
from vaccines.corrections.history import changes_of
from vaccines.corrections.planning import MOST_AT_ONCE
from vaccines.corrections.reports import closings_of, reports_about, reports_of
from vaccines.corrections.tables import lines_table, origin_text
from vaccines.looks import badge
from vaccines.models import LineReport, SupplyLine
from vaccines.recalls import Need, gap_of
from vaccines.services.report_answers import ReportAnswerError, dismiss_report
from vaccines.states import state_of
from vaccines.vials import with_vials

PER_PAGE = 50
TITLE = "Approvisionnement vaccin COVID"
REPORTS = "Signalements"
FORMATS = ("xlsx", "csv")


def corrects(user: User) -> bool:
    return user.may(Action.VAC_LINE)


def waiting_reports(user: User) -> int:
    """Those that this person is to answer."""
    if not corrects(user):
        return 0
    return LineReport.objects.for_user(user, to=Action.VAC_LINE).filter(state="open").count()


@allows(Action.VAC_READ)
@require_safe
def followed(request: HttpRequest) -> HttpResponse:
    """The lines of one's territory, each with a box to tick for who may correct them."""
    form = LinesFilter(request.GET, user=request.user)
    found = followed_lines(request.user, form, timezone.now())
    may_correct = corrects(request.user)
    rows = with_reports(found.rows) if may_correct else found.rows
    pages = KeyedPaginator(rows, PER_PAGE, total=found.total)
    page = pages.get_page(request.GET.get("page"))
    table = lines_table(may_correct=may_correct)
    context = {
        "form": form,
        "states": state_links(request, found),
        "page": page,
        "count": page.paginator.count,
        "caption": "Lignes d’approvisionnement",
        "table": table,
        "lines": [table.cells(one) for one in page.object_list],
        "query": query_without(request, "page"),
        "formats": FORMATS,
        "may_correct": may_correct,
        "all_at_once": 1 < page.paginator.count <= MOST_AT_ONCE,
        "is_filtered": bool(request.GET),
    }
    context |= frame_of(request.user, TITLE)
    return render(request, "vaccines/following/followed.html", context)


def report_asked(request: HttpRequest) -> LineReport | None:
    """The report that brought here; one out of reach is not there.

    Sent back with a correction, it is read even closed: a colleague answered meanwhile.
    """
    sent = request.POST.get("signalement") or request.GET.get("signalement", "")
    if not sent or not corrects(request.user):
        return None
    rows = reports_of(request.user, to=Action.VAC_LINE).filter(pk=row_number(sent))
    report = rows.first()
    return report if request.method == "POST" else still_open(report)


def still_open(report: LineReport | None) -> LineReport | None:
    """None once it is answered: a correction is then made for itself."""
    return report if report and report.state == LineReport.State.OPEN else None


def query_without(request: HttpRequest, *names: str) -> str:
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()


def state_links(request: HttpRequest, found: Followed) -> list[tuple[str, str, str, bool]]:
    """Label, count, address and whether it is chosen: each state, then what is late."""
    asked = request.GET.get("etat", "")
    rest = query_without(request, "page", "etat", "retard")
    links = [
        (one.label, format_integer(count), f"?{_joined(rest, etat=one.value)}", asked == one.value)
        for one, count in found.counts.items()
    ]
    late = bool(request.GET.get("retard"))
    return [
        *links,
        ("En retard", format_integer(found.late), f"?{_joined(rest, retard='on')}", late),
    ]


def _joined(query: str, **more: str) -> str:
    return "&".join(filter(None, [query, urlencode(more)]))


@allows(Action.VAC_READ)
@require_safe
def lines_file(request: HttpRequest, kind: str) -> HttpResponse:
    """What is on screen, all its pages; who took it is in the journal."""
    form = LinesFilter(request.GET, user=request.user)
    found = followed_lines(request.user, form, timezone.now())
    table = lines_table(may_correct=False)
    rows = with_vials(found.rows).iterator(chunk_size=2_000)
    return file_of(request, table, rows, kind, "lignes-vaccins")


def file_of(request: HttpRequest, table: Any, rows: Any, kind: str, name: str) -> HttpResponse:
    if kind not in FORMATS:
        raise Http404
    record(
        "vaccines.lines_exported",
        by=request.user,
        target=table.title,
        table=table.ident,
        format=kind,
        filters=request.GET.urlencode(),
    )
    filename, values = f"{name}-{timezone.localdate():%Y-%m-%d}", map(table.file_row, rows)
    if kind == "csv":
        return csv_response(table.headers, values, filename=filename)
    return spreadsheet_response(table.title, table.headers, values, filename=filename)


@allows(Action.VAC_READ)
@require_safe
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """The five parts of a line, what was reported of it, and all that happened to it."""
    rows = SupplyLine.objects.select_related(
        *NAMED, "recalled__wave", "need_by", "planned_by", "removed_by"
    )
    row = get_in_perimeter(rows, request.user, to=Action.VAC_READ, pk=pk)
    assert isinstance(row, SupplyLine)  # noqa: S101  # says to the types what was read
    need = Need(row.first_doses, row.second_doses, row.comment)
    reports = list(reports_about(row.pk, request.user))
    may_correct = can(request.user, Action.VAC_LINE, row)
    waiting = [one for one in reports if may_correct and still_open(one)]
    closings = closings_of(waiting, request.user)
    context = {
        "row": row,
        "state": badge(state_of(row, timezone.now())),
        "origin": origin_text(row),
        "gap": gap_of(need, row.recalled, row.wave.delivers_on),
        "receptions": row.receptions.all(),
        "received": sum(one.doses for one in row.receptions.all()),
        "recalls": row.recalls.standing().select_related("wave"),
        "reports": [one for one in reports if one not in waiting],
        "waiting_here": [(one, closings[one.pk]) for one in waiting],
        "changes": changes_of(row),
        "may_correct": may_correct,
    }
    context |= frame_of(request.user, f"{row.recipient.name}, {row.wave}")
    return render(request, "vaccines/following/line.html", context)


def frame_of(user: User, name: str, *under: tuple[str, str]) -> dict[str, Any]:
    """What every page of those who follow needs: its name, the pages above, the views offered."""
    above = [(TITLE, reverse("vaccines:supply")), *under] if name != TITLE else []
    return {
        "trail_name": name,
        "above": above,
        "corrects": corrects(user),
        "makes_waves": user.may(Action.VAC_WAVE),
        "waiting": waiting_reports(user),
    }


@allows(Action.VAC_LINE)
@require_safe
def line_reports(request: HttpRequest) -> HttpResponse:
    """Each beside the correction that closes it."""
    rows = reports_of(request.user, to=Action.VAC_LINE)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    closings = closings_of(list(page.object_list), request.user)
    context = {
        "page": page,
        "reports": [(one, closings[one.pk]) for one in page.object_list],
    }
    context |= frame_of(request.user, REPORTS)
    return render(request, "vaccines/following/line_reports.html", context)


@allows(Action.VAC_LINE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def line_report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report, its way to the correction, and the answer in words that closes it without."""
    rows = reports_of(request.user, to=Action.VAC_LINE)
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    form = DismissForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            dismiss_report(by=request.user, report=row, answer=form.cleaned_data["reponse"])
        except ReportAnswerError as refusal:
            form.add_error(None, str(refusal))
            row = rows.get(pk=pk)
        else:
            messages.success(request, "Votre réponse est enregistrée et envoyée à la PUI.")
            return redirect("vaccines:line_reports")
    context = {
        "row": row,
        "form": form,
        "closing": closings_of([row], request.user)[row.pk],
    }
    name = str(row.get_kind_display()).capitalize()
    context |= frame_of(request.user, name, (REPORTS, reverse("vaccines:line_reports")))
    status = 422 if form.errors else 200
    return render(request, "vaccines/following/line_report.html", context, status=status)
