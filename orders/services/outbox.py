"""Order files: each order in exactly one, numbered without a gap, all or nothing.

An order is taken by whoever locks its row first, this or a cancellation; the file, its number and
the mark on its orders are one transaction. The folder comes after: a file that is not there yet is
dropped at the next round.
"""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from accounts.models import User
from establishments.models import AdministrativeBody
from journal.services import record
from orders.logistics.order_files import (
    code_of,
    reference_of,
    told_order,
    told_stop,
    written,
)
from orders.models import FiledOrder, Order, OrderFile, OrderStep
from orders.services.errors import OrderingError
from pui.feeds.files import new_file

Kind = AdministrativeBody.Kind
OPERATORS: Final = (Kind.SPF, Kind.LA_POSTE, Kind.CONSORTIUM)
MOST_ORDERS: Final = 5_000
STATES = (Order.State.SUBMITTED,)


def files_are_due(now: datetime) -> bool:
    """Whether ``ORDER_FILE_MINUTES`` went by since the last round that wrote one."""
    last = OrderFile.objects.filter(replay_of=None).aggregate(at=Max("written_at"))["at"]
    return last is None or now - last >= timedelta(minutes=settings.ORDER_FILE_MINUTES)


def write_due_files(now: datetime | None = None) -> list[OrderFile]:
    """A round: one file for each operator that has something due, then the folder."""
    now = now or timezone.now()
    operators = AdministrativeBody.objects.filter(kind__in=OPERATORS).order_by("pk")
    files = [file for one in operators for file in _all_of(one, now)]
    drop_files()
    return files


def _all_of(operator: AdministrativeBody, now: datetime) -> list[OrderFile]:
    files: list[OrderFile] = []
    while (file := write_file(operator, now)) is not None:
        files.append(file)
        if file.orders_count < MOST_ORDERS:
            break
    return files


@transaction.atomic
def write_file(operator: AdministrativeBody, now: datetime | None = None) -> OrderFile | None:
    """Write what is due for one operator in a file; None when nothing is."""
    now = now or timezone.now()
    # who else writes for this operator waits: the numbers follow each other without a gap
    AdministrativeBody.objects.select_for_update(no_key=True).get(pk=operator.pk)
    orders, stops = _due_orders(operator, now), _due_stops(operator)
    if not (orders or stops):
        return None
    for order in orders:
        order.exported_at, order.delivery_reference = now, reference_of(order)
    Order.objects.bulk_update(orders, ["exported_at", "delivery_reference"], batch_size=1000)
    sequence = _next(operator)
    texts = written(
        operator, sequence, now, [told_order(one) for one in orders], [told_stop(s) for s in stops]
    )
    file: OrderFile = OrderFile.objects.create(
        operator=operator,
        sequence=sequence,
        written_at=now,
        orders_count=len(orders),
        stops_count=len(stops),
        lines_count=texts.lines,
        units=texts.units,
        json_text=texts.json_text,
        json_digest=texts.json_digest,
        csv_text=texts.csv_text,
        csv_digest=texts.csv_digest,
    )
    _file_them(file, orders, stops)
    record(
        "orders.file_written",
        by=None,
        target=f"{operator}, fichier n° {sequence}",
        count=len(orders),
        lines=texts.lines,
    )
    return file


@transaction.atomic
def replay_file(file: OrderFile, *, by: User, reason: str) -> OrderFile:
    """Give the same orders again under a new number, marked: the warehouse knows it may have
    them already. Journaled."""
    reason = reason.strip()
    if not reason:
        raise OrderingError("Dites pourquoi ce fichier est rejoué.")
    AdministrativeBody.objects.select_for_update(no_key=True).get(pk=file.operator_id)
    source = file.replay_of or file
    now, sequence = timezone.now(), _next(file.operator)
    content = json.loads(source.json_text)
    orders, stops = content["commandes"], content["arrets"]
    for one in (*orders, *stops):
        one["rejeu"] = True
    texts = written(file.operator, sequence, now, orders, stops, source.sequence)
    again: OrderFile = OrderFile.objects.create(
        operator=file.operator,
        sequence=sequence,
        written_at=now,
        replay_of=source,
        replayed_by=by,
        reason=reason,
        orders_count=source.orders_count,
        stops_count=source.stops_count,
        lines_count=source.lines_count,
        units=source.units,
        json_text=texts.json_text,
        json_digest=texts.json_digest,
        csv_text=texts.csv_text,
        csv_digest=texts.csv_digest,
    )
    FiledOrder.objects.bulk_create(
        FiledOrder(file=again, order_id=one.order_id, kind=one.kind, is_replay=True)
        for one in source.filed.all()
    )
    record(
        "orders.file_replayed",
        by=by,
        target=f"{file.operator}, fichier n° {source.sequence}",
        reason=reason,
        count=source.orders_count,
    )
    return again


