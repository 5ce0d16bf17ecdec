"""How a request ends: resolved, open again, closed, and whether the answer helped."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from journal.services import record
from support.contact.letters import tell_closed, tell_ended, tell_service
from support.models import Ticket, TicketMessage
from support.services.conversation import (
    REOPENED_WITHIN,
    check_is_standing,
    check_may_reopen,
    locked_for,
    locked_of_asker,
)
from support.services.errors import ContactError
from support.services.tickets import write

State = Ticket.State
STEP = TicketMessage.Kind.STEP
WAITED = timedelta(days=60)
AT_ONCE = 200
NO_NEWS = (
    f"La demande est close\u00a0: une précision était attendue depuis {WAITED.days}\u00a0jours. "
    "Ouvrez-en une autre si vous en avez encore besoin."
)


@transaction.atomic
def resolve(*, by: User | None, ticket: Ticket, now: datetime | None = None) -> Ticket:
    """Who asked says that it is settled; said twice, once."""
    now = now or timezone.now()
    ticket = locked_of_asker(by, ticket)
    if ticket.state == State.RESOLVED:
        return ticket
    check_is_standing(ticket)
    ticket.state, ticket.resolved_at, ticket.told_at = State.RESOLVED, now, now
    ticket.save(update_fields=["state", "resolved_at", "told_at"])
    write(ticket, STEP, "La personne dit que sa demande est réglée.", by=by, at=now)
    record("support.ticket_resolved", by=by, target=ticket.number)
    return ticket


@transaction.atomic
def reopen(*, by: User | None, ticket: Ticket, now: datetime | None = None) -> Ticket:
    """Who asked is not helped: within two weeks, the same request goes on."""
    now = now or timezone.now()
    ticket = locked_of_asker(by, ticket)
    if ticket.state in Ticket.STANDING:
        return ticket
    check_is_standing(ticket)
    check_may_reopen(ticket, now)
    ticket.state = State.HANDLED if ticket.assigned_to_id else State.OPEN
    ticket.resolved_at, ticket.rating, ticket.told_at = None, None, now
    ticket.save(update_fields=["state", "resolved_at", "rating", "told_at"])
    write(ticket, STEP, "La personne rouvre sa demande.", by=by, at=now)
    tell_service(ticket, is_new=False)
    record("support.ticket_reopened", by=by, target=ticket.number)
    return ticket


@transaction.atomic
def rate(*, by: User | None, ticket: Ticket, rating: int) -> Ticket:
    """In one click, once an answer was given; the last click counts."""
    ticket = locked_of_asker(by, ticket)
    if rating not in Ticket.Rating.values:
        raise ContactError("Choisissez l’une des trois réponses.")
    if ticket.state not in (State.RESOLVED, State.CLOSED) or ticket.answered_at is None:
        raise ContactError("Vous direz si la réponse vous a aidé une fois la demande résolue.")
    if ticket.rating != rating:
        ticket.rating = rating
        ticket.save(update_fields=["rating"])
        record(
            "support.ticket_rated", by=by, target=ticket.number, rating=ticket.get_rating_display()
        )
    return ticket


@transaction.atomic
def close(*, by: User, ticket: Ticket, reason: str, now: datetime | None = None) -> Ticket:
    """End a request that asks for no answer, with the reason; who asked is told by mail."""
    now = now or timezone.now()
    ticket = locked_for(by, ticket)
    check_is_standing(ticket)
    if not reason.strip():
        raise ContactError("Dites pourquoi la demande est close.")
    ticket.state, ticket.closed_at, ticket.told_at = State.CLOSED, now, now
    ticket.save(update_fields=["state", "closed_at", "told_at"])
    write(ticket, STEP, f"La demande est close\u00a0: {reason.strip()}", by=by, at=now)
    tell_closed(ticket)
    record("support.ticket_closed", by=by, target=ticket.number, reason=reason.strip())
    return ticket


@transaction.atomic
def close_settled(*, now: datetime | None = None) -> int:
    """Each night: what has been resolved for two weeks is closed; say how many."""
    now = now or timezone.now()
    rows = Ticket.objects.filter(state=State.RESOLVED, resolved_at__lt=now - REOPENED_WITHIN)
    count = int(rows.update(state=State.CLOSED, closed_at=now))
    if count:
        record("support.tickets_closed", by=None, count=count)
    return count


def close_forgotten(*, now: datetime | None = None) -> int:
    """Each night: what waits for who asked since two months ends, or it would be kept for ever."""
    now = now or timezone.now()
    total = 0
    while done := _close_some(now):
        total += done
    return total


@transaction.atomic
def _close_some(now: datetime) -> int:
    rows = Ticket.objects.kept().filter(state=State.WAITING, told_at__lt=now - WAITED)
    locked = rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    found = list(locked.select_related("subject", "body", "opened_by", "profile")[:AT_ONCE])
    for ticket in found:
        ticket.state, ticket.closed_at, ticket.told_at = State.CLOSED, now, now
        ticket.save(update_fields=["state", "closed_at", "told_at"])
        write(ticket, STEP, NO_NEWS, by=None, at=now)
        tell_ended(ticket)
    if found:
        record("support.tickets_closed", by=None, count=len(found))
    return len(found)
