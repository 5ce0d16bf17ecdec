"""Who ordered says what came: in full or in part, with what differs and why; corrected for a while.

Locks, always in this order: the order, then its lines. No counter moves: what was taken when the
order was sent left with the shipment.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from establishments.perimeter import Action
from journal.services import record
from orders.following.expected import Due, due_of, expected_again, is_receivable
from orders.models import Order, OrderStep, Photo, Reception, ReceptionLine, Shipment
from orders.services.reception_checks import (
    CorrectedMeanwhileError,
    ReceivedMeanwhileError,
    ReceptionError,
    Told,
    check_told,
    require_something,
)
from orders.services.standing import state_of
from orders.services.supplies import announce_order

CORRECTED_FOR = timedelta(days=7)
MOST_PHOTOS = 4
State = Order.State


def is_correctable(reception: Reception, now: datetime) -> bool:
    return now < reception.told_at + CORRECTED_FOR


@transaction.atomic
def confirm_reception(
    *,
    by: User,
    order: Order,
    told: Told,
    token: uuid.UUID,
    shipment: Shipment | None = None,
    seen: Mapping[int, int] | None = None,
    now: datetime | None = None,
) -> Reception:
    """Keep what came of a shipment, or of the whole order; journaled. Sent twice, kept once.

    ``seen``: units expected by line, as the form showed them. Raise ``ReceivedMeanwhileError`` when
    they changed since, else ``ReceptionError``.
    """
    now = now or timezone.now()
    order = _locked(by, order.pk)
    already: Reception | None = order.receptions.filter(token=token).first()
    if already is not None:
        return already
    if not is_receivable(order):
        raise ReceptionError("Cette commande n’est pas partie\u00a0: il n’y a rien à réceptionner.")
    left = _left(order, shipment, seen)
    check_told(order, told, left, now, shipment)
    require_something(told)
    reception = Reception.objects.create(
        order=order,
        shipment=shipment,
        token=token,
        received_on=told.received_on,
        comment=told.comment,
        told_by=by,
        told_at=now,
        profile=by.active_profile,
    )
    _write(reception, told, left)
    _after(order, reception, by, now, "confirmed")
    return reception


def _left(
    order: Order, shipment: Shipment | None, seen: Mapping[int, int] | None
) -> dict[int, int]:
    """Units still due by line, as the form showed them."""
    left: dict[int, int] = due_of(order).left(shipment)
    if not any(left.values()):
        raise ReceptionError(
            "Tout est déjà réceptionné\u00a0: corrigez la réception faite, ou ouvrez une "
            "réclamation."
        )
    if seen is not None and any(left.get(line, 0) != units for line, units in seen.items()):
        raise ReceivedMeanwhileError
    return left


@transaction.atomic
def correct_reception(
    *,
    by: User,
    reception: Reception,
    told: Told,
    seen: int,
    now: datetime | None = None,
) -> Reception:
    """Put a reception right within seven days; what was told before stays in its history.

    Raise ``CorrectedMeanwhileError`` when somebody did since ``seen``, its version as shown.
    """
    now = now or timezone.now()
    order = _locked(by, reception.order_id)
    reception = order.receptions.select_related("shipment", "told_by", "corrected_by").get(
        pk=reception.pk
    )
    if reception.version != seen:
        raise CorrectedMeanwhileError(reception)
    if not is_correctable(reception, now):
        raise ReceptionError(
            "Cette réception date de plus de sept jours\u00a0: elle ne se corrige plus. "
            "Ouvrez une réclamation."
        )
    expected = expected_again(order, reception)
    check_told(order, told, expected, now, reception.shipment)
    reception.received_on, reception.comment = told.received_on, told.comment
    reception.version += 1
    reception.corrected_by, reception.corrected_at = by, now
    reception.save()
    reception.lines.all().delete()
    _write(reception, told, expected)
    _after(order, reception, by, now, "corrected")
    return reception


def _locked(by: User, pk: int) -> Order:
    """One colleague at a time; only who orders for this place, or for this pool."""
    rows = Order.objects.held_by(by, to=Action.ORD_RECEP).filter(pk=pk)
    found: Order | None = rows.select_for_update(of=("self",), no_key=True).first()
    if found is None:
        raise ReceptionError("Seul un opérateur de commande de cet établissement réceptionne.")
    return found


def _write(reception: Reception, told: Told, expected: Mapping[int, int]) -> None:
    ReceptionLine.objects.bulk_create(
        ReceptionLine(
            reception=reception,
            line_id=line,
            expected=expected.get(line, 0),
            received=count.received,
            damaged=count.damaged,
            gap=count.gap,
        )
        for line, count in sorted(told.counts.items())
    )
    if told.photo is None:
        return
    if reception.photos.count() >= MOST_PHOTOS:
        raise ReceptionError(f"Une réception garde {MOST_PHOTOS}\u00a0photos au plus.")
    Photo.objects.create(
        order=reception.order,
        reception=reception,
        by=reception.corrected_by or reception.told_by,
        content=told.photo.content,
        width=told.photo.width,
        height=told.photo.height,
    )


def _after(order: Order, reception: Reception, by: User, now: datetime, verb: str) -> None:
    """What follows on the lines, the shipment, the order, the inventory; then the journal."""
    _count_lines(order)
    due = due_of(order)
    _move(order, due, now)
    announce_order(order)
    lines = list(reception.lines.all())
    received, damaged = sum(one.received for one in lines), sum(one.damaged for one in lines)
    gaps = sum(one.is_problem for one in lines)
    OrderStep.objects.create(
        order=order,
        text=_sentence(reception, gaps, is_corrected=verb == "corrected"),
        state=order.state if order.received_at else "",
        at=now,
        by=by,
        author=str(by),
    )
    record(
        f"orders.reception_{verb}",
        by=by,
        target=order,
        place=place_of(order),
        received_on=reception.received_on.isoformat(),
        received=received,
        damaged=damaged,
        gaps=gaps,
    )


def place_of(order: Order) -> object:
    """Where an act on an order happens: the place that ordered, or the agency."""
    return order.beneficiary.place if order.beneficiary else order.agency


def _count_lines(order: Order) -> None:
    """The lines add up what their receptions say; a line that none names was not received yet."""
    told = ReceptionLine.objects.filter(reception__order=order)
    sums: dict[int, int] = {}
    for line, received in told.values_list("line", "received"):
        sums[line] = sums.get(line, 0) + received
    for line in order.lines.all():
        if line.received != sums.get(line.pk):
            line.received = sums.get(line.pk)
            line.save(update_fields=["received"])


def _move(order: Order, due: Due, now: datetime) -> None:
    """Delivered once all is accounted for; back to where it stood when a correction says less."""
    if due.is_complete:
        order.received_at = order.received_at or now
        order.state = State.DELIVERED
    elif order.received_at is not None:
        order.received_at = None
        order.state = state_of(order)
    else:
        return
    order.save(update_fields=["received_at", "state", "saved_at"])


def _sentence(reception: Reception, gaps: int, *, is_corrected: bool) -> str:
    what = f"Expédition {reception.shipment}" if reception.shipment else "Commande"
    done = "réception corrigée" if is_corrected else "réceptionnée"
    end = ""
    if gaps:
        end = ", un écart signalé" if gaps == 1 else f", {gaps}\u00a0écarts signalés"
    return f"{what} {done} (reçue le {reception.received_on:%d/%m/%Y}){end}."
