"""What deliveries and claims bring to the home page: what comes, what came, what waits."""

from django.db.models import Q, QuerySet
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


def delivery_cards(user: User) -> list[Card]:
    """To receive: delivered, or due by today; awaited: on its way; late: not even gone."""
    today = timezone.localdate()
    rows = Order.objects.held_by(user, to=Action.ORD_RECEP).order_by("expected_on", "pk")
    gone = rows.filter(to_receive_q())
    here = Q(state=Order.State.DELIVERED) | Q(expected_on__lte=today)
    return [
        *to_receive(gone.filter(here)),
        *awaited(gone.exclude(here)),
        *overdue(rows.filter(late_q(today)).exclude(to_receive_q())),
    ]


def to_receive(rows: QuerySet[Order]) -> list[Card]:
    first, count = first_and_count(rows)
    if first is None:
        return []
    detail = "Dites ce qui est arrivé\u00a0: votre inventaire vous le proposera."
    if count == 1:
        title = f"Livraison à réceptionner, commande {first.number}"
        address = reverse("orders:order", args=[first.pk])
        return [Card(Kind.TO_DO, title, detail, _due(first), "Réceptionner", address, ORDER)]
    title = f"{format_integer(count)}\u00a0livraisons à réceptionner"
    address = f"{reverse('orders:orders')}?etat=a-receptionner"
    return [Card(Kind.TO_DO, title, detail, "", "Voir lesquelles", address, ORDER)]


def awaited(rows: QuerySet[Order]) -> list[Card]:
    first, count = first_and_count(rows)
    if first is None:
        return []
    if count == 1:
        title = f"Livraison attendue, commande {first.number}"
        address = reverse("orders:order", args=[first.pk])
    else:
        title = f"{format_integer(count)}\u00a0livraisons attendues"
        address = f"{reverse('orders:orders')}?etat=a-receptionner&tri=prevue"
    return [Card(Kind.TO_SEE, title, "", _due(first), "Suivre", address, ORDER)]


def overdue(rows: QuerySet[Order]) -> list[Card]:
    first, count = first_and_count(rows)
    if first is None:
        return []
    if count == 1:
        title, detail = f"Commande {first.number} en retard", _due(first)
        address = reverse("orders:order", args=[first.pk])
    else:
        title, detail = f"{format_integer(count)}\u00a0commandes en retard", ""
        address = f"{reverse('orders:orders')}?retard=on"
    return [Card(Kind.TO_SEE, title, detail, "", "Voir", address, ORDER)]


def first_and_count(rows: QuerySet[Order]) -> tuple[Order | None, int]:
    """Counted only where there are several."""
    few = list(rows[:2])
    return (few[0] if few else None), (rows.count() if len(few) > 1 else len(few))


def _due(order: Order) -> str:
    return f"Prévue le {order.expected_on:%d/%m/%Y}" if order.expected_on else ""


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
