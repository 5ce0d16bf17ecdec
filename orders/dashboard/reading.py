"""Read the figures of a scope: a constant number of queries, all on summaries but the smallest."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.utils import timezone

from epi_stocks.models import RegionSummary
from epi_stocks.models.summary import COUNTRY
from establishments.models import AdministrativeBody
from establishments.perimeter import Action
from orders.dashboard.figures import NOTHING, Delays, ItemStock, Pallets, QuotaFigures
from orders.dashboard.scope import Scope
from orders.models import Product, RegionalPool, ReliefRequest, Source, Stock
from orders.models.summary import NOT_DELIVERED, OrderSummary, QuotaSummary

SUMS = ("beneficiaries", "exhausted", "granted", "used", "need", "unserved")
Key = tuple[Any, ...]


def quotas_by(scope: Scope, weeks: Sequence[date], *keys: str) -> dict[Key, QuotaFigures]:
    """The sums of some weeks by these columns."""
    rows: Any = QuotaSummary.objects.for_user(scope.user, to=Action.DASH_ORD)
    rows = rows.filter(week__in=list(weeks))
    if scope.region:
        rows = rows.filter(region_code=scope.region.pk)
    if scope.item:
        rows = rows.filter(item_id=scope.item.pk)
    if scope.category:
        rows = rows.filter(category_code=scope.category.pk)
    totals = {f"sum_{name}": Sum(name) for name in SUMS}
    found = rows.order_by().values(*keys).annotate(**totals)
    return {
        tuple(row[key] for key in keys): QuotaFigures(*(int(row[f"sum_{name}"]) for name in SUMS))
        for row in found
    }


def total(found: dict[Key, QuotaFigures]) -> QuotaFigures:
    return sum(found.values(), NOTHING)


def _orders(scope: Scope) -> Any:
    rows: Any = OrderSummary.objects.for_user(scope.user, to=Action.DASH_ORD)
    rows = rows.filter(week__in=scope.weeks)
    return rows.filter(region_code=scope.region.pk) if scope.region else rows


def orders_by_state(scope: Scope) -> dict[tuple[date, str], int]:
    """Orders sent in each of the twelve weeks, by their state of now."""
    rows = _orders(scope).order_by().values("week", "state").annotate(count=Sum("orders"))
    return {(row["week"], row["state"]): row["count"] for row in rows}


def delays_by(scope: Scope) -> dict[tuple[str, int], Delays]:
    """By region and warehouse, of the orders of the twelve weeks that were delivered."""
    rows = _orders(scope).exclude(delay=NOT_DELIVERED)
    found: dict[tuple[str, int], dict[int, int]] = defaultdict(dict)
    grouped = rows.order_by().values("region_code", "operator_id", "delay")
    for row in grouped.annotate(count=Sum("orders")):
        found[row["region_code"], row["operator_id"]][row["delay"]] = row["count"]
    return {key: Delays(counts) for key, counts in found.items()}


def merged(delays: Sequence[Delays]) -> Delays:
    counts: dict[int, int] = defaultdict(int)
    for one in delays:
        for days, count in one.counts.items():
            counts[days] += count
    return Delays(dict(counts))


def pools_of(scope: Scope) -> QuotaFigures:
    """The regional pools of the week: a few rows, read as they are."""
    rows: Any = RegionalPool.objects.for_user(scope.user, to=Action.DASH_ORD)
    rows = rows.filter(week=scope.week)
    if scope.region:
        rows = rows.filter(region=scope.region)
    if scope.item:
        rows = rows.filter(item=scope.item)
    found = rows.order_by().aggregate(granted=Sum("granted"), used=Sum("used"))
    return QuotaFigures(granted=found["granted"] or 0, used=found["used"] or 0)


def _relief(scope: Scope) -> Any:
    rows: Any = ReliefRequest.objects.for_user(scope.user, to=Action.DASH_ORD)
    if scope.region:
        rows = rows.filter(beneficiary__region=scope.region)
    if scope.item:
        rows = rows.filter(item=scope.item)
    if scope.category:
        rows = rows.filter(beneficiary__category=scope.category)
    return rows


def waiting_relief(scope: Scope) -> int:
    """Requests that wait for the ARS, whenever they were asked: those of its list."""
    return int(_relief(scope).to_answer().count())


def relief_counts(scope: Scope) -> dict[str, tuple[int, int]]:
    """Requests for relief of the twelve weeks, and their units, by state; those open whenever."""
    since = timezone.now() - timedelta(weeks=len(scope.weeks))
    rows = _relief(scope).filter(Q(asked_at__gte=since) | Q(state=ReliefRequest.State.OPEN))
    grouped = rows.order_by().values("state").annotate(count=Count("pk"), units=Sum("quantity"))
    return {row["state"]: (row["count"], row["units"]) for row in grouped}


def state_stocks() -> QuerySet[Stock]:
    """All that the State holds: the same for the whole country."""
    rows: QuerySet[Stock] = Stock.objects.filter(product__source=Source.STATE)
    return rows


def stock_by_item() -> dict[int, ItemStock]:
    """Every item of the State's catalogue, with the highest consumption ever declared."""
    peaks = dict(
        RegionSummary.objects.filter(region_code=COUNTRY)
        .order_by()
        .values_list("item_id")
        .annotate(Max("daily"))
    )
    grouped = state_stocks().order_by().values(item=F("product__item"))
    held = {
        row["item"]: (row["units"], row["kept"])
        for row in grouped.annotate(units=Sum("available"), kept=Sum("reserved"))
    }
    offered = Product.objects.of_state().order_by().values_list("item", flat=True).distinct()
    return {item: ItemStock(*held.get(item, (0, 0)), peaks.get(item)) for item in {*held, *offered}}


def pallets_of_la_poste() -> Pallets:
    rows = state_stocks().filter(holder__kind=AdministrativeBody.Kind.LA_POSTE)
    used = products = unknown = 0
    for units, per_pallet in rows.order_by().values_list(
        F("available") + F("reserved"), "product__units_per_pallet"
    ):
        products += 1
        if per_pallet:
            used += -(-units // per_pallet)
        elif units:
            unknown += 1
    return Pallets(used, products, unknown)
