"""On the home page: for the ARS what waits for its answer; for who asked, what was answered."""

from datetime import timedelta

from django.db.models import Count, Window
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.home import Card, Kind
from common.numbers import format_integer
from establishments.perimeter import Action
from orders.models import ReliefRequest
from orders.relief.rights import answered_by, asking_for
from orders.relief.situation import kept_situation

ORDER = 42
REMEMBERED = timedelta(days=7)  # an answer is told on the home page so long
State = ReliefRequest.State


def relief_cards(user: User) -> list[Card]:
    if user.perimeter_to(Action.AID_PROPOSE).region_codes:
        return agency_cards(user)
    return own_cards(user) if user.may(Action.AID_ASK) and user.may(Action.ORD_WRITE) else []


def agency_cards(user: User) -> list[Card]:
    waiting = answered_by(user).to_answer().annotate(every=Window(Count("pk")))
    first = waiting.urgent_first().for_list().first()
    if first is None:
        return []
    count = first.every
    cover = kept_situation(first.evidence).cover_text
    s = "s" if count > 1 else ""
    return [
        Card(
            Kind.DECIDE,
            f"{format_integer(count)}\u00a0demande{s} de dépannage à traiter",
            f"La plus urgente\u00a0: {first.site}, {first.item} ({cover}).",
            f"Depuis le {timezone.localtime(first.asked_at):%d/%m}",
            "Répondre",
            reverse("orders:relief_request", args=[first.pk])
            if count == 1
            else reverse("orders:relief"),
            ORDER,
        )
    ]


def own_cards(user: User) -> list[Card]:
    rows = ReliefRequest.objects.filter(
        beneficiary__in=asking_for(user),
        state__in=[State.ORDERED, State.AIDED, State.REFUSED],
        answered_at__gte=timezone.now() - REMEMBERED,
    ).for_list()
    return [
        Card(
            Kind.TO_SEE,
            f"Demande de dépannage {one.standing}\u00a0: {one.item}",
            one.answer or f"Réponse {_from(one)}.",
            f"Le {timezone.localtime(one.answered_at):%d/%m}",
            "Voir la réponse",
            reverse("orders:relief_request", args=[one.pk]),
            ORDER,
        )
        for one in rows.order_by("-answered_at")[:3]
    ]


def _from(row: ReliefRequest) -> str:
    return f"de {row.answered_by}" if row.answered_by else "de l’ARS"
