"""Work queued once is done after all that asked for it is written; work cut is given back."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from accounts.tasks import give_back_mails
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


def cut(queue, **locks):
    """A job whose worker was killed in the middle of it."""
    number = app.configure_task("no.such.work", queue=queue, **locks).defer()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL WHERE id = %s",
            [number],
        )
    return number


def states():
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status::text FROM procrastinate_jobs")
        return dict(cursor.fetchall())


def give_back():
    """As the task worker does it, in a thread of its own: browser tests leave a loop in ours."""

    def work():
        asyncio.run(give_back_mails.func(0))

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


@pytest.mark.django_db(transaction=True)
def test_a_mail_and_a_round_cut_in_the_middle_are_given_back():
    mail, other = cut("mail"), cut("files")
    round_ = cut("alerts", lock="alerts", queueing_lock="alerts")
    give_back()
    assert states() == {mail: "todo", other: "doing", round_: "todo"}


@pytest.mark.django_db(transaction=True)
def test_a_round_cut_gives_way_to_the_next_that_waits():
    """The next one would never start, and no other job would be given back."""
    cut("alerts", lock="alerts", queueing_lock="alerts")
    mail = cut("mail")
    waits = app.configure_task(
        "no.such.work", queue="alerts", lock="alerts", queueing_lock="alerts"
    ).defer()
    give_back()
    assert states() == {mail: "todo", waits: "todo"}
