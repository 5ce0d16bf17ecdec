"""What pharmacies hold of reference products, less what they have already promised to others."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import BigIntegerField, F, Func, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from establishments.redistribution.held import KEPT_DAYS, UNIT, Held, usable_on
from establishments.redistribution.states import TransferState
from medications.calendar import calendar_of
from medications.models import MonitoredList, Product
from pui.aid.moving import GONE, LEAVING, last_told, still_in_stock
from pui.models import LatestStock, MedicineTransfer
from pui.region.catalogue import Catalogue, read_catalogue
from pui.stock.freshness import fresh_q, required_day

OTHERS: Final = MonitoredList.Slug.OTHERS
PROMISED: Final = (TransferState.PROPOSED, *LEAVING, *GONE)

PuiReference = tuple[int, str]


# what a pharmacy declared of one reference product; the units that its lines are told in
SUMMED: Final = ("held", "used", "told_on", "unit", "other_unit", "expiry", "expiring")


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
    sums = summed(rows, usable_on(timezone.localdate(now)))
    found = list(sums.values_list("pui_id", "label", *SUMMED))
    promised = promised_by({pui for pui, *_ in found}, references, without=without)
    return {
        (pui, label): _held(*told, promised=promised.get((pui, label), 0))
        for pui, label, *told in found
    }


class Spare(NamedTuple):
    """Whole units that a pharmacy could give of one reference product; ``expiry`` of the nearest.

    ``is_expiring``: some of its units expire too soon to serve anybody.
    """

    units: int
    expiry: date | None
    is_expiring: bool


def spare_by(
    catalogue: Catalogue, references: Collection[str], pui_ids: Iterable[int], now: datetime
) -> dict[PuiReference, Spare]:
    """The ``surplus`` of ``held_by``, worked out by the database: what ranks the donors of a
    country, few of whom are then read whole."""
    rows = declared_rows(catalogue, references, pui_ids).filter(
        fresh_q(required_today(now), "due_on")
    )
    left = F("held") - KEPT_DAYS * F("used") - F("expiring")
    sums = summed(rows, usable_on(timezone.localdate(now))).annotate(
        units=Cast(Func(left, function="TRUNC"), BigIntegerField())
    )
    found = list(sums.values_list("pui_id", "label", "units", "expiry", "expiring"))
    promised = promised_by({pui for pui, *_ in found}, references)
    return {
        (pui, label): Spare(max(0, units - promised.get((pui, label), 0)), expiry, bool(expiring))
        for pui, label, units, expiry, expiring in found
    }


def summed(rows: QuerySet[LatestStock], usable: date) -> QuerySet[Any]:
    """By pharmacy and reference product, in the database: a country declares 25,000 lines of one
    DCI. The label is that of ``pui.region.catalogue.Item.reference``. The lines that expire before
    ``usable`` are told apart."""
    label = Coalesce("product__reference__label", "product__label")
    named = ~Q(product__unit="")
    return (
        rows.order_by()
        .values("pui_id", label=label)
        .annotate(
            held=Sum("stock"),
            used=Sum("daily"),
            told_on=Max("due_on"),
            unit=Min("product__unit", filter=named),
            other_unit=Max("product__unit", filter=named),
            expiry=Min("nearest_expiry", filter=Q(nearest_expiry__gte=usable)),
            expiring=Sum("stock", filter=Q(nearest_expiry__lt=usable), default=Decimal(0)),
        )
    )


def units_of(references: Collection[int]) -> dict[int, str]:
    """What one unit of these is called, when all their products say the same."""
    named = Product.objects.filter(reference__in=references).exclude(unit="").order_by()
    rows = named.values_list("reference").annotate(Min("unit"), Max("unit"))
    return {pk: unit for pk, unit, other in rows if unit == other}


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


def _held(
    stock: Decimal,
    daily: Decimal,
    told_on: date,
    unit: str | None,
    other_unit: str | None,
    expiry: date | None,
    expiring: Decimal,
    *,
    promised: int,
) -> Held:
    named = str(unit) if unit is not None and unit == other_unit else UNIT
    return Held(stock, daily, promised, told_on, named, expiry, expiring)


def promised_by(
    pui_ids: Collection[int], references: Collection[str], *, without: int | None = None
) -> dict[PuiReference, int]:
    """Units promised, or gone since the giver last declared that product: its stock still has them.

    A declaration made after the shipping tells the stock without what left.
    """
    rows = MedicineTransfer.objects.filter(
        giver__pk__among=pui_ids, need__reference__label__in=references, state__in=PROMISED
    ).exclude(pk=without)
    found = list(rows.select_related("need__reference").order_by())
    last = last_told({one.giver_id for one in found}, {one.need.reference_id for one in found})
    promised: dict[PuiReference, int] = defaultdict(int)
    for one in found:
        if still_in_stock(one, last.get((one.giver_id, one.need.reference_id))):
            promised[one.giver_id, one.need.reference.label] += one.quantity
    return dict(promised)
