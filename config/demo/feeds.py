"""What leaves e-Dispostock in the demonstration: this morning's snapshot, the closed due days.

And the reminders of the first region: a timetable of its own, some weeks of rounds, and a few
pharmacies at each step.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from config.demo.country import FIRST_REGION
from establishments.models import Region
from medications.calendar import calendar_of
from medications.models import MonitoredList
from pui.models import Reminder, ReminderRound, ReminderTimetable
from pui.models.reminding import Step
from pui.reminders.late import LateList, late_lists, step_after
from pui.reminders.timetable import Timetable
from pui.services.open_data import publish_open_data
from pui.services.snapshots import make_snapshot
from pui.stock.freshness import required_day

AGENT = "ars@demo.example"
TUESDAY, AT, PATIENCE = 2, time(14), 2
ROUNDS = 6
OTHERS = MonitoredList.Slug.OTHERS


def build_feeds() -> int:
    """Make what is missing; say how many due days are published now."""
    make_snapshot()
    with transaction.atomic():
        if not ReminderTimetable.objects.exists():
            build_reminders(timezone.now())
    return publish_open_data()


def build_reminders(now: datetime) -> None:
    region = Region.objects.get(pk=FIRST_REGION)
    timetable = Timetable((TUESDAY,), AT, PATIENCE)
    ReminderTimetable.objects.create(
        region=region,
        weekdays=[TUESDAY],
        at=AT,
        patience=PATIENCE,
        changed_by=User.objects.filter(email=AGENT).first(),
    )
    late = [one for one in late_lists([region], now) if one.monitored_list.pk == OTHERS]
    missed: dict[int, int] = {}
    for day in past_days(timetable, now):
        build_round(region, timetable.moment(day), late, missed)


def past_days(timetable: Timetable, now: datetime) -> list[date]:
    """Those whose reminders have left, the oldest first."""
    today = timezone.localdate(now)
    before = [today - timedelta(days=back) for back in range(ROUNDS * 7, 0, -1)]
    return [day for day in before if timetable.is_kept(day)]


def build_round(
    region: Region, moment: datetime, late: list[LateList], missed: dict[int, int]
) -> None:
    """What left that day, to those that owed something already; ``missed`` goes up."""
    row = ReminderRound.objects.create(
        region=region, day=moment.date(), planned_at=moment, sent_at=moment
    )
    due_on = required_day(calendar_of(OTHERS), moment)
    owing = [one for one in late if owed_then(one, due_on)]
    for one in owing:
        count = missed.get(one.pui.pk, 0)
        step = step_after(count, PATIENCE)
        recipients = one.recipients(step)
        if not recipients:
            row.unreachable += 1
            continue
        is_first = step is Step.AGENCY and count == 2 * PATIENCE
        row.handed_over += is_first
        row.mails += len(recipients)
        row.reminded += 1
        missed[one.pui.pk] = count + 1
        Reminder.objects.create(
            pui=one.pui,
            monitored_list=one.monitored_list,
            due_on=due_on,
            day=moment.date(),
            round=row,
            step=step,
            missed=count,
            recipients=len(recipients),
        )
    Reminder.objects.filter(round=row).update(sent_at=moment)
    row.late = len(owing)
    row.save()


def owed_then(one: LateList, due_on: date) -> bool:
    declared = one.late.freshness.declared_on
    return declared is None or declared < due_on
