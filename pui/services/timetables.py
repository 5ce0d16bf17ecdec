"""When the late pharmacies of a region are written to: set, paused, taken up again; journaled."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from establishments.access import refusal
from establishments.models import Region
from establishments.perimeter import Action
from journal.services import record
from medications.sentences import WEEKDAYS, hour_text
from pui.models import ReminderTimetable
from pui.reminders.timetable import Timetable, timetable_of
from pui.services.onboarding import OfRegion

COUNTRY = "France entière"


class TimetableError(Exception):
    """Nothing was changed. The message is for the person, in French."""


class TimetableChangedError(TimetableError):
    """Somebody changed it since the form was shown."""

    def __init__(self) -> None:
        super().__init__(
            "Quelqu’un a changé ce calendrier pendant votre saisie\u00a0: relisez ce qui est "
            "enregistré maintenant."
        )


@dataclass(frozen=True, slots=True)
class Setting:
    """What a person chooses."""

    weekdays: tuple[int, ...]
    at: time
    patience: int


def may_set(user: User, region: Region | None) -> bool:
    """An ARS for its region; the national cell for any, and for the country."""
    perimeter = user.perimeter_to(Action.REMIND_SEND)
    return perimeter.is_national or (region is not None and region.pk in perimeter.region_codes)


def row_of(region: Region | None) -> ReminderTimetable | None:
    found: ReminderTimetable | None = ReminderTimetable.objects.filter(region=region).first()
    return found


def seen_of(row: ReminderTimetable | None) -> str:
    """What a form carries to know whether somebody changed it since."""
    return row.changed_at.isoformat() if row else ""


@transaction.atomic
def set_timetable(
    *, by: User, region: Region | None, setting: Setting, seen: str
) -> ReminderTimetable:
    """The days, the hour and the patience of a region, or of those that have set none."""
    row = _locked(by, region, seen)
    before = _told(timetable_of(region))
    row.weekdays = sorted(setting.weekdays)
    row.at, row.patience = setting.at, setting.patience
    return _save(row, by, "pui.reminders_set", before)


@transaction.atomic
def pause(
    *, by: User, region: Region | None, resumes_on: date | None, seen: str
) -> ReminderTimetable:
    """No reminder leaves before that day; without one, until somebody takes them up again."""
    if resumes_on and resumes_on <= timezone.localdate():
        raise TimetableError("La reprise ne peut être qu’un jour à venir.")
    row = _locked(by, region, seen)
    before = _told(timetable_of(region))
    row.is_paused, row.resumes_on = True, resumes_on
    return _save(row, by, "pui.reminders_paused", before)


@transaction.atomic
def resume(*, by: User, region: Region | None, seen: str) -> ReminderTimetable:
    row = _locked(by, region, seen)
    if not row.is_paused:
        raise TimetableError("Ces relances ne sont pas en pause.")
    before = _told(timetable_of(region))
    row.is_paused, row.resumes_on = False, None
    return _save(row, by, "pui.reminders_resumed", before)


@transaction.atomic
def follow_country(*, by: User, region: Region, seen: str) -> None:
    """Give up what the region set: it follows the country again, whatever it becomes."""
    row = _locked(by, region, seen)
    before = _told(timetable_of(region))
    if row.pk:
        row.delete()
    after = _told(timetable_of(region))
    _record("pui.reminders_set", by, region, before, after)


def _locked(by: User, region: Region | None, seen: str) -> ReminderTimetable:
    """The row, for one writer at a time; a new one has what is in force until now."""
    if not may_set(by, region):
        raise PermissionDenied(refusal(Action.REMIND_SEND))
    regions = Region.objects.select_for_update(no_key=True).order_by("pk")
    list(regions.filter(pk=region.pk) if region else regions)
    row = row_of(region)
    if seen_of(row) != seen:
        raise TimetableChangedError
    if row:
        return row
    now = timetable_of(region)
    return ReminderTimetable(
        region=region,
        weekdays=list(now.weekdays),
        at=now.at,
        patience=now.patience,
        is_paused=now.is_paused,
        resumes_on=now.resumes_on,
    )


def _save(row: ReminderTimetable, by: User, verb: str, before: dict[str, Any]) -> ReminderTimetable:
    """Nothing is kept nor told when nothing changes."""
    after = _told(Timetable.of_row(row, is_own=True))
    if after != before or row.pk is None:
        row.changed_by = by
        row.save()
        _record(verb, by, row.region, before, after)
    return row


def _record(
    verb: str, by: User, region: Region | None, before: dict[str, Any], after: dict[str, Any]
) -> None:
    place = OfRegion(region.pk) if region else None
    record(verb, by=by, target=region or COUNTRY, place=place, before=before, after=after)


def _told(timetable: Timetable) -> dict[str, Any]:
    return {
        "weekdays": [WEEKDAYS[day - 1] for day in timetable.weekdays],
        "hour": hour_text(timetable.at),
        "patience": timetable.patience,
        "is_paused": timetable.is_paused,
        "resumes_on": timetable.resumes_on.isoformat() if timetable.resumes_on else "",
    }
