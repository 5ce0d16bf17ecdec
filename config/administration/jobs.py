"""The jobs of the task worker as its operator sees them: how many, since when, never about what.

The arguments of a job are not read: they may point at a person or at a stock.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from croniter import croniter
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicTask

from common.background import WORKER_SILENCE
from config.administration.task_names import name_of

FAILED_PER_PAGE = 50
GRACE = timedelta(minutes=5)  # the worker may be busy: later than that, a round was missed
FORGOTTEN_AFTER_DAYS = 30  # as `accounts.tasks` forgets them

QUEUES = """
    SELECT job.queue_name,
           count(*) FILTER (WHERE job.status = 'todo'
                              AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())),
           count(*) FILTER (WHERE job.status = 'todo' AND job.scheduled_at > now()),
           count(*) FILTER (WHERE job.status = 'doing'),
           count(*) FILTER (WHERE job.status = 'failed'),
           min(GREATEST(job.scheduled_at, deferred.at)) FILTER (
               WHERE job.status = 'todo'
                 AND (job.scheduled_at IS NULL OR job.scheduled_at <= now()))
      FROM procrastinate_jobs job
      LEFT JOIN procrastinate_events deferred
             ON deferred.job_id = job.id AND deferred.type = 'deferred' AND job.status = 'todo'
     WHERE job.status IN ('todo', 'doing', 'failed')
     GROUP BY 1 ORDER BY 1
"""
ROUNDS = """
    SELECT DISTINCT ON (task_name) task_name, to_timestamp(defer_timestamp)
      FROM procrastinate_periodic_defers
     ORDER BY task_name, defer_timestamp DESC
"""
FAILED_TASKS = """
    SELECT task_name, count(*) FROM procrastinate_jobs
     WHERE status = 'failed' GROUP BY 1 ORDER BY 2 DESC, 1
"""
FAILED = """
    SELECT job.id, job.task_name, job.queue_name, job.attempts, failure.at
      FROM procrastinate_jobs job
      LEFT JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events
                          WHERE job_id = job.id AND type = 'failed') failure ON true
     WHERE job.status = 'failed' AND (%(task)s = '' OR job.task_name = %(task)s)
     ORDER BY job.id DESC LIMIT %(limit)s OFFSET %(offset)s
"""
ONE_FAILED = """
    SELECT id, task_name, queue_name, attempts, NULL FROM procrastinate_jobs
     WHERE id = %(number)s AND status = 'failed'
"""
RUNNING = """
    SELECT job.id, job.task_name, job.queue_name, job.attempts, started.at
      FROM procrastinate_jobs job
      LEFT JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events
                          WHERE job_id = job.id AND type = 'started') started ON true
     WHERE job.status = 'doing' ORDER BY started.at NULLS LAST LIMIT 50
"""

# the worker that took them gives no sign of life: they are given back within a minute
STALLED = """
    SELECT job.id, job.task_name, job.queue_name, job.attempts, started.at
      FROM procrastinate_jobs job
      LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
      LEFT JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events
                          WHERE job_id = job.id AND type = 'started') started ON true
     WHERE job.status = 'doing'
       AND (worker.id IS NULL OR worker.last_heartbeat < now() - %(silence)s * interval '1 second')
     ORDER BY started.at NULLS LAST LIMIT 50
"""
RETRIED = """
    SELECT id, task_name, queue_name, attempts, scheduled_at
      FROM procrastinate_jobs WHERE status = 'todo' AND attempts > 0
     ORDER BY scheduled_at NULLS FIRST, id LIMIT 50
"""
RETRIED_COUNT = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND attempts > 0"
WORKERS = """
    SELECT count(*) FROM procrastinate_workers
     WHERE last_heartbeat >= now() - %(silence)s * interval '1 second'
