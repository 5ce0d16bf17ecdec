"""An order is written and its counters taken, in one transaction: what all the ways of ordering do.

The order row first, then the counters in their fixed order, and last of all the stock: the row
that everybody shares is held only until the commit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from accounts.models import User
from common.weeks import PARIS, current_week
from journal.services import record
from orders.models import (
    DeliveryAddress,
    Movement,
    Order,
    OrderLine,
    OrderStep,
    Product,
)
from orders.services.counters import take
from orders.services.errors import OrderingError
from orders.services.holders import Holder
from orders.services.refusals import LineRefusal, RefusedLinesError
from orders.services.room import Room, refusals_of, room_of
from orders.services.routing import Route, Terms

LONGEST_CONTACT, LONGEST_PHONE, LONGEST_COMMENT = 100, 20, 300
NEXT_NUMBER = "SELECT nextval(pg_get_serial_sequence('orders_order', 'id'))"


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where to deliver, and whom the driver calls."""

    address: DeliveryAddress | None
    contact_name: str
    contact_phone: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Sending:
    """What is about to be ordered; ``since``: when its author last looked at the counters."""

    holder: Holder
    lines: Mapping[int, int]
    delivery: Delivery
    since: datetime | None = None


def send(
    order: Order | None, sending: Sending, terms: Terms, *, token: UUID, by: User, now: datetime
) -> Order:
    """Write the order (or the draft that becomes it) with its lines, step, journal; take."""
    require_delivery(sending.delivery, sending.holder)
    room = read_room(sending, terms.route, now)
    refused = refusals_of(room, sending.lines, sending.since)
    if refused:
        raise RefusedLinesError(refused)
    row = order or Order(token=token, created_by=by, **sending.holder.key)
    describe(row, sending, room.products, terms, now)
    row.profile = by.active_profile
    held = units_of(row) if order is not None else {}
    _write(row, now)
    write_lines(row, sending.lines, held)
    _tell(row, sending, terms.route, room, by)
    take(room.taking(sending.lines), order=row, cause=Movement.Cause.ORDERED, by=by)
    return row


def read_room(sending: Sending, route: Route, now: datetime) -> Room:
    lines = sending.lines
    if not lines or any(units < 1 for units in lines.values()):
        raise OrderingError("Votre panier est vide\u00a0: choisissez au moins un produit.")
    day = now.astimezone(PARIS).date()
    room = room_of(sending.holder, lines, route, day=day, week=current_week(now))
    if room.products.keys() != lines.keys():
        raise OrderingError("Un produit n’existe plus\u00a0: rouvrez le catalogue.")
    return room


def require_delivery(delivery: Delivery, holder: Holder) -> None:
    """An address that is validated and the holder's own; somebody to call."""
    address = delivery.address
    if address is None:
        raise OrderingError("Choisissez une adresse de livraison.")
    if not is_of(address, holder):
        raise OrderingError(
            "Cette adresse n’est pas une des vôtres\u00a0: choisissez-en une autre."
        )
    if address.state == DeliveryAddress.State.RETIRED:
        raise OrderingError("Cette adresse vient d’être retirée\u00a0: choisissez-en une autre.")
    if address.state != DeliveryAddress.State.VALIDATED:
        raise OrderingError(
            "Cette adresse n’est pas validée\u00a0: elle ne peut pas encore servir. Choisissez-en "
            "une autre."
        )
    if not delivery.contact_name.strip() or not delivery.contact_phone.strip():
        raise OrderingError("Indiquez la personne à joindre à la livraison et son téléphone.")


def is_of(address: DeliveryAddress, holder: Holder) -> bool:
    """An ARS delivers its pool to an address of its own or of a beneficiary of its region [004]."""
    if holder.beneficiary is not None:
        return bool(address.beneficiary_id == holder.beneficiary.pk)
    if address.agency_id is not None:
        return address.agency_id == getattr(holder.agency, "pk", None)
    return bool(
        address.beneficiary is not None and address.beneficiary.region_id == holder.region_id
    )


