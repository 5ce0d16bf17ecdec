"""The requests of the inbox: a list declared once, for its page and for its file.

The file says what is counted and how long it took: neither names nor texts leave with it.
"""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.columns import UNDER, Column, Table
from support.contact.reading import KINDS, State, age_text, is_late
from support.models import Priority, Ticket

STRONG = (Priority.HIGH, Priority.URGENT)


def badge(ticket: Ticket) -> SafeString:
    return format_html(
        '<span class="fr-badge fr-badge--sm fr-badge--no-icon fr-badge--{}">{}</span>',
        KINDS[State(ticket.state)],
        ticket.get_state_display(),
    )


def _first(ticket: Ticket) -> SafeString:
    address = reverse("support:inbox_ticket", args=[ticket.pk])
    title = ticket.title or ticket.subject.label
    return format_html(
        '<a href="{}">{}</a>' + UNDER, address, title, f"{ticket.number} · {ticket.subject}"
    )


def _asker(ticket: Ticket) -> Any:
    who = ticket.asker or "Sans nom"
    if not ticket.opened_by_id:
        who = f"{who} (sans connexion)"
    return format_html("{}" + UNDER, ticket.place or "Lieu non précisé", who)


def _priority(ticket: Ticket) -> Any:
    label = ticket.get_priority_display()
    if ticket.priority not in STRONG:
        return label
    return format_html(
        '<span class="app-etat app-etat--attention fr-icon-warning-line">{}</span>', label
    )


def _age(ticket: Ticket) -> Any:
    now = timezone.now()
    text = age_text(ticket.opened_at, now).removeprefix("depuis ")
    if not is_late(ticket, now):
        return text
    late = '<span class="app-etat app-etat--attention fr-icon-time-line">en retard</span>'
    return format_html("{}" + late, text)


def _follower(ticket: Ticket) -> str:
    return str(ticket.assigned_to) if ticket.assigned_to else "personne"


def _day(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment) if moment else None


INBOX = Table(
    "demandes",
    "Demandes",
    [
        Column("Demande", lambda one: one.number, _first),
        Column("De", lambda one: one.place, _asker),
        Column("Priorité", lambda one: one.get_priority_display(), _priority),
        Column("Depuis", lambda one: _day(one.opened_at), _age, is_number=True),
        Column("État", lambda one: one.get_state_display(), badge),
        Column("Suivie par", _follower),
        Column("Adressée à", lambda one: one.service_name),
    ],
)
FILE = Table(
    "demandes",
    "Demandes d’assistance",
    [
        Column("Numéro", lambda one: one.number),
        Column("Sujet", lambda one: one.subject.label),
        Column("Adressée à", lambda one: one.service_name),
        Column("Région", lambda one: str(one.region or "")),
        Column("État", lambda one: one.get_state_display()),
        Column("Priorité", lambda one: one.get_priority_display()),
        Column("Sans connexion", lambda one: "non" if one.opened_by_id else "oui"),
        Column("Ouverte le", lambda one: _day(one.opened_at)),
        Column("Réponse visée le", lambda one: _day(one.due_at)),
        Column("Première réponse le", lambda one: _day(one.answered_at)),
        Column("Résolue le", lambda one: _day(one.resolved_at)),
        Column("Close le", lambda one: _day(one.closed_at)),
        Column("Suivie par", _follower),
        Column("La réponse a aidé", lambda one: one.get_rating_display() or ""),
    ],
)
