"""The one parser of the dates that people type or send in a file: the day, or why it is none.

French habits: ``31/03/2027``, also ``2027-03-31``; ``03/2027`` is the last day of that month, as
boxes of medicines print it. Blank is ``None``. What reads two ways, ``03/27``, is refused.
"""

import re
from calendar import monthrange
from datetime import date

from common.numbers import INVISIBLE, SPACES
from common.refusal import RefusedValueError

DayInput = str | int | float | date | None

LONGEST_TEXT = 40
EXPECTED = "une date, par exemple 31/03/2027, ou 03/2027 pour la fin du mois"
_MARK = r"[/.\-]"
_TIME = r"(?:[T ][0-9:.]+Z?)?"  # what a database prints after a day
_SHAPES = (
    re.compile(
        rf"(?P<day>[0-9]{{1,2}}){_MARK}(?P<month>[0-9]{{1,2}}){_MARK}(?P<year>[0-9]{{4}}){_TIME}"
    ),
    re.compile(
        rf"(?P<year>[0-9]{{4}}){_MARK}(?P<month>[0-9]{{1,2}}){_MARK}(?P<day>[0-9]{{1,2}}){_TIME}"
    ),
    re.compile(rf"(?P<month>[0-9]{{1,2}}){_MARK}(?P<year>[0-9]{{4}})"),
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})"),
)
_SHORT_YEAR = re.compile(rf"(?:[0-9]{{1,2}}{_MARK}){{1,2}}[0-9]{{2}}")


class DayError(RefusedValueError):
    """The value is not a date we can read without guessing, or not a possible one."""


def parse_day(
    value: DayInput, *, earliest: date = date.min, latest: date = date.max
) -> date | None:
    """Read a day between two others; blank is ``None``. Raise ``DayError``."""
    if value is None:
        return None
    if isinstance(value, date):
        day: date | str = value
    else:
        text = str(value).strip(SPACES + INVISIBLE)
        if not text:
            return None
        day = _from_text(text)
    if isinstance(day, str):
        raise DayError(value, "une date", day, EXPECTED)
    if day < earliest:
        raise DayError(value, "une date possible", f"elle est avant {earliest.year}", EXPECTED)
    if day > latest:
        raise DayError(value, "une date possible", f"elle est après {latest.year}", EXPECTED)
    return day


def _from_text(text: str) -> date | str:
    """Return the day, or the reason why there is none."""
    if len(text) > LONGEST_TEXT:
        return "le texte est trop long"
    if not text.isascii():
        return "ce texte n’en est pas une"
    if _SHORT_YEAR.fullmatch(text):
        return "l’année n’a que deux chiffres"
    match = next((found for shape in _SHAPES if (found := shape.fullmatch(text))), None)
    if match is None:
        return "ce nombre n’en est pas une" if text.isdigit() else "ce texte n’en est pas une"
    parts = match.groupdict()
    year, month = int(parts["year"]), int(parts["month"])
    try:
        day = int(parts["day"]) if "day" in parts else monthrange(year, month)[1]
        return date(year, month, day)
    except ValueError:
        return "ce jour n’existe pas"