"""


@dataclass(frozen=True, slots=True)
class Queue:
    """Jobs that wait, planned for later, under way, in failure; since when the oldest waits."""

    name: str
    waiting: int
    later: int
    doing: int
    failed: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Job:
    """A job without its arguments; ``at`` is when it failed, began, or will be tried again."""

    number: int
    task: str
    queue: str
    attempts: int
    at: datetime | None

    @property
    def name(self) -> str:
        return name_of(self.task)


@dataclass(frozen=True, slots=True)
class Round:
    """A task that comes back: when it last was queued, when it will be, whether it is late."""

    task: str
    cron: str
    last: datetime | None
    next: datetime
    is_late: bool

    @property
    def name(self) -> str:
        return name_of(self.task)


def queues() -> list[Queue]:
    return [Queue(*row) for row in rows_of(QUEUES)]


def waiting_since(queues: list[Queue]) -> datetime | None:
    """Since when the oldest job that is due waits, in all queues."""
    return min((one.since for one in queues if one.since), default=None)


def running() -> list[Job]:
    return [Job(*row) for row in rows_of(RUNNING)]


def one_failed(number: int) -> Job | None:
    """That one, if it is still in failure."""
    rows = rows_of(ONE_FAILED, {"number": number})
    return Job(*rows[0]) if rows else None


def stalled() -> list[Job]:
    """Those that a worker took and no longer gives a sign of."""
    return [Job(*row) for row in rows_of(STALLED, {"silence": WORKER_SILENCE})]


def retried() -> list[Job]:
    """Those that failed and wait for their next try, the first to come first."""
    return [Job(*row) for row in rows_of(RETRIED)]


def retried_count() -> int:
    ((count,),) = rows_of(RETRIED_COUNT)
    return int(count)


def workers() -> int:
    """How many task workers give a sign of life."""
    ((count,),) = rows_of(WORKERS, {"silence": WORKER_SILENCE})
    return int(count)


def failed_tasks() -> list[tuple[str, str, int]]:
    """Each task with failures: its own name, its words, how many."""
    return [(task, name_of(task), count) for task, count in rows_of(FAILED_TASKS)]


def failed(task: str = "", page: int = 1) -> list[Job]:
    """A page of failures, the last first, and one more row when there is a page after."""
    offset = (page - 1) * FAILED_PER_PAGE
    asked = {"task": task, "limit": FAILED_PER_PAGE + 1, "offset": offset}
    return [Job(*row) for row in rows_of(FAILED, asked)]


def rounds(now: datetime | None = None) -> list[Round]:
    """Every task that comes back, those that are late first."""
    now = now or timezone.now()
    last = dict(rows_of(ROUNDS))
    tasks = periodic_tasks()
    since = None if all(one.task.name in last for one in tasks) else last_update()
    found = [round_of(one, last.get(one.task.name), now, since) for one in tasks]
    return sorted(found, key=lambda one: (not one.is_late, one.name))


def round_of(
    periodic: "PeriodicTask", last: datetime | None, now: datetime, since: datetime | None = None
) -> Round:
    """Late: the worker should have queued it since, with some minutes of grace.

    One that never came is late when its hour passed ``since`` the platform was last updated.

    Seconds of a cron come last, as the worker reads them; its hours are those of the worker (UTC).
    """
    local = now.astimezone(UTC)
    should_have = croniter(periodic.cron, local - GRACE).get_prev(datetime)
    following = croniter(periodic.cron, local).get_next(datetime)
    before = last or since
    is_late = before is None or before < should_have
    return Round(periodic.task.name, periodic.cron, last, following, is_late)


def last_update() -> datetime | None:
    """When a version of the platform last changed the database."""
    moment: datetime | None
    ((moment,),) = rows_of("SELECT max(applied) FROM django_migrations")
    return moment


def periodic_tasks() -> list["PeriodicTask"]:
    return list(app.periodic_registry.periodic_tasks.values())


def periodic_names() -> set[str]:
    return {one.task.name for one in periodic_tasks()}


def rows_of(query: str, asked: dict[str, Any] | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        return cursor.fetchall()
