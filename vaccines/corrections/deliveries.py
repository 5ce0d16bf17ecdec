"""When doses come: a month of deliveries, by day and by pharmacy."""

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.dates import MONTHS

from accounts.models import User
from common.columns import Column, Table
from common.identifiers import format_finess
from establishments.perimeter import Action
from vaccines.corrections.tables import day_text, number
from vaccines.models import SupplyLine

FIRST_YEAR, LAST_YEAR = 2020, 2100
# the day announced by the wave, as long as nobody wrote another
DAY: Final = Coalesce("expected_on", "wave__delivers_on")


@dataclass(frozen=True, slots=True)
class Month:
    first: date

    @property
    def label(self) -> str:
        return f"{MONTHS[self.first.month]} {self.first.year}"

    @property
    def code(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def next(self) -> "Month":
        return Month((self.first + timedelta(days=31)).replace(day=1))

    @property
    def previous(self) -> "Month":
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def weeks(self) -> list[list[date]]:
        return Calendar().monthdatescalendar(self.first.year, self.first.month)


@dataclass(frozen=True, slots=True)
class Day:
    """What is expected on one day; ``lines`` is 0 when nothing is."""

    on: date
    is_of_month: bool
    lines: int = 0
    doses: int | None = None  # nobody planned any yet
    whole: int = 0

    @property
    def left(self) -> int:
        """Lines that are not received whole."""
        return self.lines - self.whole


def month_asked(text: str, today: date) -> Month:
    """« 2021-02 »; the present one when it cannot be read."""
    year, _, month = text.partition("-")
    is_read = len(text) == len("2021-02") and year.isdecimal() and month.isdecimal()
    if is_read and FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= len(MONTHS):
        return Month(date(int(year), int(month), 1))
    return Month(today.replace(day=1))


def day_asked(text: str, month: Month) -> date | None:
    """« 2021-02-09 », a day of the month; None: the whole month."""
    days = (one for week in month.weeks for one in week if one.month == month.first.month)
    return next((one for one in days if one.isoformat() == text), None)


def month_lines(user: User, month: Month) -> QuerySet[SupplyLine]:
    rows = SupplyLine.objects.for_user(user, to=Action.VAC_READ).standing().annotate(day=DAY)
    found: QuerySet[SupplyLine] = rows.filter(day__gte=month.first, day__lt=month.next.first)
    return found


def of_day(rows: QuerySet[SupplyLine], day: date | None) -> QuerySet[SupplyLine]:
    """The lines of a day chosen in the calendar; all of them otherwise."""
    found: QuerySet[SupplyLine] = rows.filter(day=day) if day else rows
    return found


def grid_of(rows: QuerySet[SupplyLine], month: Month) -> list[list[Day]]:
    """The weeks of the month, Monday first; one statement."""
    counted = rows.order_by().values("day").annotate(**COUNTED)
    by_day = {one["day"]: one for one in counted}
    return [[_day(on, by_day.get(on), month) for on in week] for week in month.weeks]


def _day(on: date, known: dict[str, Any] | None, month: Month) -> Day:
    is_of_month = on.month == month.first.month
    if known is None or not is_of_month:
        return Day(on, is_of_month)
    return Day(on, True, known["lines"], known["doses"], known["whole"])


COUNTED: Final[dict[str, Any]] = {
    "lines": Count("pk"),
    "doses": Sum("planned_doses"),
    "whole": Count("pk", filter=Q(received_whole_at__isnull=False)),
}


def deliveries_of(rows: QuerySet[SupplyLine]) -> Any:
    """One row for each day, pharmacy, wave and origin."""
    named = {
        "pharmacy": F("pui__label"),
        "site": F("pui__establishment__name"),
        "finess": F("pui__establishment__finess"),
        "department": F("pui__establishment__department"),
        "wave_label": F("wave__label"),
        "origin": F("pivot__label"),
    }
    grouped = rows.order_by().values("day", "flow", "pui", "wave", **named).annotate(**COUNTED)
    return grouped.order_by("day", "pharmacy", "pui", "wave_label", "flow")


def deliveries_table() -> Table:
    return Table(
        "livraisons",
        "Calendrier des livraisons",
        [
            Column("PUI", lambda row: row["pharmacy"]),
            Column("Site", lambda row: row["site"], under=True),
            Column(
                "FINESS de la PUI",
                lambda row: row["finess"],
                lambda row: format_finess(row["finess"]),
                under=True,
            ),
            Column("Dép.", lambda row: row["department"] or ""),
            Column("Date", lambda row: row["day"], lambda row: day_text(row["day"])),
            Column("Vague", lambda row: row["wave_label"]),
            Column("Provenance", _origin),
            Column("Lignes", lambda row: row["lines"], is_number=True),
            Column(
                "Doses prévues",
                lambda row: row["doses"],
                lambda row: number(row["doses"]),
                is_number=True,
            ),
            Column("Lignes reçues", lambda row: row["whole"], is_number=True),
        ],
    )


def _origin(row: dict[str, Any]) -> str:
    return "SPF (flux A)" if row["flow"] == SupplyLine.Flow.A else f"{row['origin']} (flux B)"


def total_of(grid: Sequence[Sequence[Day]]) -> tuple[int, int]:
    """Lines and doses of the month."""
    days = [day for week in grid for day in week]
    return sum(day.lines for day in days), sum(day.doses or 0 for day in days)
