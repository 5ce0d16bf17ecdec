"""Allocations that the national cell pushes, when nobody can order any more [004]."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from common.weeks import current_week
from journal.services import record
from orders.models import (
    Beneficiary,
    DeliveryAddress,
    Movement,
    Order,
    OrderLine,
    OrderStep,
    Product,
    Stock,
)
from orders.services.counters import NotEnoughError, Taking, take
from orders.services.errors import OrderingError
from orders.services.rerouting import require_router
from orders.services.routing import Route, route_of

MOST: Final = 5_000
NEXT_NUMBERS: Final = (
    "SELECT nextval(pg_get_serial_sequence('orders_order', 'id')) FROM generate_series(1, %s)"
)


@dataclass(frozen=True, slots=True)
class Allotted:
    """Units of a product for one beneficiary."""

    beneficiary: Beneficiary
    product: Product
    units: int


Written = list[tuple[Order, list[Allotted]]]


def push(allotted: Sequence[Allotted], *, by: User, digest: str, reason: str) -> list[Order]:
    """One order for each beneficiary, its stock taken and no quota: all of them, or none.

    ``digest`` is that of the file: the same twice is pushed once. Journaled.
    """
    require_router(by)
    try:
        with transaction.atomic():
            return _push(allotted, by, digest, reason.strip())
    except NotEnoughError as error:
        raise OrderingError(_short(error)) from error


def _push(allotted: Sequence[Allotted], by: User, digest: str, reason: str) -> list[Order]:
    if not reason:
        raise OrderingError("Dites pourquoi ces dotations sont poussées.")
    by_place: dict[int, list[Allotted]] = {}
    for one in allotted:
        by_place.setdefault(one.beneficiary.pk, []).append(one)
    tokens = {pk: uuid5(NAMESPACE_URL, f"pushed:{digest}:{pk}") for pk in by_place}
    known = list(Order.objects.filter(token__in=tokens.values()).order_by("pk"))
    if known:
        return known
    written = _write(by_place, tokens, by, reason)
    orders = [order for order, _ in written]
    record(
        "orders.allocations_pushed",
        by=by,
        target=f"{len(orders)} dotations poussées",
        count=len(orders),
        reason=reason,
    )
    _take_all(written, by)
    return orders


def _take_all(written: Written, by: User) -> None:
    """Every stock is locked in the common order first; the orders then take one by one."""
    products = {one.product.pk for _, lines in written for one in lines}
    operators = {order.operator_id for order, _ in written}
    rows = Stock.objects.filter(product__in=products, holder__in=operators).order_by("pk")
    locked = rows.select_for_update(no_key=True)
    stocks = {(one.product_id, one.holder_id): one.pk for one in locked}
    for order, lines in written:
        wanted = {}
        for one in lines:
            stock = stocks.get((one.product.pk, order.operator_id))
            if stock is None:
                raise OrderingError(f"{one.product}\u00a0: {order.operator} n’en tient pas.")
            wanted[stock] = one.units
        take(Taking(stocks=wanted), order=order, cause=Movement.Cause.ORDERED, by=by)


class Routes:
    """Who serves each beneficiary, asked once for all those of a region without platform."""

    def __init__(self) -> None:
        self.known: dict[tuple[int | None, str | None], Route] = {}

    def of(self, place: Beneficiary) -> Route:
        key = (place.platform_id, place.region_id)
        if key not in self.known:
            self.known[key] = route_of(place, place.region_id)
        return self.known[key]


def addresses_of(beneficiaries: Iterable[int]) -> dict[int, DeliveryAddress]:
    """The validated address of each, that of FINESS first."""
    found: dict[int, DeliveryAddress] = {}
    rows = DeliveryAddress.objects.filter(
        beneficiary__in=list(beneficiaries), state=DeliveryAddress.State.VALIDATED
    )
    for one in rows.order_by("beneficiary", "site", "pk"):
        found.setdefault(one.beneficiary_id, one)
    return found


def _write(
    by_place: Mapping[int, list[Allotted]], tokens: Mapping[int, UUID], by: User, reason: str
) -> Written:
    """The orders, their lines, their first step: a few statements, however many there are."""
    routes, addresses, now = Routes(), addresses_of(by_place), timezone.now()
    written: Written = []
    steps = []
    for number, (pk, lines) in zip(_numbers(len(by_place)), sorted(by_place.items()), strict=True):
        place = lines[0].beneficiary
        route = routes.of(place)
        order = _order(place, route, addresses.get(pk), by, now)
        order.pk, order.token, order.comment = number, tokens[pk], reason[:300]
        order.number = f"D-{timezone.localdate(now):%Y}-{number:06d}"
        text = f"Dotation poussée par la cellule nationale\u00a0: {reason}. {route.why}"[:400]
        steps.append(
            OrderStep(order=order, text=text, state=order.state, at=now, by=by, author=str(by))
        )
        written.append((order, lines))
    Order.objects.bulk_create([order for order, _ in written], batch_size=1000)
    OrderLine.objects.bulk_create(
        [
            OrderLine(order=order, product=one.product, quantity=one.units)
            for order, lines in written
            for one in lines
        ],
        batch_size=2000,
    )
    OrderStep.objects.bulk_create(steps, batch_size=1000)
    return written


def _numbers(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBERS, [count])
        return [row[0] for row in cursor.fetchall()]


def _order(
    place: Beneficiary, route: Route, address: DeliveryAddress | None, by: User, now: datetime
) -> Order:
    return Order(
        beneficiary=place,
        kind=Order.Kind.PUSHED,
        state=Order.State.SUBMITTED,
        region_id=place.region_id,
        operator=route.operator,
        platform=route.platform,
        week=current_week(now),
        address=address,
        delivery=_delivery(place, address),
        contact_name=address.contact_name if address else "",
        contact_phone=address.contact_phone if address else "",
        created_by=by,
        profile=by.active_profile,
        submitted_at=now,
        editable_until=now,
    )


def _delivery(place: Beneficiary, address: DeliveryAddress | None) -> dict[str, str]:
    """The address as it is now; without any, that of FINESS."""
    if address is not None:
        names = ("label", "lines", "postal_code", "town", "terms")
        return {name: getattr(address, name) for name in names}
    site = place.place
    told = {name: getattr(site, name, "") for name in ("postal_code", "town", "finess")}
    return told | {"label": site.name, "lines": getattr(site, "address", "")}


def _short(error: NotEnoughError) -> str:
    stock = error.counter
    if isinstance(stock, Stock):
        product = Product.objects.get(pk=stock.product_id)
        return f"{product}\u00a0: il n’y en a pas assez à {stock.holder}. Rien n’est envoyé."
    return str(error)
