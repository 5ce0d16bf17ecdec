"""What pharmacies hold of reference products, less what they have already promised to others."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from establishments.redistribution.held import Held
from establishments.redistribution.states import TransferState
from medications.calendar import calendar_of
from medications.models import MonitoredList
from pui.aid.moving import GONE, LEAVING, last_told, still_in_stock
from pui.models import LatestStock, MedicineTransfer
from pui.region.catalogue import Catalogue, Item, read_catalogue
from pui.stock.freshness import fresh_q, required_day

OTHERS: Final = MonitoredList.Slug.OTHERS
ZERO: Final = Decimal(0)
PROMISED: Final = (TransferState.PROPOSED, *LEAVING, *GONE)

PuiReference = tuple[int, str]


def catalogue_today(now: datetime) -> Catalogue:
    return read_catalogue(OTHERS, timezone.localdate(now))


def required_today(now: datetime) -> date:
    """The due day that a fresh pharmacy has declared."""
    return required_day(calendar_of(OTHERS), now)


def held_by(
    catalogue: Catalogue,
    references: Collection[str],
    pui_ids: Iterable[int],
    now: datetime,
    *,
    without: int | None = None,
) -> dict[PuiReference, Held]:
    """By pharmacy and reference product, fresh declarations of both columns alone.

    ``without`` is a transfer whose own promise is not deducted: the one being judged again.
    """
    rows = declared_rows(catalogue, references, pui_ids).filter(
        fresh_q(required_today(now), "due_on")
    )
    parts: dict[PuiReference, list[tuple[Item, LatestStock]]] = defaultdict(list)
    for row in rows.order_by():
        item = catalogue.items[row.product_id]
        parts[row.pui_id, item.reference].append((item, row))
    promised = promised_by({pui for pui, _ in parts}, references, without=without)
    return {key: _held(found, promised.get(key, 0)) for key, found in parts.items()}


def declared_rows(
    catalogue: Catalogue, references: Collection[str], pui_ids: Iterable[int]
) -> QuerySet[LatestStock]:
    """The last declared lines of these products, whatever their age, both columns told."""
    asked = set(references)
    ids = catalogue.ids_where(lambda one: one.reference in asked)
    rows: QuerySet[LatestStock] = LatestStock.objects.filter(
        pui__in=pui_ids, product__in=ids, stock__isnull=False, daily__isnull=False
    )
    return rows


def _held(parts: list[tuple[Item, LatestStock]], promised: int) -> Held:
    units = {item.unit for item, _ in parts if item.unit}
    return Held(
        unit=next(iter(units)) if len(units) == 1 else "unité",
        stock=sum((row.stock or ZERO for _, row in parts), ZERO),
        daily=sum((row.daily or ZERO for _, row in parts), ZERO),
        promised=promised,
        declared_on=max(row.due_on for _, row in parts),
    )


def promised_by(
    pui_ids: Collection[int], references: Collection[str], *, without: int | None = None
) -> dict[PuiReference, int]:
    """Units promised, or gone since the giver last declared that product: its stock still has them.

    A declaration made after the shipping tells the stock without what left.
    """
    rows = MedicineTransfer.objects.filter(
        giver__in=pui_ids, need__reference__label__in=references, state__in=PROMISED
    ).exclude(pk=without)
    found = list(rows.select_related("need__reference").order_by())
    last = last_told({one.giver_id for one in found}, {one.need.reference_id for one in found})
    promised: dict[PuiReference, int] = defaultdict(int)
    for one in found:
        if still_in_stock(one, last.get((one.giver_id, one.need.reference_id))):
            promised[one.giver_id, one.need.reference.label] += one.quantity
    return dict(promised)
