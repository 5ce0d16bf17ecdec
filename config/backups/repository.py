"""The folder of the backups. What is not whole has another name, and is never taken for a backup.

repository.json      which server, so that two never mix
full/STAMP/          base.tar.gz.age, manifest.json (written last)
wal/                 the log, a sealed file a segment; the unfinished one as it was seconds ago
files/blobs, index   each content once; what stood in the folders at an instant
"""

import fcntl
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from common.disk import new_file, settle
from config.backups.errors import BackupError
from config.backups.sealing import SUFFIX, Piece

SEGMENT = re.compile(r"[0-9A-F]{24}")
PARTIAL = ".partial"
STAMP = "%Y%m%dT%H%M%S.%fZ"
UNFINISHED = ".part"


@dataclass(frozen=True, slots=True)
class Full:
    """A whole copy of the server. It can be given back at any instant from ``ended``.

    ``segment``: the first that it needs; ``bytes``: of log, when it ended.
    """

    started: datetime
    ended: datetime
    segment: str
    bytes: int
    system: str
    version: int
    pieces: list[Piece] = field(default_factory=list)

    @property
    def major(self) -> int:
        return self.version // 10_000

    @property
    def stamp(self) -> str:
        return stamp(self.started)


@dataclass(frozen=True, slots=True)
class Reached:
    """All that the server had written at this instant, up to this segment, is in the repository."""

    at: datetime
    segment: str


@dataclass(frozen=True, slots=True)
class Repository:
    folder: Path

    @property
    def fulls(self) -> Path:
        return self.folder / "full"

    @property
    def wal(self) -> Path:
        return self.folder / "wal"

    @property
    def blobs(self) -> Path:
        return self.folder / "files" / "blobs"

    @property
    def index(self) -> Path:
        return self.folder / "files" / "index"

    def prepare(self, system: str) -> None:
        """Make it the first time; refuse another server's log beside this one's."""
        self.make_folders()
        about = self.folder / "repository.json"
        if not about.exists():
            write_json(about, {"format": 1, "system": system})
        elif read_json(about).get("system") != system:
            raise BackupError(
                f"«\u00a0{self.folder}\u00a0» garde les sauvegardes d’une autre base\u00a0: donnez "
                "à celle-ci un autre BACKUP_DIR."
            )

    def make_folders(self) -> None:
        for one in (self.fulls, self.wal, self.blobs, self.index):
            one.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def alone(self, work: str) -> Iterator[None]:
        """One at a time on this repository, whoever starts it; a killed one leaves no lock."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(self.folder / f"{work}.lock", "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as failure:
                raise BackupError(
                    f"Une commande «\u00a0backup {work}\u00a0» est déjà en cours sur ce "
                    "dépôt\u00a0: celle-ci n’a rien fait."
                ) from failure
            yield

    @contextmanager
    def new_full(self, started: datetime) -> Iterator[Path]:
        """A folder that takes its name of backup when all in it is written; else it goes."""
        for left in self.fulls.glob(f"*{UNFINISHED}"):
            shutil.rmtree(left)
        unfinished = self.fulls / f"{stamp(started)}{UNFINISHED}"
        unfinished.mkdir(mode=0o700)
        try:
            yield unfinished
            unfinished.rename(self.fulls / stamp(started))
            settle(self.fulls)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise

    def list_fulls(self) -> list[Full]:
        """From the oldest."""
        folders = [one for one in self.fulls.glob("*Z") if (one / "manifest.json").is_file()]
        return [read_full(one / "manifest.json") for one in sorted(folders)]

    def path_of(self, full: Full) -> Path:
        return self.fulls / full.stamp

    def segments(self) -> list[str]:
        """Names of the segments held, the unfinished one under the name it will have."""
        names = {one.name.removesuffix(SUFFIX).removesuffix(PARTIAL) for one in self.wal.iterdir()}
        return sorted(name for name in names if SEGMENT.fullmatch(name))

    def reached(self) -> Reached | None:
        path = self.wal / "reached.json"
        if not path.is_file():
            return None
        told = read_json(path)
        return Reached(datetime.fromisoformat(told["at"]), told["segment"])

    def lost_since(self, full: Full) -> str | None:
        """The first segment that should be there and is not: in the middle, or a tail cut off."""
        reached = self.reached()
        return missing(self.segments(), full.segment, reached.segment if reached else "")

    def write_reached(self, reached: Reached) -> None:
        write_json(self.wal / "reached.json", asdict(reached))


def successor(segment: str) -> str:
    """The next segment of 16 MB on the same line of time."""
    line, number = segment[:8], int(segment[8:16], 16) * 256 + int(segment[16:], 16) + 1
    return f"{line}{number // 256:08X}{number % 256:08X}"


def missing(segments: list[str], since: str, until: str = "") -> str | None:
    """The first segment that is not there, from ``since`` to the last of the same line of time."""
    held, wanted = set(segments), since
    last = max((one for one in (*segments, until) if one[:8] == since[:8]), default="")
    while wanted <= last:
        if wanted not in held:
            return wanted
        wanted = successor(wanted)
    return None


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime(STAMP)


def from_stamp(text: str) -> datetime:
    return datetime.strptime(text, STAMP).replace(tzinfo=UTC)


def read_full(manifest: Path) -> Full:
    told = read_json(manifest)
    moments = {name: datetime.fromisoformat(told[name]) for name in ("started", "ended")}
    return Full(**told | moments | {"pieces": [Piece(**one) for one in told["pieces"]]})


def read_json(path: Path) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError) as failure:
        raise BackupError(
            f"«\u00a0{path}\u00a0» n’est pas lisible\u00a0: le dépôt est abîmé."
        ) from failure
    return told


def write_json(path: Path, told: dict[str, Any]) -> None:
    """Whole or not at all, and on the disk."""
    with new_file(path) as unfinished:
        text = json.dumps(told, default=lambda one: one.isoformat(), indent=1)
        unfinished.write_text(text, encoding="utf-8")
