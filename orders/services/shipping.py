"""What a warehouse does with an order: confirms it, prepares it, ships it, delivers it, stops it.

Each function takes a locked order of that warehouse. Reports come in any order: one that needs
another raises ``ReportTooEarlyError``, and the state is found from what is known, so that the same
reports end in the same state whatever came first.
"""

from collections.abc import Mapping

from common.numbers import format_integer
from orders.following.expected import asked_of
from orders.following.letters import tell_less, tell_stop_answer
from orders.logistics.shapes import (
    Closing,
    Confirmation,
    Delivery,
    Departure,
    Preparation,
    Report,
    StopAnswer,
    Tracking,
)
from orders.models import Movement, Order, OrderLine, OrderStep, Parcel, Shipment, ShipmentLine
from orders.services.departures import announce_shipment
from orders.services.errors import OrderingError
from orders.services.holdings import give_back, held_by
from orders.services.standing import OVER, expected_day, state_of
from orders.services.stock_counters import ship
from orders.services.supplies import announce_order

State, Cause = Order.State, Movement.Cause


class ReportRefusedError(OrderingError):
    """What the report says is impossible."""


class ReportTooEarlyError(OrderingError):
    """It needs another that has not come yet."""


def lines_of(order: Order) -> dict[str, OrderLine]:
    """The lines of an order by reference of their product."""
    return {one.product.code: one for one in order.lines.select_related("product__item")}


def confirm(order: Order, report: Confirmation) -> None:
    """What is not served goes back to its counters; nothing served, the order is refused."""
    said = _confirmed_lines(order, report)
    if all(line.confirmed == units for line, units in said.items()):
        return  # told twice in other words
    for line, units in said.items():
        line.confirmed = units
    OrderLine.objects.bulk_update(said, ["confirmed"])
    if order.state != State.CANCELLED:  # stopped: everything was given back already
        less = {line.product: line.quantity - units for line, units in said.items()}
        give_back(order, less, cause=Cause.REFUSED, by=None)
    if not any(said.values()):
        order.state, order.reason = State.REFUSED, report.motif
    elif order.state == State.SUBMITTED:
        order.state = State.CONFIRMED
    order.save(update_fields=["state", "reason"])
    words = _confirmed_words(said, report.motif)
    _step(order, report, words)
    if order.state != State.CANCELLED and any(one.quantity > said[one] for one in said):
        tell_less(order, words)


def _confirmed_lines(order: Order, report: Confirmation) -> dict[OrderLine, int]:
    lines = lines_of(order)
    said = _every_line(lines, report)
    for line, units in said.items():
        if line.confirmed not in (None, units):
            raise ReportRefusedError("Cette commande est déjà confirmée, avec d’autres quantités.")
        if units > line.quantity:
            raise ReportRefusedError(
                f"{line.product.code}\u00a0: {format_integer(units)} confirmées pour "
                f"{format_integer(line.quantity)} commandées."
            )
    return said


def prepare(order: Order, report: Preparation) -> None:
    _require_confirmed(order)
    if order.state == State.REFUSED:
        raise ReportRefusedError("Cette commande a été refusée.")
    if order.state == State.CONFIRMED:
        order.state = State.PREPARING
        order.save(update_fields=["state"])
    _step(order, report, "En préparation", State.PREPARING)


def depart(order: Order, report: Departure) -> None:
    """Units leave what was kept for the order, never more than was confirmed."""
    if order.state in OVER:
        raise ReportRefusedError(f"Cette commande est {order.get_state_display()}.")
    _require_confirmed(order)
    if order.shipments.filter(number=report.expedition).exists():
        raise ReportRefusedError(f"L’expédition {report.expedition} est déjà dite autrement.")
    leaving = {line: units for line, units in _by_line(lines_of(order), report).items() if units}
    if not leaving:
        raise ReportRefusedError("Cette expédition ne contient rien.")
    for line, units in leaving.items():
        _require_kept(line, units)
    _take_out(order, leaving, report)
    shipment = _write_shipment(order, leaving, report)
    order.state = state_of(order)
    order.expected_on = expected_day(order)
    order.save(update_fields=["expected_on", "state"])
    units = sum(leaving.values())
    parcels = f", {len(report.colis)} colis" if report.colis else ""
    carrier = f", {report.transporteur}" if report.transporteur else ""
    _step(
        order,
        report,
        f"Expédition {report.expedition}\u00a0: {format_integer(units)} unités{parcels}{carrier}",
    )
    announce_shipment(shipment)


