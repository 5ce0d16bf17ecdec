"""« Recommander »: the basket takes an earlier order again, bounded by what is left now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from common.numbers import format_integer
from common.weeks import PARIS, current_week
from orders.models import Order, OrderLine, Product
from orders.services.drafts import draft_of, save_lines
from orders.services.errors import OrderingError
from orders.services.holders import Holder
from orders.services.room import Room, refusals_of, room_of
from orders.services.routing import route_of


@dataclass(frozen=True, slots=True)
class Reordered:
    """What went into the basket, and in words each difference from the earlier order."""

    lines: dict[int, int]
    differences: list[str]


def reorder(*, by: User, holder: Holder, order: Order, now: datetime) -> Reordered:
    """Fill the basket; nothing is sent. What cannot be ordered now is told, never silently cut.

    What the basket already has of other products stays, and counts.
    """
    wanted = {one.product_id: one for one in order.lines.select_related("product")}
    kept = _kept(by, holder, wanted.keys())
    products = wanted.keys() | {one.product_id for one in kept}
    route = route_of(holder.beneficiary, holder.region_id)
    day = now.astimezone(PARIS).date()
    room = room_of(holder, products, route, day=day, week=current_week(now))
    lines: dict[int, int] = {}
    asked = {one.product_id: one.quantity for one in kept}
    differences = []
    for pk, line in wanted.items():
        units = _bounded(room, line.product, line.quantity, asked)
        if units:
            lines[pk] = asked[pk] = units
        if units != line.quantity:
            alone = refusals_of(room, {pk: line.quantity})
            differences.append(_told(line.product, line.quantity, units, alone.get(pk)))
    if not lines:
        raise OrderingError(f"Rien de cette commande ne peut être recommandé. {differences[0]}")
    save_lines(by=by, holder=holder, lines=lines)
    return Reordered(lines, differences)


def _kept(by: User, holder: Holder, but: Collection[int]) -> list[OrderLine]:
    """The other lines of the basket."""
    draft = draft_of(by, holder)
    rows = OrderLine.objects.filter(order=draft).exclude(product__in=but)
    return list(rows) if draft else []


def _bounded(room: Room, product: Product, units: int, lines: dict[int, int]) -> int:
    """Never more than before, than the quota once the other lines are served, than the stock."""
    whole = units // product.units_per_pack * product.units_per_pack
    closed = refusals_of(room, {product.pk: product.units_per_pack})
    if closed:
        return 0
    return min(whole, room.most(product, lines | {product.pk: whole}))


def _told(product: Product, before: int, now: int, why: object) -> str:
    number = f"{format_integer(now)} au lieu de {format_integer(before)}" if now else "non repris"
    return f"{product}\u00a0: {number}. {why or ''}".strip()
