"""What is done with an order file once written: read, acknowledged, given again."""

import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from establishments.models import AdministrativeBody
from journal.services import record
from orders.logistics.order_files import written
from orders.models import FiledOrder, Order, OrderFile
from orders.services.errors import OrderingError
from orders.services.outbox import next_number

OVER = (
    Order.State.CANCELLED,
    Order.State.REFUSED,
    Order.State.SHIPPED,
    Order.State.DELIVERED,
)


def note_reading(file: OrderFile, form: str, *, by: User | None, machine: str = "") -> None:
    """That its content, with names and addresses, was taken. Journaled."""
    more = {"machine": machine} if machine else {}
    record("orders.file_read", by=by, target=_target(file), format=form, **more)


@transaction.atomic
def acknowledge_file(file: OrderFile, *, by: User | None, via: str = "") -> OrderFile:
    """The operator has it; the first who says so is kept. Journaled."""
    row = _locked(file)
    if row.acknowledged_at is None:
        row.acknowledged_at, row.acknowledged_by = timezone.now(), by
        row.acknowledged_via = via[:120]
        row.save(update_fields=["acknowledged_at", "acknowledged_by", "acknowledged_via"])
        more = {"machine": row.acknowledged_via} if via else {}
        record("orders.file_acknowledged", by=by, target=_target(row), **more)
    return row


@transaction.atomic
def replay_file(file: OrderFile, *, by: User, reason: str) -> OrderFile:
    """Give the same orders again under a new number, marked: the warehouse knows it may have
    them already. Those stopped, refused or gone since are left out. Journaled."""
    reason = reason.strip()
    if not reason:
        raise OrderingError("Dites pourquoi ce fichier est rejoué.")
    AdministrativeBody.objects.select_for_update(no_key=True).get(pk=file.operator_id)
    source: OrderFile = OrderFile.objects.select_related("operator").get(
        pk=file.replay_of_id or file.pk
    )
    _require_received(source)
    orders, stops, filed = _still_to_do(source)
    now, sequence = timezone.now(), next_number(source.operator)
    texts = written(source.operator, sequence, now, orders, stops, source.sequence)
    again: OrderFile = OrderFile.objects.create(
        operator=source.operator,
        sequence=sequence,
        written_at=now,
        replay_of=source,
        replayed_by=by,
        reason=reason,
        orders_count=len(orders),
        stops_count=len(stops),
        **texts.fields,
    )
    FiledOrder.objects.bulk_create(
        [FiledOrder(file=again, order_id=order, kind=kind, is_replay=True) for order, kind in filed]
    )
    record("orders.file_replayed", by=by, target=_target(source), reason=reason, count=len(orders))
    return again


def _require_received(source: OrderFile) -> None:
    """Pressed twice, or by two people, one replay is enough."""
    waiting = source.replays.filter(acknowledged_at=None).order_by("sequence").first()
    if waiting is not None:
        raise OrderingError(
            f"Le fichier n° {waiting.sequence} redonne déjà ces commandes, et son accusé de "
            "réception est attendu."
        )


def _still_to_do(
    source: OrderFile,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[tuple[int, str]]]:
    """What the file says of the orders that go on, and their rows."""
    rows = source.filed.exclude(order__state__in=OVER).values_list("order", "kind", "order__number")
    kept = [(order, kind) for order, kind, _ in rows]
    numbers = {(kind, number) for _, kind, number in rows}
    content = json.loads(source.json_text)
    told = (
        [one | {"rejeu": True} for one in content[name] if (kind.value, one["commande"]) in numbers]
        for name, kind in (("commandes", FiledOrder.Kind.ORDER), ("arrets", FiledOrder.Kind.STOP))
    )
    if not kept:
        raise OrderingError(
            "Toutes les commandes de ce fichier sont annulées, refusées ou parties\u00a0: rien "
            "n’est à redonner."
        )
    orders, stops = told
    return orders, stops, kept


def _locked(file: OrderFile) -> OrderFile:
    rows = OrderFile.objects.without_content().select_for_update(of=("self",), no_key=True)
    found: OrderFile = rows.get(pk=file.pk)
    return found


def _target(file: OrderFile) -> str:
    return f"{file.operator}, fichier n° {file.sequence}"
