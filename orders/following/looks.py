"""How an order, a claim and their dates are written on the pages of those who follow them."""

from datetime import date
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

from orders.models import Claim, Order

State = Order.State
BADGES: Final = {
    State.SUBMITTED: "info",
    State.CONFIRMED: "info",
    State.PREPARING: "info",
    State.PARTLY_SHIPPED: "purple-glycine",
    State.SHIPPED: "purple-glycine",
    State.DELIVERED: "success",
    State.CANCELLED: "beige-gris-galet",
    State.REFUSED: "error",
    Claim.State.OPEN: "new",
    Claim.State.ANSWERED: "info",
    Claim.State.CLOSED: "beige-gris-galet",
}
LATE: Final = '<span class="app-etat app-etat--attention fr-icon-time-line fr-icon--sm">{}</span>'


def badge(row: Order | Claim) -> SafeString:
    return format_html(
        '<span class="fr-badge fr-badge--sm fr-badge--no-icon fr-badge--{}">{}</span>',
        BADGES.get(row.state, "info"),
        row.get_state_display(),
    )


def is_late(order: Order, today: date) -> bool:
    """Its expected day is over, and it has not come."""
    if order.state not in Order.UNDER_WAY or order.expected_on is None:
        return False
    return bool(order.expected_on < today)


def days_late(day: date, today: date) -> str:
    count = (today - day).days
    return "en retard d’un jour" if count == 1 else f"en retard de {count}\u00a0jours"
