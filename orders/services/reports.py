"""Reports of the warehouses: taken once, applied, or held back with the reason in words.

One that comes too early is tried again when another is applied. Each is tried in its own
transaction: an order, then its counters, as everywhere.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from establishments.models import AdministrativeBody
from journal.services import record
from orders.logistics.shapes import (
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
    StopAnswer: shipping.answer_stop,
}
IMPOSSIBLE = "Les quantités dites ne tiennent pas avec ce qui est connu."


class KeyReusedError(OrderingError):
    """The key of another report, which was applied."""


class NotHeldBackError(OrderingError):
    """Somebody handled it meanwhile."""


def digest_of(content: object) -> str:
    """Of what it says, whatever the spaces and the order of the fields."""
    plain = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def receive(
    content: object,
    *,
    operator: AdministrativeBody,
    key: str,
    via: str = "",
    by: User | None = None,
) -> tuple[LogisticsReport, bool]:
    """Take a report and say whether it is new; the same twice, by its key or by what it says, is
    one. ``content`` is what JSON gave, or the text that is none."""
    report, is_new = _taken(content, operator=operator, key=key, via=via, by=by)
    if is_new and report.state == State.APPLIED:
        settle(report)
    return report, is_new


@transaction.atomic
def _taken(
    content: object, *, operator: AdministrativeBody, key: str, via: str, by: User | None
) -> tuple[LogisticsReport, bool]:
    fields = {"digest": digest_of(content), **_content_fields(content)}
    report = LogisticsReport(
        operator=operator,
        key=key,
        received_at=timezone.now(),
        received_via=via[:120],
        handled_by=by,
        state=State.QUARANTINED,
        reason=IMPOSSIBLE,
        **fields,
    )
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError:
        return _told_again(report)
    attempt(report)
    _record("orders.report_received", report, by=by)
    return report, True


def _told_again(sent: LogisticsReport) -> tuple[LogisticsReport, bool]:
    """The one that is there already. What was held back may be sent again, corrected."""
    rows = LogisticsReport.objects.select_for_update(no_key=True).filter(operator=sent.operator)
    found = rows.filter(digest=sent.digest).first()
    if found is not None:
        return found, False
    found = rows.get(key=sent.key)
    if not found.is_held_back:
        raise KeyReusedError("Cette clé a déjà servi à un autre compte rendu.")
    found.digest, found.content, found.text = sent.digest, sent.content, sent.text
    attempt(found)
    _record("orders.report_received", found, by=None)
    return found, True


@transaction.atomic
def correct_report(report: LogisticsReport, *, by: User, content: object) -> LogisticsReport:
    """Replace what a report held back says, and try it; it may be held back again."""
    row = _held_back(report)
    for name, value in _content_fields(content).items():
        setattr(row, name, value)
    row.handled_by, row.handled_at = by, timezone.now()
    attempt(row)
    _record("orders.report_corrected", row, by=by)
    return row


@transaction.atomic
def discard_report(report: LogisticsReport, *, by: User, reason: str) -> LogisticsReport:
    """It will never be applied."""
    reason = reason.strip()
    if not reason:
        raise OrderingError("Dites pourquoi ce compte rendu est écarté.")
    row = _held_back(report)
    row.state, row.discard_reason = State.DISCARDED, reason
    row.handled_by, row.handled_at = by, timezone.now()
    row.save()
    _record("orders.report_discarded", row, by=by, reason=reason)
    return row


def settle(report: LogisticsReport) -> int:
    """Try again what waited for this one, until nothing more goes through; say how many did."""
    waiting = LogisticsReport.objects.filter(operator=report.operator, state=State.WAITING)
    mine = waiting.filter(Q(order=report.order_id) | Q(kind=LogisticsReport.Kind.STOCK))
    return _try_again(mine)


def settle_all() -> int:
    """What a worker that was killed left waiting."""
    return _try_again(LogisticsReport.objects.filter(state=State.WAITING))


def _try_again(waiting: Any) -> int:
    done = 0
    while True:
        keys = waiting.order_by("said_at", "pk").values_list("pk", flat=True)
        went_through = sum(_retried(key) for key in list(keys))
        if not went_through:
            return done
        done += went_through


@transaction.atomic
def _retried(key: int) -> bool:
    """One that somebody else is handling is theirs."""
    rows = LogisticsReport.objects.select_for_update(skip_locked=True, no_key=True)
    report = rows.filter(pk=key, state=State.WAITING).first()
    if report is None:
        return False
    attempt(report)
    if report.state == State.WAITING:
        return False
    _record("orders.report_retried", report, by=None)
    return True


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
    return found


def _content_fields(content: object) -> dict[str, Any]:
    """An object is a report; anything else is kept as text, unreadable."""
    if isinstance(content, dict) and _is_storable(content):
        return {"content": content, "text": ""}
    text = content if isinstance(content, str) else json.dumps(content)
    return {"content": {}, "text": text.replace("\x00", "\ufffd")}


def _is_storable(content: object) -> bool:
    """The database has no place for some characters that JSON may name."""
    try:
        plain = json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        return False
    return b"\\u0000" not in plain


def _unreadable(report: LogisticsReport) -> Report:
    why = "Ce n’est pas du JSON lisible\u00a0: le compte rendu est peut-être tronqué."
    raise UnreadableReportError(why if report.text else "Ce compte rendu est vide.")


def _held(report: LogisticsReport, state: State, reason: str) -> None:
    report.state, report.reason = state, reason[:500]
    report.save()


def _held_back(report: LogisticsReport) -> LogisticsReport:
    row: LogisticsReport = LogisticsReport.objects.select_for_update(no_key=True).get(pk=report.pk)
    if not row.is_held_back:
        raise NotHeldBackError("Ce compte rendu a été repris entre-temps.")
    return row


def _record(verb: str, report: LogisticsReport, *, by: User | None, **details: Any) -> None:
    record(
        verb,
        by=by,
        target=f"{report} · {report.operator}",
        state=report.get_state_display(),
        **({"note": report.reason} if report.reason else {}),
        **details,
    )
