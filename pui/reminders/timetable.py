"""When a region writes to its late pharmacies: some working days, at one hour, Paris time.

A day chosen that is a public holiday is kept the next working day, at the same hour.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Self

from common.weeks import PARIS
from common.working_days import is_working_day
from establishments.models import Region
from medications.sentences import WEEKDAYS, hour_text, joined
from pui.models import ReminderTimetable

ONE_DAY: Final = timedelta(days=1)
LATEST: Final = timedelta(hours=4)  # a worker that was away sends them so long after, not at night
LONGEST_WAIT: Final = 31


@dataclass(frozen=True, slots=True)
class Timetable:
    """What is set for a region; the one of the country where it has set none (``is_own``)."""

    weekdays: tuple[int, ...] = (1, 3)
    at: time = time(10)
    patience: int = 2
    is_paused: bool = False
    resumes_on: date | None = None
    is_own: bool = False

    @classmethod
    def of_row(cls, row: ReminderTimetable, *, is_own: bool) -> Self:
        return cls(
            tuple(sorted(row.weekdays)),
            row.at,
            row.patience,
            row.is_paused,
            row.resumes_on,
            is_own,
        )

    @property
    def rhythm(self) -> str:
        """« chaque mardi à 14 h », « chaque lundi et mercredi à 10 h »."""
        days = joined(WEEKDAYS[day - 1] for day in self.weekdays)
        return f"chaque {days} à {hour_text(self.at)}"

    def is_paused_on(self, day: date) -> bool:
        return self.is_paused and (self.resumes_on is None or day < self.resumes_on)

    def is_kept(self, day: date) -> bool:
        """Whether reminders leave that day: one that is chosen, or the next after it was off."""
        if not is_working_day(day) or self.is_paused_on(day):
            return False
        if day.isoweekday() in self.weekdays:
            return True
        before = day - ONE_DAY
        while not is_working_day(before):
            if before.isoweekday() in self.weekdays:
                return True
            before -= ONE_DAY
        return False

    def moment(self, day: date) -> datetime:
        return datetime.combine(day, self.at, PARIS)

    def due(self, now: datetime) -> datetime | None:
        """The moment whose reminders should leave now; none: it is not the day, nor the hour."""
        today = now.astimezone(PARIS).date()
        planned = self.moment(today)
        return planned if planned <= now < planned + LATEST and self.is_kept(today) else None

    def next(self, now: datetime) -> datetime | None:
        """The next moment; none while it is paused without a day."""
        if self.is_paused and self.resumes_on is None:
            return None
        day = max(now.astimezone(PARIS).date(), self.resumes_on or date.min)
        for _ in range(LONGEST_WAIT):
            if self.is_kept(day) and self.moment(day) > now:
                return self.moment(day)
            day += ONE_DAY
        return None


DEFAULT: Final = Timetable()


def timetables_of(regions: Collection[Region | None]) -> dict[str, Timetable]:
    """By code of region, blank for the pharmacies that have none; one statement."""
    rows = {row.region_id: row for row in ReminderTimetable.objects.all()}
    country = Timetable.of_row(rows[None], is_own=False) if None in rows else DEFAULT
    codes = [one.pk if one else "" for one in regions]
    return {
        code: Timetable.of_row(rows[code], is_own=True) if code in rows else country
        for code in codes
    }


def timetable_of(region: Region | None) -> Timetable:
    return timetables_of([region])[region.pk if region else ""]


def moment_text(moment: datetime, now: datetime) -> str:
    """« aujourd’hui à 14 h », « demain à 14 h », « le mardi 24/11 à 14 h »."""
    local, today = moment.astimezone(PARIS), now.astimezone(PARIS).date()
    near = {0: "aujourd’hui", 1: "demain"}.get((local.date() - today).days)
    day = near or f"le {WEEKDAYS[local.weekday()]} {local:%d/%m}"
    return f"{day} à {hour_text(local.time())}"
