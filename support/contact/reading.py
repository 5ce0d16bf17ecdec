"""A request as its page shows it: to who asked, or to who answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils import timezone

from accounts.models import User
from establishments.perimeter import Action
from support.models import Screenshot, Ticket, TicketMessage
from support.services.conversation import REOPENED_WITHIN

NAMED = ("subject", "body", "region", "assigned_to", "opened_by", "profile", "merged_into")
State = Ticket.State
KINDS = {
    State.OPEN: "new",
    State.HANDLED: "info",
    State.WAITING: "warning",
    State.RESOLVED: "success",
    State.CLOSED: "beige-gris-galet",
}


@dataclass(frozen=True, slots=True)
class Thread:
    """A request and its conversation; ``now`` decides what may still be done with it."""

    ticket: Ticket
    messages: list[TicketMessage]
    now: datetime

    @property
    def badge(self) -> str:
        return KINDS[State(self.ticket.state)]

    @property
    def is_late(self) -> bool:
        return is_late(self.ticket, self.now)

    @property
    def may_write(self) -> bool:
        return not self.ticket.is_over and not (self.is_resolved and not self.may_reopen)

    @property
    def is_resolved(self) -> bool:
        return bool(self.ticket.state == State.RESOLVED)

    @property
    def may_reopen(self) -> bool:
        until = self.reopens_until
        return self.is_resolved and until is not None and self.now <= until

    @property
    def reopens_until(self) -> datetime | None:
        resolved: datetime | None = self.ticket.resolved_at
        return resolved + REOPENED_WITHIN if resolved else None

    @property
    def may_rate(self) -> bool:
        ended = self.ticket.state in (State.RESOLVED, State.CLOSED)
        return bool(ended and self.ticket.answered_at and not self.ticket.merged_into_id)


def is_late(ticket: Ticket, now: datetime) -> bool:
    """Nobody answered in time, and it still waits for the service."""
    waits = ticket.state in Ticket.TO_HANDLE and ticket.answered_at is None
    return bool(waits and ticket.due_at < now)


def thread_of(ticket: Ticket, *, notes: bool = False) -> Thread:
    """Notes are for who answers."""
    rows = ticket.messages.all() if notes else ticket.messages.public()
    images = Prefetch("screenshots", queryset=Screenshot.objects.told())
    found = rows.select_related("by", "question").prefetch_related(images).order_by("at", "pk")
    return Thread(ticket, list(found), timezone.now())


def own_tickets(user: User) -> QuerySet[Ticket]:
    """All those that this person opened, the last message first."""
    rows = Ticket.objects.own(user).select_related("subject", "body")
    found: QuerySet[Ticket] = rows.order_by("-told_at", "-pk")
    return found


def with_badges(tickets: Iterable[Ticket]) -> list[tuple[Ticket, str]]:
    """Each with the colour of its state."""
    return [(one, KINDS[State(one.state)]) for one in tickets]


def own_ticket(user: User, pk: int) -> Ticket:
    """One that this person opened; another does not exist."""
    return _found(Ticket.objects.own(user).filter(pk=pk))


def ticket_to_answer(user: User, pk: int) -> Ticket:
    """One routed to this person's service; another does not exist."""
    rows = Ticket.objects.kept().for_user(user, to=Action.TICKET_ANSWER)
    return _found(rows.filter(pk=pk))


def _found(rows: QuerySet[Ticket]) -> Ticket:
    found = rows.select_related(*NAMED, "body__region", "profile__user").first()
    if found is None:
        raise Http404
    return found


def others_of(ticket: Ticket, user: User) -> list[Ticket]:
    """The other requests of the same person that this one reads: a duplicate is seen there."""
    rows = Ticket.objects.kept().for_user(user, to=Action.TICKET_ANSWER).exclude(pk=ticket.pk)
    if ticket.opened_by_id:
        rows = rows.filter(opened_by=ticket.opened_by_id)
    else:
        rows = rows.filter(opened_by=None, email__iexact=ticket.email)
    return list(rows.select_related("subject").order_by("-opened_at")[:6])


def age_text(since: datetime, now: datetime) -> str:
    """« depuis 3 h », « depuis 2 jours »: how long somebody has been waiting."""
    lasted = now - since
    if lasted < timedelta(hours=1):
        return "depuis moins d’une heure"
    if lasted < timedelta(days=1):
        return f"depuis {lasted.seconds // 3600}\u00a0h"
    return "depuis un jour" if lasted.days == 1 else f"depuis {lasted.days}\u00a0jours"
