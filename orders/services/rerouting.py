"""The national cell turns a region, or the country, to Santé publique France, and back [004]."""

from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from establishments.models import AdministrativeBody, Region
from establishments.perimeter import Action
from journal.services import record
from orders.models import Movement, Order, OrderStep, Product, Reroute, Stock
from orders.services.counters import NotEnoughError, Taking, take
from orders.services.errors import OrderingError
from orders.services.holdings import held_by
from orders.services.routing import body_of, route_of

Kind = AdministrativeBody.Kind
ALREADY = "Ce territoire est déjà réacheminé vers Santé publique France."


@dataclass(slots=True)
class Moved:
    """Orders that another warehouse serves from now on, and those that it cannot, with why."""

    orders: list[Order] = field(default_factory=list)
    left: list[tuple[Order, str]] = field(default_factory=list)


def require_router(by: User) -> None:
    if not by.may(Action.ROUTE_WRITE):
        raise OrderingError("La cellule nationale seule change de logisticien.")


@transaction.atomic
def start_reroute(*, by: User, region: Region | None, reason: str) -> Reroute:
    """From now until it is ended. Journaled."""
    require_router(by)
    reason = reason.strip()
    if not reason:
        raise OrderingError("Dites pourquoi les commandes changent de logisticien.")
    if Reroute.objects.in_force().filter(region=region).exists():
        raise OrderingError(ALREADY)
    try:
        with transaction.atomic():
            reroute: Reroute = Reroute.objects.create(region=region, reason=reason, started_by=by)
    except IntegrityError as error:
        raise OrderingError(ALREADY) from error
    record("orders.reroute_started", by=by, target=reroute, reason=reason)
    return reroute


@transaction.atomic
def end_reroute(reroute: Reroute, *, by: User) -> Reroute:
    """New orders go the usual way; those already sent keep their warehouse. Journaled."""
    require_router(by)
    rows = Reroute.objects.select_for_update(of=("self",), no_key=True).select_related("region")
    row: Reroute = rows.get(pk=reroute.pk)
    if row.ended_at is not None:
        raise OrderingError("Ce réacheminement est déjà levé.")
    row.ended_at, row.ended_by = timezone.now(), by
    row.save(update_fields=["ended_at", "ended_by"])
    record("orders.reroute_ended", by=by, target=row, reason=row.reason)
    return row


def orders_to_move(reroute: Reroute) -> list[Order]:
    """Those sent to La Poste whose file is not written: they may still change warehouse."""
    rows = Order.objects.filter(
        operator__kind=Kind.LA_POSTE, state=Order.State.SUBMITTED, exported_at=None
    ).exclude(kind=Order.Kind.PAID)
    if reroute.region_id:
        rows = rows.filter(region=reroute.region_id)
    return list(rows.select_related("beneficiary__platform", "agency", "operator").order_by("pk"))


def move_orders(reroute: Reroute, *, by: User) -> Moved:
    """Move the stock that each of them keeps from one warehouse to the other.

    Each in its own transaction: one that SPF cannot serve is left where it is. Journaled.
    """
    require_router(by)
    if reroute.ended_at is not None:
        raise OrderingError("Ce réacheminement est levé.")
    moved = Moved()
    for order in orders_to_move(reroute):
        try:
            with transaction.atomic():
                if _move(order, by):
                    moved.orders.append(order)
        except OrderingError as error:
            moved.left.append((order, _why(error)))
    record(
        "orders.orders_moved",
        by=by,
        target=reroute,
        count=len(moved.orders),
        missing=len(moved.left),
    )
    return moved


def _move(order: Order, by: User) -> bool:
    """False when it left, or was cancelled, meanwhile."""
    rows = Order.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("operator", "beneficiary__platform")
    row = rows.filter(pk=order.pk, state=Order.State.SUBMITTED, exported_at=None).first()
    if row is None:
        return False
    route = route_of(row.beneficiary, row.region_id)
    if route.operator == row.operator:
        return False
    before, row.operator, row.platform = row.operator, route.operator, route.platform
    row.save(update_fields=["operator", "platform", "saved_at"])
    OrderStep.objects.create(
        order=row, text=f"Servie par {route.operator} au lieu de {before}. {route.why}"[:400],
        state=row.state, at=timezone.now(), by=by, author=str(by),
    )  # fmt: skip
    take(_change(row, route.operator), order=row, cause=Movement.Cause.CHANGED, by=by)
    return True


def _change(order: Order, operator: AdministrativeBody) -> Taking:
    """From the stocks that it holds to those of another warehouse, product by product."""
    held = held_by(order).stocks
    stocks = {
        one.product_id: one.pk for one in Stock.objects.filter(holder=operator, product__in=held)
    }
    units: dict[int, int] = {}
    for line in order.lines.select_related("product"):
        if line.product_id not in held:
            continue
        if line.product_id not in stocks:
            raise OrderingError(f"{line.product}\u00a0: {operator} n’en tient pas.")
        units[held[line.product_id]] = -line.quantity
        units[stocks[line.product_id]] = line.quantity
    return Taking(stocks=units)


def _why(error: OrderingError) -> str:
    if isinstance(error, NotEnoughError) and isinstance(error.counter, Stock):
        product = Product.objects.get(pk=error.counter.product_id)
        return f"{product}\u00a0: pas assez de stock à {body_of(Kind.SPF)}."
    return str(error)
