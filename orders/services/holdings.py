"""What an order holds of each counter, as the ledger tells it, and giving some of it back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Sum

from accounts.models import User
from orders.models import Movement, Order, Product
from orders.services.counters import Taking, take

Cause = Movement.Cause


@dataclass(slots=True)
class Held:
    """The counters of an order: quota and pool by item, stock by product."""

    quotas: dict[int, int] = field(default_factory=dict)
    pools: dict[int, int] = field(default_factory=dict)
    stocks: dict[int, int] = field(default_factory=dict)

    def part(self, units: Mapping[Product, int]) -> Taking:
        """What a quantity of some products takes of them."""
        found: tuple[dict[int, int], dict[int, int], dict[int, int]] = ({}, {}, {})
        for product, quantity in units.items():
            keys = (
                self.quotas.get(product.item_id),
                self.pools.get(product.item_id),
                self.stocks.get(product.pk),
            )
            for sums, key in zip(found, keys, strict=True):
                if key is not None:
                    sums[key] = sums.get(key, 0) + quantity
        return Taking(*found)


def held_by(order: Order) -> Held:
    """In one statement. A counter whose units were all given back is not held."""
    counted = (
        Movement.objects.filter(order=order)
        .exclude(cause__in=[Cause.SHIPPED, Cause.COUNTED])
        .order_by()
        .values_list("quota", "quota__item", "pool", "pool__item", "stock", "stock__product")
        .annotate(units=Sum("quantity"))
        .filter(units__gt=0)
    )
    held = Held()
    for quota, of_quota, pool, of_pool, stock, product, _ in counted:
        if quota:
            held.quotas[of_quota] = quota
        elif pool:
            held.pools[of_pool] = pool
        else:
            held.stocks[product] = stock
    return held


def give_back(
    order: Order, units: Mapping[Product, int], *, cause: Movement.Cause, by: User | None
) -> None:
    """Give back a quantity of some products of a locked order, to each counter it came from."""
    less = {product: -quantity for product, quantity in units.items() if quantity}
    if less:
        take(held_by(order).part(less), order=order, cause=cause, by=by)
