"""What each open pharmacy holds of a medicine and consumes, and why some cannot be served.

Only those that declare are served: the rule of freshness is that of ``pui.stock.freshness``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from common.cover import Level, days_of_cover
from medications.calendar import calendar_of
from medications.thresholds import level_of
from pui.medicine import LISTED, Medicine
from pui.models import LatestStock, PharmacyShare, Pui
from pui.stock.freshness import fresh_q, is_fresh, last_declared, required_day

Block = PharmacyShare.Block
Held = tuple[Decimal | None, Decimal | None]  # stock and consumption, None: nothing is whole


@dataclass(frozen=True, slots=True)
class Need:
    """``declared_on`` is the last due day that the pharmacy declared; ``block``: why not served."""

    pui: Pui
    stock: Decimal | None
    daily: Decimal | None
    declared_on: date | None
    block: str

    @property
    def days(self) -> Decimal | None:
        return days_of_cover(self.stock, self.daily)

    @property
    def level(self) -> Level:
        return level_of(self.stock, self.daily)

    @property
    def may_be_served(self) -> bool:
        return self.block in PharmacyShare.SERVABLE


def day_required(now: datetime) -> date:
    """The due day whose declaration makes a pharmacy fresh."""
    return required_day(calendar_of(LISTED), now)


def read_needs(medicine: Medicine, now: datetime, puis: QuerySet[Pui] | None = None) -> list[Need]:
    """Of every open pharmacy, or of ``puis``, in the order of their number; a few statements."""
    rows = Pui.objects.open_on(timezone.localdate(now))
    if puis is not None:
        rows = rows.filter(pk__in=puis.order_by().values("pk"))
    found = list(rows.select_related("establishment__region").order_by("pk"))
    required = day_required(now)
    declared = last_declared([one.pk for one in found], LISTED)
    held = _held(medicine.product_ids, [one.pk for one in found], required)
    return [_need(one, declared.get(one.pk), held.get(one.pk), required) for one in found]


def _held(products: Collection[int], puis: Collection[int], required: date) -> dict[int, Held]:
    """The sums of the fresh lines that declare both; those without any are told apart."""
    both = Q(stock__isnull=False, daily__isnull=False)
    rows = LatestStock.objects.filter(
        fresh_q(required, "due_on"), product__in=products, pui__in=puis
    )
    summed = (
        rows.order_by()
        .values("pui")
        .annotate(
            whole=Count("product", filter=both),
            held=Sum("stock", filter=both),
            used=Sum("daily", filter=both),
        )
    )
    return {
        one["pui"]: (one["held"], one["used"]) if one["whole"] else (None, None) for one in summed
    }


def _need(pui: Pui, declared_on: date | None, held: Held | None, required: date) -> Need:
    stock, daily = held or (None, None)
    block: str = ""
    if declared_on is None:
        block = Block.NEVER
    elif not is_fresh(declared_on, required):
        block = Block.STALE
    elif held is None:
        block = Block.NOT_DECLARED
    elif stock is None or daily is None:
        block = Block.BLANK
    elif daily == 0:
        block = Block.NO_USE
    return Need(pui, stock, daily, declared_on, block)
