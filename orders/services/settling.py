"""Reports that waited for another are tried again when it comes, each in its own transaction."""

from collections.abc import Iterable
from typing import Final

from django.db import transaction

from orders.models import LogisticsReport
from orders.services.report_trials import attempt, note

State, Kind = LogisticsReport.State, LogisticsReport.Kind
# after these, fewer units are kept: a count that lacked some may hold
FREEING: Final = (Kind.CONFIRMATION, Kind.SHIPMENT, Kind.CLOSING, Kind.STOP, Kind.STOCK)
MOST_AGAIN: Final = 1_000


def settle(report: LogisticsReport) -> int:
    """Try again what waited for this one, until nothing more goes through; say how many did."""
    waiting = LogisticsReport.objects.filter(operator=report.operator, state=State.WAITING)
    done = 0
    if report.order_id is not None:
        of_order = waiting.filter(order=report.order_id).order_by("said_at", "pk")
        while went_through := _try_again(of_order.values_list("pk", flat=True)):
            done += went_through
    if report.kind in FREEING:
        counts = waiting.filter(kind=Kind.STOCK).order_by("-said_at", "-pk")
        done += _count_again(counts.values_list("pk", flat=True))
    return done


def settle_all() -> int:
    """What a worker that was killed left waiting: the last that came are enough."""
    waiting = LogisticsReport.objects.filter(state=State.WAITING).order_by("-received_at", "-pk")
    keys, done = list(waiting.values_list("pk", flat=True)[:MOST_AGAIN]), 0
    while went_through := _try_again(keys):
        done += went_through
    return done


def _try_again(keys: Iterable[int]) -> int:
    return sum(_retried(key) for key in list(keys))


def _count_again(keys: Iterable[int]) -> int:
    """The last count first: while it does not hold, those before it are not looked at, so that a
    warehouse that lacks units for good slows nothing down."""
    done = 0
    for key in list(keys):
        if not _retried(key):
            break
        done += 1
    return done


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
    note("orders.report_retried", report, by=None)
    return True
