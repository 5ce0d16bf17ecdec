"""Days, hours and rhythms of declaration, as people read them."""

from collections.abc import Iterable
from datetime import date, time

from common.numbers import format_integer
from common.weeks import PARIS
from medications.calendar import Due, Period

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
NO_BREAK = "\u00a0"
ALL_DAYS = 7


def weekday_of(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def hour_text(hour: time) -> str:
    """« 18 h », « 9 h 30 »."""
    minutes = f"{NO_BREAK}{hour:%M}" if hour.minute else ""
    return f"{hour.hour}{NO_BREAK}h{minutes}"


def day_text(day: date) -> str:
    """« vendredi 20/11/2026 »."""
    return f"{weekday_of(day)} {day:%d/%m/%Y}"


def due_sentence(period: Period) -> str:
    """« vendredi 20/11/2026 à 18 h »."""
    return f"{day_text(period.due_on)} à {hour_text(period.due_at.astimezone(PARIS).time())}"


def joined(words: Iterable[str]) -> str:
    """« lundi, mardi et vendredi »."""
    *others, last = words
    return f"{', '.join(others)} et {last}" if others else last


def rhythm_sentence(rule: Due) -> str:
    """« chaque vendredi avant 18 h »."""
    hour = hour_text(rule.at)
    if len(rule.weekdays) == ALL_DAYS:
        return f"chaque jour avant {hour}"
    days = joined(WEEKDAYS[day - 1] for day in sorted(rule.weekdays))
    return f"chaque {days} avant {hour}"


def plural(count: int, word: str, mark: str = "s") -> str:
    """« 0 produit », « 1 produit », « 2 312 produits »."""
    return f"{format_integer(count)}{NO_BREAK}{word}{mark if count > 1 else ''}"
