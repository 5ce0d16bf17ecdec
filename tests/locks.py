"""For tests where two people act at the same moment: wait until the second really waits."""

import threading
import time
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from common.background import connection_beside

# in this database alone: the tests that run beside have one of their own on the same server
# (never pg_stat_activity, which a transaction sees as it was at its first look)
WAITING = """
SELECT count(*) FROM pg_locks waiting
 WHERE NOT waiting.granted AND waiting.pid IN (
       SELECT pid FROM pg_locks
        WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""


def wait_until_somebody_waits_for_a_lock():
    """Two threads started together prove nothing: one must be seen waiting in ``pg_locks``."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    pytest.fail("nobody waits: nothing is locked")


@contextmanager
def before_another(action, *, refused=()):
    """What is done inside is committed once ``action``, of somebody else, waits for it.

    Gives the exceptions ``refused`` that the action met.
    """
    refusals = []

    def act():
        try:
            action()
        except refused as refusal:
            refusals.append(refusal)
        finally:
            connection.close()

    somebody_else = threading.Thread(target=act)
    with transaction.atomic():
        yield refusals
        somebody_else.start()
        wait_until_somebody_waits_for_a_lock()
    somebody_else.join()


@contextmanager
def held_by_another(lock):
    """Another worker has this advisory lock; it is free again as soon as the block ends.

    A connection that closes lets go of its locks a moment after: it gives this one back itself.
    """
    with connection_beside() as beside, beside.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [lock])
        yield
        cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])
