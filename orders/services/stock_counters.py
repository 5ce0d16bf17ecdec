"""What changes the stock of a warehouse apart from orders: departures, counts, replenishment.

``available`` is always: what was last counted, less what is kept for orders, less what left since
that count. So the order in which reports come changes nothing. In the ledger, ``SHIPPED`` tells
units that leave what was kept; ``COUNTED`` and ``REPLENISHED`` those that leave (negative: join)
what is free.
"""

from collections.abc import Mapping
from datetime import datetime

from accounts.models import User
from orders.models import Movement, Order, Stock
from orders.services.counters import NotEnoughError

Cause = Movement.Cause


def ship(
    leaving: Mapping[int, int], *, order: Order, shipped_at: datetime, by: User | None
) -> None:
    """Units kept for an order leave, by stock; a count made after it did not find them."""
    for stock in Stock.objects.filter(pk__in=leaving).order_by("pk").select_for_update(no_key=True):
        quantity = leaving[stock.pk]
        counted = quantity if stock.counted_at and stock.counted_at >= shipped_at else 0
        if not Stock.objects.ship(stock_id=stock.pk, quantity=quantity, counted=counted):
            raise NotEnoughError(stock, quantity)
        _tell(stock, quantity, Cause.SHIPPED, by=by, order=order)
        if counted:  # they were taken off what is free when it was counted
            _tell(stock, -counted, Cause.COUNTED, by=by, order=order)


def count(stock: Stock, *, available: int, counted_at: datetime, by: User | None) -> None:
    """A locked row takes what a report says is free."""
    before = stock.available
    stock.available, stock.counted_at = available, counted_at
    stock.save(update_fields=["available", "counted_at"])
    if before != available:
        _tell(stock, before - available, Cause.COUNTED, by=by)


def move(stock: Stock, quantity: int, *, by: User | None) -> None:
    """Free units leave a warehouse; negative: they come in."""
    if not Stock.objects.move(stock_id=stock.pk, quantity=quantity):
        raise NotEnoughError(stock, quantity)
    _tell(stock, quantity, Cause.REPLENISHED, by=by)


def _tell(
    stock: Stock,
    quantity: int,
    cause: Movement.Cause,
    *,
    by: User | None,
    order: Order | None = None,
) -> None:
    Movement.objects.create(stock=stock, quantity=quantity, cause=cause, by=by, order=order)
