"""Where an order stands and when it comes, found from what is known of it, whatever came first."""

from datetime import date

from orders.following.expected import asked_of
from orders.models import Order, OrderLine

State = Order.State
OVER = (State.CANCELLED, State.REFUSED)


def state_of(order: Order) -> Order.State:
    """From what was received, what left and what came; before, from what its warehouse said."""
    if order.state in OVER:
        return State(order.state)
    if order.received_at is not None:  # whoever ordered may say so before the carrier
        return State.DELIVERED
    lines = list(order.lines.all())
    shipped = sum(line.shipped for line in lines)
    if not shipped:
        return _before_leaving(order, lines)
    if shipped < sum(map(asked_of, lines)):
        return State.PARTLY_SHIPPED
    underway = order.shipments.filter(delivered_at__isnull=True)
    return State.SHIPPED if underway.exists() else State.DELIVERED


def _before_leaving(order: Order, lines: list[OrderLine]) -> Order.State:
    if any(line.confirmed is None for line in lines):
        return State.SUBMITTED
    prepared = order.steps.filter(state=State.PREPARING)
    return State.PREPARING if prepared.exists() else State.CONFIRMED


def expected_day(order: Order) -> date | None:
    """The day of its last shipment once all has left; before, no day sooner than was promised."""
    days: list[date | None] = list(order.shipments.values_list("expected_on", flat=True))
    if order.state == State.PARTLY_SHIPPED or not all(days):
        days.append(order.expected_on)
    return max((day for day in days if day), default=None)
