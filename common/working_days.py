"""Working days in France: Monday to Friday, less the public holidays of the whole country."""

from datetime import date, datetime, time, timedelta

from common.weeks import PARIS

OFFICES_OPEN = time(8)
SATURDAY = 6
# month and day: the same each year
HOLIDAYS = {
    (1, 1): "Jour de l’an",
    (5, 1): "Fête du Travail",
    (5, 8): "Victoire de 1945",
    (7, 14): "Fête nationale",
    (8, 15): "Assomption",
    (11, 1): "Toussaint",
    (11, 11): "Armistice de 1918",
    (12, 25): "Noël",
}
AFTER_EASTER = {1: "Lundi de Pâques", 39: "Ascension", 50: "Lundi de Pentecôte"}  # days


def is_working_day(day: date) -> bool:
    """Whether offices are open that day."""
    return day.isoweekday() < SATURDAY and not holiday_name(day)


def holiday_name(day: date) -> str:
    """What is celebrated that day over the whole country; blank on any other day."""
    fixed = HOLIDAYS.get((day.month, day.day), "")
    return fixed or AFTER_EASTER.get((day - _easter(day.year)).days, "")


def holidays_of(year: int) -> list[tuple[date, str]]:
    """The public holidays of a year, in order, with their names."""
    first = date(year, 1, 1)
    days = (first + timedelta(days=count) for count in range(366))
    return [(day, name) for day in days if day.year == year and (name := holiday_name(day))]


def working_day_after(moment: datetime) -> datetime:
    """The same hour, Paris time, of the next working day.

    What comes on a day off counts from the hour at which offices open again.
    """
    local = moment.astimezone(PARIS)
    if not is_working_day(local.date()):
        local = datetime.combine(_next(local.date()), OFFICES_OPEN, tzinfo=PARIS)
    return datetime.combine(_next(local.date()), local.time(), tzinfo=PARIS)


def working_days_after(moment: datetime, count: int) -> datetime:
    """As ``working_day_after``, so many times."""
    for _ in range(count):
        moment = working_day_after(moment)
    return moment


def _next(day: date) -> date:
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def _easter(year: int) -> date:
    """The Sunday of Easter, from 1900 to 2099 (Carter's rule)."""
    moon = 225 - 11 * (year % 19)
    while moon > 50:
        moon -= 30
    moon -= moon > 48
    weekday = (year + year // 4 + moon + 1) % 7
    return date(year, 3, 1) + timedelta(days=moon + 7 - weekday - 1)
