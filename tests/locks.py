"""For races: wait until the other person is really waiting, never sleep and hope."""

import time

import pytest
from django.db import connection


def wait_until_somebody_waits_for_a_lock():
    for _ in range(300):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    pytest.fail("nobody waits: the row is not locked")
