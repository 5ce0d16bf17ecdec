"""« Relances automatiques »: when they leave, what would leave next, what left; the pause."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from establishments.access import allows, as_shown, refusal
from establishments.models import Region
from establishments.perimeter import Action
from pui.models import ReminderRound, ReminderTimetable
from pui.reminders.forms import PauseForm, TimetableForm
from pui.reminders.preview import preview_of
from pui.reminders.timetable import Timetable, timetable_of
from pui.services.timetables import (
    COUNTRY,
    TimetableError,
    follow_country,
    may_set,
    pause,
    resume,
    row_of,
    seen_of,
    set_timetable,
)

COUNTRY_CODE = "pays"  # in an address
SHOWN_ROUNDS, SHOWN_CALLS = 20, 50
TITLE = "Relances automatiques"


@dataclass(frozen=True)
class Where:
    """The region of the page, or the country: its timetable is that of those that set none."""

    region: Region | None

    @property
    def code(self) -> str:
        return self.region.pk if self.region else COUNTRY_CODE

    @property
    def name(self) -> str:
        return self.region.name if self.region else COUNTRY

    @property
    def address(self) -> str:
        return f"{reverse('pui:reminders')}?region={self.code}"

    def regions(self) -> list[Region | None]:
        """Those whose reminders it sets."""
        if self.region:
            return [self.region]
        own = ReminderTimetable.objects.filter(region__isnull=False).values("region")
        return [None, *Region.objects.exclude(pk__in=own)]


def regions_of(user: User) -> list[Region]:
    """Those that the person follows in detail."""
    perimeter = user.perimeter_to(Action.DASH_MED)
    rows = Region.objects.all()
    if not perimeter.is_national:
        rows = rows.filter(pk__in=perimeter.region_codes)
    return list(rows)


def where_of(user: User, code: str) -> Where:
    """What one may not follow does not exist: 404."""
    regions = regions_of(user)
    is_national = user.perimeter_to(Action.DASH_MED).is_national
    if is_national and code in ("", COUNTRY_CODE):
        return Where(None)
    found = next((one for one in regions if one.pk == code or not code), None)
    if found is None:
        raise Http404
    return Where(found)


@allows(Action.DASH_MED)
@require_safe
def reminders(request: HttpRequest) -> HttpResponse:
    where, now = where_of(request.user, request.GET.get("region", "")), timezone.now()
    timetable = timetable_of(where.region)
    preview = preview_of(timetable, where.regions(), now)
    rounds = ReminderRound.objects.for_user(request.user, to=Action.DASH_MED)
    if where.region:
        rounds = rounds.filter(region=where.region)
    context = {
        "title": TITLE,
        "where": where,
        "choices": choices_of(request.user),
        "timetable": timetable,
        "preview": preview,
        "calls": preview.calls[:SHOWN_CALLS],
        "more_calls": max(0, len(preview.calls) - SHOWN_CALLS),
        "row": row_of(where.region),
        "rounds": rounds.select_related("region").order_by("-day", "region")[:SHOWN_ROUNDS],
        "may_set": may_set(request.user, where.region),
    }
    return render(request, "dispostock/reminders.html", context)


def choices_of(user: User) -> list[tuple[str, str]]:
    """The territories of the select; none when there is only one."""
    regions = [(one.pk, one.name) for one in regions_of(user)]
    is_national = user.perimeter_to(Action.DASH_MED).is_national
    return [(COUNTRY_CODE, COUNTRY), *regions] if is_national else []


def where_to_set(user: User, code: str) -> Where:
    """In reach without the right: 403, with a sentence."""
    where = where_of(user, code)
    if not may_set(user, where.region):
        raise PermissionDenied(refusal(Action.REMIND_SEND))
    return where


@as_shown
@allows(Action.REMIND_SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def reminders_set(request: HttpRequest, code: str) -> HttpResponse:
    """Choose, read who would be written to and when, then confirm."""
    where = where_to_set(request.user, code)
    timetable = timetable_of(where.region)
    form = TimetableForm(request.POST or None, timetable=timetable)
    status, preview = 200, None
    if request.method == "POST":
        if "national" in request.POST and where.region:
            return _done(request, where, lambda: _follow_country(request, where))
        if not form.is_valid():
            status = 422
        elif "confirmer" in request.POST:
            return _done(request, where, lambda: _set(request, where, form))
        elif "modifier" not in request.POST:
            preview = _preview_of(form, timetable, where)
    context = {
        "title": "Changer le calendrier des relances",
        "where": where,
        "above": _above(where),
        "timetable": timetable,
        "form": form,
        "preview": preview,
        "seen": request.POST.get("seen", "") if preview else seen_of(row_of(where.region)),
    }
    return render(request, "dispostock/reminders_set.html", context, status=status)


def _preview_of(form: TimetableForm, now: Timetable, where: Where) -> dict[str, Any]:
    chosen = form.setting
    proposed = Timetable(
        chosen.weekdays, chosen.at, chosen.patience, now.is_paused, now.resumes_on, is_own=True
    )
    return {
        "rhythm": proposed.rhythm,
        "next": preview_of(proposed, where.regions(), timezone.now()),
        "kept": form.kept,
    }


def _set(request: HttpRequest, where: Where, form: TimetableForm) -> str:
    seen = request.POST.get("seen", "")
    set_timetable(by=request.user, region=where.region, setting=form.setting, seen=seen)
    return "Le calendrier des relances est enregistré."


def _follow_country(request: HttpRequest, where: Where) -> str:
    seen = request.POST.get("seen", "")
    follow_country(by=request.user, region=where.region, seen=seen)
    return "La région suit de nouveau le calendrier national."


@as_shown
@allows(Action.REMIND_SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def reminders_pause(request: HttpRequest, code: str) -> HttpResponse:
    """Stop for a while, or take up again."""
    where = where_to_set(request.user, code)
    timetable = timetable_of(where.region)
    form = PauseForm(request.POST or None)
    if request.method == "POST" and "reprendre" in request.POST:
        return _done(request, where, lambda: _resume(request, where))
    if request.method == "POST" and form.is_valid():
        return _done(request, where, lambda: _pause(request, where, form))
    context = {
        "title": "Reprendre les relances" if timetable.is_paused else "Mettre en pause",
        "where": where,
        "above": _above(where),
        "timetable": timetable,
        "form": form,
        "seen": seen_of(row_of(where.region)),
    }
    status = 422 if form.errors else 200
    return render(request, "dispostock/reminders_pause.html", context, status=status)


def _pause(request: HttpRequest, where: Where, form: PauseForm) -> str:
    day, seen = form.cleaned_data["resumes_on"], request.POST.get("seen", "")
    pause(by=request.user, region=where.region, resumes_on=day, seen=seen)
    return "Les relances sont en pause."


def _resume(request: HttpRequest, where: Where) -> str:
    resume(by=request.user, region=where.region, seen=request.POST.get("seen", ""))
    return "Les relances reprennent."


def _above(where: Where) -> list[tuple[str, str]]:
    return [(TITLE, where.address)]


def _done(request: HttpRequest, where: Where, act: Callable[[], str]) -> HttpResponse:
    """Back to the page, which shows what is set now, with what happened or why not."""
    try:
        messages.success(request, act())
    except TimetableError as refused:
        messages.error(request, str(refused))
    return redirect(where.address)