def track(order: Order, report: Tracking) -> None:
    """The latest word on a parcel; one that comes late is only told in the history."""
    shipment = _shipment(order, report.expedition)
    parcel = shipment.parcels.filter(number=report.colis).first()
    if parcel is None:
        raise ReportRefusedError(f"Le colis {report.colis} n’est pas de cette expédition.")
    if parcel.state_at is None or (parcel.state_at, parcel.state) < (report.le, report.etat):
        parcel.state, parcel.state_at = report.etat, report.le
        parcel.save(update_fields=["state", "state_at"])
    _step(order, report, f"Colis {report.colis}\u00a0: {report.etat}")


def deliver(order: Order, report: Delivery) -> None:
    """When all that was confirmed has left and come, the order is delivered."""
    shipment = _shipment(order, report.expedition)
    if report.le < shipment.shipped_at:
        raise ReportRefusedError("Elle serait livrée avant d’être partie.")
    # its recipient may have said so already
    shipment.delivered_at = min(shipment.delivered_at or report.le, report.le)
    shipment.save(update_fields=["delivered_at"])
    order.state = state_of(order)
    order.save(update_fields=["state"])
    announce_order(order)
    _step(order, report, f"Expédition {report.expedition} livrée")


def close(order: Order, report: Closing) -> None:
    """What did not leave goes back, and the order ends with what did."""
    if order.state in OVER:
        raise ReportRefusedError(f"Cette commande est {order.get_state_display()}.")
    _require_confirmed(order)
    said = _every_line(lines_of(order), report)
    for line, units in said.items():
        if line.shipped < units:
            raise ReportTooEarlyError("Une expédition de cette commande n’est pas encore dite.")
        if line.shipped > units:
            raise ReportRefusedError(
                f"{line.product.code}\u00a0: {format_integer(line.shipped)} sont déjà parties."
            )
    rest = {line.product: asked_of(line) - line.shipped for line in said}
    if not any(rest.values()):
        return
    for line, units in said.items():
        line.confirmed = units
    OrderLine.objects.bulk_update(said, ["confirmed"])
    give_back(order, rest, cause=Cause.REFUSED, by=None)
    order.state = state_of(order) if any(said.values()) else State.REFUSED
    order.expected_on, order.reason = expected_day(order), report.motif or order.reason
    order.save(update_fields=["state", "expected_on", "reason"])
    announce_order(order)
    why = f" ({report.motif})" if report.motif else ""
    words = f"Soldée{why}\u00a0: {format_integer(sum(rest.values()))} unités ne partiront pas"
    _step(order, report, words)
    tell_less(order, words)


def answer_stop(order: Order, report: StopAnswer) -> None:
    """Stopped: all that did not leave goes back. Too late: the order goes on."""
    if order.stop_asked_at is None:
        raise ReportRefusedError("Personne n’a demandé l’arrêt de cette commande.")
    if order.stop_answer:
        raise ReportRefusedError(f"Réponse déjà reçue\u00a0: {order.get_stop_answer_display()}.")
    lines = list(lines_of(order).values())
    if report.arretee and (gone := sum(line.shipped for line in lines)):
        raise ReportRefusedError(f"{format_integer(gone)} unités sont déjà parties.")
    order.stop_answer = Order.StopAnswer.STOPPED if report.arretee else Order.StopAnswer.TOO_LATE
    order.stop_answered_at = report.le
    if report.arretee and order.state != State.REFUSED:
        order.state = State.CANCELLED
        kept = {line.product: asked_of(line) for line in lines}
        give_back(order, kept, cause=Cause.CANCELLED, by=None)
    order.save(update_fields=["state", "stop_answer", "stop_answered_at"])
    words = "Commande arrêtée" if report.arretee else "Arrêt impossible, trop tard"
    words += f"\u00a0: {report.motif}" if report.motif else ""
    _step(order, report, words)
    tell_stop_answer(order, words)


