"""Replenishment of the La Poste warehouse: proposed, asked, shipped by SPF, received [004]."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from common.numbers import format_integer
from establishments.models import AdministrativeBody
from establishments.perimeter import Action
from journal.services import record
from orders.models import Product, Replenishment, Source, Stock
from orders.services.counters import NotEnoughError
from orders.services.errors import OrderingError
from orders.services.routing import body_of
from orders.services.stock_counters import move

Kind, State = AdministrativeBody.Kind, Replenishment.State


@transaction.atomic
def request_replenishment(
    *, by: User, product: Product, quantity: int, reason: str
) -> Replenishment:
    """The national cell asks; a warehouse proposes. In whole packs. Journaled."""
    is_asked = by.may(Action.ROUTE_WRITE)
    source, target = body_of(Kind.SPF), body_of(Kind.LA_POSTE)
    held = by.perimeter_to(Action.IF_PUT).operator_ids
    if not (is_asked or held & {source.pk, target.pk}):
        raise OrderingError("La cellule nationale et les deux entrepôts demandent un réassort.")
    if product.source != Source.STATE:
        raise OrderingError("Seul le stock de l’État se réassortit ainsi.")
    if quantity < 1 or quantity % product.units_per_pack:
        pack = format_integer(product.units_per_pack)
        raise OrderingError(f"La quantité se compte en colis entiers de {pack} unités.")
    now = timezone.now()
    row = Replenishment(
        product=product,
        source=source,
        target=target,
        quantity=quantity,
        reason=reason.strip(),
        state=State.ASKED if is_asked else State.PROPOSED,
        proposed_by=by,
        asked_at=now if is_asked else None,
        asked_by=by if is_asked else None,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise OrderingError("Un réassort de ce produit est déjà proposé ou demandé.") from error
    _record("orders.replenishment_requested", row, by=by)
    return row


@transaction.atomic
def ask_replenishment(row: Replenishment, *, by: User) -> Replenishment:
    """The national cell takes up what a warehouse proposed. Journaled."""
    if not by.may(Action.ROUTE_WRITE):
        raise OrderingError("La cellule nationale seule demande un réassort proposé.")
    row = _locked(row, State.PROPOSED)
    row.state, row.asked_at, row.asked_by = State.ASKED, timezone.now(), by
    row.save()
    _record("orders.replenishment_asked", row, by=by)
    return row


@transaction.atomic
def drop_replenishment(row: Replenishment, *, by: User) -> Replenishment:
    """Before it is shipped. Journaled."""
    if not by.may(Action.ROUTE_WRITE):
        raise OrderingError("La cellule nationale seule abandonne un réassort.")
    row = _locked(row, State.PROPOSED, State.ASKED)
    row.state = State.DROPPED
    row.save()
    _record("orders.replenishment_dropped", row, by=by)
    return row


@transaction.atomic
def ship_replenishment(row: Replenishment, *, by: User | None) -> Replenishment:
    """It leaves what is free at its warehouse. Journaled."""
    row = _locked(row, State.ASKED)
    _require_of(by, row.source)
    row.state, row.shipped_at = State.SHIPPED, timezone.now()
    row.save()
    stock = Stock.objects.filter(product=row.product, holder=row.source).first()
    try:
        if stock is None:
            raise OrderingError(f"{row.source} ne tient pas ce produit.")
        move(stock, row.quantity, by=by)
    except NotEnoughError as error:
        free = format_integer(stock.available if stock else 0)
        raise OrderingError(
            f"{row.source} n’a que {free} unités libres de ce produit\u00a0: demandez-en moins."
        ) from error
    _record("orders.replenishment_shipped", row, by=by)
    return row


@transaction.atomic
def receive_replenishment(row: Replenishment, *, by: User | None, received: int) -> Replenishment:
    """What came, less perhaps than what left, joins what is free. Journaled."""
    row = _locked(row, State.SHIPPED)
    _require_of(by, row.target)
    if not 0 <= received <= row.quantity:
        most = format_integer(row.quantity)
        raise OrderingError(f"{most} unités sont parties\u00a0: il n’en arrive pas plus.")
    row.state, row.received, row.received_at = State.RECEIVED, received, timezone.now()
    row.save()
    stock, _ = Stock.objects.get_or_create(product=row.product, holder=row.target)
    if received:
        move(stock, -received, by=by)
    _record("orders.replenishment_received", row, by=by)
    return row


def _locked(row: Replenishment, *states: Replenishment.State) -> Replenishment:
    rows = Replenishment.objects.select_for_update(of=("self",), no_key=True)
    found: Replenishment = rows.select_related("product", "source", "target").get(pk=row.pk)
    if found.state not in states:
        raise OrderingError(f"Ce réassort est déjà {found.get_state_display()}.")
    return found


def _require_of(by: User | None, operator: AdministrativeBody) -> None:
    """None is the warehouse itself, through the simulator."""
    if by is not None and operator.pk not in by.perimeter_to(Action.IF_PUT).operator_ids:
        raise OrderingError(f"{operator} seul peut le dire.")


def _record(verb: str, row: Replenishment, *, by: User | None) -> None:
    record(verb, by=by, target=f"{row.product} · {row.target}", quantity=row.quantity)