def snapshot(address: DeliveryAddress) -> dict[str, str]:
    """The address as it is now, kept with the order whatever becomes of it."""
    finess = address.site.finess if address.site is not None else ""
    return {
        "label": address.label,
        "lines": address.lines,
        "postal_code": address.postal_code,
        "town": address.town,
        "terms": address.terms,
        "finess": finess,
    }


def _write(row: Order, now: datetime) -> None:
    """Raise ``IntegrityError`` when the same token was written at the same moment."""
    is_new = row.pk is None
    if is_new:
        with connection.cursor() as cursor:
            cursor.execute(NEXT_NUMBER)
            row.pk = cursor.fetchone()[0]
    row.number = number_of(row.pk, now)
    row.save(force_insert=is_new)


def number_of(pk: int, now: datetime) -> str:
    return f"C-{now.astimezone(PARIS):%Y}-{pk:06d}"


def describe(
    row: Order, sending: Sending, products: Mapping[int, Product], terms: Terms, now: datetime
) -> None:
    route, rule = terms.route, terms.rule
    delay = max(one.delay_days for one in products.values())
    row.kind, row.state = sending.holder.kind, Order.State.SUBMITTED
    row.region_id, row.week = sending.holder.region_id, current_week(now)
    row.operator, row.platform = route.operator, route.platform
    row.submitted_at = now
    row.editable_until = rule.closing(now)
    row.expected_on = rule.expected(row.editable_until, delay)
    deliver_to(row, sending.delivery)


def deliver_to(row: Order, delivery: Delivery) -> None:
    if delivery.address is not None:
        row.address, row.delivery = delivery.address, snapshot(delivery.address)
    row.contact_name = delivery.contact_name.strip()[:LONGEST_CONTACT]
    row.contact_phone = delivery.contact_phone.strip()[:LONGEST_PHONE]
    row.comment = delivery.comment.strip()[:LONGEST_COMMENT]


def units_of(order: Order) -> dict[int, int]:
    """Units that it asks, by number of product."""
    return dict(order.lines.order_by().values_list("product", "quantity"))


def write_lines(order: Order, lines: Mapping[int, int], held: Mapping[int, int]) -> None:
    """Its lines become ``lines``; ``held`` are those it had."""
    if gone := held.keys() - lines.keys():
        order.lines.filter(product__in=gone).delete()
    for pk, units in lines.items():
        if pk in held and held[pk] != units:
            order.lines.filter(product=pk).update(quantity=units)
    new = lines.keys() - held.keys()
    OrderLine.objects.bulk_create(
        OrderLine(order=order, product_id=pk, quantity=units)
        for pk, units in lines.items()
        if pk in new
    )


def _tell(order: Order, sending: Sending, route: Route, room: Room, by: User) -> None:
    add_step(order, f"Commande transmise. {route.why}", by=by, at=order.submitted_at)
    record(
        "orders.order_sent",
        by=by,
        target=order,
        place=sending.holder.place,
        lines=told(sending.lines, room.products),
        operator=str(route.operator),
    )


def told(lines: Mapping[int, int], products: Mapping[int, Product]) -> dict[str, int]:
    """Units by label of product, for the journal."""
    return {str(products[pk]): units for pk, units in lines.items()}


def add_step(
    order: Order, text: str, *, by: User | None, author: str = "", at: datetime | None = None
) -> OrderStep:
    """A line of the history that the people of the order read."""
    step: OrderStep = OrderStep.objects.create(
        order=order,
        text=text,
        state=order.state,
        at=at or timezone.now(),
        by=by,
        author=author or str(by or ""),
    )
    return step


def refused_meanwhile(room: Room, sending: Sending) -> RefusedLinesError:
    """Somebody was quicker: what is left now, read again once the transaction is undone."""
    refused = refusals_of(room, sending.lines, sending.since)
    if not refused:
        text = "La quantité disponible vient de changer\u00a0: transmettez de nouveau."
        refused = {pk: LineRefusal(str(room.products[pk]), text) for pk in sending.lines}
    return RefusedLinesError(refused)
