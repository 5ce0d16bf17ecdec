"""Other regions, as an ARS sees them: totals by department, never an establishment."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from epi_stocks.dashboard.figures import (
    NOTHING,
    REPORTING_NAMES,
    SUMS,
    Figures,
    ReportingFigures,
)
from epi_stocks.dashboard.page import NO_REPORTING, Place
from epi_stocks.indicators import thresholds_on
from epi_stocks.models import DepartmentSummary, EpiItem, ReportingSummary
from establishments.models import Department


@dataclass(frozen=True, slots=True)
class ElsewherePlace(Place):
    """A department of another region."""

    region: str


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
        )
        for one in departments
    ]
    return sorted(places, key=lambda place: place.urgency)


def _reporting(codes: list[str], week: date) -> dict[str, ReportingFigures]:
    rows = ReportingSummary.objects.filter(week=week, department_code__in=codes)
    sums = {name: Sum(name) for name in REPORTING_NAMES}
    return {
        row.pop("department_code"): ReportingFigures(**row)
        for row in rows.values("department_code").annotate(**sums).order_by()
    }
