"""The one definition of fresh and stale, for the pharmacy's page, the region's, the share-out.

A pharmacy is fresh for a list when it declared the last due day whose hour has come, or a later
one. Stale, it says since when: the hour of the first due day that it missed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from django.db.models import Max, Q
from django.utils.timezone import localtime

from medications.calendar import ReportingCalendar
from medications.models import MonitoredList
from pui.models import Pui, Transmission

NO_BREAK: Final = "\u00a0"


class State(StrEnum):
    FRESH = "fresh"
    STALE = "stale"
    NEVER = "never"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS: Final = {
    State.FRESH: "À jour",
    State.STALE: "Périmé",
    State.NEVER: "Jamais déclaré",
}


@dataclass(frozen=True, slots=True)
class Freshness:
    """``since`` is when the stock became stale; ``declared_on`` the last due day declared."""

    state: State
    declared_on: date | None
    since: datetime | None = None

    @property
    def is_fresh(self) -> bool:
        return self.state is State.FRESH

    @property
    def text(self) -> str:
        """« À jour, échéance du 20/11 », « Périmé depuis le 20/11 à 18 h »."""
        if self.is_fresh:
            return f"{self.state.label}, échéance du {self.declared_on:%d/%m}"
        if self.since is None:
            return self.state.label
        at = localtime(self.since)
        minutes = f"{NO_BREAK}{at:%M}" if at.minute else ""
        return f"{self.state.label} depuis le {at:%d/%m} à {at.hour}{NO_BREAK}h{minutes}"


def required_day(calendar: ReportingCalendar, now: datetime) -> date:
    """The last due day whose hour has come: what a fresh pharmacy has declared."""
    return calendar.past_dues(now, 1)[0]


def is_fresh(declared_on: date | None, required: date) -> bool:
    """The rule itself."""
    return declared_on is not None and declared_on >= required


def fresh_q(required: date, path: str = "declared_on") -> Q:
    """The same rule on rows that carry the last due day declared at ``path``."""
    return Q(**{f"{path}__gte": required})


def freshness_of(declared_on: date | None, calendar: ReportingCalendar, now: datetime) -> Freshness:
    """Of what was last declared, whole pharmacy or single line."""
    if declared_on is None:
        return Freshness(State.NEVER, None)
    if is_fresh(declared_on, required_day(calendar, now)):
        return Freshness(State.FRESH, declared_on)
    missed = calendar.next_due(declared_on)
    return Freshness(State.STALE, declared_on, calendar.due_at(missed))


def last_declared(
    puis: Collection[Pui | int], monitored_list: str | MonitoredList
) -> dict[int, date]:
    """The last due day that each pharmacy declared, by its number; one statement."""
    sent = Transmission.objects.filter(
        pui__in=puis, monitored_list=monitored_list, state=Transmission.State.CONFIRMED
    )
    return dict(sent.order_by().values_list("pui").annotate(last=Max("due_on")))
