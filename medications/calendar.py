"""When a list is due: computed from its dated rules, in Paris. Nothing of it is stored.

A period is named by the day it is due. It opens the day after the one before was due, and stays
open, late then, until the next one is due: two are open at any moment, the one expected and the
one just past.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from common.weeks import PARIS
from medications.models import MonitoredList, ReportingRule

ONE_DAY = timedelta(days=1)
LONGEST_WAIT = 366  # days: a list is due once a week at least, but its rule may change each week
DEFAULT_WEEKDAYS = (5,)
YEARS = range(2000, 2200)  # next to the ends of time, a day has no following one
DEFAULT_TIME = time(18)


class NotDueError(ValueError):
    """No declaration of this list is due that day."""


@dataclass(frozen=True, slots=True)
class Period:
    """One expected declaration of a list."""

    due_on: date
    due_at: datetime
    opens_on: date
    closes_at: datetime

    def is_open(self, now: datetime, reopened_until: datetime | None = None) -> bool:
        """Whether stocks may be declared for it now; a reopening has an end of its own."""
        if now.astimezone(PARIS).date() < self.opens_on:
            return False
        return now < self.closes_at or (reopened_until is not None and now < reopened_until)

    def is_late(self, at: datetime) -> bool:
        return at > self.due_at


@dataclass(frozen=True, slots=True)
class Due:
    """What one rule says, from a day on."""

    starts_on: date
    weekdays: tuple[int, ...] = DEFAULT_WEEKDAYS
    at: time = DEFAULT_TIME


class ReportingCalendar:
    """The due days of one list."""

    def __init__(self, rules: Sequence[Due]) -> None:
        self.rules = sorted(rules, key=lambda one: one.starts_on, reverse=True)

    def rule_on(self, day: date) -> Due:
        """The rule in force; before the first one, a list was due on Fridays at 18 h."""
        return next((one for one in self.rules if one.starts_on <= day), Due(date.min))

    def is_due(self, day: date) -> bool:
        return day.isoweekday() in self.rule_on(day).weekdays

    def next_due(self, day: date) -> date:
        """The first due day after ``day``."""
        days = (day + count * ONE_DAY for count in range(1, LONGEST_WAIT + 1))
        return next(one for one in days if self.is_due(one))

    def last_due(self, day: date) -> date:
        """The last due day before ``day``."""
        days = (day - count * ONE_DAY for count in range(1, LONGEST_WAIT + 1))
        return next(one for one in days if self.is_due(one))

    def due_at(self, day: date) -> datetime:
        return datetime.combine(day, self.rule_on(day).at, PARIS)

    def period(self, due_on: date) -> Period:
        """Raise ``NotDueError`` for a day on which nothing is due."""
        if due_on.year not in YEARS or not self.is_due(due_on):
            raise NotDueError(f"Aucune déclaration n’est attendue le {due_on:%d/%m/%Y}.")
        return Period(
            due_on,
            self.due_at(due_on),
            self.last_due(due_on) + ONE_DAY,
            self.due_at(self.next_due(due_on)),
        )

    def expected(self, now: datetime) -> Period:
        """The one that comes next: due today before its hour, or later."""
        today = now.astimezone(PARIS).date()
        if self.is_due(today) and now <= self.due_at(today):
            return self.period(today)
        return self.period(self.next_due(today))

    def open_periods(self, now: datetime) -> list[Period]:
        """The one just past, late if nothing came, then the one expected."""
        expected = self.expected(now)
        return [self.period(self.last_due(expected.due_on)), expected]

    def past_dues(self, now: datetime, count: int) -> list[date]:
        """The ``count`` last due days whose hour has come, the latest first."""
        found = [self.last_due(self.expected(now).due_on)]
        while len(found) < count:
            found.append(self.last_due(found[-1]))
        return found[:count]


def calendar_of(monitored_list: str | MonitoredList) -> ReportingCalendar:
    """Read the rules of a list, in one statement."""
    return calendars_of([monitored_list])[str(getattr(monitored_list, "pk", monitored_list))]


def calendars_of(lists: Sequence[str | MonitoredList]) -> dict[str, ReportingCalendar]:
    """The calendars of several lists, in one statement."""
    slugs = [str(getattr(one, "pk", one)) for one in lists]
    found: dict[str, list[Due]] = {slug: [] for slug in slugs}
    for rule in ReportingRule.objects.filter(monitored_list__in=slugs):
        found[rule.monitored_list_id].append(
            Due(rule.starts_on, tuple(rule.weekdays), rule.due_time)
        )
    return {slug: ReportingCalendar(rules) for slug, rules in found.items()}
