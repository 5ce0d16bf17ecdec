"""Both warehouses, played: they read their files, send reports through the real services.

Each round takes each order a step further, or not: a draw that depends on the seed, the order and
what was said before: the same world gives the same rounds. Some reports are late, partial, twice
or dirty, as those of real warehouses are.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from establishments.models import AdministrativeBody
from orders.models import (
    FiledOrder,
    LogisticsReport,
    Order,
    OrderFile,
    Replenishment,
    Shipment,
    Stock,
)
from orders.services.errors import OrderingError
from orders.services.order_file_acts import acknowledge_file
from orders.services.outbox import OPERATORS, write_due_files
from orders.services.replenishing import receive_replenishment, ship_replenishment
from orders.services.reports import receive

MOST: Final = 500  # orders of a round
STEADY, PARTIAL, REFUSED, SPLIT, AGAIN, EARLY, DIRTY = 0.75, 0.08, 0.02, 0.2, 0.1, 0.05, 0.06
CARRIERS: Final = ("Colissimo", "Chronopost", "Transporteur SPF")
MACHINE: Final = "simulateur"
State = Order.State
Report = dict[str, Any]


@dataclass(slots=True)
class Round:
    """What a round did."""

    files: int = 0
    reports: int = 0
    held_back: int = 0
    problems: list[str] = field(default_factory=list)


def play(seed: int = 2020, *, dirty: bool = True) -> Round:
    """One round of all the warehouses; never of real ones."""
    if not settings.DEMO:
        raise OrderingError("Le simulateur ne joue que sur une démonstration (DEMO=1).")
    played = Round(files=write_due_files())
    for operator in AdministrativeBody.objects.filter(kind__in=OPERATORS).order_by("pk"):
        for file in OrderFile.objects.filter(operator=operator, acknowledged_at=None):
            acknowledge_file(file, by=None, via=MACHINE)
        said = LogisticsReport.objects.filter(operator=operator, received_via=MACHINE).count()
        for order in _orders_of(operator):
            draw = Random(f"{seed}:{order.number}:{said}")  # noqa: S311 - a play
            for key, report in _reports_of(order, draw, dirty=dirty):
                _send(played, operator, key, report)
        _count(played, operator)
    _replenish(played)
    return played


def _orders_of(operator: AdministrativeBody) -> list[Order]:
    rows = Order.objects.filter(
        operator=operator, exported_at__isnull=False, state__in=Order.UNDER_WAY
    )
    rows = rows.filter(Exists(FiledOrder.objects.filter(order=OuterRef("pk"))))
    rows = rows.annotate(steps_count=Count("steps"))
    return list(rows.prefetch_related("lines__product", "shipments__parcels").order_by("pk")[:MOST])


def _reports_of(order: Order, draw: Random, *, dirty: bool) -> Iterator[tuple[str, Report | str]]:
    """What its warehouse says of an order in this round, each with its key."""
    steps: int = order.steps_count
    base = f"sim-{order.number}-{steps}"
    if order.stop_asked_at and not order.stop_answer:
        yield f"{base}-arret", _stop(order)
        return
    if draw.random() > STEADY:
        return
    report = _next(order, draw)
    if report is None:
        return
    if dirty and draw.random() < DIRTY:
        yield f"{base}-sale", _dirty(order, draw)
    if dirty and report["type"] == "preparation" and draw.random() < EARLY:
        yield f"{base}-tot", _said("livraison", order, expedition=f"{order.number}-1")
    yield f"{base}-{report['type']}", report
    if draw.random() < AGAIN:
        yield f"{base}-bis", report


def _next(order: Order, draw: Random) -> Report | None:
    if order.state == State.SUBMITTED:
        return _confirmation(order, draw)
    if order.state == State.CONFIRMED:
        return _said("preparation", order)
    if order.state in (State.PREPARING, State.PARTLY_SHIPPED):
        return _departure(order, draw)
    return _arrival(order, draw)


def _confirmation(order: Order, draw: Random) -> Report:
    chance, reason = draw.random(), ""
    lines = []
    for line in order.lines.all():
        units = line.quantity
        if chance < REFUSED:
            units, reason = 0, "Produit retiré par précaution"
        elif chance < REFUSED + PARTIAL:
            packs = line.quantity // line.product.units_per_pack
            units, reason = packs // 2 * line.product.units_per_pack, "Rupture partielle"
        lines.append({"produit": line.product.code, "quantite": units})
    return _said("confirmation", order, lignes=lines, motif=reason)


def _departure(order: Order, draw: Random) -> Report | None:
    left = {line: (line.confirmed or 0) - line.shipped for line in order.lines.all()}
    lines = [
        {"produit": line.product.code, "quantite": units} for line, units in left.items() if units
    ]
    if not lines:
        return None
    if len(lines) > 1 and order.state == State.PREPARING and draw.random() < SPLIT:
        lines = lines[:-1]
    number = f"{order.number}-{len(order.shipments.all()) + 1}"
    parcels = [f"{number}-{rank}" for rank in range(1, draw.randint(1, 4) + 1)]
    due = timezone.localdate() + timedelta(days=draw.randint(1, 3))
    return _said(
        "expedition",
        order,
        expedition=number,
        transporteur=draw.choice(CARRIERS),
        livraison_prevue=due.isoformat(),
        lignes=lines,
        colis=parcels,
    )


def _arrival(order: Order, draw: Random) -> Report | None:
    shipment: Shipment | None = next(
        (one for one in order.shipments.all() if one.delivered_at is None), None
    )
    if shipment is None:
        return None
    new = [one for one in shipment.parcels.all() if not one.state]
    if new and draw.random() < STEADY:
        return _said(
            "suivi",
            order,
            expedition=shipment.number,
            colis=new[0].number,
            etat="Pris en charge, en cours d’acheminement",
        )
    return _said("livraison", order, expedition=shipment.number)


def _stop(order: Order) -> Report:
    gone = any(line.shipped for line in order.lines.all())
    reason = "Colis déjà remis au transporteur" if gone else "Retirée de la préparation"
    return _said("arret", order, arretee=not gone, motif=reason)


def _dirty(order: Order, draw: Random) -> Report | str:
    """What a real interface sends one day or another."""
    line = next(iter(order.lines.all()))
    return draw.choice(
        (
            f'{{"type": "preparation", "commande": "{order.number}", "le": "2026-',
            _said("preparation", order) | {"commande": f"{order.number}X"},
            _said(
                "confirmation",
                order,
                lignes=[{"produit": line.product.code, "quantite": line.quantity + 1}],
            ),
        )
    )


def _said(kind: str, order: Order, **more: Any) -> Report:
    now = timezone.localtime().isoformat(timespec="milliseconds")
    return {"type": kind, "commande": order.number, "le": now} | more


def _send(played: Round, operator: AdministrativeBody, key: str, report: Report | str) -> None:
    try:
        row, is_new = receive(report, operator=operator, key=key[:100], via=MACHINE)
    except OrderingError as error:
        played.problems.append(str(error))
        return
    played.reports += is_new
    played.held_back += is_new and row.is_held_back


def _count(played: Round, operator: AdministrativeBody) -> None:
    """What stands on its shelves, kept for orders or not."""
    rows = Stock.objects.filter(holder=operator, product__source="state").select_related("product")
    lines = [
        {"produit": one.product.code, "quantite": one.available + one.reserved} for one in rows
    ]
    if lines:
        now = timezone.localtime().isoformat(timespec="milliseconds")
        report = {"type": "stock", "le": now, "lignes": lines}
        _send(played, operator, f"sim-stock-{operator.pk}-{now}", report)


def _replenish(played: Round) -> None:
    """What arrived since the last round, then what leaves in this one."""
    for state in (Replenishment.State.SHIPPED, Replenishment.State.ASKED):
        for row in Replenishment.objects.filter(state=state).order_by("pk"):
            try:
                if state == Replenishment.State.SHIPPED:
                    receive_replenishment(row, by=None, received=row.quantity)
                else:
                    ship_replenishment(row, by=None)
            except OrderingError as error:
                played.problems.append(str(error))
