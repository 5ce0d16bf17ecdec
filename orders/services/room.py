"""What is left for an order now: quota or pool of the week, stock of the warehouse that serves."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from common.numbers import format_integer
from common.weeks import PARIS, monday_of
from orders.models import Movement, Product, Quota, RegionalPool, Stock
from orders.services.counters import Taking
from orders.services.holders import Holder
from orders.services.refusals import LineRefusal
from orders.services.routing import Route

Counter = Quota | RegionalPool
# products in the order of the catalogue, each with its stock where it is served, its counter of the
# week, whether it is in tension there (as ``rules.tensions_on``), at once: on the way of each order
PRODUCTS = """
SELECT product.*, stock.id AS stock, stock.available AS "left",
       counter.id AS counter, counter.granted, counter.used,
       EXISTS (SELECT FROM orders_tension tension
                WHERE tension.item_id = product.item_id AND tension.starts_on <= %(day)s
                  AND (tension.ends_on IS NULL OR tension.ends_on >= %(day)s)
                  AND (tension.region_id IS NULL OR tension.region_id = %(region)s)) AS is_tense
  FROM orders_product product
  JOIN epi_stocks_epiitem item ON item.id = product.item_id
  LEFT JOIN orders_stock stock ON stock.product_id = product.id AND stock.holder_id = %(operator)s
"""
ASKED = """
       AND counter.item_id = product.item_id AND counter.week = %(week)s
 WHERE product.id = ANY(%(products)s) ORDER BY item.rank, product.rank, product.id
