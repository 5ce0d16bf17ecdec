"""What deliveries and claims bring to the home page: what comes, what came, what waits."""

from datetime import date
from typing import NamedTuple

from django.db.models import Case, Count, Min, Q, Value, When
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.home import Card, Kind
from common.numbers import format_integer
from establishments.perimeter import Action
from orders.following.filters import late_q, to_receive_q
from orders.models import Claim, Order

ORDER = 41


def following_cards(user: User) -> list[Card]:
    cards = delivery_cards(user) if user.may(Action.ORD_RECEP) else []
    if user.may(Action.CLAIM_OPEN):
        cards += answered_cards(user)
    if user.may(Action.CLAIM_ANSWER):
        cards += waiting_cards(user)
    return cards


class Expected(NamedTuple):
    """The orders of one card: how many, the nearest day; ``pk`` and ``number`` of the only one."""

    card: str | None
    orders: int
    pk: int
    number: str
    expected_on: date | None


def delivery_cards(user: User) -> list[Card]:
    """To receive: delivered, or due by today; awaited: on its way; late: not even gone."""
    found = {one.card: one for one in expected(user)}
    makers = {"here": to_receive, "awaited": awaited, "late": overdue}
    return [make(found[card]) for card, make in makers.items() if card in found]


def expected(user: User) -> list[Expected]:
    """What each card counts, and the orders that none does; one statement."""
    today = timezone.localdate()
    here = Q(state=Order.State.DELIVERED) | Q(expected_on__lte=today)
    card = Case(
        When(to_receive_q() & here, then=Value("here")),
        When(to_receive_q(), then=Value("awaited")),
        When(late_q(today), then=Value("late")),
    )
    rows = Order.objects.held_by(user, to=Action.ORD_RECEP).order_by().values_list(card)
    counted = rows.annotate(Count("pk"), Min("pk"), Min("number"), Min("expected_on"))
    return [Expected(*one) for one in counted]


def to_receive(found: Expected) -> Card:
    detail = "Dites ce qui est arrivé\u00a0: votre inventaire vous le proposera."
    if found.orders == 1:
        title = f"Livraison à réceptionner, commande {found.number}"
        address = reverse("orders:order", args=[found.pk])
        return Card(Kind.TO_DO, title, detail, _due(found), "Réceptionner", address, ORDER)
    title = f"{format_integer(found.orders)}\u00a0livraisons à réceptionner"
    address = f"{reverse('orders:orders')}?etat=a-receptionner"
    return Card(Kind.TO_DO, title, detail, "", "Voir lesquelles", address, ORDER)


def awaited(found: Expected) -> Card:
    if found.orders == 1:
        title = f"Livraison attendue, commande {found.number}"
        address = reverse("orders:order", args=[found.pk])
    else:
        title = f"{format_integer(found.orders)}\u00a0livraisons attendues"
        address = f"{reverse('orders:orders')}?etat=a-receptionner&tri=prevue"
    return Card(Kind.TO_SEE, title, "", _due(found), "Suivre", address, ORDER)


def overdue(found: Expected) -> Card:
    if found.orders == 1:
        title, detail = f"Commande {found.number} en retard", _due(found)
        address = reverse("orders:order", args=[found.pk])
    else:
        title, detail = f"{format_integer(found.orders)}\u00a0commandes en retard", ""
        address = f"{reverse('orders:orders')}?retard=on"
    return Card(Kind.TO_SEE, title, detail, "", "Voir", address, ORDER)


def _due(found: Expected) -> str:
    return f"Prévue le {found.expected_on:%d/%m/%Y}" if found.expected_on else ""


def answered_cards(user: User) -> list[Card]:
    rows = Claim.objects.held_by(user, to=Action.CLAIM_OPEN)
    answered = list(rows.filter(state=Claim.State.ANSWERED).select_related("order")[:2])
    if not answered:
        return []
    if len(answered) == 1:
        title = f"Réponse à votre réclamation, commande {answered[0].order.number}"
        address = reverse("orders:claim", args=[answered[0].pk])
    else:
        title, address = "Réponses à vos réclamations", f"{reverse('orders:claims')}?etat=answered"
    detail = "Dites si c’est réglé, ou répondez."
    return [Card(Kind.TO_SEE, title, detail, "", "Lire", address, ORDER)]


def waiting_cards(user: User) -> list[Card]:
    count = Claim.objects.for_user(user, to=Action.CLAIM_ANSWER).waiting().count()
    if not count:
        return []
    if count == 1:
        title = "Une réclamation attend une réponse"
    else:
        title = f"{format_integer(count)}\u00a0réclamations attendent une réponse"
    address = f"{reverse('orders:claims')}?etat=open"
    return [Card(Kind.DECIDE, title, "", "", "Répondre", address, ORDER)]
