"""A week is its Monday, a date; its number is only displayed (2020 and 2026 have 53 weeks).

Every hour is Paris time, whatever the server's: a week closes at the same instant everywhere.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
FIRST_WEEK = date(2019, 12, 30)  # the week of 1 January 2020
LAST_WEEK = date(2099, 12, 28)
FRIDAY = 4

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class WeekError(ValueError):
    """This is not a week. The message is written for the person, in French."""


def monday_of(day: date) -> date:
    """Name the week of ``day``; an instant is taken as the date it is in Paris."""
    if isinstance(day, datetime):
        day = (day.astimezone(PARIS) if day.tzinfo else day).date()
    return day - timedelta(days=day.weekday())


def current_week(now: datetime | None = None) -> date:
    """Name the week it is in Paris."""
    return monday_of((now or datetime.now(UTC)).astimezone(PARIS))


def parse_week(text: str) -> date:
    """Read « 2026-11-16 », a Monday between the first and last weeks kept. Raise ``WeekError``."""
    try:
        day = date.fromisoformat(text) if _ISO_DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise WeekError("Une semaine s’écrit comme 2026-11-16 : l’année, le mois, le jour.")
    return check_week(day)


def check_week(day: date) -> date:
    """Return ``day`` when it names a week, else raise ``WeekError``."""
    if day.weekday() != 0:
        raise WeekError(
            f"Une semaine est désignée par son lundi : pour le {day:%d/%m/%Y}, "
            f"c’est le {monday_of(day):%d/%m/%Y}."
        )
    if not FIRST_WEEK <= day <= LAST_WEEK:
        raise WeekError(
            f"La semaine du {day:%d/%m/%Y} n’est pas suivie : "
            f"choisissez-en une à partir du {FIRST_WEEK:%d/%m/%Y}."
        )
    return day


def iso_number(monday: date) -> int:
    """Give the ISO number, from 1 to 53: to be shown, never to join on."""
    return monday.isocalendar().week


@lru_cache(maxsize=512)
def week_label(monday: date) -> str:
    """Write « N°47 du 16/11/2026 au 22/11/2026 »."""
    sunday = monday + timedelta(days=6)
    return f"N°{iso_number(monday)} du {monday:%d/%m/%Y} au {sunday:%d/%m/%Y}"


def short_label(monday: date) -> str:
    """Write « S47 (16/11) », for the axis of a chart or a narrow column."""
    return f"S{iso_number(monday):02d} ({monday:%d/%m})"


def shift(monday: date, weeks: int) -> date:
    """Move by whole weeks: ``shift(monday, -1)`` is the week before."""
    return monday + timedelta(weeks=weeks)


def weeks_back(monday: date, count: int) -> list[date]:
    """List the ``count`` weeks that end with ``monday``, the oldest first."""
    return [shift(monday, -back) for back in reversed(range(count))]


def deadline(monday: date, weekday: int = FRIDAY, at: time = time(18)) -> datetime:
    """Say until when a declaration of this week is on time: Friday 18 h unless set otherwise."""
    return datetime.combine(monday + timedelta(days=weekday), at, tzinfo=PARIS)


def closes_at(monday: date, days: int = 14) -> datetime:
    """Say when the week closes: at midnight, at the end of the second Sunday after its Monday."""
    return datetime.combine(monday + timedelta(days=days), time(0), tzinfo=PARIS)
