"""Work that is queued once is done after all that asked for it is written."""

import pytest
from django.db import transaction
from procrastinate.contrib.django import app

from common.background import connection_beside, queue_unless_waiting

TAKEN = (
    "SELECT count(*) FROM (SELECT FROM procrastinate_jobs"
    " WHERE queueing_lock = 'once' AND status = 'todo' FOR UPDATE SKIP LOCKED) free"
)


def queue():
    queue_unless_waiting(app.configure_task("no.such.work", queueing_lock="once"), number=1)


def free_jobs():
    """What the task worker could take now."""
    with connection_beside() as beside, beside.cursor() as cursor:
        cursor.execute(TAKEN)
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_work_that_waits_is_not_taken_before_the_last_who_asked_has_written():
    queue()
    assert free_jobs() == 1
    with transaction.atomic():
        queue()
        assert free_jobs() == 0
    assert free_jobs() == 1
