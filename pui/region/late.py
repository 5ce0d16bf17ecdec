"""Pharmacies that did not declare the last due day: since when, whom to call, written to or not.

The rule is that of ``pui.stock.freshness``. An establishment served by another's pharmacy has none
of its own: it is never late.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import DateField, Exists, F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from establishments.perimeter import Action, Holder
from medications.calendar import ReportingCalendar
from medications.models import MonitoredList
from pui.dues import expected_puis
from pui.models import Pui, Reminder, Transmission
from pui.models.register import PuiQuerySet
from pui.people import Person
from pui.region.contacts import people_of, recipients_of
from pui.stock.freshness import Freshness, fresh_q, freshness_of, required_day

MOST_AT_ONCE: Final = 500  # that one person writes to


@dataclass(frozen=True, slots=True)
class LatePui:
    """``reminded_at`` is the last reminder sent for this list since it is late."""

    pui: Pui
    freshness: Freshness
    people: Sequence[Person]
    reminded_at: datetime | None
    is_reminded_today: bool

    @property
    def has_administrator(self) -> bool:
        return any(one.kind == "APE" for one in self.people)

    @property
    def recipients(self) -> list[str]:
        return recipients_of(self.pui, self.people)

    @property
    def may_be_reminded(self) -> bool:
        return bool(self.recipients) and not self.is_reminded_today


def owing_puis(
    user: Holder,
    monitored_list: MonitoredList,
    required: date,
    now: datetime,
    *,
    to: Action = Action.DASH_MED,
) -> PuiQuerySet:
    """Those of the perimeter that had to declare a due day, and are still open."""
    rows: PuiQuerySet = expected_puis(monitored_list, required).for_user(user, to=to)
    return rows.open_on(timezone.localdate(now))


def late_puis(
    user: Holder,
    monitored_list: MonitoredList,
    calendar: ReportingCalendar,
    now: datetime,
    *,
    to: Action = Action.DASH_MED,
) -> QuerySet[Pui]:
    """Those of the perimeter that owe the last due day, the longest silent first."""
    required = required_day(calendar, now)
    sent = Transmission.objects.filter(
        pui=OuterRef("pk"), monitored_list=monitored_list, state=Transmission.State.CONFIRMED
    )
    last = Subquery(sent.order_by("-due_on").values("due_on")[:1], output_field=DateField())
    rows = owing_puis(user, monitored_list, required, now, to=to)
    stale = rows.exclude(Exists(sent.filter(fresh_q(required, "due_on"))))
    late: QuerySet[Pui] = stale.annotate(declared_on=last).select_related(
        "establishment__legal_entity", "establishment__department"
    )
    return late.order_by(
        F("declared_on").asc(nulls_first=True), "establishment__department", "sort_label", "pk"
    )


def anyone_to_remind(
    rows: QuerySet[Pui], monitored_list: MonitoredList, calendar: ReportingCalendar, now: datetime
) -> bool:
    """One of these late pharmacies at least may still be written to today."""
    today = Reminder.objects.filter(monitored_list=monitored_list, day=timezone.localdate(now))
    left = rows.exclude(pk__in=today.values("pui"))[:MOST_AT_ONCE]
    return any(one.may_be_reminded for one in described(left, monitored_list, calendar, now))


def described(
    puis: Iterable[Pui], monitored_list: MonitoredList, calendar: ReportingCalendar, now: datetime
) -> list[LatePui]:
    """With whom to call and the reminders sent: two statements, whatever their number."""
    declared = {pui: pui.declared_on for pui in puis}  # type: ignore[attr-defined]
    return told_of(declared, people_of(declared), monitored_list, calendar, now)


def told_of(
    declared: Mapping[Pui, date | None],
    people: Mapping[int, Sequence[Person]],
    monitored_list: MonitoredList,
    calendar: ReportingCalendar,
    now: datetime,
) -> list[LatePui]:
    """Of the last due day that each declared, where the people are known; one statement."""
    reminded = last_reminders(declared, monitored_list, required_day(calendar, now))
    today = timezone.localdate(now)
    freshness = {day: freshness_of(day, calendar, now) for day in set(declared.values())}
    return [
        LatePui(
            pui,
            freshness[day],
            people[pui.pk],
            sent,
            sent is not None and timezone.localdate(sent) == today,
        )
        for pui, day in declared.items()
        for sent in [reminded.get(pui.pk)]
    ]


def last_reminders(
    puis: Iterable[Pui], monitored_list: MonitoredList, since: date
) -> dict[int, datetime]:
    """When each pharmacy was last written to about what it still owes."""
    late = {pui.pk for pui in puis}
    rows = Reminder.objects.filter(
        pui__pk__among=late, monitored_list=monitored_list, due_on__gte=since
    )
    return dict(rows.order_by("sent_at").values_list("pui", "sent_at"))
