"""Reports of the warehouses: taken once, applied, or held back with the reason in words.

One that comes too early is tried again when another is applied. Each is tried in its own
transaction: an order, then its counters, as everywhere.
"""

import hashlib
import json
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from establishments.models import AdministrativeBody
from orders.models import LogisticsReport
from orders.services.errors import OrderingError
from orders.services.report_trials import IMPOSSIBLE, attempt, note
from orders.services.settling import settle

State = LogisticsReport.State


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
    note("orders.report_received", report, by=by)
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
    found.digest = sent.digest
    _replace(found, sent.content, sent.text)
    attempt(found)
    note("orders.report_received", found, by=None)
    return found, True


@transaction.atomic
def correct_report(report: LogisticsReport, *, by: User, content: object) -> LogisticsReport:
    """Replace what a report held back says, and try it; it may be held back again."""
    row = _held_back(report)
    _replace(row, **_content_fields(content))
    row.handled_by, row.handled_at = by, timezone.now()
    attempt(row)
    note("orders.report_corrected", row, by=by)
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
    note("orders.report_discarded", row, by=by, reason=reason)
    return row


def _replace(report: LogisticsReport, content: dict[str, Any], text: str) -> None:
    """Write what it should say; what came first stays in its text, to be compared."""
    first = report.text or json.dumps(report.content, ensure_ascii=False, indent=2)
    report.content, report.text = content, first if content else text


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


def _held_back(report: LogisticsReport) -> LogisticsReport:
    row: LogisticsReport = LogisticsReport.objects.select_for_update(no_key=True).get(pk=report.pk)
    if not row.is_held_back:
        raise NotHeldBackError("Ce compte rendu a été repris entre-temps.")
    return row
