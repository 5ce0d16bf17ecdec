"""A report is applied to its order or to the stocks, or held back with the reason in words."""

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from establishments.models import AdministrativeBody
from journal.services import record
from orders.logistics.shapes import (
    CLOCK,
    Closing,
    Confirmation,
    Delivery,
    Departure,
    Preparation,
    Report,
    StockCount,
    StopAnswer,
    Tracking,
    UnreadableReportError,
    read_report,
)
from orders.models import LogisticsReport, Order
from orders.services import shipping, stock_reports
from orders.services.errors import OrderingError
from orders.services.shipping import ReportRefusedError, ReportTooEarlyError

State = LogisticsReport.State
APPLY: dict[type[Report], Callable[[Order, Any], None]] = {
    Confirmation: shipping.confirm,
    Preparation: shipping.prepare,
    Departure: shipping.depart,
    Tracking: shipping.track,
    Delivery: shipping.deliver,
    Closing: shipping.close,
    StopAnswer: shipping.answer_stop,
}
IMPOSSIBLE = "Les quantités dites ne tiennent pas avec ce qui est connu."


def attempt(report: LogisticsReport) -> None:
    """Apply it, or write why not; the caller's transaction holds its row."""
    try:
        said = read_report(report.content) if report.content else _unreadable(report)
    except UnreadableReportError as error:
        _held(report, State.QUARANTINED, str(error))
        return
    report.kind, report.said_at = said.type, said.le  # type: ignore[attr-defined]
    report.order_number = said.order_number
    try:
        _apply(report, said)
    except ReportTooEarlyError as error:
        _held(report, State.WAITING, str(error))
    except OrderingError as error:
        _held(report, State.QUARANTINED, str(error))
    except IntegrityError:
        _held(report, State.QUARANTINED, IMPOSSIBLE)
    else:
        report.state, report.reason, report.applied_at = State.APPLIED, "", timezone.now()
        report.save()


def _apply(report: LogisticsReport, said: Report) -> None:
    """The rows are locked outside the savepoint: undone, they are kept until the report is."""
    if isinstance(said, StockCount):
        stocks = stock_reports.stocks_told(report.operator, said)
        with transaction.atomic():
            stock_reports.take_stock(report.operator, stocks, said)
        return
    order = _order(report.operator, said)
    report.order = order
    with transaction.atomic():
        APPLY[type(said)](order, said)


def _order(operator: AdministrativeBody, said: Report) -> Order:
    rows = Order.objects.select_for_update(of=("self",), no_key=True).select_related("operator")
    found: Order | None = rows.filter(
        operator=operator, number=said.order_number, exported_at__isnull=False
    ).first()
    if found is None:
        raise ReportRefusedError(
            f"La commande {said.order_number} n’est dans aucun fichier remis à ce logisticien."
        )
    if found.exported_at is None or said.le < found.exported_at - CLOCK:
        raise ReportRefusedError(
            "Ce compte rendu est daté d’avant le fichier de la commande\u00a0: vérifiez l’heure et "
            "son décalage."
        )
    return found


def _unreadable(report: LogisticsReport) -> Report:
    if not report.text:
        raise UnreadableReportError("Ce compte rendu est vide.")
    if "\ufffd" in report.text:
        raise UnreadableReportError("Ce compte rendu n’est pas en UTF-8.")
    raise UnreadableReportError(
        "Ce n’est pas du JSON lisible\u00a0: le compte rendu est peut-être tronqué."
    )


def _held(report: LogisticsReport, state: State, reason: str) -> None:
    report.state, report.reason = state, reason[:500]
    report.save()


def note(verb: str, report: LogisticsReport, *, by: User | None, **details: Any) -> None:
    record(
        verb,
        by=by,
        target=f"{report} · {report.operator}",
        state=report.get_state_display(),
        **({"note": report.reason} if report.reason else {}),
        **({"machine": report.received_via} if report.received_via and by is None else {}),
        **details,
    )
