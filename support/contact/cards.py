"""What requests for assistance bring to the home page: those to answer, the answers to read."""

from datetime import timedelta

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.home import Card, Kind
from common.numbers import format_integer
from establishments.perimeter import Action
from support.contact.reading import age_text
from support.models import Ticket

ORDER = 60
SHOWN = timedelta(days=14)


def contact_cards(user: User) -> list[Card]:
    cards = answered_cards(user)
    if user.may(Action.TICKET_ANSWER):
        cards += waiting_cards(user)
    return cards


def waiting_cards(user: User) -> list[Card]:
    """« 4 demandes à traiter, la plus ancienne depuis 2 jours »: late, or to decide."""
    now = timezone.now()
    rows = Ticket.objects.to_handle().for_user(user, to=Action.TICKET_ANSWER).order_by()
    late = Q(answered_at=None, due_at__lt=now)
    told = rows.aggregate(count=Count("pk"), late=Count("pk", filter=late), first=Min("opened_at"))
    if not told["count"]:
        return []
    since, address = age_text(told["first"], now), reverse("support:inbox")
    if told["count"] == 1:
        title = f"Une demande d’assistance à traiter, {since}"
    else:
        count = format_integer(told["count"])
        title = f"{count}\u00a0demandes d’assistance à traiter, la plus ancienne {since}"
    kind = Kind.LATE if told["late"] else Kind.DECIDE
    return [Card(kind, title, late_text(told["late"]), "", "Répondre", address, ORDER)]


def late_text(count: int) -> str:
    if not count:
        return ""
    if count == 1:
        return "L’une attend depuis plus longtemps que le délai annoncé."
    return f"{format_integer(count)} attendent depuis plus longtemps que le délai annoncé."


def answered_cards(user: User) -> list[Card]:
    """Those that wait for an answer of this person, or to be told settled."""
    asked = Q(state=Ticket.State.WAITING)
    done = Q(state=Ticket.State.RESOLVED, rating=None, answered_at__isnull=False)
    recent = Q(resolved_at__gte=timezone.now() - SHOWN)
    rows = Ticket.objects.own(user).filter(asked | done & recent)
    found = list(rows.select_related("body").order_by("-told_at")[:2])
    if not found:
        return []
    detail = "Dites si elle vous aide, ou complétez votre demande."
    if len(found) == 1:
        title = f"Une réponse à votre demande {found[0].number}"
        address = reverse("support:ticket", args=[found[0].pk])
    else:
        title, address = "Des réponses à vos demandes d’assistance", reverse("support:tickets")
    return [Card(Kind.TO_SEE, title, detail, "", "Lire", address, ORDER)]
