"""« En cours de transfert »: what leaves and what arrives, told beside the declared stocks."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Max, Q, QuerySet, Sum

from common.numbers import format_integer
from establishments.redistribution.states import UNDER_WAY, TransferState
from pui.models import LatestStock, MedicineTransfer, Pui

NO_BREAK: Final = "\u00a0"
PuiReference = tuple[int, int]
GONE: Final = (TransferState.SHIPPED, TransferState.RECEIVED)
LEAVING: Final = (TransferState.CONFIRMED, TransferState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Moving:
    """Units of a reference product; ``leaving`` still stands in the declared stock."""

    leaving: int = 0
    arriving: int = 0

    def __add__(self, other: "Moving") -> "Moving":
        return Moving(self.leaving + other.leaving, self.arriving + other.arriving)

    @property
    def text(self) -> str:
        """« en cours de transfert : −100, +40 »; empty when nothing moves."""
        parts = [
            f"−{format_integer(self.leaving)}" if self.leaving else "",
            f"+{format_integer(self.arriving)}" if self.arriving else "",
        ]
        said = ", ".join(filter(None, parts))
        return f"en cours de transfert{NO_BREAK}: {said}" if said else ""


NOTHING: Final = Moving()


def moving_of(pui_ids: Collection[int]) -> dict[PuiReference, Moving]:
    """By pharmacy and reference product; two statements.

    What left stays told until the giver declares again: its stock still has it.
    """
    rows = MedicineTransfer.objects.filter(
        Q(giver__in=pui_ids, state__in=(*LEAVING, *GONE))
        | Q(need__pui__in=pui_ids, state__in=UNDER_WAY)
    ).select_related("need")
    found = list(rows.order_by())
    last = last_told({one.giver_id for one in found}, {one.need.reference_id for one in found})
    asked = set(pui_ids)
    moving: dict[PuiReference, Moving] = defaultdict(Moving)
    for one in found:
        reference = one.need.reference_id
        if one.giver_id in asked and still_in_stock(one, last.get((one.giver_id, reference))):
            moving[one.giver_id, reference] += Moving(leaving=one.quantity)
        if one.need.pui_id in asked and one.state in UNDER_WAY:
            moving[one.need.pui_id, reference] += Moving(arriving=one.quantity)
    return dict(moving)


def still_in_stock(transfer: MedicineTransfer, told_at: datetime | None) -> bool:
    """Whether the stock that the giver last declared, at ``told_at``, still has what it gives."""
    if transfer.state not in GONE:
        return True
    left = transfer.shipped_at
    return told_at is not None and left is not None and left >= told_at


def last_told(
    pui_ids: Collection[int], reference_ids: Collection[int]
) -> dict[PuiReference, datetime]:
    """When each pharmacy last declared a UCD of each reference product."""
    if not pui_ids:
        return {}
    rows = LatestStock.objects.filter(pui__in=pui_ids, product__reference__in=reference_ids)
    told = rows.order_by().values_list("pui", "product__reference")
    return {(pui, one): at for pui, one, at in told.annotate(last=Max("transmitted_at"))}


def total(moving: dict[PuiReference, Moving], keys: Iterable[PuiReference]) -> Moving:
    """Of several pharmacies and products, each counted once."""
    whole = NOTHING
    for key in set(keys):
        whole += moving.get(key, NOTHING)
    return whole


def under_way_between(puis: QuerySet[Pui], substance: str) -> list[tuple[str, int, int]]:
    """By reference product of a DCI: its name, the transfers from or to them, their units."""
    numbers = puis.order_by().values("pk")
    rows = MedicineTransfer.objects.filter(
        Q(giver__in=numbers) | Q(need__pui__in=numbers),
        state__in=UNDER_WAY,
        need__reference__substance__name=substance,
    )
    label = "need__reference__label"
    grouped = rows.order_by(label).values_list(label)
    return list(grouped.annotate(count=Count("pk"), units=Sum("quantity")))
