"""Which bulletin is due: the week ended, from Monday seven o'clock in Paris."""

from datetime import date, datetime, time

from common.weeks import PARIS, current_week, shift

PUBLISHED = time(7)


def ended_week(at: datetime) -> date:
    """The last week that is over."""
    return shift(current_week(at), -1)


def published_at(week: date) -> datetime:
    """When the bulletin of a week is made: in summer or in winter, seven o'clock."""
    return datetime.combine(shift(week, 1), PUBLISHED, tzinfo=PARIS)


def due_week(at: datetime) -> date | None:
    """The week whose bulletin must exist now; none before seven o'clock on a Monday."""
    week = ended_week(at)
    return week if at >= published_at(week) else None


def coming_week(at: datetime) -> date:
    """The week of the next bulletin: a word may be prepared for it."""
    week = ended_week(at)
    return week if at < published_at(week) else current_week(at)
