"""What the summaries of a week must be, recomputed line by line in Python, without SQL of ours."""

from collections import defaultdict
from datetime import date, timedelta
from statistics import median_low

from django.utils import timezone

from common.cover import days_of_cover, level
from common.weeks import FIRST_WEEK, deadline, shift
from epi_stocks.models import (
    CentralCoverage,
    DeclarationRule,
    DepartmentSummary,
    EpiItem,
    ExpectedCategory,
    InventoryLine,
    RegionSummary,
    ReportingSummary,
    WeeklyInventory,
)
from establishments.models import Establishment

MEASURES = ("stock", "daily", "supply")
LEVELS = {
    "rupture": "shortage",
    "critique": "critical",
    "tendue": "tense",
    "suffisante": "sufficient",
    "sans_consommation": "unused",
    "inconnue": "unknown",
}
GLOVES = 4


def expect(*categories) -> None:
    """Put categories in the « périmètre EPI-Stocks », from the first week on."""
    for category in categories:
        ExpectedCategory.objects.get_or_create(category=category, starts_on=FIRST_WEEK)


def stands_alone(site: Establishment, week: date) -> bool:
    """Open that week, and no other site declares for it."""
    is_open = (site.opened_on is None or site.opened_on < week + timedelta(days=7)) and (
        site.closed_on is None or site.closed_on > week
    )
    covered = [
        one
        for one in CentralCoverage.objects.filter(covered=site)
        if one.first_week <= week and (one.last_week is None or one.last_week >= week)
    ]
    return is_open and not covered


def values_of(site: Establishment, week: date, item: EpiItem):
    """(stock, daily, supply, doubtful) of one week, sizes added up; None when nothing is filled."""
    own = InventoryLine.objects.filter(establishment=site, week=week, item=item).first()
    sizes = list(InventoryLine.objects.filter(establishment=site, week=week, item__parent=item))
    sizes = [one for one in sizes if any(getattr(one, name) is not None for name in MEASURES)]
    lines = sizes or [one for one in [own] if one]
    if not lines:
        return None
    found = []
    for name in MEASURES:
        known = [getattr(one, name) for one in lines if getattr(one, name) is not None]
        found.append(sum(known) if known else None)
    if all(value is None for value in found):
        return None
    return *found, any(one.doubts & 7 & ~(one.doubts >> 3) for one in lines)


def carried_weeks(week: date) -> int:
    rules = DeclarationRule.objects.filter(starts_on__lte=week).order_by("starts_on")
    rules = [one for one in rules if one.ends_on is None or one.ends_on >= week]
    return rules[-1].carried_weeks if rules else 2


def counted_lines(week: date):
    """Each line that counts: site, item, values, whether it was carried over."""
    for site in Establishment.objects.select_related("department"):
        if not stands_alone(site, week):
            continue
        for item in EpiItem.objects.filter(parent=None):
            for back in range(carried_weeks(week) + 1):
                values = values_of(site, shift(week, -back), item)
                if values is not None:
                    yield site, item, values, back > 0
                    break


def true_departments(week: date) -> dict:
    """Rows by (item, department, category), as ``kept_departments`` reads them."""
    groups = defaultdict(list)
    for site, item, values, is_carried in counted_lines(week):
        groups[item.pk, site.department_id or "", site.category_id].append((values, is_carried))
    return {key: summed(rows) for key, rows in groups.items()}


def summed(rows) -> dict:
    figures = defaultdict(int, lines=len(rows))
    covers = []
    for name, position in zip(MEASURES, range(3), strict=True):
        known = [values[position] for values, _ in rows if values[position] is not None]
        figures[name] = sum(known) if known else None
    for (stock, daily, _, is_doubtful), is_carried in rows:
        figures[LEVELS[level(stock, daily).value]] += 1
        figures["carried"] += is_carried
        figures["doubtful"] += is_doubtful
        if stock is not None and daily is not None:
            figures["ratio_lines"] += 1
            figures["ratio_stock"] += stock
            figures["ratio_daily"] += daily
        days = days_of_cover(stock, daily)
        if days is not None:
            covers.append(min(int(days * 10), 32767))
    return {name: figures[name] for name in COUNTED} | {"covers": sorted(covers)}


COUNTED = (
    *("lines", "stock", "daily", "supply", "ratio_lines", "ratio_stock", "ratio_daily"),
    *LEVELS.values(),
    *("carried", "doubtful"),
)


def kept_departments(week: date) -> dict:
    rows = DepartmentSummary.objects.filter(week=week).values()
    return {
        (row["item_id"], row["department_code"], row["category_code"]): {
            name: row[name] for name in (*COUNTED, "covers")
        }
        for row in rows
    }


def true_regions(week: date) -> dict:
    """Medians by (item, region or FR), with the number of lines."""
    groups = defaultdict(list)
    for site, item, values, _ in counted_lines(week):
        region = (site.department.region_id or "") if site.department else ""
        for code in (region, "FR"):
            groups[item.pk, code].append(values)
    found = {}
    for key, rows in groups.items():
        covers = [days_of_cover(stock, daily) for stock, daily, *_ in rows]
        covers = [min(int(days * 10), 32767) for days in covers if days is not None]
        found[key] = (len(rows), median_low(covers) if covers else None)
    return found


def kept_regions(week: date) -> dict:
    rows = RegionSummary.objects.filter(week=week)
    return {(row.item_id, row.region_code): (row.lines, row.median) for row in rows}


def declared_at(site: Establishment, week: date):
    """When it was first saved, while a cell of the week is filled; None otherwise."""
    header = WeeklyInventory.objects.filter(establishment=site, week=week).first()
    lines = InventoryLine.objects.filter(establishment=site, week=week)
    is_filled = any(getattr(one, name) is not None for one in lines for name in MEASURES)
    return header.first_saved_at if header and is_filled else None


def is_expected(site: Establishment, week: date) -> bool:
    categories = ExpectedCategory.objects.filter(category=site.category)
    in_force = any(
        one.starts_on <= week and (one.ends_on is None or one.ends_on >= week) for one in categories
    )
    return in_force and stands_alone(site, week)


def true_reporting(week: date) -> dict:
    """(expected, declared, on time, expected before, declared before) by department, category."""
    found = defaultdict(lambda: [0] * 5)
    before, same_hour = shift(week, -1), timezone.now() - timedelta(days=7)
    for site in Establishment.objects.all():
        counts = found[site.department_id or "", site.category_id]
        if is_expected(site, week):
            at = declared_at(site, week)
            counts[0] += 1
            counts[1] += at is not None
            counts[2] += at is not None and at <= deadline(week)
        if is_expected(site, before):
            at = declared_at(site, before)
            counts[3] += 1
            counts[4] += at is not None and at <= same_hour
    return {key: tuple(counts) for key, counts in found.items() if any(counts)}


def kept_reporting(week: date) -> dict:
    return {
        (row.department_code, row.category_code): (
            row.expected,
            row.declared,
            row.on_time,
            row.expected_before,
            row.declared_before,
        )
        for row in ReportingSummary.objects.filter(week=week)
    }


def assert_summaries_tell_the_truth(week: date) -> None:
    assert kept_departments(week) == true_departments(week)
    assert kept_regions(week) == true_regions(week)
    assert kept_reporting(week) == true_reporting(week)
