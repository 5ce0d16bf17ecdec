"""How late the replica is, asked once in a few seconds by each process, whatever its traffic.

The primary says how far it has written, the replica whether it is there; if not, the age of the
last transaction it has replayed says how old its picture is. Unlike the receiver's own state this
holds when the link between the two is cut, and needs no right of its own. A replica that was
promoted is a replica no more: it is not read.
"""

import logging
import time
from threading import Lock

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections

from common.reading import REPLICA

logger = logging.getLogger(__name__)

LOOK_SECONDS = 3.0
BELIEVED_SECONDS = LOOK_SECONDS + 2  # whoever looks next may wait: nobody believes longer than this
SILENT_SECONDS = 10.0  # one that does not answer is left alone longer: asking it costs a wait

WRITTEN = "SELECT pg_current_wal_lsn()::text"
REPLAYED = """
    SELECT CASE WHEN NOT pg_is_in_recovery() THEN NULL
                WHEN pg_last_wal_replay_lsn() >= %s::pg_lsn THEN 0
                ELSE EXTRACT(EPOCH FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END
"""


def measure() -> float | None:
    """Seconds; none when nobody can say."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(WRITTEN)
        (written,) = cursor.fetchone()
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(REPLAYED, [written])
        (seconds,) = cursor.fetchone()
    return None if seconds is None else max(0.0, float(seconds))


class Watch:
    """What this process knows of the replica."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._again_at = self._asked_at = 0.0
        self._is_fresh = False

    def is_fresh(self) -> bool:
        """One thread looks; the others go on a moment with what was known."""
        if time.monotonic() >= self._again_at and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._is_fresh and time.monotonic() < self._asked_at + BELIEVED_SECONDS

    def has_failed(self) -> bool:
        """Whether an error of this thread came from it, and not from the primary."""
        return connections[REPLICA].errors_occurred

    def lost(self) -> None:
        """It failed within a page: not to be asked again at once."""
        self._again_at = time.monotonic() + SILENT_SECONDS
        connections[REPLICA].close()
        self._tell(False, "ne répond pas")

    def _look(self) -> None:
        asked_at = time.monotonic()
        try:
            seconds = measure()
        except Error:
            if not self.has_failed():
                raise
            self.lost()
            return
        self._asked_at, self._again_at = asked_at, time.monotonic() + LOOK_SECONDS
        is_fresh = seconds is not None and seconds < settings.REPLICA_LAG_SECONDS
        self._tell(is_fresh, "n’en est pas un" if seconds is None else f"{seconds:.0f} s de retard")

    def _tell(self, is_fresh: bool, why: str) -> None:
        """In the log, when it changes."""
        if is_fresh and not self._is_fresh:
            logger.info("Réplica lu\u00a0: %s.", why)
        elif self._is_fresh and not is_fresh:
            logger.warning("Réplica écarté\u00a0: %s. Les lectures vont au primaire.", why)
        self._is_fresh = is_fresh


watch = Watch()
