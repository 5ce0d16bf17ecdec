"""The steps of a transfer, each in its transaction, told to the other side and in the journal."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from establishments.redistribution.states import NeedState, Side, Step, TransferState, is_covered
from journal.services import record
from pui.aid.explaining import unit_text
from pui.aid.letters import tell_agency, tell_pharmacies
from pui.models import MedicineNeed, MedicineTransfer
from pui.services.aid_needs import (
    SHORTEST_REASON,
    AidError,
    lock_need,
    require_agency,
    require_open,
)
from pui.services.aid_transfers import (
    lock_products,
    lock_transfer,
    require_side,
    require_surplus,
    taken,
)

NO_LONGER_PROPOSED = "Proposition retirée"
VERBS = {
    Step.CONFIRM: "pui.aid_confirmed",
    Step.ACCEPT: "pui.aid_accepted",
    Step.SHIP: "pui.aid_shipped",
    Step.RECEIVE: "pui.aid_received",
    Step.REFUSE: "pui.aid_refused",
    Step.CANCEL: "pui.aid_cancelled",
}


@transaction.atomic
def confirm_need(
    *, by: User, need: MedicineNeed, now: datetime | None = None
) -> list[MedicineTransfer]:
    """Confirm all that is proposed for a need, or nothing. Raise ``AidError``."""
    row = lock_need(need.pk)
    require_agency(by, row)
    require_open(row)
    proposed = row.transfers.filter(state=TransferState.PROPOSED).order_by("pk")
    rows = [confirm(by=by, transfer=one, now=now) for one in proposed]
    if not rows:
        raise AidError("Aucun transfert n’est proposé\u00a0: quelqu’un les a peut-être confirmés.")
    return rows


@transaction.atomic
def confirm(
    *, by: User, transfer: MedicineTransfer, now: datetime | None = None
) -> MedicineTransfer:
    """The agency commits both pharmacies: the donor is judged again on what it declared since."""
    now = now or timezone.now()
    need = lock_need(transfer.need_id)
    lock_products([need.reference_id])
    row = _started(by, transfer, Step.CONFIRM, Side.AGENCY)
    require_open(need)
    taken(row, Step.CONFIRM, Side.AGENCY, by=by, at=now)
    require_surplus(need, row.giver, row.quantity, now, without=row.pk)
    row.save()
    _done(row, Step.CONFIRM, Side.AGENCY, by)
    tell_pharmacies(
        [row.giver, need.pui],
        subject=f"Dépannage à accepter\u00a0: {_what(row)}",
        lines=[
            f"L’ARS a confirmé un dépannage\u00a0: {_what(row)}, de {row.giver} "
            f"({row.giver.establishment.name}) vers {need.pui} ({need.pui.establishment.name}).",
            "Il part quand les deux pharmacies l’ont accepté.",
        ],
        path=address_of(row),
    )
    return row


@transaction.atomic
def accept(
    *, by: User, transfer: MedicineTransfer, side: Side, now: datetime | None = None
) -> MedicineTransfer:
    lock_need(transfer.need_id)
    row = _started(by, transfer, Step.ACCEPT, side)
    taken(row, Step.ACCEPT, side, by=by, at=now or timezone.now())
    row.save()
    _done(row, Step.ACCEPT, side, by)
    if row.state == TransferState.ACCEPTED:
        tell_pharmacies(
            [row.giver],
            subject=f"Dépannage à expédier\u00a0: {_what(row)}",
            lines=[
                f"Les deux pharmacies ont accepté\u00a0: {_what(row)} pour {row.need.pui} "
                f"({row.need.pui.establishment.name}). L’adresse de livraison est sur la page.",
            ],
            path=address_of(row),
        )
    return row


@transaction.atomic
def ship(
    *,
    by: User,
    transfer: MedicineTransfer,
    expiry: date | None,
    note: str = "",
    now: datetime | None = None,
) -> MedicineTransfer:
    """The giver sends, and tells the nearest expiry, which pharmacies do not declare."""
    now = now or timezone.now()
    lock_need(transfer.need_id)
    row = _started(by, transfer, Step.SHIP, Side.GIVER)
    if expiry is not None and expiry < timezone.localdate(now):
        raise AidError("Des unités périmées ne s’envoient pas\u00a0: vérifiez la péremption.")
    taken(row, Step.SHIP, Side.GIVER, by=by, at=now)
    row.tell_shipping(expiry, note.strip())
    row.save()
    _done(row, Step.SHIP, Side.GIVER, by, expiry=expiry.isoformat() if expiry else "")
    until = f", péremption la plus proche le {expiry:%d/%m/%Y}" if expiry else ""
    tell_pharmacies(
        [row.need.pui],
        subject=f"Dépannage expédié\u00a0: {_what(row)}",
        lines=[f"{row.giver} a expédié {_what(row)}{until}. Confirmez la réception à l’arrivée."],
        path=address_of(row),
    )
    return row


@transaction.atomic
def receive(
    *,
    by: User,
    transfer: MedicineTransfer,
    quantity: int,
    comment: str = "",
    now: datetime | None = None,
) -> MedicineTransfer:
    """What arrived; a difference needs a comment, and what lacks is sought again."""
    now, comment = now or timezone.now(), comment.strip()
    need = lock_need(transfer.need_id)
    row = _started(by, transfer, Step.RECEIVE, Side.TAKER)
    taken(row, Step.RECEIVE, Side.TAKER, by=by, at=now)
    if quantity < 0:
        raise AidError("La quantité reçue ne peut pas être négative.")
    if quantity != row.quantity and len(comment) < SHORTEST_REASON:
        raise AidError(
            f"Vous recevez {quantity} au lieu de {row.quantity}\u00a0: expliquez l’écart."
        )
    row.tell_reception(quantity, comment)
    row.save()
    _done(row, Step.RECEIVE, Side.TAKER, by, received=quantity, comment=comment)
    if need.is_open and is_covered(need.quantity, [one.part for one in need.transfers.all()]):
        need.end(NeedState.COVERED, by=by, at=now, answer="")
        need.save()
    _tell_end(row, f"{need.pui} a reçu {quantity} sur {row.quantity}. {comment}", Side.TAKER)
    return row


@transaction.atomic
def refuse(
    *, by: User, transfer: MedicineTransfer, side: Side, reason: str, now: datetime | None = None
) -> MedicineTransfer:
    """One of the pharmacies says no, and why: its units are to be found elsewhere."""
    return _end(by, transfer, Step.REFUSE, side, reason, now)


@transaction.atomic
def cancel(
    *, by: User, transfer: MedicineTransfer, reason: str = "", now: datetime | None = None
) -> MedicineTransfer:
    """The agency takes back what it proposed or confirmed, at any step before the reception."""
    return _end(by, transfer, Step.CANCEL, Side.AGENCY, reason, now)


def _end(
    by: User,
    transfer: MedicineTransfer,
    step: Step,
    side: Side,
    reason: str,
    now: datetime | None,
) -> MedicineTransfer:
    lock_need(transfer.need_id)
    row = _started(by, transfer, step, side)
    was_told = row.confirmed_at is not None
    reason = reason.strip() or ("" if was_told else NO_LONGER_PROPOSED)
    taken(row, step, side, by=by, at=now or timezone.now(), reason=reason)
    if len(reason) < SHORTEST_REASON:
        raise AidError("Dites pourquoi\u00a0: l’autre pharmacie et l’ARS le liront.")
    row.save()
    _done(row, step, side, by, reason=reason)
    if was_told:
        who = {Side.GIVER: row.giver, Side.TAKER: row.need.pui}.get(side, "L’ARS")
        done = "refusé" if step is Step.REFUSE else "annulé"
        _tell_end(row, f"{who} a {done} ce dépannage. Motif\u00a0: {reason}", side)
    return row


def _tell_end(row: MedicineTransfer, sentence: str, side: Side) -> None:
    """Tell those who did not do it: the other pharmacy or both, and the agency."""
    puis = {Side.GIVER: [row.need.pui], Side.TAKER: [row.giver]}.get(
        side, [row.giver, row.need.pui]
    )
    told = {
        "subject": f"Dépannage {TransferState(row.state).label}\u00a0: {_what(row)}",
        "lines": [sentence.strip()],
        "path": address_of(row),
    }
    tell_pharmacies(puis, **told)  # type: ignore[arg-type]
    if side is not Side.AGENCY:
        tell_agency(row.need.pui, **told)  # type: ignore[arg-type]


def _started(by: User, transfer: MedicineTransfer, step: Step, side: Side) -> MedicineTransfer:
    row = lock_transfer(transfer.pk)
    require_side(by, row, step, side)
    return row


def _done(row: MedicineTransfer, step: Step, side: Side, by: User, **details: Any) -> None:
    place = row.giver if side is Side.GIVER else row.need.pui
    record(
        VERBS[step],
        by=by,
        target=row,
        place=place.establishment,
        transfer=row.pk,
        quantity=row.quantity,
        side=side.label,
        **details,
    )


def _what(row: MedicineTransfer) -> str:
    """« 120 ampoules de CISATRACURIUM 10 mg »."""
    unit = row.explanation.get("unit", "unité")
    return f"{unit_text(row.quantity, unit)} de {row.need.reference}"


def address_of(row: MedicineTransfer) -> str:
    return reverse("aid_medicines:transfer", args=[row.pk])
