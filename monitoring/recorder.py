"""What this process has measured and not written yet: added up in memory, written in batches.

No request writes anything to the database for it. What is kept is bounded whatever happens: the
names come from the code, and past ``MOST`` of each the rest is counted together or left.
"""

import atexit
import logging
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2s

from django.conf import settings
from django.db import Error, connection

from common.statements import Slow, of_no_request
from monitoring.histogram import CLASSES, class_of
from monitoring.writing import write

logger = logging.getLogger(__name__)
PAGE, JOB = "page", "job"
MOST_CELLS = 3000
MOST_FAULTS = 200
MOST_STATEMENTS = 100
REST = "autres"
LONGEST_END = 5  # seconds

Key = tuple[str, str, str, str]  # kind, name, method, outcome


@dataclass(slots=True)
class Cell:
    """What was added up under one key, in one minute."""

    count: int = 0
    millis: float = 0.0
    statements: int = 0
    statement_millis: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * CLASSES)

    def add(self, millis: float, statements: int, statement_millis: float) -> None:
        self.count += 1
        self.millis += millis
        self.statements += statements
        self.statement_millis += statement_millis
        self.buckets[class_of(millis)] += 1


@dataclass(slots=True)
class SlowCell:
    """What was added up of one statement; ``name``: the route that asked for it at ``at``."""

    text: str
    name: str
    at: datetime
    first_at: datetime
    count: int
    millis: float
    slowest: float

    def add(self, other: "SlowCell") -> None:
        if other.at >= self.at:
            self.name, self.at = other.name, other.at
        self.first_at = min(self.first_at, other.first_at)
        self.count += other.count
        self.millis += other.millis
        self.slowest = max(self.slowest, other.slowest)


@dataclass(frozen=True, slots=True)
class FaultSeen:
    at: datetime
    request: str
    name: str
    method: str
    outcome: str
    error: str


@dataclass(slots=True)
class Batch:
    """What goes to the database at once."""

    cells: dict[tuple[datetime, Key], Cell] = field(default_factory=dict)
    faults: list[FaultSeen] = field(default_factory=list)
    slow: dict[str, SlowCell] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.cells or self.faults or self.slow)


class Recorder:
    """One a process. Threads add to it; a thread of its own writes what was added."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._batch = Batch()
        self._writer: threading.Thread | None = None
        self._end = threading.Event()

    def add(
        self, key: Key, millis: float, statements: int = 0, statement_millis: float = 0.0
    ) -> None:
        minute = datetime.now(UTC).replace(second=0, microsecond=0)
        with self._lock:
            cells = self._batch.cells
            cell = cells.get((minute, key))
            if cell is None:
                if len(cells) >= MOST_CELLS:
                    key = (key[0], REST, "", key[3])
                cell = cells.setdefault((minute, key), Cell())
            cell.add(millis, statements, statement_millis)
        self._see_to_writing()

    def fault(self, seen: FaultSeen) -> None:
        with self._lock:
            if len(self._batch.faults) < MOST_FAULTS:
                self._batch.faults.append(seen)

    def slow(self, statement: Slow, name: str) -> None:
        now, millis = datetime.now(UTC), 1000 * statement.seconds
        digest = blake2s(statement.text.encode(), digest_size=16).hexdigest()
        with self._lock:
            self._keep(digest, SlowCell(statement.text, name, now, now, 1, millis, millis))

    def _keep(self, digest: str, seen: SlowCell) -> None:
        kept = self._batch.slow
        if digest in kept:
            kept[digest].add(seen)
        elif len(kept) < MOST_STATEMENTS:
            kept[digest] = seen

    def take(self) -> Batch:
        """What is not written yet; it is the caller's from now on."""
        while of_no_request:
            self.slow(of_no_request.popleft(), "")
        with self._lock:
            taken, self._batch = self._batch, Batch()
        return taken

    def flush(self) -> bool:
        """Write what was added; kept for the next time when the database does not take it."""
        batch = self.take()
        if not batch:
            return True
        try:
            write(batch)
        except Error as refusal:
            logger.warning("measures wait for the database: %s", type(refusal).__name__)
            self._give_back(batch)
            return False
        return True

    def _give_back(self, batch: Batch) -> None:
        """Before what was added meanwhile; minutes that nobody could write are let go at last."""
        with self._lock:
            for at, cell in batch.cells.items():
                if len(self._batch.cells) < MOST_CELLS:
                    add_to(self._batch.cells.setdefault(at, Cell()), cell)
            self._batch.faults = [*batch.faults, *self._batch.faults][:MOST_FAULTS]
            for digest, seen in batch.slow.items():
                self._keep(digest, seen)

    def _see_to_writing(self) -> None:
        """Threads do not survive a fork: each process starts its own at its first measure."""
        if settings.MEASURES_EVERY_SECONDS <= 0 or self._end.is_set():
            return
        if self._writer is None or not self._writer.is_alive():
            with self._lock:
                if self._writer is None or not self._writer.is_alive():
                    self._writer = threading.Thread(
                        target=self._write_from_time_to_time, name="measures", daemon=True
                    )
                    self._writer.start()
                    atexit.register(self._write_a_last_time)

    def _write_from_time_to_time(self) -> None:
        while not self._end.wait(settings.MEASURES_EVERY_SECONDS):
            self._write_apart()

    def _write_apart(self) -> None:
        """Whatever happens, measuring goes on and no connection stays open for it."""
        try:
            self.flush()
        except Exception:
            logger.exception("measures were lost")
        finally:
            connection.close()

    def _write_a_last_time(self) -> None:
        """When the process ends: what the thread has taken is not lost with it."""
        self._end.set()
        if self._writer is not None:
            self._writer.join(LONGEST_END)
        self._write_apart()


def add_to(cell: Cell, other: Cell) -> None:
    cell.count += other.count
    cell.millis += other.millis
    cell.statements += other.statements
    cell.statement_millis += other.statement_millis
    cell.buckets = [one + more for one, more in zip(cell.buckets, other.buckets, strict=True)]


recorder = Recorder()
