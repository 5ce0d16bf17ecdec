"""The words of a stock: what is not known is said, never shown as 0."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from common.cover import Level
from common.numbers import format_decimal
from pui.forecast.method import RunOut
from pui.stock.rows import Row
from pui.stock.trend import Trend

NO_BREAK: Final = "\u00a0"
NOT_DECLARED: Final = "non déclaré"
NO_DAYS: Final = {Level.NO_USE: "sans objet", Level.SHORTAGE: "sans stock"}


def quantity_text(quantity: Decimal | float | None) -> str:
    """« 1 820 », « 0,5 », or « non déclaré »."""
    return NOT_DECLARED if quantity is None else format_decimal(quantity)


def days_text(days: Decimal | None, level: Level) -> str:
    """« 13,7 j »; without days, why."""
    if days is None:
        return NO_DAYS.get(level, "inconnu")
    return f"{format_decimal(days, places=1)}{NO_BREAK}j"


def run_out_text(row: Row) -> str:
    """« entre le 03/12 et le 20/12 », or why nothing is said."""
    if row.run_out:
        return interval_text(row.run_out, row.today)
    if not row.lines:
        return ""
    if row.level is Level.NO_USE:
        return "sans objet"
    if row.stock == 0:
        return "aucun stock"
    if not row.is_fresh:
        return "déclaration trop ancienne"
    return "consommation inconnue" if not row.cover.daily else "historique trop court"


def interval_text(found: RunOut, today: date) -> str:
    """Where only the worst of the past empties the stock, its end is beyond what was looked at.

    The dates start from the last due day: those already past are not foretold, they are said so.
    """
    if found.early is None:
        return f"pas avant le {found.until:%d/%m}"
    is_begun = found.early <= today
    if found.late is None:
        first = "dès maintenant" if is_begun else f"dès le {found.early:%d/%m}"
        return f"{first}, peut-être après le {found.until:%d/%m}"
    if found.late <= today:
        return f"sans doute depuis le {found.late:%d/%m}"
    if is_begun:
        return f"d’ici le {found.late:%d/%m}"
    if found.late == found.early:
        return f"le {found.early:%d/%m}"
    return f"entre le {found.early:%d/%m} et le {found.late:%d/%m}"


def middle_text(found: RunOut | None, today: date) -> str:
    """« vers le 10/12 », in the middle of the interval."""
    if found is None or found.middle is None or found.late in (None, found.early):
        return ""
    return f"vers le {found.middle:%d/%m}" if found.middle > today else ""


def trend_text(trend: Trend) -> str:
    """All that a small drawing holds, read aloud."""
    said = ", ".join(f"{day:%d/%m}\u00a0: {quantity_text(value)}" for day, value in trend)
    return f"Stock aux {len(trend)} dernières échéances. {said}."


def missing_text(row: Row) -> str:
    """What was not declared the last time, of one line or of several."""
    if not row.missing:
        return ""
    if len(row.pairs) == 1:
        return NOT_DECLARED
    return f"{row.missing} sur {len(row.pairs)} non déclarés"


def left_out_text(row: Row) -> str:
    """« couverture sans 1 ligne incomplète »: a ratio tells what it leaves out."""
    count = row.cover.left_out
    if not count or len(row.lines) == 1:
        return ""
    s = "s" if count > 1 else ""
    return f"sans {count} ligne{s} incomplète{s}"


def update_text(row: Row) -> str:
    """« 20/11 », « du 06/11 au 20/11 » of a sum of several days."""
    return between_text(row.due_on, row.last_due_on)


def between_text(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return ""
    return f"{last:%d/%m}" if first == last else f"du {first:%d/%m} au {last:%d/%m}"


def joined(parts: Sequence[str]) -> str:
    return ", ".join(filter(None, parts))
