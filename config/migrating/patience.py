"""A migration waits a few seconds for its locks, then lets the site pass and tries again.

A statement that waits for an exclusive lock holds up everyone who comes after it, readers too: what
blocks the site is not the migration but its waiting.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

LOCK_SECONDS = 3
STATEMENT_MINUTES = 30  # an index made beside the writes of a national table
PAUSES = (2.0, 5.0, 10.0, 20.0, 40.0)

Say = Callable[[str], object]


@contextmanager
def short_waits() -> Iterator[None]:
    """For this session, the owner's and direct; what it was is given back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{LOCK_SECONDS}s"])
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, false)", [f"{STATEMENT_MINUTES}min"]
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
            cursor.execute("RESET statement_timeout")


def again_when_locked(work: Callable[[], object], say: Say) -> None:
    """What was applied stays; what could not have its lock left no trace and is tried again."""
    for pause in PAUSES:
        try:
            work()
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            say(f"Une table est occupée\u00a0: nouvel essai dans {pause:.0f}\u00a0s.")
            time.sleep(pause)
        else:
            return
    work()
