"""What the queues keep: a day of what is done, a month of what failed."""

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.tasks import MAIL, forget_done_jobs

pytestmark = pytest.mark.django_db


def job(queue, status, *, days):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name)"
            " VALUES (%s, 'any') RETURNING id",
            [queue],
        )
        (number,) = cursor.fetchone()
        for state in [] if status == "todo" else ["doing", status]:
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [state, number]
            )
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - make_interval(days => %s)"
            " WHERE job_id = %s",
            [days, number],
        )
    return number


@pytest.mark.parametrize("queue", [MAIL, "summaries"])
def test_every_queue_keeps_a_day_of_what_is_done_and_a_month_of_what_failed(queue):
    kept = {
        job(queue, "succeeded", days=0),
        job(queue, "failed", days=20),
        job(queue, "todo", days=60),
    }
    job(queue, "succeeded", days=2)
    job(queue, "failed", days=40)
    async_to_sync(forget_done_jobs.func)(0)
    assert set(ProcrastinateJob.objects.values_list("pk", flat=True)) == kept
