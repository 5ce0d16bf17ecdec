"""A supplier says how many units of its products it holds: what is counted, less what is kept."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.numbers import format_integer
from journal.services import record
from orders.consortium.reach import Shelf
from orders.models import Movement, Product, Stock
from orders.services.errors import OrderingError
from orders.services.products import require_shelf

SEEN = "Le stock vient de changer"


class LevelChangedError(OrderingError):
    """Orders or a colleague changed it since it was shown."""


def levels_of(shelf: Shelf) -> dict[int, Stock]:
    """By number of product: what its supplier holds."""
    rows = Stock.objects.filter(holder=shelf.supplier, product__supplier=shelf.supplier)
    return {one.product_id: one for one in rows}


@transaction.atomic
def count_stock(*, by: User, product: Product, counted: int, seen: int | None = None) -> Stock:
    """Write what was counted on the shelves, orders not shipped included.

    ``seen``: what the page said was counted, to refuse a count made on an old page.
    """
    shelf = require_shelf(by)
    if shelf.supplier is None or product.supplier_id != shelf.supplier.pk:
        raise OrderingError("Ce stock n’est pas le vôtre.")
    Stock.objects.get_or_create(product=product, holder=shelf.supplier)
    rows = Stock.objects.select_for_update(of=("self",), no_key=True)
    stock: Stock = rows.get(product=product, holder=shelf.supplier)
    held = stock.available + stock.reserved
    if seen is not None and seen != held:
        raise LevelChangedError(
            f"{SEEN}\u00a0: il était de {format_integer(seen)} quand la page s’est affichée, il "
            f"est de {format_integer(held)}. Relisez, puis enregistrez de nouveau."
        )
    if counted < stock.reserved:
        raise OrderingError(
            f"{format_integer(stock.reserved)} unités de ce produit sont gardées pour des "
            "commandes en cours\u00a0: le stock compté ne peut pas être plus petit."
        )
    _write(stock, counted, by)
    if counted != held:
        record("orders.stock_counted", by=by, target=product, before=held, after=counted)
    return stock


def _write(stock: Stock, counted: int, by: User) -> None:
    change = stock.available + stock.reserved - counted
    stock.available = counted - stock.reserved
    stock.counted_at = timezone.now()
    stock.save()
    if change:
        cause = Movement.Cause.COUNTED
        Movement.objects.create(stock=stock, quantity=change, cause=cause, by=by)


def count_all(*, by: User, counted: Mapping[Product, int]) -> None:
    """Several at once, in the order of the counters: all or none."""
    with transaction.atomic():
        for product in sorted(counted, key=lambda one: one.pk):
            count_stock(by=by, product=product, counted=counted[product])
