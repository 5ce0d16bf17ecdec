"""Reads the figures of a page: from the summaries, or live when a legal entity is chosen."""
# ruff: noqa: S608 - fragments of our own put together; every value is a parameter

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from common.reading import reading
from epi_stocks.calendar import WeekCalendar, calendar_of
from epi_stocks.dashboard.figures import (
    REPORTING_NAMES,
    SUMS,
    Figures,
    ReportingFigures,
    total,
)
from epi_stocks.dashboard.scope import Scope
from epi_stocks.models import (
    DeclarationRule,
    DepartmentSummary,
    EpiItem,
    RegionSummary,
    ReportingSummary,
)
from epi_stocks.models.summary import COUNTRY
from epi_stocks.summaries.computing import department_figures_sql, reporting_figures_sql
from epi_stocks.summaries.lines import lines_parameters
from establishments.perimeter import Action

Keyed = dict[tuple[Any, ...], Figures]

MEDIAN = """
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY cover)
  FROM epi_stocks_departmentsummary AS part, unnest(part.covers) AS cover
 WHERE part.week = %(week)s AND part.item_id = %(item)s
   AND part.department_code = ANY(%(departments)s)
   AND (%(category)s::text IS NULL OR part.category_code = %(category)s)
"""


def figures_by(scope: Scope, weeks: Sequence[date], *keys: str, items=None) -> Keyed:
    """Add up what the scope holds in ``weeks``, one total for each value of ``keys``.

    Keys are columns of the summaries: week, region_code, department_code, category_code, item_id.
    """
    items = items or [scope.item]
    if scope.is_live:
        return _grouped(live_rows(scope, weeks, items), keys)
    rows = _kept(scope, weeks, keys).filter(item__in=[item.pk for item in items])
    found = rows.values(*keys).annotate(**SUMS).order_by()
    return {tuple(row[key] for key in keys): Figures.from_row(row) for row in found}


def _kept(scope: Scope, weeks: Sequence[date], keys: Iterable[str]):
    """The smallest table that can answer: regions for the country, else departments."""
    if scope.is_national and not scope.category and "category_code" not in keys:
        rows = RegionSummary.objects.for_user(scope.user, to=Action.DASH_EPI)
        by_region = "region_code" in keys
        rows = rows.exclude(region_code=COUNTRY) if by_region else rows.filter(region_code=COUNTRY)
        return rows.filter(week__in=weeks)
    rows = DepartmentSummary.objects.for_user(scope.user, to=Action.DASH_EPI)
    return _in_scope(rows.filter(week__in=weeks), scope)


def _in_scope(rows, scope: Scope):
    if not scope.is_national:
        rows = rows.filter(department_code__in=scope.department_codes)
    if scope.category:
        rows = rows.filter(category_code=scope.category.pk)
    return rows


def live_rows(scope: Scope, weeks: Sequence[date], items: Sequence[EpiItem]) -> list[dict]:
    """The same rows as a summary's, computed from the lines of the places in view."""
    parameters = lines_parameters(scope.week, [item.pk for item in items], scope.calendar)
    within, places = scope.places_sql
    return [
        row
        for carried, mondays in _mondays_by_reach(weeks).items()
        for row in fetch_rows(
            _live_sql(carried, within), parameters | places | {"mondays": mondays}
        )
    ]


def calendars_of(weeks: Sequence[date]) -> list[WeekCalendar]:
    """The calendar of each week, in one query."""
    rules = list(DeclarationRule.objects.order_by("-starts_on"))
    return [_calendar_among(rules, week) for week in weeks]


def _calendar_among(rules: Sequence[DeclarationRule], week: date) -> WeekCalendar:
    in_force = (
        rule
        for rule in rules
        if rule.starts_on <= week and (rule.ends_on is None or rule.ends_on >= week)
    )
    rule = next(in_force, None)
    return calendar_of(week, rule) if rule else WeekCalendar(week)


def _mondays_by_reach(weeks: Sequence[date]) -> dict[int, list[date]]:
    """The weeks by how many earlier ones they may take values of: mostly a single group."""
    found: dict[int, list[date]] = {}
    for calendar in calendars_of(weeks):
        found.setdefault(calendar.carried_weeks, []).append(calendar.week)
    return found


def _live_sql(carried: int, within: str) -> str:
    taken = ", ".join(f"on_.monday - {7 * back}" for back in range(1, carried + 1))
    computed = department_figures_sql(within).replace("%(earlier)s", f"ARRAY[{taken}]::date[]")
    computed = computed.replace("%(week)s", "on_.monday")
    return f"""SELECT found.* FROM unnest(%(mondays)s::date[]) AS on_(monday)
               CROSS JOIN LATERAL ({computed}) AS found"""


def _grouped(rows: Iterable[dict], keys: Sequence[str]) -> Keyed:
    found: dict[tuple, list[Figures]] = {}
    for row in rows:
        found.setdefault(tuple(row[key] for key in keys), []).append(Figures.from_row(row))
    return {key: total(figures) for key, figures in found.items()}


def reporting_by(scope: Scope, *keys: str) -> dict[tuple, ReportingFigures]:
    """Expected and declared in the scope's week, for each value of ``keys``."""
    if scope.is_live:
        within, places = scope.places_sql
        parameters = lines_parameters(scope.week, [], scope.calendar) | places
        return _grouped_reporting(fetch_rows(reporting_figures_sql(within), parameters), keys)
    rows = ReportingSummary.objects.for_user(scope.user, to=Action.DASH_EPI)
    rows = _in_scope(rows.filter(week=scope.week), scope).values(*keys).order_by()
    return _grouped_reporting(rows.annotate(**{name: Sum(name) for name in REPORTING_NAMES}), keys)


def _grouped_reporting(rows, keys) -> dict[tuple, ReportingFigures]:
    found: dict[tuple, ReportingFigures] = {}
    for row in rows:
        key = tuple(row[name] for name in keys)
        added = ReportingFigures(**{name: row[name] or 0 for name in REPORTING_NAMES})
        found[key] = found[key] + added if key in found else added
    return found


def median_cover(scope: Scope) -> Decimal | None:
    """Days of cover of the establishment in the middle, a tenth rounded down."""
    if scope.is_national and not scope.category and not scope.is_live:
        rows = RegionSummary.objects.for_user(scope.user, to=Action.DASH_EPI)
        found = rows.filter(week=scope.week, item=scope.item, region_code=COUNTRY)
        tenths = found.values_list("median", flat=True).first()
    elif scope.is_live:
        rows = live_rows(scope, [scope.week], [scope.item])
        tenths = middle([cover for row in rows for cover in row["covers"]])
    else:
        tenths = _kept_median(scope)
    return None if tenths is None else Decimal(tenths) / 10


def middle(covers: Sequence[int]) -> int | None:
    """The value that half of them do not exceed; None without any."""
    return sorted(covers)[(len(covers) - 1) // 2] if covers else None


def _kept_median(scope: Scope) -> int | None:
    departments = scope.department_codes
    if scope.is_national:
        rows = DepartmentSummary.objects.filter(week=scope.week, item=scope.item)
        departments = list(rows.values_list("department_code", flat=True).distinct().order_by())
    parameters = {
        "week": scope.week,
        "item": scope.item.pk,
        "departments": departments,
        "category": scope.category.pk if scope.category else None,
    }
    with reading.cursor() as cursor:
        cursor.execute(MEDIAN, parameters)
        return cursor.fetchone()[0]


def fetch_rows(sql: str, parameters: dict[str, Any]) -> list[dict]:
    with reading.cursor() as cursor:
        cursor.execute(sql, parameters)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
