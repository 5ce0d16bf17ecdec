"""The steps of a transfer, each in its transaction, told to the other side and in the journal."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from common.french import of
from establishments.redistribution.models import Need, Transfer
from establishments.redistribution.services.needs import (
    SHORTEST_REASON,
    AidError,
    address_of,
    agencies_of,
    lock_need,
    require_agency,
    require_open,
)
from establishments.redistribution.services.transfers import (
    lock_goods,
    lock_transfer,
    require_side,
    require_surplus,
    taken,
)
from establishments.redistribution.states import NeedState, Side, Step, TransferState, is_covered
from establishments.redistribution.trade import Event, Letter, Trade
from journal.services import record

BOTH = (Side.GIVER, Side.TAKER)
NO_LONGER_PROPOSED = "Proposition retirée"
DONE = {
    Step.CONFIRM: Event.CONFIRMED,
    Step.ACCEPT: Event.ACCEPTED,
    Step.SHIP: Event.SHIPPED,
    Step.RECEIVE: Event.RECEIVED,
    Step.REFUSE: Event.REFUSED,
    Step.CANCEL: Event.CANCELLED,
}


@transaction.atomic
def confirm_need(
    trade: Trade, *, by: Any, need: Need, now: datetime | None = None
) -> list[Transfer]:
    """Confirm all that is proposed for a need, or nothing. Raise ``AidError``."""
    row = lock_need(trade, need.pk)
    require_agency(trade, by, row)
    require_open(row)
    proposed = list(row.transfers.filter(state=TransferState.PROPOSED).order_by("pk"))
    told = BOTH if len(proposed) == 1 else (Side.GIVER,)
    rows = [confirm(trade, by=by, transfer=one, now=now, told=told) for one in proposed]
    if not rows:
        raise AidError("Aucun transfert n’est proposé\u00a0: quelqu’un les a peut-être confirmés.")
    if len(rows) > 1:
        _tell_taker(trade, row, rows)
    return rows


def _tell_taker(trade: Trade, need: Need, rows: list[Transfer]) -> None:
    """One mail for all that was confirmed in one click."""
    given = [f"{one.units} {of(one.giver)}" for one in rows]
    letter = Letter(
        f"{len(rows)} dépannages à accepter\u00a0: {need.goods}",
        (
            f"L’ARS a confirmé des dépannages ({need.goods}) vers {need.place}\u00a0: "
            f"{', '.join(given)}.",
            "Chacun part quand les deux côtés l’ont accepté.",
        ),
        address_of(trade, need),
    )
    trade.tell(trade.recipients([need.place]), letter)


@transaction.atomic
def confirm(
    trade: Trade,
    *,
    by: Any,
    transfer: Transfer,
    now: datetime | None = None,
    told: tuple[Side, ...] = BOTH,
) -> Transfer:
    """The agency commits both places: the donor is judged again on what it declared since."""
    now = now or timezone.now()
    need = lock_need(trade, transfer.need.pk)
    lock_goods(trade, [need.goods_pk])
    row = _started(trade, by, transfer, Step.CONFIRM, Side.AGENCY)
    require_open(need)
    taken(row, Step.CONFIRM, Side.AGENCY, by=by, at=now)
    require_surplus(trade, need, row.giver, row.quantity, now, without=row.pk)
    row.save()
    _done(trade, row, Step.CONFIRM, Side.AGENCY, by)
    what = what_of(row)
    _tell(
        trade,
        row,
        told,
        f"Dépannage à accepter\u00a0: {what}",
        f"L’ARS a confirmé un dépannage\u00a0: {what}, {of(row.giver)} vers {need.place}.",
        "Il part quand les deux côtés l’ont accepté.",
    )
    return row


@transaction.atomic
def accept(
    trade: Trade, *, by: Any, transfer: Transfer, side: Side, now: datetime | None = None
) -> Transfer:
    lock_need(trade, transfer.need.pk)
    row = _started(trade, by, transfer, Step.ACCEPT, side)
    taken(row, Step.ACCEPT, side, by=by, at=now or timezone.now())
    row.save()
    _done(trade, row, Step.ACCEPT, side, by)
    if row.state == TransferState.ACCEPTED:
        _tell(
            trade,
            row,
            (Side.GIVER,),
            f"Dépannage à expédier\u00a0: {what_of(row)}",
            f"Les deux côtés ont accepté\u00a0: {what_of(row)} pour {row.need.place}. L’adresse "
            "est sur la page.",
        )
    return row


@transaction.atomic
def ship(
    trade: Trade,
    *,
    by: Any,
    transfer: Transfer,
    expiry: date | None,
    note: str = "",
    now: datetime | None = None,
) -> Transfer:
    """The giver sends; nothing out of date leaves."""
    now = now or timezone.now()
    lock_need(trade, transfer.need.pk)
    row = _started(trade, by, transfer, Step.SHIP, Side.GIVER)
    if expiry is not None and expiry < timezone.localdate(now):
        raise AidError("Des unités périmées ne s’envoient pas\u00a0: vérifiez la péremption.")
    taken(row, Step.SHIP, Side.GIVER, by=by, at=now)
    row.tell_shipping(expiry, note.strip())
    row.save()
    _done(trade, row, Step.SHIP, Side.GIVER, by, expiry=expiry.isoformat() if expiry else "")
    until = f", péremption la plus proche le {expiry:%d/%m/%Y}" if expiry else ""
    _tell(
        trade,
        row,
        (Side.TAKER,),
        f"Dépannage expédié\u00a0: {what_of(row)}",
        f"Expédié par {row.giver}\u00a0: {what_of(row)}{until}. Confirmez la réception à "
        "l’arrivée.",
    )
    return row


@transaction.atomic
def receive(
    trade: Trade,
    *,
    by: Any,
    transfer: Transfer,
    quantity: int,
    comment: str = "",
    now: datetime | None = None,
) -> Transfer:
    """What arrived; a difference needs a comment, and what lacks is sought again."""
    now, comment = now or timezone.now(), comment.strip()
    need = lock_need(trade, transfer.need.pk)
    row = _started(trade, by, transfer, Step.RECEIVE, Side.TAKER)
    taken(row, Step.RECEIVE, Side.TAKER, by=by, at=now)
    if quantity < 0:
        raise AidError("La quantité reçue ne peut pas être négative.")
    if quantity != row.quantity and len(comment) < SHORTEST_REASON:
        raise AidError(
            f"Vous recevez {quantity} au lieu de {row.quantity}\u00a0: expliquez l’écart."
        )
    row.tell_reception(quantity, comment)
    row.save()
    _done(trade, row, Step.RECEIVE, Side.TAKER, by, received=quantity, comment=comment)
    if need.is_open and is_covered(need.quantity, [one.part for one in need.transfers.all()]):
        need.end(NeedState.COVERED, by=by, at=now, answer="")
        need.save()
    told = f"{need.place} a reçu {quantity} sur {row.quantity}. {comment}"
    _tell_end(trade, row, told, Side.TAKER)
    return row


@transaction.atomic
def refuse(
    trade: Trade,
    *,
    by: Any,
    transfer: Transfer,
    side: Side,
    reason: str,
    now: datetime | None = None,
) -> Transfer:
    """One side says no, and why: its units are to be found elsewhere."""
    return _end(trade, by, transfer, Step.REFUSE, side, reason, now)


@transaction.atomic
def cancel(
    trade: Trade, *, by: Any, transfer: Transfer, reason: str = "", now: datetime | None = None
) -> Transfer:
    """The agency takes back what it proposed or confirmed, at any step before the reception."""
    return _end(trade, by, transfer, Step.CANCEL, Side.AGENCY, reason, now)


def _end(
    trade: Trade,
    by: Any,
    transfer: Transfer,
    step: Step,
    side: Side,
    reason: str,
    now: datetime | None,
) -> Transfer:
    lock_need(trade, transfer.need.pk)
    row = _started(trade, by, transfer, step, side)
    was_told = row.confirmed_at is not None
    reason = reason.strip() or ("" if was_told else NO_LONGER_PROPOSED)
    taken(row, step, side, by=by, at=now or timezone.now(), reason=reason)
    if len(reason) < SHORTEST_REASON:
        raise AidError("Dites pourquoi\u00a0: l’autre côté et l’ARS le liront.")
    row.save()
    _done(trade, row, step, side, by, reason=reason)
    if was_told:
        who = {Side.GIVER: row.giver, Side.TAKER: row.need.place}.get(side, "L’ARS")
        done = "refusé" if step is Step.REFUSE else "annulé"
        _tell_end(trade, row, f"{who} a {done} ce dépannage. Motif\u00a0: {reason}", side)
    return row


def _tell_end(trade: Trade, row: Transfer, sentence: str, side: Side) -> None:
    """Tell those who did not do it: the other side or both, and the agency."""
    sides = {Side.GIVER: (Side.TAKER,), Side.TAKER: (Side.GIVER,)}.get(
        side, (Side.GIVER, Side.TAKER)
    )
    if side is not Side.AGENCY:
        sides = (*sides, Side.AGENCY)
    subject = f"Dépannage {TransferState(row.state).label}\u00a0: {what_of(row)}"
    _tell(trade, row, sides, subject, sentence.strip())


def _tell(trade: Trade, row: Transfer, sides: tuple[Side, ...], subject: str, *lines: str) -> None:
    places = {Side.GIVER: row.giver, Side.TAKER: row.need.place}
    addresses = trade.recipients([places[side] for side in sides if side in places])
    if Side.AGENCY in sides:
        addresses += agencies_of(trade, row.need)
    path = reverse(f"{trade.urls}:transfer", args=[row.pk])
    trade.tell(addresses, Letter(subject, lines, path))


def _started(trade: Trade, by: Any, transfer: Transfer, step: Step, side: Side) -> Transfer:
    row = lock_transfer(trade, transfer.pk)
    require_side(trade, by, row, step, side)
    return row


def _done(trade: Trade, row: Transfer, step: Step, side: Side, by: Any, **details: Any) -> None:
    place = row.giver if side is Side.GIVER else row.need.place
    record(
        trade.verbs[DONE[step]],
        by=by,
        target=row,
        place=trade.site_of(place),
        transfer=row.pk,
        quantity=row.quantity,
        side=side.label,
        **details,
    )


def what_of(row: Transfer) -> str:
    """« 1 200 unités (Masques FFP2) »."""
    return f"{row.units} ({row.need.goods})"
