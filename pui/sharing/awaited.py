"""What a published share-out gives and nobody confirmed yet: told beside a stock, never in it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from common.numbers import format_integer
from pui.models import PharmacyShare, ShareOut

NO_BREAK: Final = "\u00a0"


@dataclass(frozen=True, slots=True)
class Awaited:
    """Units on their way to a pharmacy, of one UCD, else of any of a reference product."""

    pui: int
    product: int | None
    reference: int | None
    quantity: int


def awaited_by(pui_ids: Collection[int]) -> list[Awaited]:
    """One statement."""
    rows = PharmacyShare.objects.filter(
        pui__in=pui_ids,
        share_out__state=ShareOut.State.PUBLISHED,
        confirmed_at=None,
        quantity__gt=0,
    )
    told = ("pui", "share_out__product", "share_out__reference", "quantity")
    return [Awaited(*one) for one in rows.order_by("pk").values_list(*told)]


def awaited_text(quantity: int) -> str:
    """« en attente de réception : 40 »; empty when nothing is."""
    if not quantity:
        return ""
    return f"en attente de réception{NO_BREAK}: {format_integer(quantity)}"
