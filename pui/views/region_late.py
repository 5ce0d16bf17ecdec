"""« PUI en retard »: who, since when, whom to call; a reminder read before it leaves."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from common.exports import csv_response, spreadsheet_response
from common.numbers import row_number
from establishments.access import allows, as_shown
from establishments.models import Region
from establishments.perimeter import Action
from journal.services import record
from medications.calendar import calendar_of
from medications.models import MonitoredList
from medications.sentences import due_sentence
from pui.region.figures import plural
from pui.region.late import (
    MOST_AT_ONCE,
    LatePui,
    anyone_to_remind,
    described,
    late_puis,
    owing_puis,
)
from pui.region.late_table import late_table
from pui.reminders.timetable import timetable_of
from pui.services.reminding import RemindingError, letters_for, send_reminders
from pui.stock.freshness import required_day

PER_PAGE = 50
FORMATS = ("xlsx", "csv")
DEFAULT_LIST = MonitoredList.Slug.OTHERS


def asked_list(request: HttpRequest, sent: str = "") -> MonitoredList:
    """The list asked for; an unknown one does not exist."""
    slug = sent or request.GET.get("liste", "") or DEFAULT_LIST
    if slug not in MonitoredList.Slug.values:
        raise Http404
    found: MonitoredList = get_object_or_404(MonitoredList, pk=slug)
    return found


@allows(Action.DASH_MED)
@require_safe
def late(request: HttpRequest) -> HttpResponse:
    now, monitored_list = timezone.now(), asked_list(request)
    calendar = calendar_of(monitored_list)
    required = required_day(calendar, now)
    rows = late_puis(request.user, monitored_list, calendar, now)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    table = _table(request, monitored_list)
    told = described(page.object_list, monitored_list, calendar, now)
    expected = owing_puis(request.user, monitored_list, required, now).count()
    context = {
        "monitored_list": monitored_list,
        "lists": MonitoredList.objects.all(),
        "due": due_sentence(calendar.period(required)),
        "page": page,
        "count": page.paginator.count,
        "expected": expected,
        "caption": f"N’ont pas déclaré\u00a0: {page.paginator.count} PUI sur {expected}",
        "table": table,
        "lines": [table.cells(one) for one in told],
        "formats": FORMATS,
        "may_remind": request.user.may(Action.REMIND_SEND),
        "is_any_left": _is_any_left(request.user, told, monitored_list, now),
        "timetable": timetable_of(own_region(request.user)),
    }
    return render(request, "dispostock/region_late.html", context)


def _is_any_left(
    user: User, shown: list[LatePui], monitored_list: MonitoredList, now: datetime
) -> bool:
    """Somebody may be written to: on this page, else on another."""
    if not user.may(Action.REMIND_SEND):
        return False
    if any(one.may_be_reminded for one in shown):
        return True
    calendar = calendar_of(monitored_list)
    rows = late_puis(user, monitored_list, calendar, now, to=Action.REMIND_SEND)
    return anyone_to_remind(rows, monitored_list, calendar, now)


def own_region(user: User) -> Region | None:
    """The one that an ARS follows; those who follow the country have none."""
    perimeter = user.perimeter_to(Action.DASH_MED)
    codes = () if perimeter.is_national else perimeter.region_codes
    found: Region | None = Region.objects.filter(pk__in=codes).first()
    return found


def _table(request: HttpRequest, monitored_list: MonitoredList):
    return late_table(
        may_remind=request.user.may(Action.REMIND_SEND),
        may_appoint=request.user.may(Action.PROF_DECIDE_APE),
        slug=monitored_list.pk,
    )


@allows(Action.DASH_MED)
@require_safe
def late_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The same table, all its pages; who took it is in the journal."""
    if kind not in FORMATS:
        raise Http404
    now, monitored_list = timezone.now(), asked_list(request)
    calendar = calendar_of(monitored_list)
    found = late_puis(request.user, monitored_list, calendar, now)
    table = _table(request, monitored_list)
    values = [table.file_row(one) for one in described(found, monitored_list, calendar, now)]
    record(
        "pui.late_exported",
        by=request.user,
        target=table.title,
        list=monitored_list.pk,
        format=kind,
        rows=len(values),
    )
    name = f"pui-en-retard-{monitored_list.pk}-{timezone.localdate():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(table.headers, values, filename=name)
    return spreadsheet_response(table.title, table.headers, values, filename=name)


@allows(Action.REMIND_SEND)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: HttpRequest) -> HttpResponse:
    """What will be written, and to whom; then it leaves, once a day at most for a pharmacy."""
    monitored_list = asked_list(request, request.POST.get("liste", ""))
    now = timezone.now()
    pui_ids = _asked(request, monitored_list)
    back = f"{reverse('pui:late')}?liste={monitored_list.pk}"
    if request.method == "POST":
        _send(request, monitored_list, pui_ids)
        return redirect(back)
    letters = letters_for(by=request.user, monitored_list=monitored_list, pui_ids=pui_ids, now=now)
    context: dict[str, Any] = {
        "monitored_list": monitored_list,
        "letters": letters,
        "first": letters[0] if letters else None,
        "hidden": [
            ("liste", monitored_list.pk),
            ("profile", request.user.active_profile.pk if request.user.active_profile else ""),
            *(("pui", one.pui.pk) for one in letters),
        ],
        "label": f"Relancer {plural(len(letters), 'PUI', 'PUI')}",
        "back": back,
    }
    return render(request, "dispostock/region_remind.html", context)


def _asked(request: HttpRequest, monitored_list: MonitoredList) -> list[int]:
    """The pharmacies named; all those that are late when none is."""
    sent = request.POST if request.method == "POST" else request.GET
    named = sent.getlist("pui")
    if named or request.method == "POST":
        return [row_number(one) for one in named[:MOST_AT_ONCE]]
    now = timezone.now()
    rows = late_puis(
        request.user, monitored_list, calendar_of(monitored_list), now, to=Action.REMIND_SEND
    )
    return list(rows.values_list("pk", flat=True)[:MOST_AT_ONCE])


def _send(request: HttpRequest, monitored_list: MonitoredList, pui_ids: list[int]) -> None:
    try:
        sent = send_reminders(by=request.user, monitored_list=monitored_list, pui_ids=pui_ids)
    except RemindingError as error:
        messages.error(request, str(error))
        return
    messages.success(request, f"{plural(len(sent), 'PUI relancée', 'PUI relancées')}.")
