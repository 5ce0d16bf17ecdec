"""Work queued once is done after all that asked for it is written; work cut is given back."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import InterfaceError, OperationalError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from accounts.tasks import give_back_jobs
from common import background
from common.background import WHEN_BACK, connection_beside, queue_unless_waiting

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
        asyncio.run(give_back_jobs.func(0))

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


@pytest.mark.django_db(transaction=True)
def test_what_was_cut_in_the_middle_is_given_back_whatever_its_queue():
    """A mail, an invoice to deposit, a round: none stays under way for ever."""
    mail, invoice = cut("mail"), cut("chorus")
    round_ = cut("alerts", lock="alerts", queueing_lock="alerts")
    give_back()
    assert states() == {mail: "todo", invoice: "todo", round_: "todo"}


@pytest.mark.django_db(transaction=True)
def test_what_another_worker_has_just_given_back_does_not_stop_the_others(monkeypatch):
    given, mail = cut("transmissions"), cut("mail")
    stalled = background._stalled

    async def seen_before_the_other_gave_it_back():
        jobs = list(await stalled())
        await app.job_manager.retry_job(next(one for one in jobs if one.id == given))
        return jobs

    monkeypatch.setattr(background, "_stalled", seen_before_the_other_gave_it_back)
    give_back()
    assert states() == {given: "todo", mail: "todo"}


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


def asked_for():
    """The work that people ask for: what is not done now and then by itself."""
    rounds = {one.task.name for one in app.periodic_registry.periodic_tasks.values()}
    ours = [one for one in app.tasks.values() if not one.name.startswith(("builtin", "procrast"))]
    return [one for one in ours if one.name not in rounds]


@pytest.mark.parametrize("lost", [OperationalError, InterfaceError])
def test_work_asked_for_is_done_again_when_the_database_left_in_the_middle(lost):
    """Nobody is told « relancez-le » because the database restarted."""
    job = Job(id=1, queue="q", lock=None, queueing_lock=None, task_name="t", attempts=1)
    given_up = {
        one.name
        for one in asked_for()
        if one.retry_strategy is None
        or one.retry_strategy.get_retry_decision(exception=lost(), job=job) is None
    }
    assert asked_for()
    assert given_up == set()


def test_work_that_fails_by_itself_is_not_done_again():
    job = Job(id=1, queue="q", lock=None, queueing_lock=None, task_name="t", attempts=1)
    assert WHEN_BACK.get_retry_decision(exception=ValueError(), job=job) is None
