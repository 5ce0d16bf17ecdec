"""One establishment: what it holds of each item, and its twelve weeks."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from common.cover import Level, Thresholds, days_of_cover, level
from common.weeks import weeks_back
from epi_stocks.dashboard.reading import fetch_rows
from epi_stocks.dashboard.scope import TREND
from epi_stocks.models import CentralCoverage, EffectiveLine, EpiItem, WeeklyInventory
from epi_stocks.summaries.lines import lines_parameters, measured_sql
from establishments.models import Establishment


@dataclass(frozen=True, slots=True)
class Holding:
    """What counts of one item on the week: its own value or one carried over."""

    item: EpiItem
    stock: int | None
    daily: int | None
    supply: int | None
    level: Level
    source_week: date | None
    is_carried: bool
    is_doubtful: bool

    @property
    def days(self) -> Decimal | None:
        return days_of_cover(self.stock, self.daily)


@dataclass(frozen=True, slots=True)
class PastCell:
    """One item of one week as declared then; nothing declared has no level."""

    days: Decimal | None
    level: Level | None


@dataclass(frozen=True, slots=True)
class PastWeek:
    week: date
    first_saved_at: datetime | None
    cells: list[PastCell]


def holdings(site: Establishment, week: date, items: list[EpiItem]) -> list[Holding]:
    """Each item counted this week, even those the establishment said nothing of."""
    parameters = lines_parameters(week, [item.pk for item in items]) | {"site": site.pk}
    found = {
        row["item_id"]: row for row in fetch_rows(measured_sql("site.id = %(site)s"), parameters)
    }
    return [_holding(item, found.get(item.pk)) for item in items]


def _holding(item: EpiItem, row: dict | None) -> Holding:
    if row is None:
        return Holding(item, None, None, None, Level.UNKNOWN, None, False, False)
    values = (row[name] for name in ("stock", "daily", "supply"))
    return Holding(
        item,
        *values,
        Level(row["level"]),
        row["source_week"],
        row["is_carried"],
        row["is_doubtful"],
    )


def past_weeks(
    site: Establishment, week: date, items: list[EpiItem], thresholds: dict[int | None, Thresholds]
) -> list[PastWeek]:
    """The twelve weeks that end with ``week``, the latest first, as declared and not carried."""
    weeks = weeks_back(week, TREND)
    saved = dict(
        WeeklyInventory.objects.filter(establishment=site, week__in=weeks).values_list(
            "week", "first_saved_at"
        )
    )
    lines = EffectiveLine.objects.filter(week__in=weeks, establishment=site).values_list(
        "week", "item_id", "stock", "daily", "supply"
    )
    known = {(on, item): values for on, item, *values in lines}
    return [
        PastWeek(
            on,
            saved.get(on),
            [_past_cell(known.get((on, item.pk)), item, thresholds) for item in items],
        )
        for on in reversed(weeks)
    ]


def _past_cell(values, item: EpiItem, thresholds: dict[int | None, Thresholds]) -> PastCell:
    if values is None or all(value is None for value in values):
        return PastCell(None, None)
    stock, daily, _ = values
    days = thresholds.get(item.pk, thresholds[None])
    return PastCell(days_of_cover(stock, daily), level(stock, daily, days))


def declared_elsewhere(site: Establishment, week: date) -> CentralCoverage | None:
    """The coverage by which another site declares for this one, if any."""
    found = CentralCoverage.objects.on(week).filter(covered=site)
    return found.select_related("declaring").first()


def declares_for(site: Establishment, week: date) -> int:
    """How many sites this one declares for."""
    return CentralCoverage.objects.on(week).filter(declaring=site).count()
