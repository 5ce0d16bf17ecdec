"""A beneficiary orders, changes, cancels, or asks that an order be stopped: never too much.

Twice the same token is one order. Until its file is written for the warehouse, an order may be
changed or cancelled; afterwards one asks the carrier to stop it [003].
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from journal.services import record
from orders.models import Beneficiary, Movement, Order
from orders.services.counters import NotEnoughError, Taking, take
from orders.services.errors import OrderingError
from orders.services.holders import Holder, holder_of_order, require_may_order
from orders.services.refusals import ChangedOrderError, RefusedLinesError
from orders.services.room import Room, refusals_of, room_of
from orders.services.routing import Route, Terms, terms_of
from orders.services.sending import (
    Delivery,
    Sending,
    add_step,
    deliver_to,
    read_room,
    refused_meanwhile,
    require_delivery,
    send,
    told,
    units_of,
    write_lines,
)

LONGEST_REASON = 300


def submit(
    *,
    by: User,
    beneficiary: Beneficiary,
    lines: Mapping[int, int],
    delivery: Delivery,
    token: UUID,
    since: datetime | None = None,
    now: datetime | None = None,
) -> Order:
    """Send an order of ``lines`` (units by product), the draft of this token or a new one.

    The same token again gives back the same order. ``since``: when its author last saw what was
    left, to name who took of it meanwhile. Raise ``RefusedLinesError`` or ``OrderingError``.
    """
    sending = Sending(Holder(beneficiary=beneficiary), lines, delivery, since)
    return submit_for(sending, by=by, token=token, now=now)


def submit_for(sending: Sending, *, by: User, token: UUID, now: datetime | None = None) -> Order:
    """As ``submit``, for a beneficiary or for an ARS on its pool."""
    now = now or timezone.now()
    try:
        return _submit_once(sending, by, token, now)
    except NotEnoughError as error:
        terms = terms_on(sending.holder, now)
        raise refused_meanwhile(read_room(sending, terms.route, now), sending) from error


def _submit_once(sending: Sending, by: User, token: UUID, now: datetime) -> Order:
    try:
        with transaction.atomic():
            return _submit(sending, by, token, now)
    except IntegrityError:  # the same token, at the same moment: its order is written by now
        with transaction.atomic():
            return _submit(sending, by, token, now)


def terms_on(holder: Holder, now: datetime) -> Terms:
    return terms_of(holder.beneficiary, holder.region_id, timezone.localdate(now))


def _submit(sending: Sending, by: User, token: UUID, now: datetime) -> Order:
    terms = terms_on(sending.holder, now)
    require_may_order(by, sending.holder, terms.is_served)
    rows = Order.objects.filter(token=token, **sending.holder.key)
    known: Order | None = rows.select_for_update(of=("self",), no_key=True).first()
    if known is not None and known.state != Order.State.DRAFT:
        return known
    if known is not None and known.created_by_id != by.pk:
        raise OrderingError("Ce brouillon est celui d’une autre personne.")
    return send(known, sending, terms, token=token, by=by, now=now)


def change(
    *,
    by: User,
    order: Order,
    lines: Mapping[int, int],
    delivery: Delivery,
    seen: str,
    now: datetime | None = None,
) -> Order:
    """Give an order other quantities or another address, while its file is not written.

    ``seen`` is the ``version_of`` the order as it was shown. What it gives back and what it takes
    are counted in the week of the order; once that week is over, it takes no more.
    """
    now = now or timezone.now()
    try:
        with transaction.atomic():
            return _change(by, order, Sending(holder_of_order(order), lines, delivery), seen, now)
    except NotEnoughError as error:
        sending = Sending(holder_of_order(order), lines, delivery, since=order.saved_at)
        room = room_of_change(order, sending, units_of(order), now)
        raise refused_meanwhile(room, sending) from error


def _change(by: User, order: Order, sending: Sending, seen: str, now: datetime) -> Order:
    locked = _locked_to_change(by, order)
    if version_of(locked) != seen:
        raise ChangedOrderError(
            "Cette commande a été modifiée entre-temps\u00a0: ses quantités actuelles sont écrites "
            "à côté des vôtres. Relisez, puis enregistrez de nouveau."
        )
    require_delivery(sending.delivery, sending.holder)
    if not sending.lines:
        raise OrderingError("Il ne reste aucune ligne\u00a0: annulez plutôt la commande.")
    held = units_of(locked)
    if any(units > held.get(pk, 0) for pk, units in sending.lines.items()):
        require_may_order(by, sending.holder, terms_on(sending.holder, now).is_served)
    room = room_of_change(locked, sending, held, now)
    refused = refusals_of(room, sending.lines, locked.saved_at)
    if refused:
        raise RefusedLinesError(refused)
    before = told(held, room.products)
    write_lines(locked, sending.lines, held)
    deliver_to(locked, sending.delivery)
    locked.save()
    add_step(locked, "Commande modifiée.", by=by, at=now)
    record(
        "orders.order_changed",
        by=by,
        target=locked,
        place=sending.holder.place,
        before=before,
        after=told(sending.lines, room.products),
    )
    take(room.taking(sending.lines), order=locked, cause=Movement.Cause.CHANGED, by=by)
    return locked


def room_of_change(order: Order, sending: Sending, held: Mapping[int, int], now: datetime) -> Room:
    if order.operator is None or order.week is None:
        raise OrderingError("Cette commande n’est pas transmise.")
    route = Route(order.operator, order.platform, "")
    return room_of(
        sending.holder,
        sending.lines.keys() | held.keys(),
        route,
        day=timezone.localdate(now),
        week=order.week,
        held=held,
    )


def version_of(order: Order) -> str:
    """What a form carries, to know whether somebody wrote since it was shown."""
    at: datetime = order.saved_at
    return at.isoformat()


@transaction.atomic
def cancel(*, by: User, order: Order, reason: str = "", now: datetime | None = None) -> Order:
    """Cancel it while its file is not written, and give back all that it took."""
    locked = _locked_to_change(by, order, is_repeated=Order.State.CANCELLED)
    if locked.state == Order.State.CANCELLED:
        return locked
    locked.state, locked.reason = Order.State.CANCELLED, reason.strip()[:LONGEST_REASON]
    locked.save()
    text = f"Commande annulée\u00a0: {locked.reason}" if locked.reason else "Commande annulée."
    add_step(locked, text, by=by, at=now)
    place = holder_of_order(locked).place
    record("orders.order_cancelled", by=by, target=locked, place=place, reason=locked.reason)
    give_back(locked, cause=Movement.Cause.CANCELLED, by=by)
    return locked


def give_back(order: Order, *, cause: Movement.Cause, by: User | None) -> None:
    """Put back on each counter all that an order still holds of it, as the ledger says."""
    held = {}
    for counter in ("quota", "pool", "stock"):
        rows = order.movements.filter(**{f"{counter}__isnull": False}).order_by()
        sums = rows.values(counter).annotate(units=Sum("quantity"))
        held[f"{counter}s"] = {one[counter]: -one["units"] for one in sums}
    take(Taking(**held), order=order, cause=cause, by=by)


@transaction.atomic
def ask_stop(*, by: User, order: Order, reason: str, now: datetime | None = None) -> Order:
    """« Demander l’arrêt » of an order that has left for preparation [003]; sent to the carrier."""
    now, locked = now or timezone.now(), _locked(by, order)
    if locked.stop_asked_at is not None:
        return locked
    if locked.state in Order.ENDED or locked.state == Order.State.DRAFT:
        raise OrderingError(
            f"Cette commande est {locked.get_state_display()}\u00a0: rien à arrêter."
        )
    if locked.exported_at is None:
        raise OrderingError("Cette commande n’est pas partie en préparation\u00a0: annulez-la.")
    told_reason = reason.strip()[:LONGEST_REASON]
    if not told_reason:
        raise OrderingError("Dites pourquoi la commande doit être arrêtée.")
    locked.stop_asked_at, locked.reason = now, told_reason
    locked.save()
    add_step(locked, f"Arrêt demandé à l’entrepôt\u00a0: {told_reason}", by=by, at=now)
    place = holder_of_order(locked).place
    record("orders.stop_asked", by=by, target=locked, place=place, reason=told_reason)
    return locked


def may_still_change(order: Order) -> bool:
    """Until its file is written: the hour told is the earliest, the file is what counts."""
    return bool(order.state == Order.State.SUBMITTED and order.exported_at is None)


def may_be_stopped(order: Order) -> bool:
    """Once its file is written, while it is on its way, once."""
    left = order.exported_at is not None and order.state in Order.UNDER_WAY
    return bool(left and order.stop_asked_at is None)


def _locked(by: User, order: Order) -> Order:
    rows = Order.objects.to_write(by).filter(pk=order.pk)
    found: Order | None = rows.select_for_update(of=("self",), no_key=True).first()
    if found is None:
        raise OrderingError("Le profil que vous utilisez ne modifie pas cette commande.")
    return found


def _locked_to_change(by: User, order: Order, is_repeated: str = "") -> Order:
    found = _locked(by, order)
    if may_still_change(found) or (is_repeated and found.state == is_repeated):
        return found
    if found.exported_at is not None and found.state in Order.UNDER_WAY:
        raise OrderingError(
            "Cette commande est partie en préparation\u00a0: elle ne peut plus être modifiée ni "
            "annulée. Vous pouvez demander son arrêt."
        )
    raise OrderingError(f"Cette commande est {found.get_state_display()}\u00a0: rien à changer.")
