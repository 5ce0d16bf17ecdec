"""What the platform measures of its queue, its base, its disk, and of what keeps it safe."""

import math
from collections.abc import Iterable

from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from common.probes import Probe, Sample, one
from common.reading import REPLICA
from config.administration import jobs, mails, storage
from config.backups.last import last_backup
from config.health import read_queue
from config.replica.lag import measure

# while the last attempt to archive failed: since when nothing was archived
UNARCHIVED = """
    SELECT CASE WHEN last_failed_time <= last_archived_time OR last_failed_time IS NULL THEN 0
                ELSE EXTRACT(EPOCH FROM now() - COALESCE(last_archived_time, stats_reset)) END
      FROM pg_stat_archiver WHERE current_setting('archive_mode') <> 'off'
"""


def queue_of(field: str) -> Iterable[Sample]:
    """A figure of each queue that has jobs."""
    return [Sample(getattr(one, field), (one.name,)) for one in jobs.queues()]


def replica_lag() -> Iterable[Sample]:
    """How late the replica is, where there is one; infinitely, when it is one no more."""
    if REPLICA not in settings.DATABASES:
        return []
    try:
        seconds = measure()
    finally:
        connections[REPLICA].close()
    return one(math.inf if seconds is None else seconds)


def unarchived() -> Iterable[Sample]:
    """How long the log of PostgreSQL has failed to be archived, where it is (pgBackRest)."""
    with connection.cursor() as cursor:
        cursor.execute(UNARCHIVED)
        row = cursor.fetchone()
    return one(row[0]) if row else []


def backup_age(part: str) -> Iterable[Sample]:
    """Since the last good backup, as the backup itself wrote it; nothing before the first.

    « full »: the last whole copy; « log »: until when the changes since are safe.
    """
    last = last_backup()
    at = getattr(last, part) if last else None
    return one((timezone.now() - at).total_seconds()) if at else []


def connections_used() -> Iterable[Sample]:
    found = storage.database()
    return [
        Sample(found.connections, ("used",)),
        Sample(found.most_connections, ("allowed",)),
    ]


def oldest_transaction() -> Iterable[Sample]:
    oldest = storage.database().oldest
    return one(oldest.total_seconds() if oldest else 0)


def mails_of() -> Iterable[Sample]:
    """The mails in the queue, whichever of our tasks writes them."""
    found = mails.states()
    return [
        Sample(sum(one.waiting for one in found), ("waiting",)),
        Sample(sum(one.tried_again for one in found), ("retried",)),
        Sample(sum(one.failed for one in found), ("failed",)),
    ]


PROBES = (
    Probe("queue_waiting", "Jobs due and not taken", lambda: queue_of("waiting"), ("queue",)),
    Probe("queue_running", "Jobs under way", lambda: queue_of("doing"), ("queue",)),
    Probe("queue_failed", "Jobs that gave up", lambda: queue_of("failed"), ("queue",)),
    Probe(
        "queue_oldest_seconds",
        "Age of the oldest job due and not taken",
        lambda: one(read_queue()["oldest_job_seconds"]),
    ),
    Probe("jobs_stalled", "Jobs whose worker is gone", lambda: one(len(jobs.stalled()))),
    Probe("jobs_retried", "Jobs that wait for another try", lambda: one(jobs.retried_count())),
    Probe("workers", "Task workers alive", lambda: one(jobs.workers())),
    Probe(
        "rounds_late",
        "Periodic tasks that did not come",
        lambda: one(sum(round_.is_late for round_ in jobs.rounds())),
    ),
    Probe("mails", "Mails in the queue", mails_of, ("state",)),
    Probe("database_connections", "Connections to the database", connections_used, ("state",)),
    Probe("database_size_bytes", "Size of the database", lambda: one(storage.database().size)),
    Probe(
        "database_oldest_transaction_seconds",
        "Age of the oldest transaction under way",
        oldest_transaction,
    ),
    Probe("disk_free_bytes", "Free on the disk of the data", lambda: one(storage.disk().free)),
    Probe("disk_size_bytes", "Size of the disk of the data", lambda: one(storage.disk().total)),
    Probe("replica_lag_seconds", "How late the read replica is", replica_lag),
    Probe("backup_age_seconds", "Since the last whole backup", lambda: backup_age("full")),
    Probe("backup_log_age_seconds", "Of what no backup holds yet", lambda: backup_age("log")),
    Probe("archive_failing_seconds", "Since the log was last archived, if it fails", unarchived),
)
