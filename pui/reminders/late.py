"""Every late pharmacy of some regions, on all lists at once, and who is to be written to.

The rule of « en retard » is that of the page (``pui.region.late``). A region that has not left
maPUI yet expects nothing here: its pharmacies are not written to.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from django.db.models import Count, Q
from django.utils import timezone

from establishments.models import Region
from establishments.perimeter import Action, Perimeter
from medications.calendar import ReportingCalendar, calendars_of
from medications.models import MonitoredList
from pui.models import Pui, Reminder, SwitchOver
from pui.models.reminding import Step
from pui.people import Person
from pui.region.contacts import own_contact, people_of
from pui.region.late import LatePui, late_puis, told_of
from pui.region.tables import NAMED
from pui.stock.freshness import required_day


def step_after(missed: int, patience: int) -> Step:
    """Who is written to once ``missed`` reminders had no answer."""
    if missed < patience:
        return Step.DECLARANTS
    return Step.ADMINISTRATORS if missed < 2 * patience else Step.AGENCY


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address: a person's, by their profile, or the pharmacy's own, by its number."""

    email: str
    profile_id: int | None = None
    pui_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """How many reminders had no answer, and how many of them said that the ARS was told."""

    count: int = 0
    handed_over: int = 0

    def __add__(self, other: "Sent") -> "Sent":
        return Sent(self.count + other.count, self.handed_over + other.handed_over)


@dataclass(frozen=True, slots=True)
class LateList:
    """A pharmacy late for one list, and the reminders sent since it last declared."""

    late: LatePui
    monitored_list: MonitoredList
    due_on: date
    sent: Sent

    @property
    def missed(self) -> int:
        return self.sent.count

    @property
    def pui(self) -> Pui:
        return self.late.pui

    @property
    def region_code(self) -> str:
        return self.pui.establishment.region_id or ""

    @property
    def contacts(self) -> list[str]:
        """Whom to call: the pharmacy itself, those who declare, those who administer."""
        return list(filter(None, [own_contact(self.pui), *map(str, self.late.people)]))

    def recipients(self, step: Step) -> list[Recipient]:
        """Those who declare, else the pharmacy's own address, else those who administer; from the
        second step on, those who administer besides."""
        if step is Step.DECLARANTS:
            return self._of(self.late.recipients)
        people = [one.email for one in self.late.people]
        return self._of(list(dict.fromkeys(people)) or self.late.recipients)

    def _of(self, emails: Iterable[str]) -> list[Recipient]:
        profiles: dict[str, Person] = {one.email: one for one in reversed(self.late.people)}
        return [
            Recipient(email, profiles[email].profile_id)
            if email in profiles
            else Recipient(email, pui_id=self.pui.pk)
            for email in emails
        ]


class Country:
    """Holds every perimeter: the timetable writes for the regions, nobody asks."""

    def perimeter_to(self, action: Action) -> Perimeter:
        return Perimeter(is_national=True)


def late_lists(regions: Collection[Region | None], now: datetime) -> list[LateList]:
    """By list in the order of the menu; the number of statements is that of the lists."""
    waiting = not_switched(timezone.localdate(now))
    reached = [one for one in regions if one is None or one.pk not in waiting]
    if not reached:
        return []
    lists = list(MonitoredList.objects.all())
    calendars = calendars_of(lists)
    declared = {one.pk: declared_in(reached, one, calendars[one.pk], now) for one in lists}
    puis = read_puis(set(chain.from_iterable(declared.values())))
    people = people_of(puis.values())
    found: list[LateList] = []
    for one in lists:
        calendar = calendars[one.pk]
        days = {puis[pk]: day for pk, day in declared[one.pk].items()}
        late = told_of(days, people, one, calendar, now)
        sent = unanswered(late, one)
        due_on = required_day(calendar, now)
        found += [LateList(row, one, due_on, sent.get(row.pui.pk, Sent())) for row in late]
    return found


def declared_in(
    regions: Collection[Region | None],
    monitored_list: MonitoredList,
    calendar: ReportingCalendar,
    now: datetime,
) -> dict[int, date | None]:
    """The last due day that those late for a list declared, the longest silent first."""
    rows = late_puis(Country(), monitored_list, calendar, now, to=Action.REMIND_SEND)
    return dict(rows.filter(in_regions(regions)).values_list("pk", "declared_on"))


# what a round reads of each pharmacy: of some thousand of them, the rest would cost more than it
READ = (
    *NAMED,
    *("sort_label", "contact_name", "contact_phone", "contact_email", "on_call_phone"),
    *("establishment__region", "establishment__legal_entity", "establishment__department__name"),
)


def read_puis(numbers: Collection[int]) -> dict[int, Pui]:
    """Once, though most of the late are so for several lists."""
    rows = Pui.objects.filter(pk__among=numbers).select_related("establishment__department")
    rows = rows.only(*READ)
    return {one.pk: one for one in rows.order_by()}


def in_regions(regions: Collection[Region | None]) -> Q:
    chosen = Q(establishment__region__in=[one for one in regions if one is not None])
    return chosen | Q(establishment__region__isnull=True) if None in regions else chosen


def not_switched(day: date) -> set[str]:
    """The regions that still use maPUI that day [001]."""
    waiting = SwitchOver.objects.filter(switches_on__gt=day)
    return set(waiting.values_list("region_id", flat=True))


def unanswered(late: Iterable[LatePui], monitored_list: MonitoredList) -> dict[int, Sent]:
    """Those about due days later than the last one declared; one statement."""
    declared = {row.pui.pk: row.freshness.declared_on or date.min for row in late}
    rows = Reminder.objects.filter(pui__pk__among=declared, monitored_list=monitored_list)
    counted = (
        rows.order_by()
        .values_list("pui", "due_on")
        .annotate(count=Count("pk"), handed_over=Count("pk", filter=Q(step=Step.AGENCY)))
    )
    found: dict[int, Sent] = {}
    for pui, due_on, count, handed_over in counted:
        if due_on > declared[pui]:
            found[pui] = found.get(pui, Sent()) + Sent(count, handed_over)
    return found
