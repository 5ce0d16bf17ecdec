"""The figures of EPI-Stocks: the cover of an equipment, who declared."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from common.cover import Level, days_of_cover
from common.numbers import format_integer
from common.weeks import current_week, shift
from epi_stocks.calendar import calendar_of
from epi_stocks.dashboard.figures import REPORTING_NAMES, SUMS, Figures, ReportingFigures
from epi_stocks.dashboard.reading import fetch_rows
from epi_stocks.indicators import thresholds_on
from epi_stocks.models import DepartmentSummary, EpiItem, RegionSummary, ReportingSummary
from epi_stocks.models.summary import COUNTRY as COUNTRY_ROW
from epi_stocks.summaries.lines import lines_parameters, measured_sql
from establishments.models import Establishment
from steering.alerts.measures.measure import COUNTRY, Place, Places, Reading, Within
from steering.models import AlertScale

ITEM: Final = "item_id"
KEYS: Final[dict[AlertScale, str]] = {
    AlertScale.COUNTRY: "region_code",
    AlertScale.REGION: "region_code",
    AlertScale.DEPARTMENT: "department_code",
}


def item_cover(scale: AlertScale, now: datetime, within: Within) -> list[Reading]:
    """Of each equipment counted this week, as the real-time view shows it."""
    week = current_week(now)
    items = {item.pk: item for item in EpiItem.objects.top().on(week)}
    if scale == AlertScale.SITE:
        return site_cover(week, items, within)
    thresholds = thresholds_on(week)
    places = Places(scale).named()
    return [
        Reading(
            str(item),
            items[item].label,
            places[code],
            figures.days,
            figures.level(thresholds.get(item, thresholds[None])),
            told_of(figures),
        )
        for item, code, figures in sums_of(scale, week)
        if item in items and code in places
    ]


def sums_of(scale: AlertScale, week: date) -> Iterable[tuple[int, str, Figures]]:
    """The summaries of the week: item, code of the place, sums."""
    if scale == AlertScale.DEPARTMENT:
        rows: Any = DepartmentSummary.objects.filter(week=week)
        found = rows.order_by().values(ITEM, KEYS[scale]).annotate(**SUMS)
    else:
        rows = RegionSummary.objects.filter(week=week)
        is_country = scale == AlertScale.COUNTRY
        rows = rows.filter(region_code=COUNTRY_ROW) if is_country else rows
        found = rows.order_by().values(ITEM, KEYS[scale], *SUMS)
    for row in found:
        code = COUNTRY if scale == AlertScale.COUNTRY else row[KEYS[scale]]
        yield row[ITEM], code, Figures.from_row(row)


def told_of(figures: Figures) -> dict[str, str]:
    return {
        "Stock": figures.stock_text,
        "Consommation quotidienne": figures.daily_text,
        "Établissements en rupture": format_integer(figures.shortage),
        "Établissements comptés": format_integer(figures.lines),
    }


def site_cover(week: date, items: Mapping[int, EpiItem], within: Within) -> list[Reading]:
    """Each establishment of a territory, live: the lines that count, with their level."""
    column, code = (
        ("department_id", within.department_code)
        if within.department_code
        else ("region_id", within.region_code)
    )
    sql = measured_sql(f"site.{column} = %(place)s")
    parameters = lines_parameters(week, list(items)) | {"place": code}
    rows = [row for row in fetch_rows(sql, parameters) if row["level"] != Level.UNKNOWN]
    sites = sites_of(row["establishment_id"] for row in rows)
    return [
        Reading(
            str(row["item_id"]),
            items[row["item_id"]].label,
            sites[row["establishment_id"]],
            days_of_cover(row["stock"], row["daily"]),
            Level(row["level"]),
            told_of_line(row),
        )
        for row in rows
    ]


def told_of_line(row: Mapping[str, Any]) -> dict[str, str]:
    known = {"Stock": row["stock"], "Consommation quotidienne": row["daily"]}
    return {name: format_integer(one) for name, one in known.items() if one is not None}


def sites_of(numbers: Iterable[int]) -> dict[int, Place]:
    rows = Establishment.objects.filter(pk__in=set(numbers)).values_list(
        "pk", "finess", "name", "region_id", "department_id"
    )
    return {
        pk: Place(AlertScale.SITE, finess, name, region or "", department or "")
        for pk, finess, name, region, department in rows
    }


def reporting_rate(scale: AlertScale, now: datetime, within: Within) -> list[Reading]:
    """Of the last week whose hour has come: a rate in the middle of a week means nothing."""
    week = last_due_week(now)
    keys = [] if scale == AlertScale.COUNTRY else [KEYS[scale]]
    rows: Any = ReportingSummary.objects.filter(week=week)
    places = Places(scale).named()
    sums: dict[str, ReportingFigures] = {}
    for row in rows.values(*keys, *REPORTING_NAMES):
        code = row[keys[0]] if keys else COUNTRY
        found = ReportingFigures(**{name: row[name] for name in REPORTING_NAMES})
        sums[code] = sums[code] + found if code in sums else found
    return [
        rate_reading(places[code], one.declared, one.expected, f"Semaine du {week:%d/%m/%Y}")
        for code, one in sums.items()
        if code in places
    ]


def last_due_week(now: datetime) -> date:
    week = current_week(now)
    return week if calendar_of(week).deadline <= now else shift(week, -1)


def rate_reading(place: Place, declared: int, expected: int, period: str) -> Reading:
    """A rate in percent, a tenth rounded down; where nobody is expected nothing is known."""
    value = Decimal(declared * 1000 // expected) / 10 if expected else None
    told = {
        "Période": period,
        "Ont déclaré": format_integer(declared),
        "Attendus": format_integer(expected),
    }
    return Reading("", "", place, value, None, told)
