"""The figures of e-Dispostock: cover of DCIs and reference UCDs, who declared, since when."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from medications.calendar import calendar_of
from medications.models import MonitoredList, ReferenceProduct
from medications.thresholds import thresholds_of
from pui.models import PharmacySummary, Pui, StockSummary, SubstanceSummary
from pui.region.catalogue import Catalogue, Item, read_catalogue
from pui.region.figures import NOTHING, SUM_NAMES, Sums, quantity_text
from pui.region.refreshing import counted_days
from pui.region.rows import SITES
from pui.stock.freshness import freshness_of, last_declared
from steering.alerts.measures.equipment import rate_reading, sites_of
from steering.alerts.measures.measure import (
    COUNTRY,
    Place,
    Places,
    Reading,
    Within,
)
from steering.models import AlertScale

OTHERS: Final = MonitoredList.Slug.OTHERS
Grouped = dict[tuple[str, str], Sums]  # by group of products, by code of place
Groups = Mapping[str, str]  # names of groups, by number


def catalogue_on(now: datetime) -> tuple[date, Catalogue]:
    """The due day under way, and what is followed of it."""
    due_on = calendar_of(OTHERS).expected(now).due_on
    return due_on, read_catalogue(OTHERS, min(due_on, timezone.localdate(now)))


def substance_cover(scale: AlertScale, now: datetime, within: Within) -> list[Reading]:
    """Of the DCIs that are watched, as the view of a region shows them."""
    due_on, catalogue = catalogue_on(now)
    names = {str(one.substance_id): one.substance for one in catalogue.watched}
    if scale == AlertScale.SITE:
        keys = {one.product_id: str(one.substance_id) for one in catalogue.watched}
        return site_readings(keys, names, due_on, within)
    rows: Any = SubstanceSummary.objects.filter(substance_id__in=list(map(int, names)))
    return readings_of(sums_of(rows, "substance_id", scale, due_on), names, scale)


def reference_cover(scale: AlertScale, now: datetime, within: Within) -> list[Reading]:
    """Of the reference UCDs of those DCIs."""
    due_on, catalogue = catalogue_on(now)
    numbers = reference_numbers(catalogue)
    keys = {one.product_id: reference_key(one, numbers) for one in catalogue.watched}
    names = {reference_key(one, numbers): one.reference for one in catalogue.watched}
    if scale == AlertScale.SITE:
        return site_readings(keys, names, due_on, within)
    rows: Any = StockSummary.objects.filter(product_id__in=list(keys))
    found: Grouped = {}
    for (product, code), sums in sums_of(rows, "product_id", scale, due_on).items():
        group = keys[int(product)], code
        found[group] = found.get(group, NOTHING) + sums
    return readings_of(found, names, scale)


def reference_numbers(catalogue: Catalogue) -> dict[str, int]:
    """By label, which is unique."""
    rows = ReferenceProduct.objects.filter(label__in=catalogue.references)
    return dict(rows.order_by().values_list("label", "pk"))


def reference_key(item: Item, numbers: Mapping[str, int]) -> str:
    """A product of no reference is its own, under the opposite of its number."""
    return str(numbers.get(item.reference, -item.product_id))


def sums_of(rows: Any, key: str, scale: AlertScale, due_on: date) -> Grouped:
    """The summaries of a due day, at a scale."""
    rows = rows.filter(monitored_list=OTHERS, due_on=due_on, is_same_hour=False, scale=scale.value)
    found: Grouped = defaultdict(lambda: NOTHING)
    for group, code, *sums in rows.values_list(key, "code", *SUM_NAMES):
        place = COUNTRY if scale == AlertScale.COUNTRY else code
        found[str(group), place] = found[str(group), place] + Sums(*sums, due_on=due_on)
    return dict(found)


def readings_of(found: Grouped, names: Groups, scale: AlertScale) -> list[Reading]:
    places = Places(scale).named()
    return [
        reading(group, names[group], places[code], sums)
        for (group, code), sums in found.items()
        if code in places
    ]


def reading(group: str, name: str, place: Place, sums: Sums) -> Reading:
    told = {
        "Stock": quantity_text(sums.stock),
        "Consommation quotidienne": quantity_text(sums.daily),
        "Lignes comptées": str(sums.lines),
    }
    return Reading(group, name, place, sums.days, sums.level, told)


def site_readings(
    keys: Mapping[int, str], names: Groups, due_on: date, within: Within
) -> list[Reading]:
    """Each establishment of a territory: the stocks of its pharmacies added up."""
    groups = sorted(names)
    since = counted_days(calendar_of(OTHERS), due_on)[-1]
    parameters = {
        "products": list(keys),
        "ranks": [groups.index(group) for group in keys.values()],
        "due_on": due_on,
        "since": since,
        "is_whole_list": False,
        "puis": [one for one, _ in pharmacies_in(within)],
        **thresholds_of(due_on)._asdict(),
    }
    with connection.cursor() as cursor:
        cursor.execute(SITES, parameters)
        rows = cursor.fetchall()
    sites = sites_of(row[1] for row in rows)
    return [
        reading(groups[rank], names[groups[rank]], sites[holder], sums_in(numbers, due_on))
        for _, holder, rank, *numbers in rows
    ]


def sums_in(numbers: Iterable[Any], due_on: date) -> Sums:
    stock, daily, ratio_stock, ratio_daily, lines, ratio_lines, carried, *_ = numbers
    return Sums(stock, daily, ratio_stock, ratio_daily, lines, ratio_lines, carried, due_on)


def pharmacies_in(within: Within) -> list[tuple[int, int]]:
    """Number and establishment of the open pharmacies of a territory."""
    rows: Any = Pui.objects.open_on(timezone.localdate())
    if within.department_code:
        rows = rows.filter(establishment__department=within.department_code)
    else:
        rows = rows.filter(establishment__region=within.region_code)
    return list(rows.order_by().values_list("pk", "establishment_id"))


def pharmacy_rate(scale: AlertScale, now: datetime, within: Within) -> list[Reading]:
    """Of the last due day whose hour has come."""
    due_on = calendar_of(OTHERS).past_dues(now, 1)[0]
    rows = PharmacySummary.objects.filter(
        monitored_list=OTHERS, due_on=due_on, is_same_hour=False, scale=scale.value
    )
    places = Places(scale).named()
    return [
        rate_reading(places[key], declared, expected, f"Échéance du {due_on:%d/%m/%Y}")
        for code, declared, expected in rows.values_list("code", "declared", "expected")
        if (key := code or COUNTRY) in places
    ]


def pharmacy_delay(scale: AlertScale, now: datetime, within: Within) -> list[Reading]:
    """Days since an establishment stopped declaring, by its pharmacy that has waited longest.

    A pharmacy that never declared is told by the page of those who are late.
    """
    calendar = calendar_of(OTHERS)
    found = pharmacies_in(within)
    days = last_declared([pui for pui, _ in found], OTHERS)
    sites = sites_of(site for _, site in found)
    worst: dict[int, Reading] = {}
    for pui, site in found:
        if pui not in days:
            continue
        freshness = freshness_of(days[pui], calendar, now)
        late = Decimal((now - freshness.since).days) if freshness.since else Decimal(0)
        told = {"Fraîcheur": freshness.text}
        one = Reading("", "", sites[site], late, None, told)
        if site not in worst or late > (worst[site].value or 0):
            worst[site] = one
    return list(worst.values())
