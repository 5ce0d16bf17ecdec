"""Allocations that the national cell pushes, when nobody can order any more [004]."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.models import User
from common.weeks import current_week
from journal.services import record
from orders.models import (
    Beneficiary,
    DeliveryAddress,
    Movement,
    Order,
    OrderingRule,
    OrderLine,
    OrderStep,
    Product,
    Quota,
    Stock,
)
from orders.services.counters import NotEnoughError, Taking, take_for_all
from orders.services.errors import OrderingError
from orders.services.rerouting import require_router
from orders.services.routing import Route, Routes

ANNOUNCED: Final = "orders.tasks.logistics.announce_allocations"
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


@dataclass(frozen=True, slots=True)
class Pushed:
    """The orders, and whether this call wrote them: the same file was pushed already, else."""

    orders: list[Order]
    is_new: bool


def push(allotted: Sequence[Allotted], *, by: User, digest: str, reason: str) -> Pushed:
    """One order for each beneficiary, off its stock and off its quota of the week where it has
    one: all of them, or none.

    ``digest`` is that of the file: the same twice in a week is pushed once. Journaled.
    """
    require_router(by)
    try:
        with transaction.atomic():
            return _push(allotted, by, digest, reason.strip())
    except NotEnoughError as error:
        raise OrderingError(_short(error)) from error
    except IntegrityError:  # pressed twice: the other click wrote them
        known = pushed_already(digest, [one.beneficiary.pk for one in allotted])
        if not known:
            raise
        return Pushed(known, is_new=False)


def pushed_already(digest: str, beneficiaries: Iterable[int]) -> list[Order]:
    """What the same file gave in this week."""
    tokens = [token_of(digest, pk) for pk in set(beneficiaries)]
    return list(Order.objects.filter(token__in=tokens).order_by("pk"))


def token_of(digest: str, beneficiary: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"pushed:{current_week()}:{digest}:{beneficiary}")


def _push(allotted: Sequence[Allotted], by: User, digest: str, reason: str) -> Pushed:
    if not reason:
        raise OrderingError("Dites pourquoi ces dotations sont poussées.")
    by_place: dict[int, list[Allotted]] = {}
    for one in allotted:
        by_place.setdefault(one.beneficiary.pk, []).append(one)
    if known := pushed_already(digest, by_place):
        return Pushed(known, is_new=False)
    written = _write(by_place, {pk: token_of(digest, pk) for pk in by_place}, by, reason)
    orders = [order for order, _ in written]
    record(
        "orders.allocations_pushed",
        by=by,
        target=f"{len(orders)} dotations poussées",
        count=len(orders),
        reason=reason,
    )
    app.configure_task(ANNOUNCED).defer(orders=[one.pk for one in orders])
    take_for_all(_takings(written), cause=Movement.Cause.ORDERED, by=by)
    return Pushed(orders, is_new=True)


def quotas_of(beneficiaries: Iterable[int]) -> dict[tuple[int | None, int], Quota]:
    """Of this week, by beneficiary and item."""
    rows = Quota.objects.filter(beneficiary__in=set(beneficiaries), week=current_week())
    return {(one.beneficiary_id, one.item_id): one for one in rows}


def _takings(written: Written) -> list[tuple[Order, Taking]]:
    products = {one.product.pk for _, lines in written for one in lines}
    operators = {order.operator_id for order, _ in written}
    rows = Stock.objects.filter(product__in=products, holder__in=operators)
    stocks = {(one.product_id, one.holder_id): one.pk for one in rows}
    quotas = quotas_of(order.beneficiary_id for order, _ in written if order.beneficiary_id)
    return [(order, _taking(order, lines, stocks, quotas)) for order, lines in written]


def _taking(
    order: Order,
    lines: Sequence[Allotted],
    stocks: Mapping[tuple[int, int | None], int],
    quotas: Mapping[tuple[int | None, int], Quota],
) -> Taking:
    taken: dict[int, int] = {}
    used: dict[int, int] = {}
    for one in lines:
        stock = stocks.get((one.product.pk, order.operator_id))
        if stock is None:
            raise OrderingError(f"{one.product}\u00a0: {order.operator} n’en tient pas.")
        taken[stock] = one.units
        quota = quotas.get((order.beneficiary_id, one.product.item_id))
        if quota is not None:
            used[quota.pk] = used.get(quota.pk, 0) + one.units
    return Taking(quotas=used, stocks=taken)


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
    rule = OrderingRule.on(timezone.localdate(now))
    written: Written = []
    steps = []
    for number, (pk, lines) in zip(_numbers(len(by_place)), sorted(by_place.items()), strict=True):
        place = lines[0].beneficiary
        route = routes.of(place, place.region_id)
        order = _order(place, route, addresses.get(pk), by, now)
        order.pk, order.token, order.comment = number, tokens[pk], reason[:300]
        order.expected_on = rule.expected(now, max(one.product.delay_days for one in lines))
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
    counter = error.counter
    if isinstance(counter, Stock):
        what = f"{counter.product}\u00a0: il n’y en a pas assez à {counter.holder}"
    elif isinstance(counter, Quota):
        what = f"{counter.beneficiary}, {counter.item}\u00a0: le contingent ne suffit plus"
    else:
        what = str(error)
    return f"{what}. Rien n’est envoyé."
