"""Order files: each order in exactly one, numbered without a gap, all or nothing.

An order is taken by whoever locks its row first, this or a cancellation; the file, its number and
the mark on its orders are one transaction. The folder comes after.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from establishments.models import AdministrativeBody
from journal.services import record
from orders.logistics.order_files import reference_of, told_order, told_stop, written
from orders.models import FiledOrder, Order, OrderFile, OrderStep
from orders.services.order_folder import drop_files

Kind = AdministrativeBody.Kind
OPERATORS: Final = (Kind.SPF, Kind.LA_POSTE, Kind.CONSORTIUM)
MOST_ORDERS: Final = 5_000
STATES = (Order.State.SUBMITTED,)
MARK: Final = """
UPDATE orders_order SET exported_at = %s, delivery_reference = told.reference
  FROM unnest(%s::bigint[], %s::text[]) AS told (id, reference) WHERE orders_order.id = told.id
"""


def files_are_due(now: datetime) -> bool:
    """Whether ``ORDER_FILE_MINUTES`` went by since the last round that wrote one."""
    last = OrderFile.objects.filter(replay_of=None).aggregate(at=Max("written_at"))["at"]
    return last is None or now - last >= timedelta(minutes=settings.ORDER_FILE_MINUTES)


def write_due_files(now: datetime | None = None) -> int:
    """A round: the files of each operator that has something due, then the folder; how many."""
    now = now or timezone.now()
    operators = AdministrativeBody.objects.filter(kind__in=OPERATORS).order_by("pk")
    written_now = sum(_write_all_of(one, now) for one in operators)
    drop_files()
    return written_now


def _write_all_of(operator: AdministrativeBody, now: datetime) -> int:
    """None is kept in memory: all the orders of a day may leave at once."""
    done = 0
    while (file := write_file(operator, now)) is not None:
        done += 1
        if file.orders_count < MOST_ORDERS:
            break
    return done


@transaction.atomic
def write_file(operator: AdministrativeBody, now: datetime | None = None) -> OrderFile | None:
    """Write what is due for one operator in a file; None when nothing is."""
    now = now or timezone.now()
    # who else writes for this operator waits: the numbers follow each other without a gap
    AdministrativeBody.objects.select_for_update(no_key=True).get(pk=operator.pk)
    orders, stops = _due_orders(operator, now), _due_stops(operator)
    if not (orders or stops):
        return None
    _mark(orders, now)
    sequence = next_number(operator)
    texts = written(
        operator, sequence, now, [told_order(one) for one in orders], [told_stop(s) for s in stops]
    )
    file: OrderFile = OrderFile.objects.create(
        operator=operator,
        sequence=sequence,
        written_at=now,
        orders_count=len(orders),
        stops_count=len(stops),
        **texts.fields,
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


def _mark(orders: Sequence[Order], now: datetime) -> None:
    """In one statement: thousands of them leave at the same hour."""
    for order in orders:
        order.exported_at, order.delivery_reference = now, reference_of(order)
    references = [one.delivery_reference for one in orders]
    with connection.cursor() as cursor:
        cursor.execute(MARK, [now, [one.pk for one in orders], references])


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


def next_number(operator: AdministrativeBody) -> int:
    """After the last one; who asks holds the row of the operator."""
    last = OrderFile.objects.filter(operator=operator).aggregate(last=Max("sequence"))["last"]
    return (last or 0) + 1