@transaction.atomic
def acknowledge_file(file: OrderFile, *, by: User | None, via: str = "") -> OrderFile:
    """The operator has it; the first who says so is kept. Journaled."""
    row: OrderFile = (
        OrderFile.objects.select_for_update(of=("self",), no_key=True)
        .select_related("operator")
        .get(pk=file.pk)
    )
    if row.acknowledged_at is None:
        row.acknowledged_at, row.acknowledged_by = timezone.now(), by
        row.acknowledged_via = via[:120]
        row.save(update_fields=["acknowledged_at", "acknowledged_by", "acknowledged_via"])
        target = f"{row.operator}, fichier n° {row.sequence}"
        record("orders.file_acknowledged", by=by, target=target)
    return row


def drop_files() -> int:
    """Put in the folder of each operator the files that are not there; say how many.

    A name appears when the file is whole; the digest last, so that who sees it has them all.
    """
    dropped = 0
    for file in OrderFile.objects.filter(dropped_at=None).select_related("operator").order_by("pk"):
        folder = folder_of(file.operator)
        for extension, text, digest in (
            ("csv", file.csv_text, file.csv_digest),
            ("json", file.json_text, file.json_digest),
        ):
            name = f"{file}.{extension}"
            _drop(folder / name, text)
            _drop(folder / f"{name}.sha256", f"{digest}  {name}\n")
        dropped += OrderFile.objects.filter(pk=file.pk, dropped_at=None).update(
            dropped_at=timezone.now()
        )
    return dropped


def folder_of(operator: AdministrativeBody) -> Path:
    return Path(settings.LOGISTICS_DIR) / code_of(operator) / "commandes"


def _drop(path: Path, text: str) -> None:
    with new_file(path) as aside:
        aside.write_bytes(text.encode())


def _due_orders(operator: AdministrativeBody, now: datetime) -> list[Order]:
    """Locked; one that somebody changes or cancels right now is left for the next round."""
    rows = Order.objects.filter(
        operator=operator, state__in=STATES, exported_at=None, editable_until__lte=now
    )
    rows = rows.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk")
    return list(
        rows.select_related(
            "operator",
            "platform",
            "agency",
            "beneficiary__establishment",
            "beneficiary__legal_entity",
        ).prefetch_related("lines__product")[:MOST_ORDERS]
    )


def _due_stops(operator: AdministrativeBody) -> list[Order]:
    """Asked after their order was written, and told to nobody yet."""
    told = FiledOrder.objects.filter(order=OuterRef("pk"), kind=FiledOrder.Kind.STOP)
    rows = Order.objects.filter(
        operator=operator,
        exported_at__isnull=False,
        stop_asked_at__isnull=False,
        stop_answer="",
        state__in=Order.UNDER_WAY,
    )
    return list(rows.filter(~Exists(told)).select_related("operator").order_by("pk")[:MOST_ORDERS])


def _file_them(file: OrderFile, orders: list[Order], stops: list[Order]) -> None:
    rows = [FiledOrder(file=file, order=one) for one in orders]
    rows += [FiledOrder(file=file, order=one, kind=FiledOrder.Kind.STOP) for one in stops]
    FiledOrder.objects.bulk_create(rows, batch_size=2000)
    told = f"dans le fichier n° {file.sequence} remis à {file.operator}"
    steps = [
        _step(one, file, f"Partie en préparation, {told}. Livraison {one.delivery_reference}")
        for one in orders
    ]
    steps += [_step(one, file, f"Demande d’arrêt {told}") for one in stops]
    OrderStep.objects.bulk_create(steps, batch_size=2000)


def _step(order: Order, file: OrderFile, text: str) -> OrderStep:
    return OrderStep(
        order=order, text=text, state=order.state, at=file.written_at, author="Stocks Santé"
    )


def _next(operator: AdministrativeBody) -> int:
    last = OrderFile.objects.filter(operator=operator).aggregate(last=Max("sequence"))["last"]
    return (last or 0) + 1
