"""The requests of a person, for the archive of their data: what they asked, what was answered."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q

from accounts.models import User
from accounts.own_data import Part, part
from support.models import Ticket, TicketMessage

TOLD = {(Ticket, "opened_by")}
REQUESTS = (
    "Numéro",
    "Ouverte le",
    "Sujet",
    "Objet",
    "Adressée à",
    "État",
    "Nom",
    "Adresse",
    "Téléphone",
    "Lieu",
    "Habilitations",
    "Identifiant essayé",
    "Page",
    "Précisions",
    "La réponse a aidé",
)
MESSAGES = ("Demande", "Le", "De", "Message", "Captures d’écran")


def parts(user: User) -> list[Part]:
    return [
        part("Demandes d’assistance", REQUESTS, _requests(user)),
        part("Messages des demandes d’assistance", MESSAGES, _messages(user)),
    ]


def own(user: User) -> Q:
    """Opened by the account, or without login for an address that it has proved to be its own."""
    proved = user.emailaddress_set.filter(verified=True).values_list("email", flat=True)
    asked = Q(opened_by=user)
    for address in proved:
        asked |= Q(opened_by=None, email__iexact=address)
    return asked


def _requests(user: User) -> Iterator[tuple[Any, ...]]:
    rows = Ticket.objects.kept().filter(own(user)).select_related("subject", "body")
    for one in rows.order_by("pk"):
        yield (
            one.number,
            one.opened_at,
            str(one.subject),
            one.title,
            one.service_name,
            one.get_state_display(),
            one.name,
            one.email,
            one.phone,
            one.place,
            one.role,
            one.identifier,
            one.page,
            one.answers,
            one.get_rating_display(),
        )


def _messages(user: User) -> Iterator[tuple[Any, ...]]:
    """Not the notes: those who answer write them to one another."""
    tickets = Ticket.objects.kept().filter(own(user))
    rows = TicketMessage.objects.public().filter(ticket__in=tickets).select_related("ticket")
    for one in rows.annotate(images=Count("screenshots")).order_by("ticket", "at", "pk"):
        yield one.ticket.number, one.at, one.author, one.text, one.images
