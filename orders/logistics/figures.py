"""The orders of a warehouse, counted for its home page."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.home import Figure
from common.numbers import format_integer
from establishments.perimeter import Action
from orders.following.filters import late_q
from orders.models import Order

State = Order.State
TO_PREPARE = (State.SUBMITTED, State.CONFIRMED, State.PREPARING)
GONE = (State.PARTLY_SHIPPED, State.SHIPPED)


def warehouse_figures(user: User) -> list[Figure]:
    """To prepare, on the way, late: what was routed to it, in one statement."""
    held = user.perimeter_to(Action.IF_PUT)
    if not held.operator_ids:
        return []
    rows = Order.objects.filter(operator__in=held.operator_ids, exported_at__isnull=False)
    late = late_q(timezone.localdate())
    counts = rows.aggregate(
        prepare=Count("pk", filter=Q(state__in=TO_PREPARE)),
        late_prepare=Count("pk", filter=late & Q(state__in=TO_PREPARE)),
        gone=Count("pk", filter=Q(state__in=GONE)),
        late=Count("pk", filter=late),
    )
    orders = reverse("orders:orders" if user.may(Action.ORD_READ) else "orders:order_files")
    reads = user.may(Action.ORD_READ)
    return [
        Figure(
            "Commandes à préparer",
            format_integer(counts["prepare"]),
            note=f"Dont {format_integer(counts['late_prepare'])} en retard",
            url=f"{orders}?etat=en-cours" if reads else orders,
        ),
        Figure(
            "Commandes en route",
            format_integer(counts["gone"]),
            note="Parties, pas encore livrées",
            url=f"{orders}?etat={State.SHIPPED}" if reads else orders,
        ),
        Figure(
            "Commandes en retard",
            format_integer(counts["late"]),
            note="La livraison prévue est passée" if counts["late"] else "Aucune",
            url=f"{orders}?retard=on" if reads else orders,
        ),
    ]
