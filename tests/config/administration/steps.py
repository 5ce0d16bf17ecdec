"""Jobs in the states that an operator meets."""

from django.db import connection

INSERT = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, queueing_lock, args)
    VALUES (%s, %s, %s::procrastinate_job_status, 8, %s, '{"number": 12, "sealed": "secret"}')
    RETURNING id
"""
FAILURE = "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, 'failed', now())"
ROUND_DONE = """
    INSERT INTO procrastinate_periodic_defers (task_name, defer_timestamp) VALUES (%s, %s)
"""
MAIL = "accounts.tasks.send_notice"
ROUND = "orders.tasks.quotas.renew_quotas"


def make_job(task=MAIL, *, queue="mail", status="failed", lock=None):
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [queue, task, status, lock])
        (number,) = cursor.fetchone()
        if status == "failed":
            cursor.execute(FAILURE, [number])
    return number


def state_of(number):
    """None once it is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s", [number])
        found = cursor.fetchone()
    return found[0] if found else None


def last_round(task, moment):
    with connection.cursor() as cursor:
        cursor.execute(
            ROUND_DONE,
            [task, int(moment.timestamp())],
        )
