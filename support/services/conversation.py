"""What is written in a request once opened: of who asked, of who answers, between them."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.photos import Drawn
from establishments.perimeter import Action
from journal.services import record
from support.contact.letters import tell_answered, tell_service
from support.models import Question, Ticket, TicketMessage
from support.services.errors import ContactError
from support.services.tickets import check_message, write

State = Ticket.State
Kind = TicketMessage.Kind
REOPENED_WITHIN = timedelta(days=14)
NOT_YOURS = "Cette demande n’est pas adressée à votre service."


@dataclass(frozen=True, slots=True)
class Message:
    text: str
    token: uuid.UUID
    screenshots: list[Drawn] = field(default_factory=list)
    question: Question | None = None


def locked_for(by: User, ticket: Ticket) -> Ticket:
    """The request of who answers it, until the end of the transaction."""
    rows = Ticket.objects.kept().for_user(by, to=Action.TICKET_ANSWER).filter(pk=ticket.pk)
    found: Ticket | None = rows.select_for_update(of=("self",), no_key=True).first()
    if found is None:
        raise ContactError(NOT_YOURS)
    return found


def locked_of_asker(by: User | None, ticket: Ticket) -> Ticket:
    """The request of who asked: by their account, or by the link that the page has checked."""
    rows = Ticket.objects.kept().filter(pk=ticket.pk, opened_by=by)
    found: Ticket | None = rows.select_for_update(of=("self",), no_key=True).first()
    if found is None:
        raise ContactError("Cette demande n’est pas à vous.")
    return found


def check_is_standing(ticket: Ticket) -> None:
    if ticket.state == State.CLOSED:
        day = f"{timezone.localtime(ticket.closed_at):%d/%m/%Y}"
        raise ContactError(f"Cette demande est close depuis le {day}\u00a0: ouvrez-en une autre.")


@transaction.atomic
def write_again(
    *, by: User | None, ticket: Ticket, message: Message, now: datetime | None = None
) -> Ticket:
    """Who asked adds something; resolved, the request is open again. Sent twice, once."""
    now = now or timezone.now()
    ticket = locked_of_asker(by, ticket)
    if ticket.messages.filter(token=message.token).exists():
        return ticket
    check_is_standing(ticket)
    check_message(message.text, message.screenshots)
    if ticket.state == State.RESOLVED:
        check_may_reopen(ticket, now)
    _add(ticket, Kind.QUESTION, message, by, now)
    ticket.state = State.HANDLED if ticket.assigned_to_id else State.OPEN
    ticket.resolved_at = ticket.rating = None
    ticket.save(update_fields=["state", "told_at", "resolved_at", "rating"])
    tell_service(ticket, is_new=False)
    record("support.ticket_continued", by=by, target=ticket.number)
    return ticket


def check_may_reopen(ticket: Ticket, now: datetime) -> None:
    if ticket.resolved_at and now - ticket.resolved_at > REOPENED_WITHIN:
        raise ContactError(
            f"Cette demande est résolue depuis plus de {REOPENED_WITHIN.days}\u00a0jours\u00a0: "
            "ouvrez-en une autre."
        )


@transaction.atomic
def answer(
    *, by: User, ticket: Ticket, message: Message, then: str, now: datetime | None = None
) -> Ticket:
    """Answer who asked, who is told by mail; ``then`` is the state that the request takes.

    ``message.question`` is an answer of the help to read beside.

    Who answers follows the request, when nobody did.
    """
    now = now or timezone.now()
    ticket = locked_for(by, ticket)
    if ticket.messages.filter(token=message.token).exists():
        return ticket
    check_is_standing(ticket)
    check_message(message.text, message.screenshots)
    if then not in (State.HANDLED, State.WAITING, State.RESOLVED):
        raise ContactError("Choisissez où en est la demande après votre réponse.")
    _add(ticket, Kind.ANSWER, message, by, now)
    ticket.state, ticket.answered_at = then, ticket.answered_at or now
    ticket.resolved_at = now if then == State.RESOLVED else None
    ticket.rating = None  # that of an answer before
    if ticket.assigned_to_id is None:
        ticket.assigned_to, ticket.assigned_at = by, now
    ticket.save()
    tell_answered(ticket)
    record("support.ticket_answered", by=by, target=ticket.number, state=ticket.get_state_display())
    return ticket


@transaction.atomic
def note(*, by: User, ticket: Ticket, message: Message, now: datetime | None = None) -> Ticket:
    """A line that those who answer read, and who asked never does."""
    now = now or timezone.now()
    ticket = locked_for(by, ticket)
    if not ticket.messages.filter(token=message.token).exists():
        check_message(message.text, message.screenshots)
        write(ticket, Kind.NOTE, message.text, by=by, at=now, token=message.token,
              screenshots=message.screenshots)  # fmt: skip
        record("support.ticket_noted", by=by, target=ticket.number)
    return ticket


def _add(ticket: Ticket, kind: str, message: Message, by: User | None, now: datetime) -> None:
    write(ticket, kind, message.text, by=by, at=now, token=message.token,
          screenshots=message.screenshots, question=message.question)  # fmt: skip
    ticket.told_at = now
