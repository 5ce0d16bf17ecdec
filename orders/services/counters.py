"""The three counters that orders use up: quota, regional pool, stock. Never too much, never twice.

Each is taken by one conditional update, with a CHECK behind it; what was taken goes to the ledger
in the same transaction. Always the same order (quotas, then pools, then stocks, each by number):
the row that most people share comes last and is held the shortest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.models import User
from orders.models import Movement, Order, Quota, RegionalPool, Stock
from orders.services.errors import OrderingError


class NotEnoughError(OrderingError):
    """A counter has less left than was asked; nothing was taken."""

    def __init__(self, counter: Quota | RegionalPool | Stock, asked: int) -> None:
        super().__init__("Il ne reste pas assez pour servir cette quantité.")
        self.counter, self.asked = counter, asked


@dataclass(frozen=True, slots=True)
class Taking:
    """Units to take off each counter, by its number; negative: to give back."""

    quotas: Mapping[int, int] = field(default_factory=dict)
    pools: Mapping[int, int] = field(default_factory=dict)
    stocks: Mapping[int, int] = field(default_factory=dict)


def take(taking: Taking, *, order: Order, cause: Movement.Cause, by: User | None) -> None:
    """Take all of it or raise ``NotEnoughError``: the caller's transaction must then roll back."""
    movements = []
    for quota, quantity in _in_order(taking.quotas):
        if not Quota.objects.take(quota_id=quota, quantity=quantity):
            raise NotEnoughError(Quota.objects.get(pk=quota), quantity)
        movements.append(Movement(quota_id=quota, quantity=quantity))
    for pool, quantity in _in_order(taking.pools):
        if not RegionalPool.objects.take(pool_id=pool, quantity=quantity):
            raise NotEnoughError(RegionalPool.objects.get(pk=pool), quantity)
        movements.append(Movement(pool_id=pool, quantity=quantity))
    for stock, quantity in _in_order(taking.stocks):
        if not Stock.objects.take(stock_id=stock, quantity=quantity):
            raise NotEnoughError(Stock.objects.get(pk=stock), quantity)
        movements.append(Movement(stock_id=stock, quantity=quantity))
    for one in movements:
        one.order, one.cause, one.by = order, cause, by
    Movement.objects.bulk_create(movements)


def _in_order(quantities: Mapping[int, int]) -> list[tuple[int, int]]:
    return sorted((key, quantity) for key, quantity in quantities.items() if quantity)
