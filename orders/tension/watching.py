"""What feeds the decision: cover, declarations and trend of EPI-Stocks, difficulties, quotas used.

The figures are those of EPI-Stocks, by the same definitions (``epi_stocks.dashboard.figures``,
``common.cover``): totals of regions, read within what the reader follows of orders.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, Sum

from accounts.models import User
from common.cover import Level, Thresholds
from common.weeks import current_week, weeks_back
from epi_stocks.dashboard.figures import (
    NOTHING,
    REPORTING_NAMES,
    SUMS,
    Figures,
    ReportingFigures,
    days_text,
)
from epi_stocks.indicators import thresholds_on
from epi_stocks.models import EpiItem, RegionSummary, ReportingSummary, SummarisedWeek
from epi_stocks.models.summary import COUNTRY
from establishments.models import Region
from establishments.perimeter import Action
from orders.models import Product, Quota, SupplyDifficulty, Tension

TREND = 12  # weeks
OF_LATE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class RegionState:
    """One item in one region this week."""

    code: str
    name: str
    figures: Figures
    level: Level

    @property
    def days(self) -> Decimal | None:
        return self.figures.days


@dataclass(frozen=True)
class Watched:
    """One equipment, as those who decide see it. ``tensions``: in force today."""

    item: EpiItem
    thresholds: Thresholds
    trend: list[tuple[date, Figures]]
    regions: list[RegionState] = field(default_factory=list)
    tensions: list[Tension] = field(default_factory=list)
    difficulties: int = 0
    difficulties_of_late: int = 0
    quota_used: int = 0
    quota_granted: int = 0

    @property
    def figures(self) -> Figures:
        return self.trend[-1][1]

    @property
    def before(self) -> Figures:
        return self.trend[-2][1]

    @property
    def national(self) -> Tension | None:
        """The tension of the whole country, if any."""
        return next((one for one in self.tensions if one.region_id is None), None)

    @property
    def level(self) -> Level:
        return self.figures.level(self.thresholds)

    @property
    def is_known(self) -> bool:
        return self.level is not Level.UNKNOWN

    @property
    def cover_text(self) -> str:
        """« 13,7 j »; where nothing is known, whether anybody declared."""
        return cover_in_words(self.figures, self.level)

    @property
    def before_text(self) -> str:
        return cover_in_words(self.before, self.before.level(self.thresholds))

    @property
    def below(self) -> list[RegionState]:
        """The regions under the threshold of alert, the most urgent first."""
        found = [one for one in self.regions if one.level.is_tension]
        return sorted(found, key=lambda one: (one.days is not None, one.days or 0, one.name))


@dataclass(frozen=True)
class Watch:
    """All the equipment of a territory; ``region`` is None for the country."""

    week: date
    region: Region | None
    refreshed_at: datetime | None
    reporting: ReportingFigures
    items: list[Watched]

    @property
    def is_national(self) -> bool:
        return self.region is None

    @property
    def in_tension(self) -> list[Watched]:
        return [one for one in self.items if one.tensions]

    @property
    def critical_words(self) -> str:
        """« Sous 7 jours », while it is the same for every equipment."""
        days = {one.thresholds.critical for one in self.items}
        return f"Sous {days.pop()}\u00a0jours" if len(days) == 1 else "Sous le seuil critique"

    @property
    def most_urgent(self) -> Watched | None:
        known = [one for one in self.items if one.figures.days is not None]
        return min(known, key=lambda one: one.figures.days or 0, default=None)


def cover_in_words(figures: Figures, level: Level) -> str:
    if level is not Level.UNKNOWN:
        return days_text(figures.days, level)
    return "inconnue, sans consommation déclarée" if figures.lines else "aucune déclaration récente"


def read_watch(user: User, today: date, item: EpiItem | None = None) -> Watch:
    """Twelve weeks of each equipment, or of one, in a constant number of statements."""
    week, region = current_week(), region_of(user)
    items = [item] if item else watched_items(today)
    numbers = [one.pk for one in items]
    trends = _trends(user, region, weeks_back(week, TREND), numbers)
    regions = {} if region else _regions(user, week, numbers)
    tensions, used = _tensions(today, region), _quotas(user, week)
    difficulties, thresholds = _difficulties(user, today), thresholds_on(week)
    return Watch(
        week=week,
        region=region,
        refreshed_at=_refreshed_at(week),
        reporting=_reporting(user, week),
        items=[
            Watched(
                item=one,
                thresholds=thresholds.get(one.pk, thresholds[None]),
                trend=[(on, trends.get((on, one.pk), NOTHING)) for on in weeks_back(week, TREND)],
                regions=_states(regions.get(one.pk, {}), thresholds.get(one.pk, thresholds[None])),
                tensions=tensions.get(one.pk, []),
                difficulties=difficulties.get(one.pk, (0, 0))[0],
                difficulties_of_late=difficulties.get(one.pk, (0, 0))[1],
                quota_used=used.get(one.pk, (0, 0))[0],
                quota_granted=used.get(one.pk, (0, 0))[1],
            )
            for one in items
        ],
    )


def watched_items(today: date) -> list[EpiItem]:
    """Those of the catalogue of the State, and those in tension; all of them while it is empty."""
    of_state = Product.objects.of_state().filter(item=OuterRef("pk"))
    tense = Tension.objects.in_force(today).filter(item=OuterRef("pk"))
    items = list(EpiItem.objects.top().annotate(is_kept=Q(Exists(of_state)) | Q(Exists(tense))))
    return [one for one in items if one.is_kept] or items


def region_of(user: User) -> Region | None:
    """The region of an ARS; None for who follows the country."""
    perimeter = user.perimeter_to(Action.DASH_ORD)
    if perimeter.is_national:
        return None
    found: Region | None = Region.objects.filter(pk__in=perimeter.region_codes).first()
    return found


def _trends(
    user: User, region: Region | None, weeks: list[date], items: list[int]
) -> dict[tuple[date, int], Figures]:
    rows = RegionSummary.objects.for_user(user, to=Action.DASH_ORD).filter(
        region_code=region.pk if region else COUNTRY, week__in=weeks, item__in=items
    )
    found = rows.values("week", "item_id").annotate(**SUMS).order_by()
    return {(row["week"], row["item_id"]): Figures.from_row(row) for row in found}


def _regions(user: User, week: date, items: list[int]) -> dict[int, dict[tuple[str, str], Figures]]:
    """By item, then by code and name of the region."""
    names = dict(Region.objects.values_list("code", "name"))
    rows = RegionSummary.objects.for_user(user, to=Action.DASH_ORD)
    rows = rows.filter(week=week, item__in=items, region_code__in=names)
    found: dict[int, dict[tuple[str, str], Figures]] = defaultdict(dict)
    for row in rows.values("item_id", "region_code").annotate(**SUMS).order_by():
        code = row["region_code"]
        found[row["item_id"]][code, names[code]] = Figures.from_row(row)
    return found


def _states(regions: dict[tuple[str, str], Figures], thresholds: Thresholds) -> list[RegionState]:
    return [
        RegionState(code, name, figures, figures.level(thresholds))
        for (code, name), figures in regions.items()
    ]


def _reporting(user: User, week: date) -> ReportingFigures:
    rows = ReportingSummary.objects.for_user(user, to=Action.DASH_ORD).filter(week=week)
    sums = rows.aggregate(**{name: Sum(name) for name in REPORTING_NAMES})
    return ReportingFigures(**{name: value or 0 for name, value in sums.items()})


def _refreshed_at(week: date) -> datetime | None:
    found: datetime | None = (
        SummarisedWeek.objects.filter(week=week).values_list("refreshed_at", flat=True).first()
    )
    return found


def _tensions(today: date, region: Region | None) -> dict[int, list[Tension]]:
    """By item; a region reads its own and the country's."""
    rows = Tension.objects.in_force(today).select_related("region", "item")
    if region:
        rows = rows.filter(Q(region__isnull=True) | Q(region=region))
    found: dict[int, list[Tension]] = defaultdict(list)
    for one in rows.order_by("region__name", "starts_on"):
        place = 0 if one.region_id is None else len(found[one.item_id])
        found[one.item_id].insert(place, one)
    return found


def _difficulties(user: User, today: date) -> dict[int, tuple[int, int]]:
    """Open ones by item, and how many of them of these last days."""
    rows = SupplyDifficulty.objects.for_user(user, to=Action.DASH_ORD).open().order_by()
    late = Count("pk", filter=Q(reported_on__gt=today - OF_LATE))
    counted = rows.values("item").annotate(count=Count("pk"), late=late)
    return {row["item"]: (row["count"], row["late"]) for row in counted}


def _quotas(user: User, week: date) -> dict[int, tuple[int, int]]:
    """Ordered and allowed this week, by item."""
    rows = Quota.objects.for_user(user, to=Action.DASH_ORD).filter(week=week).order_by()
    sums = rows.values("item").annotate(used=Sum("used"), granted=Sum("granted"))
    return {row["item"]: (row["used"], row["granted"]) for row in sums}
