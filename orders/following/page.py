"""All that the page of an order shows, read in a fixed number of statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User
from establishments.perimeter import Action
from orders.following.expected import due_of, is_receivable
from orders.following.looks import is_late
from orders.following.reading import reads_as_warehouse
from orders.following.timeline import Event, Progress, events_of, progress_of
from orders.models import (
    Carrier,
    Claim,
    Order,
    OrderLine,
    Parcel,
    Photo,
    Reception,
    ReceptionLine,
    Shipment,
)
from orders.services.claims import is_claimable
from orders.services.receptions import is_correctable


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line, in units and in packs; ``left`` is still to be received."""

    line: OrderLine
    left: int

    @property
    def packs(self) -> int:
        return int(self.line.quantity // self.line.product.units_per_pack)

    @property
    def is_cut(self) -> bool:
        """The warehouse serves less than was asked."""
        return self.line.confirmed is not None and self.line.confirmed < self.line.quantity


@dataclass(frozen=True, slots=True)
class ShownParcel:
    parcel: Parcel
    link: str


@dataclass(frozen=True, slots=True)
class ShownShipment:
    """``left``: units still to be received of it."""

    shipment: Shipment
    parcels: list[ShownParcel]
    units: int
    left: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class ShownReception:
    """``lines``: each with the claim it led to."""

    reception: Reception
    lines: list[tuple[ReceptionLine, Claim | None]]
    photos: list[Photo]
    may_correct: bool


@dataclass(frozen=True, slots=True)
class OrderPage:
    """What of an order this person sees, and what they may do about it.

    ``to_receive``: the numbers of the shipments of which something is still to be received.
    """

    order: Order
    lines: list[ShownLine]
    shipments: list[ShownShipment]
    receptions: list[ShownReception]
    claims: list[Claim]
    events: list[Event]
    progress: Progress | None
    to_receive: list[int]
    is_late: bool
    is_for_warehouse: bool
    is_own: bool
    may_receive: bool
    may_claim: bool


def page_of(user: User, order: Order, now: datetime, today: date) -> OrderPage:
    own = Order.objects.filter(pk=order.pk)
    may_receive = own.held_by(user, to=Action.ORD_RECEP).exists()
    may_claim = user.may(Action.CLAIM_OPEN) and own.held_by(user, to=Action.CLAIM_OPEN).exists()
    shipments = list(order.shipments.prefetch_related("lines", "parcels"))
    claims = list(order.claims.select_related("line__product"))
    due = due_of(order)
    left, left_of = due.left(), {one.pk: sum(due.left(one).values()) for one in shipments}
    lines = [ShownLine(one, left.get(one.pk, 0)) for one in _lines(order)]
    by_warehouse = reads_as_warehouse(user)
    return OrderPage(
        order=order,
        lines=lines,
        shipments=[
            _shipment(one, left_of[one.pk], carriers, today)
            for carriers in [_carriers(shipments)]
            for one in shipments
        ],
        receptions=_receptions(order, claims, now, may_receive=may_receive),
        claims=claims,
        events=events_of(order, by_warehouse=by_warehouse),
        progress=progress_of(order),
        to_receive=[key for key, units in left_of.items() if units],
        is_late=is_late(order, today),
        is_for_warehouse=by_warehouse,
        is_own=may_receive or may_claim,
        may_receive=may_receive and is_receivable(order) and any(left.values()),
        may_claim=may_claim and is_claimable(order),
    )


def _lines(order: Order) -> Iterable[OrderLine]:
    found: Iterable[OrderLine] = order.lines.select_related("product__item")
    return found


def _carriers(shipments: list[Shipment]) -> dict[str, Carrier]:
    """By name, whatever its capitals."""
    if not any(one.carrier for one in shipments):
        return {}
    return {one.name.casefold(): one for one in Carrier.objects.all()}


def _shipment(
    shipment: Shipment, left: int, carriers: dict[str, Carrier], today: date
) -> ShownShipment:
    carrier = carriers.get(shipment.carrier.casefold())
    late = shipment.delivered_at is None and left and shipment.expected_on
    return ShownShipment(
        shipment=shipment,
        parcels=[
            ShownParcel(one, carrier.link_to(one.number) if carrier else "")
            for one in shipment.parcels.all()
        ],
        units=sum(one.quantity for one in shipment.lines.all()),
        left=left,
        is_late=bool(late and shipment.expected_on < today),
    )


def _receptions(
    order: Order, claims: Iterable[Claim], now: datetime, *, may_receive: bool
) -> list[ShownReception]:
    claimed = {(one.reception_id, one.line_id): one for one in claims}
    photos: dict[int, list[Photo]] = {}
    for one in order.photos.told().filter(reception__isnull=False):
        photos.setdefault(one.reception_id, []).append(one)
    rows = order.receptions.select_related("shipment", "told_by", "corrected_by")
    return [
        ShownReception(
            reception=one,
            lines=[(line, claimed.get((one.pk, line.line_id))) for line in one.lines.all()],
            photos=photos.get(one.pk, []),
            may_correct=may_receive and is_correctable(one, now),
        )
        for one in rows.prefetch_related("lines__line__product__item")
    ]
