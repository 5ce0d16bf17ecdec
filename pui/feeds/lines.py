"""The lines of the daily snapshot: one for each open pharmacy and product followed that day.

What does not move from one line to the next, the pharmacy and the product, is written once; the
rows come by parts: the memory is that of the pharmacies and products, whatever the lines.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from common.cover import days_of_cover
from common.weeks import PARIS
from medications.calendar import calendars_of
from medications.models import MonitoredList, Product
from medications.thresholds import level_of
from pui.feeds.files import table_text
from pui.models import LatestStock, Pui
from pui.region.catalogue import Item, read_catalogue
from pui.stock.freshness import is_fresh, required_day

CHUNK = 5_000
END = "\r\n"
VALUES = ("pui_id", "product_id", "due_on", "stock", "daily", "nearest_expiry", "transmitted_at")


@dataclass(frozen=True, slots=True)
class Followed:
    """A product as the lines tell it, and the last due day that a fresh one has."""

    text: str
    required: date


def followed_products(now: datetime) -> dict[int, Followed]:
    """What every list follows today, with what maPUI sends in its place."""
    lists = list(MonitoredList.objects.all())
    calendars = calendars_of(lists)
    found: dict[int, Followed] = {}
    for one in lists:
        items = read_catalogue(one.pk, timezone.localdate(now)).items
        required = required_day(calendars[one.pk], now)
        for product in Product.objects.filter(pk__in=items).select_related("reference"):
            text = product_text(one, items[product.pk], product)
            found[product.pk] = Followed(text, required)
    return found


def product_text(monitored_list: MonitoredList, item: Item, product: Product) -> str:
    """The columns of ``PRODUCT_FIELDS``; what is grouped with nothing has no group."""
    is_grouped = product.reference_id is not None
    row = (
        monitored_list.pk,
        item.priority,
        product.code,
        product.ucd13,
        product.label,
        product.get_kind_display(),
        item.reference if is_grouped else "",
        item.substance if is_grouped or product.substance_id else "",
        product.atc,
        product.unit,
    )
    return table_text([row]).removesuffix(END)


def pharmacy_text(pui: Pui) -> str:
    """The columns of ``PLACE_FIELDS``."""
    site = pui.establishment
    row = (
        site.region_id or "",
        site.region.name if site.region else "",
        site.department_id or "",
        site.legal_entity.finess,
        site.finess,
        site.name,
        pui.pk,
        pui.label,
    )
    return table_text([row]).removesuffix(END)


def open_pharmacies(day: date) -> "QuerySet[Pui]":
    related = ("establishment__region", "establishment__legal_entity")
    found: QuerySet[Pui] = Pui.objects.open_on(day).select_related(*related)
    return found


def lines_of(
    pharmacies: Mapping[int, str], products: Mapping[int, Followed], day: date
) -> Iterator[str]:
    """The lines of these pharmacies, each with its end, by pharmacy then product."""
    rows = LatestStock.objects.filter(pui__in=pharmacies, product__in=products).order_by(
        "pui", "product"
    )
    told = f"{day:%Y-%m-%d}"
    values = rows.values_list(*VALUES).iterator(CHUNK)
    for pui, product, due_on, stock, daily, expiry, at in values:
        followed = products[product]
        own = (
            due_on,
            at.astimezone(PARIS).isoformat(timespec="seconds"),
            is_fresh(due_on, followed.required),
            stock,
            daily,
            days_of_cover(stock, daily),
            level_of(stock, daily).value,
            expiry,
        )
        yield f"{told};{pharmacies[pui]};{followed.text};{table_text([own])}"
