"""Orders that wait for their file go from La Poste to Santé publique France, hundreds at a time.

What an order keeps goes with it: its quota does not change, its stock goes from one warehouse to
the other. One that SPF cannot serve stays where it is, with why.
"""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from accounts.models import User
from establishments.models import AdministrativeBody
from journal.services import record
from orders.models import Movement, Order, OrderStep, Product, Reroute, Stock
from orders.services.counters import NotEnoughError
from orders.services.errors import OrderingError
from orders.services.rerouting import require_router
from orders.services.routing import Route, Routes

Kind, Cause = AdministrativeBody.Kind, Movement.Cause
BATCH: Final = 500
SECONDS: Final = 8  # that a page waits; what is left is for another click
SHOWN: Final = 100
Kept = dict[int, dict[int, tuple[int, int]]]  # of an order: by product, the stock and the units
Shelf = tuple[int, int]  # product, holder


@dataclass(slots=True)
class Moved:
    """How many another warehouse serves from now on, and those that it cannot serve, with why.

    ``after``: the last one looked at when the time was over, None when all were.
    """

    count: int = 0
    left_count: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)
    after: int | None = None

    def leave(self, order: Order, why: str) -> None:
        self.left_count += 1
        if len(self.left) < SHOWN:
            self.left.append((order.number, why))


def orders_to_move(reroute: Reroute) -> "QuerySet[Order]":
    """Those sent to La Poste whose file is not written: they may still change warehouse."""
    rows = Order.objects.filter(
        operator__kind=Kind.LA_POSTE, state=Order.State.SUBMITTED, exported_at=None
    ).exclude(kind=Order.Kind.PAID)
    found: QuerySet[Order] = rows.order_by("pk")
    return found.filter(region=reroute.region_id) if reroute.region_id else found


def move_orders(reroute: Reroute, *, by: User, after: int = 0, seconds: float = SECONDS) -> Moved:
    """Move those after a number, for so many seconds. Each batch is one transaction, journaled."""
    require_router(by)
    if reroute.ended_at is not None:
        raise OrderingError("Ce réacheminement est levé.")
    moved, end = Moved(), time.monotonic() + seconds
    while (last := _move_batch(reroute, after, moved, by)) is not None:
        after = last
        if time.monotonic() > end:
            moved.after = after
            break
    return moved


@transaction.atomic
def _move_batch(reroute: Reroute, after: int, moved: Moved, by: User) -> int | None:
    """The orders first, then the stocks, as everywhere; the number of the last one looked at."""
    rows = orders_to_move(reroute).filter(pk__gt=after)
    rows = rows.select_related("operator", "beneficiary__platform").prefetch_related("lines")
    orders = list(rows.select_for_update(of=("self",), no_key=True, skip_locked=True)[:BATCH])
    if not orders:
        return None
    routes, kept = Routes(), _kept(orders)
    targets = {one.pk: routes.of(one.beneficiary, one.region_id) for one in orders}
    stocks = _lock(kept, {one.operator.pk for one in targets.values()})
    going, units, left_before = [], Counter[int](), moved.left_count
    for order in orders:
        route = targets[order.pk]
        if route.operator.pk == order.operator_id:
            continue
        why = _reserve(kept.get(order.pk, {}), stocks, route, units)
        if why:
            moved.leave(order, why)
        else:
            going.append(order)
    _write(going, targets, kept, stocks, by)
    _count(units)
    moved.count += len(going)
    missing = moved.left_count - left_before
    record("orders.orders_moved", by=by, target=reroute, count=len(going), missing=missing)
    return int(orders[-1].pk)


def _kept(orders: Sequence[Order]) -> Kept:
    """As the ledger tells it, in one statement."""
    rows = (
        Movement.objects.filter(order__in=orders, stock__isnull=False)
        .exclude(cause__in=[Cause.SHIPPED, Cause.COUNTED])
        .order_by()
        .values_list("order", "stock__product", "stock")
        .annotate(units=Sum("quantity"))
        .filter(units__gt=0)
    )
    found: Kept = {}
    for order, product, stock, units in rows:
        found.setdefault(order, {})[product] = (stock, units)
    return found


def _lock(kept: Kept, operators: set[int]) -> dict[Shelf, Stock]:
    """The stocks that give and those that take, in the common order."""
    products = {product for lines in kept.values() for product in lines}
    giving = {stock for lines in kept.values() for stock, _ in lines.values()}
    rows = Stock.objects.filter(product__in=products, holder__in=operators)
    rows = (rows | Stock.objects.filter(pk__in=giving)).order_by("pk")
    locked = rows.select_for_update(no_key=True)
    return {(one.product_id, one.holder_id): one for one in locked}


def _reserve(
    lines: Mapping[int, tuple[int, int]],
    stocks: Mapping[Shelf, Stock],
    route: Route,
    units: Counter[int],
) -> str:
    """Count on the locked rows what an order takes and gives back; else why it cannot."""
    for product, (_, quantity) in lines.items():
        target = stocks.get((product, route.operator.pk))
        if target is None:
            return f"{Product.objects.get(pk=product)}\u00a0: {route.operator} n’en tient pas."
        if target.available - units[target.pk] < quantity:
            return (
                f"{Product.objects.get(pk=product)}\u00a0: pas assez de stock à {route.operator}."
            )
    for product, (stock, quantity) in lines.items():
        units[stocks[product, route.operator.pk].pk] += quantity
        units[stock] -= quantity
    return ""


def _write(
    orders: Sequence[Order],
    targets: Mapping[int, Route],
    kept: Kept,
    stocks: Mapping[Shelf, Stock],
    by: User,
) -> None:
    now, movements = timezone.now(), []
    for order in orders:
        target = targets[order.pk]
        for product, (stock, quantity) in kept.get(order.pk, {}).items():
            taken = stocks[product, target.operator.pk].pk
            for one, change in ((stock, -quantity), (taken, quantity)):
                movements.append(
                    Movement(order=order, stock_id=one, quantity=change, cause=Cause.CHANGED, by=by)
                )
    Movement.objects.bulk_create(movements, batch_size=2000)
    OrderStep.objects.bulk_create(_step(one, targets[one.pk], now, by) for one in orders)
    by_route: dict[Route, list[int]] = {}
    for order in orders:
        by_route.setdefault(targets[order.pk], []).append(order.pk)
    for route, keys in by_route.items():
        Order.objects.filter(pk__in=keys).update(
            operator=route.operator, platform=route.platform, saved_at=now
        )


def _step(order: Order, route: Route, now: datetime, by: User) -> OrderStep:
    text = f"Servie par {route.operator} au lieu de {order.operator}. {route.why}"[:400]
    return OrderStep(order=order, text=text, state=order.state, at=now, by=by, author=str(by))


def _count(units: Counter[int]) -> None:
    """One update a stock, conditional as everywhere, though its row is locked."""
    for pk, quantity in sorted(units.items()):
        if not Stock.objects.take(stock_id=pk, quantity=quantity):
            raise NotEnoughError(Stock.objects.get(pk=pk), quantity)
