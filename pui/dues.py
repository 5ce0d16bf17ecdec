"""What pharmacies still have to declare: the one rule of « en retard », « à faire », « fait ».

A pharmacy open on a due day declares each list that follows at least one product that day. Two
due days are open at once: the one just past, late when nothing came, and the one expected.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Exists, Q

from medications.calendar import Period, calendars_of
from medications.models import MonitoredList, Monitoring
from pui.models import DraftCell, Pui, Transmission
from pui.models.register import PuiQuerySet


class DueState(StrEnum):
    LATE = "late"
    TO_FINISH = "to_finish"
    TO_DO = "to_do"
    DONE = "done"
    PASSED = "passed"  # nothing came, but a later due day was declared: fresh, so not late


@dataclass(frozen=True, slots=True)
class Due:
    """Where one pharmacy stands with one list at one due day."""

    pui: Pui
    monitored_list: MonitoredList
    period: Period
    state: DueState
    transmission: Transmission | None = None


def expected_puis(monitored_list: str | MonitoredList, due_on: date) -> PuiQuerySet:
    """Those that have to declare a list on a due day: open then [001]; none while it follows
    nothing."""
    followed = Monitoring.objects.in_force(due_on).filter(monitored_list=monitored_list)
    found: PuiQuerySet = Pui.objects.open_on(due_on).filter(Exists(followed))
    return found


def declares(period: Period, path: str = "") -> Q:
    """The transmissions by which a pharmacy declared a due day: its own, or, while that one was
    still open, one of a later due day. Read among ``Transmission.STORED``: a correction sent
    afterwards takes nothing back. ``pui.region.computing`` says the same in SQL."""
    in_time = Q(due_on=period.due_on) | Q(confirmed_at__lt=period.closes_at)
    return Q(due_on__gte=period.due_on) & in_time  # the index of due days serves the first


def followed_on(slugs: Collection[str], days: Collection[date]) -> set[tuple[str, date]]:
    """The lists of ``slugs`` that follow a product, with each of the days when they do."""
    spans = Monitoring.objects.filter(monitored_list__in=slugs).order_by()
    rows = spans.values_list("monitored_list", "starts_on", "ends_on").distinct()
    return {
        (slug, day)
        for slug, starts_on, ends_on in rows
        for day in days
        if starts_on <= day and (ends_on is None or day <= ends_on)
    }


def dues_of(puis: Collection[Pui], slugs: Collection[str], now: datetime) -> list[Due]:
    """The open due days of each pharmacy and list, in six statements whatever their number."""
    lists = list(MonitoredList.objects.filter(slug__in=slugs)) if puis and slugs else []
    calendars = calendars_of(lists) if lists else {}
    periods = {one.pk: calendars[one.pk].open_periods(now) for one in lists}
    days = {period.due_on for found in periods.values() for period in found}
    followed = followed_on(periods.keys(), days)
    sent = sent_for(puis, periods.keys(), days)
    drafts = drafts_for(puis, periods.keys(), days)
    return [
        Due(pui, one, period, state_of(key, period, now, sent, drafts, days), sent.get(key))
        for pui in puis
        for one in lists
        for period in periods[one.pk]
        if (one.pk, period.due_on) in followed and pui.was_open_on(period.due_on)
        for key in [(pui.pk, one.pk, period.due_on)]
    ]


Key = tuple[int, str, date]


def state_of(
    key: Key,
    period: Period,
    now: datetime,
    sent: dict[Key, Transmission],
    drafts: set[Key],
    days: Collection[date],
) -> DueState:
    """Late as ``pui.stock.freshness`` says stale: neither that due day nor a later one came."""
    if key in sent:
        return DueState.DONE
    if any((*key[:2], day) in sent for day in days if day > period.due_on):
        return DueState.PASSED
    if period.is_late(now):
        return DueState.LATE
    return DueState.TO_FINISH if key in drafts else DueState.TO_DO


def sent_for(
    puis: Collection[Pui], slugs: Collection[str], days: Collection[date]
) -> dict[Key, Transmission]:
    """The transmissions in force, by pharmacy, list and due day."""
    found = Transmission.objects.filter(
        state=Transmission.State.CONFIRMED,
        pui__in=puis,
        monitored_list__in=slugs,
        due_on__in=days,
    ).defer("content", "report")
    return {
        (one.pui_id, one.monitored_list_id, one.due_on): one
        for one in found.select_related("received_by")
    }


def drafts_for(puis: Collection[Pui], slugs: Collection[str], days: Collection[date]) -> set[Key]:
    cells = DraftCell.objects.filter(pui__in=puis, monitored_list__in=slugs, due_on__in=days)
    return set(cells.order_by().values_list("pui", "monitored_list", "due_on").distinct())