def _require_confirmed(order: Order) -> None:
    if order.lines.filter(confirmed__isnull=True).exists():
        raise ReportTooEarlyError("La confirmation de cette commande n’est pas encore arrivée.")


def _require_kept(line: OrderLine, units: int) -> None:
    left = asked_of(line) - line.shipped
    if units > left:
        raise ReportRefusedError(
            f"{line.product.code}\u00a0: {format_integer(units)} expédiées, il n’en reste que "
            f"{format_integer(left)} à expédier."
        )


def _shipment(order: Order, number: str) -> Shipment:
    found: Shipment | None = order.shipments.filter(number=number).first()
    if found is not None:
        return found
    if order.state in OVER:
        raise ReportRefusedError(f"Cette commande est {order.get_state_display()}.")
    raise ReportTooEarlyError(f"L’expédition {number} n’est pas encore arrivée.")


def _by_line(
    lines: Mapping[str, OrderLine], report: Confirmation | Departure | Closing
) -> dict[OrderLine, int]:
    unknown = [one.produit for one in report.lignes if one.produit not in lines]
    if unknown:
        raise ReportRefusedError(f"Le produit {unknown[0]} n’est pas dans cette commande.")
    return {lines[one.produit]: one.quantite for one in report.lignes}


def _every_line(
    lines: Mapping[str, OrderLine], report: Confirmation | Closing
) -> dict[OrderLine, int]:
    said = _by_line(lines, report)
    told = {one.produit for one in report.lignes}
    if missing := [code for code in lines if code not in told]:
        raise ReportRefusedError(f"Ce compte rendu ne dit rien du produit {missing[0]}.")
    return said


def _take_out(order: Order, leaving: Mapping[OrderLine, int], report: Departure) -> None:
    held = held_by(order).stocks
    units: dict[int, int] = {}
    for line, quantity in leaving.items():
        stock = held.get(line.product_id)
        if stock is None:
            raise ReportRefusedError(f"Aucun stock n’est réservé pour {line.product.code}.")
        units[stock] = units.get(stock, 0) + quantity
        line.shipped += quantity
    ship(units, order=order, shipped_at=report.le, by=None)
    OrderLine.objects.bulk_update(leaving, ["shipped"])


def _write_shipment(order: Order, leaving: Mapping[OrderLine, int], report: Departure) -> Shipment:
    shipment: Shipment = Shipment.objects.create(
        order=order,
        number=report.expedition,
        carrier=report.transporteur,
        shipped_at=report.le,
        expected_on=report.livraison_prevue,
    )
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, line=line, quantity=units)
        for line, units in leaving.items()
    )
    Parcel.objects.bulk_create(
        Parcel(shipment=shipment, number=number) for number in dict.fromkeys(report.colis)
    )
    return shipment


def _confirmed_words(said: Mapping[OrderLine, int], reason: str) -> str:
    why = f" ({reason})" if reason else ""
    if not any(said.values()):
        return f"Refusée{why}"
    less = [
        f"{line.product}\u00a0: {format_integer(units)} sur {format_integer(line.quantity)}"
        for line, units in said.items()
        if units < line.quantity
    ]
    return f"Confirmée en partie{why}. {', '.join(less)}"[:400] if less else "Confirmée en entier"


def _step(order: Order, report: Report, text: str, state: str = "") -> None:
    OrderStep.objects.create(
        order=order,
        text=text[:400],
        state=state or order.state,
        at=report.le,
        author=str(order.operator)[:100],
    )
