"""Up to which number nothing can come any more: entries are committed out of the order of numbers.

An entry takes its number when it is inserted and is seen when its transaction ends: entry 12 may be
there for a minute before entry 11. Whoever inserts holds a lock on the table from before the number
is taken to the end of the transaction: once those that were writing when a number was read have all
ended, no entry under it is still to come. No margin of time is guessed, no writer ever waits.
"""

import time

from django.db import connection

LAST_NUMBER = "SELECT pg_sequence_last_value(pg_get_serial_sequence('journal_entry', 'id'))"
WRITERS = """
    SELECT virtualtransaction FROM pg_locks
     WHERE locktype = 'relation' AND relation = 'journal_entry'::regclass
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
                    'AccessExclusiveLock')
       AND granted AND pid IS DISTINCT FROM pg_backend_pid()
"""
PATIENCE = 20.0  # seconds: a longer transaction leaves its entries, and the next, for another round
PAUSE = 0.05


def settled_through(after: int, *, patience: float = PATIENCE) -> int | None:
    """The last number given, once nothing is still to come under it; None when it is ``after``.

    Numbers given later are those of entries inserted later than this was called.
    """
    bound = last_number()
    if bound <= after:
        return None
    writing, end = _writers(), time.monotonic() + patience
    while writing:
        if time.monotonic() > end:
            return None
        time.sleep(PAUSE)
        writing &= _writers()
    return bound


def last_number() -> int:
    """The last number that an entry took, whether or not it stayed."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_NUMBER)
        return cursor.fetchone()[0] or 0


def _writers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(WRITERS)
        return {name for (name,) in cursor.fetchall()}
