"""Until when a week is expected, and until when it can be typed: the calendar in force, in Paris.

Nothing of it is stored: a week is open because of the date, or because somebody reopened it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from common.weeks import (
    FIRST_WEEK,
    FRIDAY,
    PARIS,
    closes_at,
    current_week,
    deadline,
    shift,
    weeks_back,
)
from epi_stocks.models import DeclarationRule, WeeklyInventory

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
SELECTABLE_WEEKS = 12


@dataclass(frozen=True, slots=True)
class WeekCalendar:
    """The instants of one week under the rule in force at its Monday."""

    week: date
    expected_weekday: int = FRIDAY
    expected_time: time = time(18)
    closes_after_days: int = 14
    carried_weeks: int = 2

    @property
    def deadline(self) -> datetime:
        """On time when first saved at this instant at the latest."""
        return deadline(self.week, self.expected_weekday, self.expected_time)

    @property
    def closes_at(self) -> datetime:
        """Midnight that ends the second Sunday after the Monday, unless the rule says otherwise."""
        return closes_at(self.week, self.closes_after_days)

    @property
    def carried(self) -> list[date]:
        """The weeks whose values may stand for this one: itself first, then the earlier ones."""
        return [shift(self.week, -back) for back in range(self.carried_weeks + 1)]

    @property
    def deadline_sentence(self) -> str:
        """« Attendu avant vendredi 20/11 à 18 h »."""
        local = self.deadline.astimezone(PARIS)
        day = f"{WEEKDAYS[local.weekday()]} {local:%d/%m}"
        return f"Attendu avant {day} à {hour_text(local)}"

    @property
    def closing_sentence(self) -> str:
        """Name the last day, not the midnight that ends it."""
        last = date.fromordinal(self.closes_at.astimezone(PARIS).date().toordinal() - 1)
        return f"modifiable jusqu’au {WEEKDAYS[last.weekday()]} {last:%d/%m/%Y} inclus"

    def is_open(self, now: datetime, reopened_until: datetime | None = None) -> bool:
        """A week opens on its Monday and closes once; a reopening has an end of its own."""
        if self.week > current_week(now):
            return False
        return now < self.closes_at or (reopened_until is not None and now < reopened_until)


def calendar_of(week: date, rule: DeclarationRule | None = None) -> WeekCalendar:
    """Read the rule of a week (one statement, none when it is given)."""
    rule = rule or DeclarationRule.objects.for_week(week)
    if rule is None:
        return WeekCalendar(week)
    return WeekCalendar(
        week,
        rule.expected_weekday,
        rule.expected_time,
        rule.closes_after_days,
        rule.carried_weeks,
    )


def is_open(
    week: date,
    now: datetime | None = None,
    header: WeeklyInventory | None = None,
    calendar: WeekCalendar | None = None,
) -> bool:
    """Tell whether cells of a week may be typed in one establishment (its ``header``) now."""
    reopened_until = header.reopened_until if header else None
    return (calendar or calendar_of(week)).is_open(now or datetime.now(UTC), reopened_until)


def selectable_weeks(now: datetime | None = None, count: int = SELECTABLE_WEEKS) -> list[date]:
    """List the weeks offered by the selector: the current one first, never one to come."""
    weeks = weeks_back(current_week(now), count)
    return [week for week in reversed(weeks) if week >= FIRST_WEEK]


def hour_text(at: datetime) -> str:
    """« 18 h » or « 9 h 41 », in Paris."""
    local = at.astimezone(PARIS)
    return f"{local.hour}\u00a0h" + (f"\u00a0{local.minute:02d}" if local.minute else "")
