"""What the La Poste warehouse will soon lack, and the room it has: one definition for all pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Q, Sum
from django.utils import timezone

from orders.models import Movement, Product, Replenishment, Source, Stock
from orders.services.routing import Kind

WATCHED_DAYS: Final = 14  # of orders, which give the daily pace
COVER_DAYS: Final = 10  # under which a replenishment is proposed
TARGET_DAYS: Final = 28  # that it should bring back to
LONG_DAYS: Final = 365
CAPACITY: Final = 20_000  # pallets [004]
ORDERED: Final = (
    Movement.Cause.ORDERED,
    Movement.Cause.CHANGED,
    Movement.Cause.CANCELLED,
    Movement.Cause.REFUSED,
)


@dataclass(frozen=True, slots=True)
class Supply:
    """A product at La Poste: what is free, the pace of orders, what SPF has, what is coming."""

    product: Product
    available: int
    reserved: int
    ordered: int  # in the days watched
    at_spf: int
    coming: int

    @property
    def daily(self) -> float:
        return self.ordered / WATCHED_DAYS

    @property
    def cover(self) -> int | None:
        """Days that what is free and what is coming last; None when nobody orders it."""
        held = self.available + self.coming
        return int(held * WATCHED_DAYS // self.ordered) if self.ordered > 0 else None

    @property
    def is_long(self) -> bool:
        """Too many days for their number to tell anything."""
        return self.cover is not None and self.cover > LONG_DAYS

    @property
    def is_short(self) -> bool:
        """Nobody orders any more what left the catalogue."""
        return self.product.is_open and self.cover is not None and self.cover < COVER_DAYS

    @property
    def wanted(self) -> int:
        """Whole packs that bring it back to the target, no more than SPF has."""
        target = self.ordered * TARGET_DAYS // WATCHED_DAYS
        missing = min(max(0, target - self.available - self.coming), self.at_spf)
        return missing // self.product.units_per_pack * self.product.units_per_pack

    @property
    def pallets(self) -> int | None:
        return pallets_of(self.product, self.available + self.reserved)

    @property
    def wanted_pallets(self) -> int | None:
        return pallets_of(self.product, self.wanted)


@dataclass(frozen=True, slots=True)
class Warehouse:
    """All the products of the State at La Poste."""

    supplies: Sequence[Supply]

    @property
    def pallets(self) -> int:
        return sum(one.pallets or 0 for one in self.supplies)

    @property
    def uncounted(self) -> int:
        """Products whose pallets nobody can count."""
        return sum(one.pallets is None for one in self.supplies)

    @property
    def short(self) -> list[Supply]:
        return [one for one in self.supplies if one.is_short]


def pallets_of(product: Product, units: int) -> int | None:
    return -(-units // product.units_per_pallet) if product.units_per_pallet else None


def warehouse_now() -> Warehouse:
    """In four statements, however many products; what left the catalogue still takes room."""
    there = Stock.objects.filter(holder__kind=Kind.LA_POSTE)
    there = there.filter(Q(available__gt=0) | Q(reserved__gt=0)).order_by().values("product")
    shown = Q(is_open=True) | Q(pk__in=there)
    products = list(Product.objects.filter(shown, source=Source.STATE).select_related("item"))
    stocks = {
        (one.product_id, one.holder.kind): one
        for one in Stock.objects.filter(product__in=products).select_related("holder")
    }
    ordered, coming = _ordered(), _coming()
    return Warehouse([_supply(one, stocks, ordered, coming) for one in products])


def _supply(
    product: Product,
    stocks: dict[tuple[int, str], Stock],
    ordered: dict[int, int],
    coming: dict[int, int],
) -> Supply:
    own, spf = stocks.get((product.pk, Kind.LA_POSTE)), stocks.get((product.pk, Kind.SPF))
    return Supply(
        product=product,
        available=own.available if own else 0,
        reserved=own.reserved if own else 0,
        ordered=max(0, ordered.get(product.pk, 0)),
        at_spf=spf.available if spf else 0,
        coming=coming.get(product.pk, 0),
    )


def _ordered() -> dict[int, int]:
    since = timezone.now() - timedelta(days=WATCHED_DAYS)
    rows = Movement.objects.filter(
        stock__holder__kind=Kind.LA_POSTE, cause__in=ORDERED, at__gte=since
    )
    sums = rows.order_by().values_list("stock__product").annotate(units=Sum("quantity"))
    return dict(sums)


def _coming() -> dict[int, int]:
    rows = Replenishment.objects.filter(
        Q(state=Replenishment.State.ASKED) | Q(state=Replenishment.State.SHIPPED),
        target__kind=Kind.LA_POSTE,
    )
    return dict(rows.order_by().values_list("product").annotate(units=Sum("quantity")))
