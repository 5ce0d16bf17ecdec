"""When the summaries of territories are computed again: what changed, at once; all, each night."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from common.locks import Lock
from common.weeks import PARIS
from medications.calendar import ReportingCalendar, calendar_of
from medications.models import MonitoredList
from medications.thresholds import thresholds_of
from pui.history import events_of
from pui.models import Pui, SummarisedDue, Transmission
from pui.region.catalogue import read_catalogue
from pui.region.computing import REFRESH

TREND: Final = 12  # due days on a page
CARRIED: Final = 2  # due days before, whose lines still stand for a pharmacy
SETTLING: Final = timedelta(minutes=2)  # a transmission is dated a little before it is committed
SHOWN: Final = 2  # due days whose expected pharmacies a page tells: the one expected, the one past
DELAY: Final = timedelta(minutes=10)  # what moves with the hour alone is computed again after it


@dataclass(frozen=True, slots=True)
class Computed:
    """One due day as it is, or as it was at the same hour before the next one."""

    due_on: date
    until: datetime
    is_same_hour: bool = False


def refresh_changed(now: datetime | None = None) -> int:
    """Each list: what was transmitted since, and what was never computed. Say how many days."""
    now = now or timezone.now()
    return sum(
        refresh(one.pk, changed_days(one.pk, calendar_of(one), now), now)
        for one in MonitoredList.objects.all()
    )


def refresh_all(now: datetime | None = None) -> int:
    """Every due day of the pages: a change of directory or of lists reaches the past."""
    now = now or timezone.now()
    return sum(
        refresh(one.pk, page_days(calendar_of(one), now), now)
        for one in MonitoredList.objects.all()
    )


def page_days(calendar: ReportingCalendar, now: datetime) -> list[date]:
    """The due days of a page: the one expected, then those past, the latest first."""
    return [calendar.expected(now).due_on, *calendar.past_dues(now, TREND - 1)]


def changed_days(slug: str, calendar: ReportingCalendar, now: datetime) -> list[date]:
    """Those never computed, those that a transmission touched since, the one expected at times;
    after a change of the register, the two that say who is expected."""
    days = page_days(calendar, now)
    known = SummarisedDue.objects.filter(monitored_list=slug, is_same_hour=False)
    done = dict(known.values_list("due_on", "refreshed_at"))
    if not done:
        return days
    last = max(done.values())
    told = Transmission.objects.filter(
        monitored_list=slug,
        state__in=Transmission.STORED,
        due_on__in=[*days, *counted_days(calendar, days[-1])],
        confirmed_at__gte=last - SETTLING,
    )
    touched = set(told.values_list("due_on", flat=True).distinct())
    found = {
        day for day in days if day not in done or touched.intersection(telling_days(calendar, day))
    }
    if now - last >= DELAY:
        found.add(days[0])
    if is_register_changed(last - SETTLING, now):
        found.update(days[:SHOWN])
    return sorted(found, reverse=True)


def is_register_changed(since: datetime, until: datetime) -> bool:
    """Whether a pharmacy was created, described or closed: who is expected may have changed."""
    return events_of(Pui, pgh_created_at__gte=since, pgh_created_at__lte=until).exists()


def refresh(slug: str, days: Iterable[date], now: datetime) -> int:
    """Compute these due days; at times, the two last ones past as they were at the same hour."""
    calendar, days = calendar_of(slug), list(days)
    asked = [Computed(day, now) for day in days]
    known = SummarisedDue.objects.filter(
        monitored_list=slug, is_same_hour=True, refreshed_at__gt=now - DELAY
    )
    compared = calendar.past_dues(now, 2)
    if days and set(known.values_list("due_on", flat=True)) != set(compared):
        asked += [same_hour(calendar, day, now) for day in compared]
    return _write(slug, calendar, asked, now)


def same_hour(calendar: ReportingCalendar, day: date, now: datetime) -> Computed:
    """``day`` as it was when as little time was left as now before the due day that follows.

    The hour is that of Paris: it stays the same when summer time begins or ends between the two.
    """
    until = now.astimezone(PARIS) - (calendar.next_due(day) - day)
    return Computed(day, until, is_same_hour=True)


@transaction.atomic
def _write(slug: str, calendar: ReportingCalendar, asked: Sequence[Computed], now: datetime) -> int:
    """Nothing is done while another refresh is under way."""
    if not asked:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL jit = off")  # compiling would take longer than running
        cursor.execute("SET LOCAL enable_nestloop = off")  # whole due days are read
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [Lock.PHARMACY_SUMMARIES])
        if not cursor.fetchone()[0]:
            return 0
        for one in asked:
            cursor.execute(REFRESH, _parameters(slug, calendar, one, now))
    return len(asked)


def _parameters(
    slug: str, calendar: ReportingCalendar, one: Computed, now: datetime
) -> dict[str, Any]:
    catalogue = read_catalogue(slug, min(one.due_on, timezone.localdate(now)))
    return {
        "now": now,
        "list": slug,
        "due_on": one.due_on,
        "due_at": calendar.due_at(one.due_on),
        "next_on": calendar.next_due(one.due_on),
        "closes_at": calendar.due_at(calendar.next_due(one.due_on)),
        "days": counted_days(calendar, one.due_on),
        "until": one.until,
        "same_hour": one.is_same_hour,
        "products": sorted(catalogue.items),
        "watched": catalogue.watched_ids,
        **thresholds_of(one.due_on)._asdict(),
    }


def telling_days(calendar: ReportingCalendar, due_on: date) -> list[date]:
    """Those whose transmissions change the figures of a due day: the one after it declares it."""
    return [calendar.next_due(due_on), *counted_days(calendar, due_on)]


def counted_days(calendar: ReportingCalendar, due_on: date) -> list[date]:
    """The due day and the two before: older lines do not stand for a pharmacy any more."""
    found = [due_on]
    for _ in range(CARRIED):
        found.append(calendar.last_due(found[-1]))
    return found
