"""What capacities bring to the home page: the corrections to decide, those just answered."""

from datetime import timedelta

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.home import Card, Kind
from common.numbers import format_integer
from establishments.perimeter import Action
from orders.capacities.waiting import requests_to_decide
from orders.models import CapacityRequest

ORDER = 44
TOLD_FOR = timedelta(days=7)
State = CapacityRequest.State


def capacity_cards(user: User) -> list[Card]:
    found = []
    if user.may(Action.CAP_VALIDATE):
        found += _to_decide(user)
    if user.may(Action.CAP_PROPOSE):
        found += _answered(user)
    return found


def _to_decide(user: User) -> list[Card]:
    rows = requests_to_decide(user).exclude(asked_by=user).order_by()
    told = rows.aggregate(count=Count("pk"), first=Min("asked_at"))
    count = told["count"]
    if not count:
        return []
    oldest = timezone.localdate(told["first"])
    s = "s" if count > 1 else ""
    return [
        Card(
            Kind.DECIDE,
            f"{format_integer(count)}\u00a0correction{s} de capacité à décider",
            "Le contingent de ces établissements en dépend.",
            f"La plus ancienne attend depuis le {oldest:%d/%m/%Y}",
            "Voir les demandes",
            reverse("orders:capacity_requests"),
            ORDER,
        )
    ]


def _answered(user: User) -> list[Card]:
    """To the person who asked, for a week."""
    rows = CapacityRequest.objects.for_user(user, to=Action.CAP_PROPOSE).filter(
        asked_by=user,
        state__in=(State.ACCEPTED, State.REFUSED),
        decided_at__gte=timezone.now() - TOLD_FOR,
    )
    return [
        Card(
            Kind.TO_SEE,
            f"Correction de capacité {row.get_state_display()}",
            f"{row.establishment}, nombre de {row.get_basis_display()}s\u00a0: {row.answer}".rstrip(
                "\u00a0: "
            ),
            f"Décidée le {timezone.localtime(row.decided_at):%d/%m/%Y}",
            "Voir la capacité",
            reverse("orders:capacity", args=[row.establishment.finess]),
            ORDER,
        )
        for row in rows.select_related("establishment")[:3]
    ]
