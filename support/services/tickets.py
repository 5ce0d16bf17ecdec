"""A request is opened: by somebody logged in, or by a visitor; routed, numbered, acknowledged."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Profile, User
from common.photos import Drawn
from common.working_days import working_days_after
from establishments.models import Region
from journal.services import record
from support.contact.letters import tell_desk, tell_received, tell_service
from support.contact.routing import route_of
from support.models import Priority, Question, Screenshot, Subject, Ticket, TicketMessage
from support.services.errors import ContactError

SHORTEST = 10  # characters of a first message, without which nobody can answer
MOST_SCREENSHOTS = 3
TOO_SHORT = "Expliquez en quelques mots, pour que l’on puisse vous répondre."


@dataclass(frozen=True, slots=True)
class Asker:
    """A visitor: what they tell of themselves, nothing of which was verified."""

    email: str
    name: str = ""
    phone: str = ""
    place: str = ""
    finess: str = ""
    region: Region | None = None
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked. ``answers``: the fields of the subject, by their label."""

    subject: Subject
    text: str
    title: str = ""
    phone: str = ""
    is_blocking: bool = False
    page: str = ""
    incident: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    desk: str = ""
    screenshots: list[Drawn] = field(default_factory=list)


def open_ticket(
    *,
    by: User | None,
    asked: Asked,
    token: uuid.UUID,
    asker: Asker | None = None,
    now: datetime | None = None,
) -> Ticket:
    """Open it, write to who answers and to who asks; sent twice, even at once, one request."""
    now = now or timezone.now()
    _check(asked)
    told = _asker_fields(by, asked) if by else _visitor_fields(asker, asked)
    if (already := _already(token, by, told)) is not None:
        return already
    try:
        with transaction.atomic():
            return _open(by, asked, told, token, now)
    except IntegrityError:
        if (already := _already(token, by, told)) is not None:
            return already
        raise


def _check(asked: Asked) -> None:
    check_message(asked.text, asked.screenshots, least=SHORTEST)
    if not asked.subject.is_open:
        raise ContactError("Ce sujet n’est plus proposé\u00a0: choisissez-en un autre.")


def check_message(text: str, screenshots: list[Drawn], *, least: int = 1) -> None:
    if len(text.strip()) < least:
        raise ContactError(TOO_SHORT)
    if len(screenshots) > MOST_SCREENSHOTS:
        raise ContactError(f"Joignez {MOST_SCREENSHOTS} captures d’écran au plus.")


def _already(token: uuid.UUID, by: User | None, told: dict[str, Any]) -> Ticket | None:
    """The request that this form already opened; of somebody else, it is no answer to give."""
    found: Ticket | None = Ticket.objects.filter(token=token).first()
    if found is None:
        return None
    mine = found.opened_by_id == by.pk if by else found.email == told["email"]
    if mine:
        return found
    raise ContactError("Cet envoi a déjà servi\u00a0: rechargez la page, puis recommencez.")


def _open(
    by: User | None, asked: Asked, told: dict[str, Any], token: uuid.UUID, now: datetime
) -> Ticket:
    subject = asked.subject
    route = route_of(subject.service, told["region"])
    ticket: Ticket = Ticket.objects.create(
        token=token,
        subject=subject,
        title=asked.title.strip(),
        service=route.service,
        body=route.body,
        priority=priority_of(subject, is_blocking=asked.is_blocking),
        is_blocking=asked.is_blocking,
        page=asked.page,
        incident=asked.incident,
        answers=asked.answers,
        desk=asked.desk or national_desk(route.service, route.body),
        opened_at=now,
        told_at=now,
        due_at=working_days_after(now, subject.delay_days),
        **told,
    )
    write(ticket, TicketMessage.Kind.QUESTION, asked.text, by=by, at=now, token=token,
          screenshots=asked.screenshots)  # fmt: skip
    tell_received(ticket)
    tell_service(ticket, is_new=True)
    tell_desk(ticket, asked.text)
    record(
        "support.ticket_opened",
        by=by,
        target=ticket.number,
        subject=subject.label,
        operator=ticket.service_name,
        priority=ticket.get_priority_display(),
    )
    return ticket


def national_desk(service: str, body: Any) -> str:
    """The national cell reads no request here: its mailbox is written to."""
    return str(body.mailbox) if service == "national" and body else ""


def priority_of(subject: Subject, *, is_blocking: bool) -> int:
    """One step above that of the subject for who can no longer work."""
    return int(min(subject.priority + is_blocking, Priority.URGENT))


def _asker_fields(by: User, asked: Asked) -> dict[str, Any]:
    profile = by.active_profile
    entity = profile.entity if profile else None
    return {
        "opened_by": by,
        "profile": profile,
        "name": str(by)[:150],
        "phone": asked.phone.strip() or (profile.phone if profile else "") or by.phone,
        "place": str(entity or "")[:200],
        "finess": profile.finess if profile else "",
        "region": region_of(profile),
        "role": roles_of(profile),
    }


def region_of(profile: Profile | None) -> Region | None:
    entity: Any = profile.entity if profile else None
    region: Region | None = entity.region if entity and entity.region_id else None
    return region


def roles_of(profile: Profile | None) -> str:
    """The habilitations in force of the profile in use."""
    return ", ".join(str(one) for one in profile.rights)[:300] if profile else ""


def _visitor_fields(asker: Asker | None, asked: Asked) -> dict[str, Any]:
    if asker is None or not asker.email:
        raise ContactError("Donnez une adresse électronique, pour que l’on puisse vous répondre.")
    if not asked.subject.is_for_visitors:
        raise ContactError("Connectez-vous pour écrire à propos de ce sujet.")
    return {
        "name": asker.name.strip(),
        "email": asker.email.strip(),
        "phone": asker.phone.strip(),
        "place": asker.place.strip(),
        "finess": asker.finess,
        "region": asker.region,
        "identifier": asker.identifier.strip(),
    }


def write(
    ticket: Ticket,
    kind: str,
    text: str,
    *,
    by: User | None,
    at: datetime,
    token: uuid.UUID | None = None,
    screenshots: list[Drawn] | None = None,
    question: Question | None = None,
) -> TicketMessage:
    """Add to the conversation, with its images."""
    row: TicketMessage = TicketMessage.objects.create(
        ticket=ticket,
        token=token or uuid.uuid4(),
        kind=kind,
        text=text.strip(),
        question=question,
        author=_author(ticket, kind, by),
        by=by,
        at=at,
    )
    Screenshot.objects.bulk_create(
        Screenshot(message=row, content=one.content, width=one.width, height=one.height)
        for one in screenshots or []
    )
    return row


def _author(ticket: Ticket, kind: str, by: User | None) -> str:
    """In whose name: who asks, or the service that answers; a note is of its author."""
    if kind == TicketMessage.Kind.QUESTION:
        return (ticket.asker or "Vous")[:150]
    if kind == TicketMessage.Kind.NOTE:
        return str(by or "")[:150]
    return ticket.service_name[:150]
