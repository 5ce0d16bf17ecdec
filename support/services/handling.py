"""What those who answer do with a request: take it, order it, hand it over, join it to another."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from establishments.models import Region
from establishments.perimeter import Action
from journal.services import record
from support.contact.letters import tell_desk, tell_merged, tell_moved, tell_service
from support.contact.routing import route_of
from support.models import Priority, Service, Ticket, TicketMessage
from support.services.conversation import check_is_standing, locked_for
from support.services.errors import ContactError
from support.services.tickets import national_desk, write

State = Ticket.State
Kind = TicketMessage.Kind
SHORTEST_REASON = 5


@transaction.atomic
def take(*, by: User, ticket: Ticket, seen: int | None, now: datetime | None = None) -> Ticket:
    """« Je m’en occupe »: from nobody, or from ``seen``, who followed it when the page was read.

    Two at once: the first has it, the second is told who.
    """
    ticket = locked_for(by, ticket)
    check_is_standing(ticket)
    if ticket.assigned_to_id == by.pk:
        return ticket
    if ticket.assigned_to_id != seen:
        if ticket.assigned_to is None:
            raise ContactError("Plus personne ne suit cette demande\u00a0: relisez-la.")
        at = timezone.localtime(ticket.assigned_at)
        raise ContactError(
            f"{ticket.assigned_to} s’en occupe depuis le {at:%d/%m à %H\u00a0h\u00a0%M}."
        )
    before = str(ticket.assigned_to or "")
    ticket.assigned_to, ticket.assigned_at = by, now or timezone.now()
    if ticket.state == State.OPEN:
        ticket.state = State.HANDLED
    ticket.save(update_fields=["assigned_to", "assigned_at", "state"])
    record("support.ticket_taken", by=by, target=ticket.number, taken_from=before)
    return ticket


@transaction.atomic
def give_back(*, by: User, ticket: Ticket) -> Ticket:
    """Who follows it no longer does: it waits for somebody."""
    ticket = locked_for(by, ticket)
    check_is_standing(ticket)
    if ticket.assigned_to_id != by.pk:
        raise ContactError("Vous ne suivez pas cette demande.")
    ticket.assigned_to = ticket.assigned_at = None
    if ticket.state == State.HANDLED:
        ticket.state = State.OPEN
    ticket.save(update_fields=["assigned_to", "assigned_at", "state"])
    record("support.ticket_given_back", by=by, target=ticket.number)
    return ticket


@transaction.atomic
def set_priority(*, by: User, ticket: Ticket, priority: int) -> Ticket:
    ticket = locked_for(by, ticket)
    check_is_standing(ticket)
    if priority not in Priority.values:
        raise ContactError("Choisissez une priorité de la liste.")
    before = ticket.get_priority_display()
    if ticket.priority == priority:
        return ticket
    ticket.priority = priority
    ticket.save(update_fields=["priority"])
    after = ticket.get_priority_display()
    record("support.ticket_ordered", by=by, target=ticket.number, before=before, after=after)
    return ticket


@transaction.atomic
def transfer(
    *,
    by: User,
    ticket: Ticket,
    service: str,
    region: Region | None,
    reason: str,
    now: datetime | None = None,
) -> Ticket:
    """Hand it over to another service, with the reason; who asked is told who answers now."""
    now = now or timezone.now()
    ticket = locked_for(by, ticket)
    check_is_standing(ticket)
    if len(reason.strip()) < SHORTEST_REASON:
        raise ContactError("Dites pourquoi\u00a0: le service suivant le lira.")
    _hand_over(ticket, service, region)
    ticket.assigned_to = ticket.assigned_at = ticket.resolved_at = ticket.rating = None
    ticket.state, ticket.told_at = State.OPEN, now
    ticket.save()
    said = f"La demande est transmise à un autre service\u00a0: {ticket.service_name}."
    write(ticket, Kind.STEP, said, by=by, at=now)
    write(ticket, Kind.NOTE, f"Transmise ici\u00a0: {reason.strip()}", by=by, at=now)
    tell_moved(ticket)
    tell_service(ticket, is_new=True)
    tell_desk(ticket, _first_words(ticket))
    record("support.ticket_transferred", by=by, target=ticket.number, operator=ticket.service_name)
    return ticket


def _hand_over(ticket: Ticket, service: str, region: Region | None) -> None:
    if service not in Service.values:
        raise ContactError("Choisissez un service de la liste.")
    if service == Service.AGENCY and region is None:
        raise ContactError("Choisissez la région de l’ARS.")
    route = route_of(service, region)
    if service != route.service:
        raise ContactError("Ce service n’existe pas encore sur la plateforme.")
    if (ticket.service, ticket.body) == (route.service, route.body):
        raise ContactError("La demande est déjà adressée à ce service.")
    ticket.service, ticket.body = route.service, route.body
    ticket.desk = national_desk(route.service, route.body)


def _first_words(ticket: Ticket) -> str:
    first = ticket.messages.filter(kind=Kind.QUESTION).order_by("at", "pk").first()
    return first.text if first else ""


@transaction.atomic
def merge(*, by: User, ticket: Ticket, into: int, now: datetime | None = None) -> Ticket:
    """Close a duplicate: the conversation goes on in ``into``, a request of the same person.

    Who asked is told by mail which number goes on.
    """
    now = now or timezone.now()
    duplicate, kept = _locked_both(by, ticket.pk, into)
    check_is_standing(duplicate)
    check_is_standing(kept)
    if not is_same_asker(duplicate, kept):
        raise ContactError(f"{kept.number} vient d’une autre personne\u00a0: répondez aux deux.")
    duplicate.state, duplicate.closed_at, duplicate.merged_into = State.CLOSED, now, kept
    duplicate.told_at = now
    duplicate.save()
    followed = f"Cette demande est suivie avec une autre\u00a0: {kept.number}."
    write(duplicate, Kind.STEP, followed, by=by, at=now)
    write(kept, Kind.STEP, f"La demande {duplicate.number} est suivie ici.", by=by, at=now)
    tell_merged(duplicate, kept)
    record("support.ticket_merged", by=by, target=duplicate.number, into=kept.number)
    return kept


def _locked_both(by: User, pk: int, into: int) -> tuple[Ticket, Ticket]:
    """Both, in the same order for everybody: two people who join the same ones wait in turn."""
    if pk == into:
        raise ContactError("Donnez le numéro d’une autre demande.")
    rows = Ticket.objects.kept().for_user(by, to=Action.TICKET_ANSWER).filter(pk__in=(pk, into))
    found = {one.pk: one for one in rows.order_by("pk").select_for_update(of=("self",))}
    if pk not in found or into not in found:
        raise ContactError("Donnez le numéro d’une autre demande adressée à votre service.")
    return found[pk], found[into]


def is_same_asker(one: Ticket, other: Ticket) -> bool:
    if one.opened_by_id or other.opened_by_id:
        return bool(one.opened_by_id == other.opened_by_id)
    return bool(one.email.lower() == other.email.lower())
