"""What went wrong with a delivery: who ordered tells it and closes it, who serves answers.

Locks: the order when a claim is opened, else the claim.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.numbers import format_integer
from common.photos import Drawn
from establishments.perimeter import Action
from journal.services import record
from orders.following.letters import tell_answer, tell_claim
from orders.models import Claim, ClaimMessage, Order, OrderLine, Photo, Reception
from orders.services.errors import OrderingError
from orders.services.receptions import place_of

State = Claim.State
SENT = (*Order.UNDER_WAY, Order.State.DELIVERED)
SHORTEST = 10  # characters, without which nobody can answer


class ClaimError(OrderingError):
    """Nothing was written. The message is for the person, in French."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong, with which product (none: the whole delivery) and how many units."""

    kind: str
    text: str
    line: OrderLine | None = None
    quantity: int | None = None
    reception: Reception | None = None
    photo: Drawn | None = None


@dataclass(frozen=True, slots=True)
class Message:
    text: str
    token: uuid.UUID
    photo: Drawn | None = None


def is_claimable(order: Order) -> bool:
    """It was sent, and was neither cancelled nor refused."""
    return order.state in SENT


@transaction.atomic
def open_claim(
    *, by: User, order: Order, complaint: Complaint, token: uuid.UUID, now: datetime | None = None
) -> Claim:
    """Open a claim on an order that was sent, and write to who serves it; sent twice, one claim."""
    now = now or timezone.now()
    rows = Order.objects.held_by(by, to=Action.CLAIM_OPEN).filter(pk=order.pk)
    found = rows.select_for_update(of=("self",), no_key=True).first()
    if found is None:
        raise ClaimError(
            "Seul un opérateur de commande de cet établissement ouvre une réclamation."
        )
    already: Claim | None = found.claims.filter(token=token).first()
    if already is not None:
        return already
    _check(found, complaint)
    claim = Claim.objects.create(
        order=found,
        line=complaint.line,
        reception=complaint.reception,
        token=token,
        kind=complaint.kind,
        quantity=complaint.quantity,
        opened_by=by,
        opened_at=now,
        told_at=now,
    )
    message = Message(complaint.text, token, complaint.photo)
    _write(claim, message, by, now, is_answer=False)
    tell_claim(claim, complaint.text)
    record(
        "orders.claim_opened",
        by=by,
        target=found,
        place=place_of(found),
        kind=str(claim.get_kind_display()),
        quantity=complaint.quantity,
    )
    return claim


def _check(order: Order, complaint: Complaint) -> None:
    if not is_claimable(order):
        raise ClaimError("Une réclamation porte sur une commande transmise.")
    if complaint.kind not in Claim.Kind.values:
        raise ClaimError("Ce motif n’existe pas.")
    if complaint.line is not None and complaint.line.order_id != order.pk:
        raise ClaimError("Ce produit n’est pas de cette commande.")
    if complaint.reception is not None and complaint.reception.order_id != order.pk:
        raise ClaimError("Cette réception n’est pas de cette commande.")
    _check_quantity(order, complaint)
    _check_text(complaint.text)


def _check_quantity(order: Order, complaint: Complaint) -> None:
    """Nobody lacks more than they ordered; another product, or too much, has no such bound."""
    if complaint.kind not in (Claim.Kind.MISSING, Claim.Kind.DAMAGED) or not complaint.quantity:
        return
    lines = [complaint.line] if complaint.line else list(order.lines.all())
    if complaint.quantity > (ordered := sum(line.quantity for line in lines)):
        raise ClaimError(
            f"Vous en avez commandé {format_integer(ordered)}\u00a0: vérifiez la quantité."
        )


def _check_text(text: str) -> None:
    if len(text.strip()) < SHORTEST:
        raise ClaimError("Expliquez en quelques mots, pour que l’on puisse vous répondre.")


@transaction.atomic
def write_message(
    *, by: User, claim: Claim, message: Message, is_answer: bool, now: datetime | None = None
) -> Claim:
    """Add to a claim that is not closed: an answer, or what who ordered adds; sent twice, once."""
    now = now or timezone.now()
    claim = _locked(by, claim, is_answer=is_answer)
    if claim.messages.filter(token=message.token).exists():
        return claim
    if claim.state == State.CLOSED:
        raise ClaimError(
            f"Cette réclamation a été close le {claim.closed_at:%d/%m/%Y}\u00a0: ouvrez-en une "
            "autre."
        )
    _check_text(message.text)
    _write(claim, message, by, now, is_answer=is_answer)
    claim.state, claim.told_at = State.ANSWERED if is_answer else State.OPEN, now
    claim.save(update_fields=["state", "told_at"])
    if is_answer:
        tell_answer(claim, message.text)
    else:
        tell_claim(claim, message.text)
    verb = "answered" if is_answer else "continued"
    record(f"orders.claim_{verb}", by=by, target=claim.order, place=place_of(claim.order))
    return claim


@transaction.atomic
def close_claim(*, by: User, claim: Claim, now: datetime | None = None) -> Claim:
    """Say that it is settled: who ordered alone says so; already closed, nothing happens."""
    claim = _locked(by, claim, is_answer=False)
    if claim.state == State.CLOSED:
        return claim
    claim.state, claim.closed_by, claim.closed_at = State.CLOSED, by, now or timezone.now()
    claim.save(update_fields=["state", "closed_by", "closed_at"])
    record("orders.claim_closed", by=by, target=claim.order, place=place_of(claim.order))
    return claim


def _locked(by: User, claim: Claim, *, is_answer: bool) -> Claim:
    """The claim of who may write: on the side of the answers, or on that of the order."""
    if is_answer:
        rows = Claim.objects.for_user(by, to=Action.CLAIM_ANSWER)
    else:
        rows = Claim.objects.held_by(by, to=Action.CLAIM_OPEN)
    found: Claim | None = (
        rows.filter(pk=claim.pk).select_for_update(of=("self",), no_key=True).first()
    )
    if found is None:
        raise ClaimError("Cette réclamation n’est pas à vous.")
    return found


def _write(claim: Claim, message: Message, by: User, now: datetime, *, is_answer: bool) -> None:
    row = ClaimMessage.objects.create(
        claim=claim,
        token=message.token,
        text=message.text.strip(),
        is_answer=is_answer,
        author=_author(claim, by, is_answer=is_answer),
        by=by,
        at=now,
    )
    if message.photo is not None:
        Photo.objects.create(
            order=claim.order,
            message=row,
            by=by,
            content=message.photo.content,
            width=message.photo.width,
            height=message.photo.height,
        )


def _author(claim: Claim, by: User, *, is_answer: bool) -> str:
    """In whose name: the body that answers, the place that ordered."""
    if not is_answer:
        return str(claim.order.holder)[:150]
    body = by.active_profile.body if by.active_profile else None
    return str(body or claim.order.operator)[:150]