"""
OF_QUOTA = (
    f"{PRODUCTS} LEFT JOIN orders_quota counter ON counter.beneficiary_id = %(owner)s {ASKED}"
)
OF_POOL = (
    f"{PRODUCTS} LEFT JOIN orders_regionalpool counter ON counter.region_id = %(owner)s {ASKED}"
)
NO_STOCK = "L’entrepôt qui vous sert n’en a plus."
WEEK_OVER = (
    "La semaine de cette commande est finie\u00a0: la quantité peut baisser, pas augmenter. Pour "
    "plus, passez une autre commande."
)


@dataclass(frozen=True, slots=True)
class Room:
    """The counters of some products for one holder, as last read.

    ``held``: units that the order being changed already has. ``is_over``: its week has ended.
    """

    holder: Holder
    products: Mapping[int, Product]
    tense: Collection[int]  # items
    counters: Mapping[int, Counter]  # by item
    stocks: Mapping[int, Stock]  # by product
    held: Mapping[int, int] = field(default_factory=dict)  # by product
    is_over: bool = False

    def counter_of(self, product: Product) -> Counter | None:
        return self.counters.get(product.item_id)

    def of_item(self, item: int, lines: Mapping[int, int]) -> int:
        """What some lines ask of an equipment, all types and sizes together."""
        return sum(units for pk, units in lines.items() if self.products[pk].item_id == item)

    def held_of_item(self, item: int) -> int:
        """Units that the order itself already has of the counter."""
        return self.of_item(item, self.held)

    def free_of_item(self, item: int) -> int:
        counter = self.counters.get(item)
        return (counter.remaining if counter else 0) + self.held_of_item(item)

    def free_of_stock(self, product: Product) -> int:
        stock = self.stocks.get(product.pk)
        return (stock.available if stock else 0) + self.held.get(product.pk, 0)

    def most(self, product: Product, lines: Mapping[int, int]) -> int:
        """Whole packs that this line may ask while the others keep what they ask."""
        others = self.of_item(product.item_id, lines) - lines.get(product.pk, 0)
        free = min(self.free_of_item(product.item_id) - others, self.free_of_stock(product))
        pack = product.units_per_pack
        return max(0, free) // pack * pack

    def taking(self, lines: Mapping[int, int]) -> Taking:
        """What ``lines`` take beyond what the order already holds."""
        by_counter: dict[int, int] = {}
        by_stock: dict[int, int] = {}
        for pk in lines.keys() | self.held.keys():
            change = lines.get(pk, 0) - self.held.get(pk, 0)
            counter = self.counters[self.products[pk].item_id].pk
            by_counter[counter] = by_counter.get(counter, 0) + change
            by_stock[self.stocks[pk].pk] = change
        if self.holder.beneficiary is not None:
            return Taking(quotas=by_counter, stocks=by_stock)
        return Taking(pools=by_counter, stocks=by_stock)


def room_of(
    holder: Holder,
    products: Collection[int],
    route: Route,
    *,
    day: date,
    week: date,
    held: Mapping[int, int] | None = None,
) -> Room:
    """Read it, without locking anything: the counters themselves decide when they are taken."""
    owner = holder.beneficiary.pk if holder.beneficiary else holder.region_id
    asked = {
        "products": list(products),
        "operator": route.operator.pk,
        "owner": owner,
        "region": holder.region_id,
        "day": day,
        "week": week,
    }
    rows: list[Any] = list(Product.objects.raw(OF_QUOTA if holder.beneficiary else OF_POOL, asked))
    model = Quota if holder.beneficiary else RegionalPool
    return Room(
        holder=holder,
        products={one.pk: one for one in rows},
        tense=frozenset(one.item_id for one in rows if one.is_tense),
        counters={
            one.item_id: model(pk=one.counter, granted=one.granted, used=one.used)
            for one in rows
            if one.counter
        },
        stocks={one.pk: Stock(pk=one.stock, available=one.left) for one in rows if one.stock},
        held=held or {},
        is_over=week < monday_of(day),
    )


def counters_of(holder: Holder, week: date) -> dict[int, Counter]:
    """By item: the quotas of a beneficiary, or the pools of the region of an ARS."""
    rows: Iterable[Counter]
    if holder.beneficiary is not None:
        rows = Quota.objects.filter(beneficiary=holder.beneficiary, week=week)
    else:
        rows = RegionalPool.objects.filter(region=holder.region_id, week=week)
    return {one.item_id: one for one in rows}


def refusals_of(
    room: Room, lines: Mapping[int, int], since: datetime | None = None
) -> dict[int, LineRefusal]:
    """Why each line that does not hold does not; those that ask no more than before hold."""
    found = {}
    for pk, units in lines.items():
        product = room.products[pk]
        refusal = _refusal_of(room, product, units, lines, since)
        if refusal is not None:
            found[pk] = refusal
    return found


def _refusal_of(
    room: Room,
    product: Product,
    units: int,
    lines: Mapping[int, int],
    since: datetime | None,
) -> LineRefusal | None:
    if units % product.units_per_pack:
        return _not_whole(room, product, units, lines)
    if units <= room.held.get(product.pk, 0):
        return None
    if closed := _closed(room, product):
        return LineRefusal(str(product), closed)
    asked = room.of_item(product.item_id, lines)
    if room.is_over and asked > room.held_of_item(product.item_id):
        return LineRefusal(str(product), WEEK_OVER, room.held.get(product.pk))
    possible = room.most(product, lines)
    if asked > room.free_of_item(product.item_id):
        return LineRefusal(str(product), _beyond_counter(room, product, lines, since), possible)
    if units > room.free_of_stock(product):
        return LineRefusal(str(product), _beyond_stock(room, product, units), possible)
    return None


def _closed(room: Room, product: Product) -> str:
    """What shuts the line whatever the quantity."""
    if not product.is_open or product.source != "state":
        return "Ce produit n’est plus au catalogue\u00a0: retirez la ligne."
    if product.item_id not in room.tense:
        return (
            "Cet équipement n’est plus en tension\u00a0: il s’achète chez vos fournisseurs "
            "habituels. Retirez la ligne."
        )
    if product.item_id not in room.counters:
        what = "contingent" if room.holder.beneficiary else "pot commun"
        return f"Aucun {what} n’est publié pour vous cette semaine."
    return ""


def _not_whole(room: Room, product: Product, units: int, lines: Mapping[int, int]) -> LineRefusal:
    pack = product.units_per_pack
    below = min(units // pack * pack, room.most(product, lines))
    text = f"Par {format_integer(pack)} seulement ({product.whole_pack})."
    return LineRefusal(str(product), text, below)


def _beyond_counter(
    room: Room, product: Product, lines: Mapping[int, int], since: datetime | None
) -> str:
    free = room.free_of_item(product.item_id)
    asked = room.of_item(product.item_id, lines)
    counter = room.counters[product.item_id]
    text = f"Reste {format_integer(free)}, et non {format_integer(asked)}"
    taken = _taken_meanwhile(counter, since)
    return f"{text}\u00a0: {taken}." if taken else f"{text}."


def _taken_meanwhile(counter: Counter, since: datetime | None) -> str:
    """« Luc Morin a commandé 200 à 10 h 12 (C-2020-004688) »: the last who took of it."""
    key = "quota" if isinstance(counter, Quota) else "pool"
    rows = Movement.objects.filter(**{key: counter}, quantity__gt=0)
    if since is not None:
        rows = rows.filter(at__gt=since)
    last = rows.select_related("by", "order").first()
    if last is None or last.by is None or last.order is None:
        return ""
    at = last.at.astimezone(PARIS)
    today = datetime.now(PARIS).date()
    when = "à" if at.date() == today else f"le {at:%d/%m} à"
    return (
        f"{last.by} a commandé {format_integer(last.quantity)} {when} "
        f"{at.hour}\u00a0h\u00a0{at:%M} ({last.order.number})"
    )


def _beyond_stock(room: Room, product: Product, units: int) -> str:
    free = room.free_of_stock(product)
    if not free:
        return NO_STOCK
    return (
        f"L’entrepôt qui vous sert n’en a plus que {format_integer(free)}, et non "
        f"{format_integer(units)}."
    )
