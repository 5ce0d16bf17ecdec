"""Everything a page of the real-time view says, read in a constant number of queries."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from common.cover import Level, Thresholds
from epi_stocks.dashboard.figures import NOTHING, Figures, ReportingFigures, total
from epi_stocks.dashboard.reading import figures_by, median_cover, reporting_by
from epi_stocks.dashboard.scope import Scope
from epi_stocks.models import EpiItem
from establishments.models import Department, Region

NO_REPORTING = ReportingFigures()
UNKNOWN_PLACE = "Territoire inconnu"
WITHOUT_ARS_NAME = "Territoires sans ARS"
URGENCY = list(Level)


@dataclass(frozen=True, slots=True)
class Place:
    """A region or a department of the page; ``before`` is last week's."""

    code: str
    name: str
    figures: Figures
    before: Figures
    reporting: ReportingFigures
    thresholds: Thresholds

    @property
    def level(self) -> Level:
        return self.figures.level(self.thresholds)

    @property
    def level_before(self) -> Level:
        return self.before.level(self.thresholds)

    @property
    def urgency(self) -> tuple:
        days = self.figures.days
        return URGENCY.index(self.level), days is None, days or 0, self.code


@dataclass(frozen=True, slots=True)
class ItemSituation:
    item: EpiItem
    figures: Figures
    level: Level


@dataclass(frozen=True)
class Dashboard:
    """The figures of a scope. ``trend`` holds its twelve weeks, the oldest first."""

    scope: Scope
    places: list[Place]
    trend: list[tuple[date, Figures]]
    categories: list[tuple[str, Figures]]
    items: list[ItemSituation]
    reporting: ReportingFigures
    median: Decimal | None

    @property
    def figures(self) -> Figures:
        return self.trend[-1][1]

    @property
    def before(self) -> Figures:
        return self.trend[-2][1]

    @property
    def level(self) -> Level:
        return self.figures.level(self.scope.item_thresholds)

    @property
    def is_one_place(self) -> bool:
        """A department alone, or a region that has one: nothing to set side by side."""
        return len(self.places) == 1

    @property
    def is_empty(self) -> bool:
        """Nothing was ever declared here in reach of this week."""
        return not self.figures.lines

    def in_level(self, level: Level) -> list[Place]:
        return [place for place in self.places if place.level == level]


def read_dashboard(scope: Scope) -> Dashboard:
    key = "region_code" if scope.is_national else "department_code"
    by_place = figures_by(scope, scope.trend_weeks, "week", key)
    reporting = reporting_by(scope, key)
    return Dashboard(
        scope=scope,
        places=_places(scope, by_place, reporting),
        trend=_totals(scope.trend_weeks, by_place),
        categories=_categories(scope),
        items=_items(scope),
        reporting=sum(reporting.values(), NO_REPORTING),
        median=median_cover(scope),
    )


def read_overview(scope: Scope) -> Dashboard:
    """The same places and figures without the trend, the categories and the other items."""
    key = "region_code" if scope.is_national else "department_code"
    weeks = [scope.previous_week, scope.week]
    by_place = figures_by(scope, weeks, "week", key)
    reporting = reporting_by(scope, key)
    return Dashboard(
        scope=scope,
        places=_places(scope, by_place, reporting),
        trend=_totals(weeks, by_place),
        categories=[],
        items=[],
        reporting=sum(reporting.values(), NO_REPORTING),
        median=None,
    )


def _totals(weeks: list[date], by_place) -> list[tuple[date, Figures]]:
    return [
        (week, total(figures for (on, _), figures in by_place.items() if on == week))
        for week in weeks
    ]


def _places(scope: Scope, by_place, reporting) -> list[Place]:
    """Every place of the territory, or of the entity; without data too, the most urgent first."""
    names = _names(scope)
    if scope.is_live:  # where the entity has no site, nothing is unknown: there is nobody
        present = {code for (_, code) in by_place} | {code for (code,) in reporting}
        names = {code: name for code, name in names.items() if code in present} or names
    unknown = {code for (_, code) in by_place} - set(names)
    names |= {code: WITHOUT_ARS_NAME if scope.is_national else UNKNOWN_PLACE for code in unknown}
    places = [
        Place(
            code,
            name,
            by_place.get((scope.week, code), NOTHING),
            by_place.get((scope.previous_week, code), NOTHING),
            reporting.get((code,), NO_REPORTING),
            scope.item_thresholds,
        )
        for code, name in names.items()
    ]
    return sorted(places, key=lambda place: place.urgency)


def _names(scope: Scope) -> dict[str, str]:
    if scope.is_national:
        return dict(Region.objects.values_list("code", "name"))
    if scope.department:
        return {scope.department.code: scope.department.name}
    return {one.code: one.name for one in scope.territory.departments}


def _categories(scope: Scope) -> list[tuple[str, Figures]]:
    """Figures by category code, those that consume most first."""
    found = figures_by(scope, [scope.week], "category_code")
    ranked = sorted(found.items(), key=lambda pair: (-(pair[1].daily or 0), pair[0]))
    return [(code, figures) for (code,), figures in ranked]


def _items(scope: Scope) -> list[ItemSituation]:
    found = figures_by(scope, [scope.week], "item_id", items=scope.items)
    return [
        ItemSituation(item, figures, figures.level(scope.thresholds_of(item)))
        for item in scope.items
        for figures in [found.get((item.pk,), NOTHING)]
    ]


def departments_by_region() -> dict[str, list[str]]:
    """For the map of the country."""
    found: dict[str, list[str]] = {}
    rows = Department.objects.filter(region__isnull=False).order_by("code")
    for code, region in rows.values_list("code", "region_id"):
        found.setdefault(region, []).append(code)
    return found
