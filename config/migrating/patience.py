"""A migration waits a few seconds for its locks, then lets the site pass and tries again.

A statement that waits for an exclusive lock holds up everyone who comes after it, readers too: what
blocks the site is not the migration but its waiting.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

LOCK_SECONDS = 3
STATEMENT_MINUTES = 30  # an index made beside the writes of a national table
PAUSES = (2.0, 5.0, 10.0, 20.0, 40.0)

CONCURRENTLY = re.compile(r"\bCONCURRENTLY\b", re.IGNORECASE)
# of a REINDEX that somebody else is at, the names end otherwise
UNFINISHED = """
    SELECT one.relname FROM pg_index JOIN pg_class AS one ON one.oid = indexrelid
     WHERE NOT indisvalid AND one.relkind = 'i' AND one.relnamespace = 'public'::regnamespace
       AND one.relname !~ '_cc(new|old)[0-9]*$'
"""

Say = Callable[[str], object]


@contextmanager
def short_waits() -> Iterator[None]:
    """For this session, the owner's and direct; what it was is given back."""
    limit("lock_timeout", f"{LOCK_SECONDS}s")
    limit("statement_timeout", f"{STATEMENT_MINUTES}min")
    try:
        with connection.execute_wrapper(wait_when_alone):
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
            cursor.execute("RESET statement_timeout")


def limit(name: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [name, value])


def wait_when_alone(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """An index made beside the writes waits for those under way, and holds up nobody meanwhile.

    Interrupted, it would leave its name to an index that is not one.
    """
    if not CONCURRENTLY.search(str(sql)):
        return execute(sql, params, many, context)
    limit("lock_timeout", "0")
    try:
        return execute(sql, params, many, context)
    finally:
        limit("lock_timeout", f"{LOCK_SECONDS}s")


def forget_unfinished_indexes() -> None:
    """What a deployment that was killed left: the migration would find its name taken."""
    with connection.cursor() as cursor:
        cursor.execute(UNFINISHED)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX CONCURRENTLY {connection.ops.quote_name(name)}")


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
