"""Write to the late pharmacies of each region when its timetable says so.

The service that a person uses (``pui.services.reminding``) keeps one reminder a day for a pharmacy
and a list; this one fills the same table: whoever was written to this morning is left alone.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from common.locks import Lock
from establishments.models import Region
from journal.models import Entry
from journal.services import entry_of, record_all
from pui.models import Pui, Reminder, ReminderRound
from pui.models.reminding import Step
from pui.reminders.late import LateList, Recipient, late_lists, not_switched, step_after
from pui.reminders.timetable import Timetable, timetables_of

SEND = "pui.tasks.reminders.send_reminders"
TELL = "pui.tasks.reminders.tell_agency"
Kept = dict[tuple[int, str], Reminder]  # by pharmacy and list


@dataclass
class Round:
    """What is about to leave for one region; ``planned`` are the lists to remind of.

    It is filled, then read: what it tells is worked out once.
    """

    timetable: Timetable
    late: list[LateList] = field(default_factory=list)
    _recipients: dict[tuple[int, Step], list[Recipient]] = field(default_factory=dict)

    def step(self, one: LateList) -> Step:
        return step_after(one.missed, self.timetable.patience)

    def recipients(self, one: LateList) -> list[Recipient]:
        """Those of a pharmacy, whichever of its lists is late."""
        key = one.pui.pk, self.step(one)
        if key not in self._recipients:
            self._recipients[key] = one.recipients(key[1])
        return self._recipients[key]

    @cached_property
    def planned(self) -> list[LateList]:
        """Those that have an address and that nobody wrote to today."""
        return [one for one in self.late if not one.late.is_reminded_today and self.recipients(one)]

    @cached_property
    def unreachable(self) -> set[int]:
        reached = {one.pui.pk for one in self.late if self.recipients(one)}
        return {one.pui.pk for one in self.late} - reached

    @property
    def handed_over(self) -> set[int]:
        """The pharmacies that the ARS is told of now: once, until they declare."""
        return {
            one.pui.pk
            for one in self.planned
            if self.step(one) is Step.AGENCY and not one.sent.handed_over
        }


@dataclass(slots=True)
class Digest:
    """One mail: to whom, about which reminders, of which regions."""

    person: Recipient
    reminders: list[int] = field(default_factory=list)
    regions: set[str] = field(default_factory=set)


@transaction.atomic
def make_rounds(now: datetime | None = None) -> list[ReminderRound]:
    """Send the reminders of the regions whose moment has come, once; return what was sent.

    One mail a person for all their late pharmacies and lists, of every region at once.
    """
    now = now or timezone.now()
    if not _is_alone():
        return []
    due = due_regions(now)
    if not due:
        return []
    rows = {
        code: ReminderRound.objects.create(
            region=region, day=timezone.localdate(now), planned_at=planned, sent_at=now
        )
        for code, (region, planned) in due.items()
    }
    plans = plans_of([region for region, _ in due.values()], now)
    sent = keep_reminders(plans, rows, now)
    digests = mails_of(plans, sent).values()
    queue_mails(digests)
    queue_agencies(plans)
    for code, row in rows.items():
        _count(row, plans[code], sent, sum(code in one.regions for one in digests))
    record_all([_entry(one) for one in sent.values()])
    return list(rows.values())


def due_regions(now: datetime) -> dict[str, tuple[Region | None, datetime]]:
    """By code, blank for the pharmacies without region: those to write to now."""
    today = timezone.localdate(now)
    waiting = not_switched(today)
    regions: list[Region | None] = [one for one in Region.objects.all() if one.pk not in waiting]
    if Pui.objects.open_on(today).filter(establishment__region__isnull=True).exists():
        regions.append(None)
    done = set(ReminderRound.objects.filter(day=today).values_list("region", flat=True))
    timetables = timetables_of(regions)
    found: dict[str, tuple[Region | None, datetime]] = {}
    for region in regions:
        code = region.pk if region else ""
        planned = timetables[code].due(now)
        if planned and (region.pk if region else None) not in done:
            found[code] = (region, planned)
    return found


def plans_of(
    regions: Collection[Region | None], now: datetime, timetable: Timetable | None = None
) -> dict[str, Round]:
    """What would leave at ``now``, by code of region; nothing is written.

    ``timetable`` stands in the place of theirs, to see what it would do.
    """
    plans = {code: Round(timetable or own) for code, own in timetables_of(regions).items()}
    for one in late_lists(regions, now):
        plans[one.region_code].late.append(one)
    return plans


def keep_reminders(plans: dict[str, Round], rows: dict[str, ReminderRound], now: datetime) -> Kept:
    """Those kept. What a colleague wrote a moment ago is left out."""
    wanted = [
        Reminder(
            pui=one.pui,
            monitored_list=one.monitored_list,
            due_on=one.due_on,
            day=timezone.localdate(now),
            round=rows[code],
            step=plan.step(one),
            missed=one.missed,
            recipients=len(plan.recipients(one)),
        )
        for code, plan in plans.items()
        for one in plan.planned
    ]
    Reminder.objects.bulk_create(wanted, ignore_conflicts=True)
    kept = Reminder.objects.filter(round__in=rows.values()).select_related(
        "pui__establishment", "monitored_list"
    )
    return {(one.pui_id, one.monitored_list_id): one for one in kept}


def mails_of(plans: dict[str, Round], sent: Kept) -> dict[str, Digest]:
    """By address, all that one person is written to about, whatever the regions."""
    digests: dict[str, Digest] = {}
    for code, plan in plans.items():
        for one in plan.planned:
            reminder = sent.get((one.pui.pk, one.monitored_list.pk))
            if reminder is None:
                continue
            for person in plan.recipients(one):
                digest = digests.setdefault(person.email, Digest(person))
                digest.reminders.append(reminder.pk)
                digest.regions.add(code)
    return digests


def queue_mails(digests: Iterable[Digest]) -> None:
    """Numbers wait in the queue, no address: the mail is written when it leaves, without the
    stocks that came meanwhile."""
    for one in digests:
        app.configure_task(SEND).defer(
            reminders=[*one.reminders], profile=one.person.profile_id, pui=one.person.pui_id
        )


def queue_agencies(plans: dict[str, Round]) -> None:
    """The ARS is told once of a pharmacy whose people do not answer."""
    for code, plan in plans.items():
        if code and plan.handed_over:
            app.configure_task(TELL).defer(region=code, puis=[*sorted(plan.handed_over)])


def _count(row: ReminderRound, plan: Round, sent: Kept, mails: int) -> None:
    row.late = len({one.pui.pk for one in plan.late})
    row.reminded = len({one.pui_id for one in sent.values() if one.round_id == row.pk})
    row.mails = mails
    row.unreachable = len(plan.unreachable)
    row.handed_over = len(plan.handed_over)
    row.save()


def _entry(one: Reminder) -> Entry:
    return entry_of(
        "pui.reminded",
        by=None,
        target=one.pui,
        place=one.pui.establishment,
        list=one.monitored_list_id,
        due=one.due_on.isoformat(),
        recipients=one.recipients,
        step=str(Step(one.step).label),
    )


def _is_alone() -> bool:
    """Whether no other worker sends them; held until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [Lock.REMINDERS])
        return bool(cursor.fetchone()[0])
