"""Weeks, days and FINESS numbers in addresses: what is not one is a page that does not exist."""

from datetime import date

from common.weeks import parse_week


class WeekConverter:
    """``<week:week>``: a Monday as 2026-11-16. Any other day is a 404."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return parse_week(value)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else f"{value:%Y-%m-%d}"


class DayConverter(WeekConverter):
    """``<day:due_on>``: any day as 2026-11-20. What the calendar does not know is a 404."""

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)


class FinessConverter:
    """``<finess:finess>``: nine characters without spaces, written one way only."""

    regex = "[0-9][0-9A-Z][0-9]{7}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
