"""Other regions, as an ARS sees them: totals by department, never an establishment."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from epi_stocks.dashboard.figures import (
    NOTHING,
    REPORTING_NAMES,
    SUMS,
    Figures,
    ReportingFigures,
    days_text,
    plural,
    total,
)
from epi_stocks.dashboard.page import NO_REPORTING, Place
from epi_stocks.indicators import thresholds_on
from epi_stocks.models import DepartmentSummary, EpiItem, ReportingSummary
from establishments.models import Department


@dataclass(frozen=True, slots=True)
class ElsewherePlace(Place):
    """A department of another region."""

    region: str
    region_code: str


@dataclass(frozen=True, slots=True)
class ElsewhereRegion(Place):
    """Another region: its departments added up, and each of them, the most urgent first."""

    departments: Sequence[ElsewherePlace]

    @property
    def days_text(self) -> str:
        return days_text(self.figures.days, self.level)

    @property
    def counts_text(self) -> str:
        """« 5 départements, 2 établissements en rupture, 81 % ont déclaré »."""
        shortage = self.figures.shortage
        said = [
            plural(len(self.departments), "département"),
            f"{plural(shortage, 'établissement')} en rupture" if shortage else "",
            f"{self.reporting.rate_text} ont déclaré" if self.reporting.expected else "",
        ]
        return ", ".join(filter(None, said))


def departments_elsewhere(region_codes, week: date, item: EpiItem) -> list[ElsewherePlace]:
    """The departments outside ``region_codes``, the most urgent first.

    Read without perimeter on purpose: the matrix gives totals by department to every ARS.
    """
    departments = Department.objects.exclude(region__in=region_codes).filter(region__isnull=False)
    departments = departments.select_related("region").order_by("code")
    codes = [department.code for department in departments]
    rows = DepartmentSummary.objects.filter(week=week, item=item, department_code__in=codes)
    found = {
        row["department_code"]: Figures.from_row(row)
        for row in rows.values("department_code").annotate(**SUMS).order_by()
    }
    reporting = _reporting(codes, week)
    days = thresholds_on(week)
    thresholds = days.get(item.pk, days[None])
    places = [
        ElsewherePlace(
            one.code,
            one.name,
            found.get(one.code, NOTHING),
            NOTHING,
            reporting.get(one.code, NO_REPORTING),
            thresholds,
            one.region.name,
            one.region_id,
        )
        for one in departments
    ]
    return sorted(places, key=lambda place: place.urgency)


def regions_elsewhere(departments: Iterable[ElsewherePlace]) -> list[ElsewhereRegion]:
    """The regions of ``departments``, the most urgent first; inside, the order is the caller's."""
    by_region = defaultdict(list)
    for department in departments:
        by_region[department.region_code].append(department)
    regions = [
        ElsewhereRegion(
            code,
            inside[0].region,
            total(one.figures for one in inside),
            NOTHING,
            sum((one.reporting for one in inside), NO_REPORTING),
            inside[0].thresholds,
            inside,
        )
        for code, inside in by_region.items()
    ]
    return sorted(regions, key=lambda region: region.urgency)


def _reporting(codes: list[str], week: date) -> dict[str, ReportingFigures]:
    rows = ReportingSummary.objects.filter(week=week, department_code__in=codes)
    sums = {name: Sum(name) for name in REPORTING_NAMES}
    return {
        row.pop("department_code"): ReportingFigures(**row)
        for row in rows.values("department_code").annotate(**sums).order_by()
    }
