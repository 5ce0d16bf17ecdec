"""A file treated by the task worker: from one state to the next, once, with signs of life.

Its row has ``state``, ``progress``, ``seen_at`` and ``message``. The worker may be killed at any
moment and started again: what it writes goes in one transaction, which also writes the new state.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from django.db import connection
from django.utils import timezone

from common.background import connection_beside, long_silent

SECONDS = 1.0  # between two signs of life
STOPPED = "Le traitement s’est interrompu. Rien n’a été écrit\u00a0: vous pouvez le relancer."


class AbandonedError(Exception):
    """The file is no longer in the state this job works on: cancelled, or done by another."""


def work_on(row: Any, work: Callable[[Any], None]) -> None:
    """Do nothing of a row that is elsewhere (None); a failure is said, then left to the log."""
    if row is None:
        return
    try:
        tell(row, 0)
        work(row)
    except AbandonedError:
        return
    except Exception:
        _same(row).update(seen_at=long_silent(), message=STOPPED)
        raise


def tell(row: Any, count: int) -> None:
    """Give a sign of life, or stop: somebody abandoned the file meanwhile."""
    if not _same(row).update(progress=count, seen_at=timezone.now()):
        raise AbandonedError


def move(row: Any, after: str, **fields: object) -> None:
    """Change the state only from the one expected: two workers on one file conclude once."""
    if not _same(row).update(state=after, seen_at=timezone.now(), **({"message": ""} | fields)):
        raise AbandonedError


@contextmanager
def told_beside(row: Any) -> Iterator[Callable[[int], None]]:
    """Tell the progress by a second connection: it shows while a transaction is under way."""
    table = connection.ops.quote_name(row._meta.db_table)
    alive = (
        f"UPDATE {table} SET progress = %s, seen_at = clock_timestamp()"  # noqa: S608
        " WHERE id = %s AND state = %s"
    )
    told = monotonic()

    def say(count: int) -> None:
        nonlocal told
        if monotonic() - told < SECONDS:
            return
        told = monotonic()
        with beside.cursor() as cursor:
            cursor.execute(alive, [count, row.pk, row.state])

    with connection_beside() as beside:
        yield say


def _same(row: Any) -> Any:
    return type(row)._default_manager.filter(pk=row.pk, state=row.state)
