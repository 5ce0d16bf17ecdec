"""The three counters that orders use up: quota, regional pool, stock. Never too much, never twice.

Each is taken by one conditional update, with a CHECK behind it; what was taken goes to the ledger
in the same transaction. Always the same order (quotas, then pools, then stocks, each by number):
the row that most people share comes last and is held the shortest.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from accounts.models import User
from orders.models import Movement, Order, Quota, RegionalPool, Stock
from orders.services.errors import OrderingError

COUNTERS: Final[tuple[tuple[str, Any], ...]] = (
    ("quota", Quota),
    ("pool", RegionalPool),
    ("stock", Stock),
)


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
    take_for_all([(order, taking)], cause=cause, by=by)


def take_for_all(
    takings: Sequence[tuple[Order, Taking]], *, cause: Movement.Cause, by: User | None
) -> None:
    """The same for many orders, all or none: one update a counter, whoever shares it."""
    movements = []
    for name, rows in COUNTERS:
        sums = Counter[int]()
        for order, taking in takings:
            quantities = _in_order(getattr(taking, f"{name}s"))
            sums.update(dict(quantities))
            movements += [
                Movement(order=order, quantity=units, cause=cause, by=by, **{f"{name}_id": key})
                for key, units in quantities
            ]
        for key, units in _in_order(sums):
            if not rows.objects.take(**{f"{name}_id": key}, quantity=units):
                raise NotEnoughError(rows.objects.get(pk=key), units)
    Movement.objects.bulk_create(movements, batch_size=2000)


def _in_order(quantities: Mapping[int, int]) -> list[tuple[int, int]]:
    return sorted((key, quantity) for key, quantity in quantities.items() if quantity)
