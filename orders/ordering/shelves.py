"""The catalogue: for each equipment in tension what one may order, its products, one's basket."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from accounts.models import User
from common.weeks import PARIS, current_week
from orders.models import Order, OrderingRule, OrderLine, Product, Quota, Stock, StockWatch
from orders.ordering.visiting import Visit
from orders.pictograms import drawing_of
from orders.quotas.explaining import Explanation, explained
from orders.services.drafts import draft_of
from orders.services.errors import OrderingError
from orders.services.room import Counter, counters_of
from orders.services.routing import route_of
from orders.tension.state import ItemState, Situation, situation_of

GAUGE = 200  # units of the drawing


@dataclass(frozen=True, slots=True)
class Offer:
    """A product on its shelf: what the warehouse still has, what is in the basket."""

    product: Product
    available: int
    in_basket: int
    is_watched: bool

    @property
    def is_out(self) -> bool:
        return not self.whole

    @property
    def whole(self) -> int:
        """In whole packs."""
        pack = self.product.units_per_pack
        return self.available // pack * pack


@dataclass(frozen=True, slots=True)
class Shelf:
    """An equipment in tension with its counter of the week: « 300/1 200 »."""

    state: ItemState
    counter: Counter | None
    offers: list[Offer]

    @property
    def item(self):
        return self.state.item

    @property
    def used(self) -> int:
        return self.counter.used if self.counter else 0

    @property
    def granted(self) -> int:
        return self.counter.granted if self.counter else 0

    @property
    def remaining(self) -> int:
        return self.counter.remaining if self.counter else 0

    @property
    def in_basket(self) -> int:
        return sum(one.in_basket for one in self.offers)

    @property
    def drawn_used(self) -> int:
        return GAUGE * self.used // self.granted if self.granted else 0

    @property
    def drawn_basket(self) -> int:
        room = min(self.in_basket, self.remaining)
        return GAUGE * room // self.granted if self.granted else 0

    @property
    def least_pack(self) -> int:
        return min((one.product.units_per_pack for one in self.offers), default=1)

    @property
    def is_used_up(self) -> bool:
        """Nothing whole is left of the week, or nothing was granted."""
        return self.counter is not None and self.remaining < self.least_pack

    @property
    def may_be_ordered(self) -> bool:
        return any(self.most(one) for one in self.offers)

    def most(self, offer: Offer) -> int:
        """Whole packs that this product alone may reach."""
        pack = offer.product.units_per_pack
        return min(self.remaining, offer.available) // pack * pack

    @property
    def is_alone(self) -> bool:
        return len(self.offers) == 1

    @property
    def pictogram(self) -> str:
        return drawing_of(one.product.pictogram for one in self.offers)

    @property
    def packs(self) -> list[Offer]:
        """One of each way of packing, for the words under the title."""
        seen = {(one.product.pack_label, one.product.units_per_pack): one for one in self.offers}
        return list(seen.values())


@dataclass(frozen=True, slots=True)
class Catalogue:
    situation: Situation
    shelves: list[Shelf]
    draft: Order | None
    week: date
    rule: OrderingRule = field(default_factory=OrderingRule)

    @property
    def until(self) -> date:
        return self.week + timedelta(days=6)

    @property
    def next_week(self) -> date:
        return self.week + timedelta(days=7)

    @property
    def basket_lines(self) -> int:
        return len(self.draft.lines.all()) if self.draft else 0

    @property
    def explanations(self) -> dict[int, Explanation]:
        """« Pourquoi ce contingent ? », by item."""
        quotas = [one.counter for one in self.shelves if isinstance(one.counter, Quota)]
        found = explained(quotas) if quotas else {}
        return {one.item_id: found[one.pk] for one in quotas}

    def shelf(self, item: int) -> Shelf | None:
        return next((one for one in self.shelves if one.item.pk == item), None)


def catalogue_of(visit: Visit, user: User, now: datetime) -> Catalogue:
    """Read it in a fixed number of statements, whatever the number of products."""
    day, week = now.astimezone(PARIS).date(), current_week(now)
    situation = situation_of(visit.region_id, day)
    counters = counters_of(visit.holder, week) if visit.holder else {}
    draft = draft_of(user, visit.holder) if visit.holder and visit.may_order else None
    offers = _offers(situation, visit, user, draft)
    shelves = [
        Shelf(state, counters.get(state.item.pk), offers.get(state.item.pk, []))
        for state in situation.tense
    ]
    return Catalogue(situation, shelves, draft, week, OrderingRule.on(day))


def _offers(
    situation: Situation, visit: Visit, user: User, draft: Order | None
) -> dict[int, list[Offer]]:
    items = [one.item.pk for one in situation.tense]
    products = list(Product.objects.of_state().filter(item__in=items))
    stocks = _available(products, visit)
    kept = dict(OrderLine.objects.filter(order=draft).values_list("product", "quantity"))
    watched = _watched(visit, user)
    found: dict[int, list[Offer]] = {}
    for one in products:
        offer = Offer(one, stocks.get(one.pk, 0), kept.get(one.pk, 0), one.pk in watched)
        found.setdefault(one.item_id, []).append(offer)
    return found


def _watched(visit: Visit, user: User) -> set[int]:
    """The products that this person waits for, there: elsewhere it is another warehouse."""
    if visit.holder is None:
        return set()
    rows = StockWatch.objects.filter(user=user, told_at=None, **visit.holder.key)
    return set(rows.values_list("product", flat=True))


def _available(products: Iterable[Product], visit: Visit) -> dict[int, int]:
    """At the warehouse that serves; for who orders nothing, wherever it is."""
    rows = Stock.objects.filter(product__in=products)
    if visit.holder is not None:
        try:
            route = route_of(visit.holder.beneficiary, visit.region_id)
        except OrderingError:  # no warehouse is declared yet: nothing is available
            return {}
        rows = rows.filter(holder=route.operator)
    found: dict[int, int] = {}
    for product, available in rows.values_list("product", "available"):
        found[product] = found.get(product, 0) + available
    return found
