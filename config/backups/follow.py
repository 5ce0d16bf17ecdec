"""The log followed as it is written, so that the base can be given back as it was at an instant.

PostgreSQL sends its log to a folder of this machine, in the clear as the base is; each round seals
it into the repository, the unfinished segment as it stands included, and the files with it.
"""

import logging
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from pyrage.x25519 import Recipient

from config.backups import server
from config.backups.errors import BackupError
from config.backups.files import FileKeeper
from config.backups.last import LastBackup, note
from config.backups.repository import PARTIAL, SEGMENT, Full, Reached, Repository
from config.backups.sealing import SUFFIX, seal

logger = logging.getLogger("backups")
PATIENCE = 5.0  # seconds given to the stream to bring what the server had just written
TRY_AGAIN = 60.0  # seconds between two whole copies, when the first failed


@dataclass
class Follower:
    repository: Repository
    keys: Sequence[Recipient]
    spool: Path
    receiver: "subprocess.Popen[bytes] | None" = None
    making: "subprocess.Popen[bytes] | None" = None
    tried: float = -TRY_AGAIN
    copied: dict[str, int] = field(default_factory=dict)
    files: FileKeeper = field(init=False)

    def __post_init__(self) -> None:
        self.files = FileKeeper(self.repository, self.keys)

    def round(self) -> Reached:
        """Bring the repository to where the server was when the round began."""
        here = server.position()
        self.repository.prepare(here.system)
        self.spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.is_receiving():
            self.receiver = server.receive(self.spool)
        self.wait_for(here.bytes)
        self.seal_log()
        self.files.keep(server.now)
        reached = Reached(here.at, max(self.repository.segments(), default=""))
        self.repository.write_reached(reached)
        self.tell(here)
        return reached

    def wait_for(self, position: int) -> None:
        until = time.monotonic() + PATIENCE
        while ((received := server.position().received) or 0) < position:
            if time.monotonic() > until:
                if received is None and not self.is_receiving():
                    self.start_again()
                raise BackupError(
                    "Le journal de PostgreSQL n’arrive pas\u00a0: ce qui s’écrit en ce moment "
                    "n’est pas encore sauvegardé."
                )
            time.sleep(0.1)

    def is_receiving(self) -> bool:
        return self.receiver is not None and self.receiver.poll() is None

    def start_again(self) -> None:
        """The server has no more what follows the spool: it took its log back, or was given back.

        What was received is kept, then the log comes from now on; the hole makes a whole copy due.
        """
        self.seal_log()
        for path in self.spool.glob(f"*{PARTIAL}"):
            path.unlink()
        server.forget_slot()

    def seal_log(self) -> None:
        """Whole segments leave the spool; of the unfinished one, the repository gets a copy.

        From one look at the folder: a segment finished meanwhile is not skipped for its successor.
        """
        try:
            for path in sorted(self.spool.iterdir()):
                if SEGMENT.fullmatch(path.name) or path.name.endswith(".history"):
                    self.seal_one(path)
                    self.unfinished(path.name).unlink(missing_ok=True)
                    path.unlink()
                elif path.name.endswith(PARTIAL):
                    self.copy_unfinished(path)
        except FileNotFoundError:  # it has just been finished, under its whole name
            self.seal_log()

    def copy_unfinished(self, path: Path) -> None:
        """Not again when nothing was written in it since."""
        written = path.stat().st_mtime_ns
        if self.copied.get(path.name) != written:
            self.seal_one(path)
            self.copied[path.name] = written

    def seal_one(self, path: Path) -> None:
        with open(path, "rb") as source:
            seal(source, self.repository.wal / f"{path.name}{SUFFIX}", self.keys)

    def unfinished(self, name: str) -> Path:
        return self.repository.wal / f"{name}{PARTIAL}{SUFFIX}"

    def tell(self, here: server.Position) -> None:
        """Note how old the last backup is; have a whole copy made when one is due."""
        fulls = self.repository.list_fulls()
        if fulls:
            size = sum(one.sealed_size for one in fulls[-1].pieces)
            note(LastBackup(fulls[-1].ended, size, here.at))
        if not fulls or self.is_due(fulls[-1], here):
            self.make_full()

    def is_due(self, last: Full, here: server.Position) -> bool:
        """Old, from before the server was given back, or cut from the log by a lost segment."""
        return (
            here.at - last.ended >= timedelta(hours=settings.BACKUP_EVERY_HOURS)
            or last.segment[:8] != here.segment[:8]
            or self.repository.lost_since(last) is not None
        )

    def make_full(self) -> None:
        """In a process of its own: the log goes on being sealed meanwhile."""
        running = self.making is not None and self.making.poll() is None
        if not running and time.monotonic() - self.tried > TRY_AGAIN:
            self.tried = time.monotonic()
            command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "backup", "full"]
            self.making = subprocess.Popen(command)  # noqa: S603

    def stop(self) -> None:
        for process in (self.receiver, self.making):
            if process is not None and process.poll() is None:
                process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(PATIENCE)
                process.kill()
                process.wait()


def follow(follower: Follower) -> None:
    """Until it is stopped. A server or a disk that fails is said, and tried again."""
    with follower.repository.alone("follow"):
        try:
            while True:
                try:
                    follower.round()
                except (BackupError, OSError) as failure:
                    logger.error("backup not followed: %s", failure)
                time.sleep(settings.BACKUP_SECONDS)
        finally:
            follower.stop()
