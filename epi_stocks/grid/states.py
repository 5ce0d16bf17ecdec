"""Where a site stands in a week: the sentence, its icon and its colour, decided in one place."""

from dataclasses import dataclass
from datetime import date, datetime

from common.weeks import PARIS, shift
from epi_stocks.calendar import WeekCalendar
from epi_stocks.grid.shapes import SiteState

OK = ("app-etat--ok", "fr-icon-checkbox-circle-line")
GOING_ON = ("app-etat--attente", "fr-icon-refresh-line")
TO_DO = ("app-etat--temps", "fr-icon-time-line")
LATE = ("app-etat--erreur", "fr-icon-error-line")
NEUTRAL = ("app-etat--neutre", "fr-icon-information-line")


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What the database says of a site and a week."""

    is_expected: bool
    filled: int  # cells with a value this week
    countable: int  # cells offered
    missing: int  # cells blank this week, filled in the last declared one
    first_saved_at: datetime | None
    last_week: date | None  # the last declared week before this one, twelve weeks back at most
    covered_by: str


def state_of(facts: SiteFacts, calendar: WeekCalendar, now: datetime) -> SiteState:
    """Say where a site stands; one covered by another is never late."""
    if facts.covered_by:
        return SiteState("covered", f"couvert par {facts.covered_by}", *OK)
    if facts.filled:
        return _state_of_begun(facts)
    if not facts.is_expected:
        return SiteState("not_expected", "non attendu cette semaine", *NEUTRAL)
    if _is_late(facts, calendar, now):
        since = f"{facts.last_week:%d/%m}" if facts.last_week else ""
        sentence = f"en retard, rien depuis le {since}" if since else "en retard, rien de saisi"
        return SiteState("late", sentence, *LATE)
    return SiteState("empty", "rien de saisi cette semaine", *TO_DO)


def _state_of_begun(facts: SiteFacts) -> SiteState:
    """Complete when nothing declared the last time is blank; the first time, when all is filled."""
    is_first = facts.last_week is None
    if facts.filled < facts.countable and (facts.missing or is_first):
        cells = "1 case" if facts.filled == 1 else f"{facts.filled} cases"
        sentence = f"en cours, {cells} sur {facts.countable}"
        return SiteState("started", sentence, *GOING_ON)
    day = facts.first_saved_at
    when = f" le {day.astimezone(PARIS):%d/%m}" if day else ""
    return SiteState("declared", f"déclaré{when}", *OK)


def _is_late(facts: SiteFacts, calendar: WeekCalendar, now: datetime) -> bool:
    """Past the hour of this week, or behind since an earlier one."""
    if now > calendar.deadline:
        return True
    return facts.last_week is not None and facts.last_week < shift(calendar.week, -1)
