"""For tests where two people act at the same moment: wait until the second really waits."""

import time

import pytest
from django.db import connection


def wait_until_somebody_waits_for_a_lock():
    """Two threads started together prove nothing: one must be seen waiting in ``pg_locks``."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    pytest.fail("nobody waits: nothing is locked")
