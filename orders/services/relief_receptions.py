"""The establishment says what came of the order that helps it: that order is its ARS's."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from common.numbers import format_integer
from journal.services import record
from orders.models import Order, ReliefRequest
from orders.relief.letters import tell_received
from orders.relief.rights import is_own
from orders.services.relief import (
    LONGEST_REASON,
    SHORTEST_REASON,
    ReliefError,
    add_request_step,
    locked_request,
)

LEFT = (Order.State.PARTLY_SHIPPED, Order.State.SHIPPED, Order.State.DELIVERED)
MOST_TIMES = 10  # times what was granted: beyond, it is a slip


@dataclass(frozen=True, slots=True)
class Came:
    """Units that came in all; ``seen``: what was told when the page was shown, None before."""

    units: int
    remark: str = ""
    seen: int | None = None


def is_receivable(row: ReliefRequest) -> bool:
    """Something of its order has left."""
    return bool(row.is_ordered and row.order is not None and row.order.state in LEFT)


@transaction.atomic
def say_received(*, by: User, request: ReliefRequest, came: Came) -> ReliefRequest:
    """Keep what the establishment says came; the ARS is told. Said again, the last one counts."""
    row, remark = locked_request(request), came.remark.strip()[:LONGEST_REASON]
    _require_receivable(by, row)
    if row.received == came.units and not remark:
        return row
    if row.received != came.seen:
        raise ReliefError(
            f"Un collègue vient d’écrire {format_integer(row.received or 0)} unités reçues\u00a0: "
            "relisez, puis enregistrez de nouveau."
        )
    _require_said(row, came.units, remark)
    row.received = came.units
    row.save(update_fields=["received"])
    text = (
        f"Reçu par l’établissement\u00a0: {format_integer(came.units)} unités sur "
        f"{format_integer(row.granted or 0)}."
    )
    add_request_step(row, f"{text} {remark}".strip(), by)
    record(
        "orders.relief_received",
        by=by,
        target=row,
        place=row.beneficiary.place,
        received=came.units,
        comment=remark,
    )
    tell_received(row, f"{text} {remark}".strip())
    return row


def _require_receivable(by: User, row: ReliefRequest) -> None:
    if not is_own(by, row):
        raise ReliefError("Seul l’établissement dit ce qu’il a reçu.")
    if not is_receivable(row):
        raise ReliefError("Rien n’est parti de l’entrepôt\u00a0: il n’y a rien à recevoir.")


def _require_said(row: ReliefRequest, units: int, remark: str) -> None:
    granted = row.granted or 0
    if not 0 <= units <= MOST_TIMES * granted:
        raise ReliefError("C’est plus de dix fois la quantité accordée\u00a0: vérifiez.")
    if units != granted and len(remark) < SHORTEST_REASON:
        raise ReliefError("Dites en quelques mots ce qui diffère\u00a0: l’ARS le lira.")
