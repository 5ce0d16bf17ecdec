"""Work handed to the task worker and followed on a page: queued once, given back, told stopped."""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import (
    DEFAULT_DB_ALIAS,
    InterfaceError,
    OperationalError,
    connection,
    connections,
    transaction,
)
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Job, JobDeferrer, Status
from procrastinate.tasks import Task

logger = logging.getLogger(__name__)
SILENCE = timedelta(minutes=2)  # without a sign of life for so long, the work has stopped
HOLD = (
    "SELECT id FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo' FOR KEY SHARE"
)
# the database left in the middle: nothing was written, the work is done again once it is back
WHEN_BACK = RetryStrategy(
    max_attempts=6, exponential_wait=3, retry_exceptions={OperationalError, InterfaceError}
)
WORKER_SILENCE = 60  # seconds without a sign of the worker: it is dead, and its job is given back


def digest_of(file: "UploadedFile[bytes]") -> str:
    """Know a file that comes twice by what it holds, whatever its name."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def enqueue_once(task: "Task[..., None, Any]", key: int, **arguments: int) -> None:
    """Queue the work once: a click repeated before the worker takes it changes nothing."""
    queue_unless_waiting(task.configure(queueing_lock=f"{task.name}-{key}"), **arguments)


def queue_unless_waiting(work: JobDeferrer, **arguments: Any) -> None:
    """Queue the work, unless the same (by its queueing lock) waits already.

    The one that waits is not taken before this transaction ends: what it reads then holds what is
    being written now.
    """
    try:
        with transaction.atomic():
            work.defer(**arguments)
            return
    except AlreadyEnqueued:
        with connection.cursor() as cursor:
            cursor.execute(HOLD, [work.job.queueing_lock])
            if cursor.fetchone():
                return
    queue_unless_waiting(work, **arguments)  # the worker took it meanwhile


async def give_back_stalled() -> None:
    """Give back the jobs of a worker that was killed, whatever their queue.

    A round under way for ever would hold back the next ones; an invoice would never be deposited.
    Each task of ours can be started again.
    """
    for job in await _stalled():
        await _give_back(job)


async def _stalled() -> Iterable[Job]:
    return await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=WORKER_SILENCE)


async def _give_back(job: Job) -> None:
    """Unless the same waits already: it will do the work of both."""
    try:
        await app.job_manager.retry_job(job)
    except UniqueViolation:
        await app.job_manager.finish_job(job, Status.ABORTED, delete_job=True)
    except ConnectorException:  # another worker has just done it: the others are still to be
        logger.info("job %s was given back already", job.id)


def is_silent(seen_at: datetime) -> bool:
    """Whether the worker has given no sign for so long that its work must be started again."""
    return timezone.now() - seen_at > SILENCE


def long_silent() -> datetime:
    """The sign of life to leave when the work is known to have stopped: it is offered at once."""
    return timezone.now() - 2 * SILENCE


@contextmanager
def connection_beside() -> Iterator[BaseDatabaseWrapper]:
    """Open a second connection, for what must be seen while a transaction is under way."""
    beside = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        yield beside
    finally:
        beside.close()
