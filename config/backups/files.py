"""The files that people and warehouses left: each content kept once, and what stood when.

An index is written when something changed, under the instant when the look at the folders ended. At
an instant stood what its last index told, and what the next one told that was already written then.
"""

import hashlib
import io
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from pyrage.x25519 import Identity, Recipient

from common.disk import new_file
from config.backups.errors import BackupError
from config.backups.repository import Repository, from_stamp, stamp
from config.backups.sealing import SUFFIX, seal, unseal

LIST = ".list"


@dataclass(frozen=True, slots=True, order=True)
class Kept:
    """A file of the service: the folder it belongs to, its path there, its content."""

    folder: str
    path: str
    mtime: float
    size: int
    sha256: str

    @property
    def place(self) -> str:
        return f"{self.folder}/{self.path}"


def folders() -> dict[str, Path]:
    """Under the names that they have in ``DATA_DIR``."""
    return {
        "files": Path(settings.MEDIA_ROOT),
        "logistics": Path(settings.LOGISTICS_DIR),
        "oidc-keys": Path(settings.OIDC_KEYS_FOLDER),
    }


@dataclass(slots=True)
class FileKeeper:
    """Copies what is new. Remembers what it read, so that a round costs a look at each file."""

    repository: Repository
    keys: Sequence[Recipient]
    seen: dict[tuple[str, str, float, int], str] = field(default_factory=dict)

    def keep(self, clock: Callable[[], datetime]) -> int:
        """What stands now; how many files. An index only when something changed.

        The clock, the server’s, is read last: what came during the look was not there before it.
        """
        found = sorted(self.kept())
        self.seen = {key_of(one): one.sha256 for one in found}
        told = json.dumps([asdict(one) for one in found]).encode()
        digest = hashlib.sha256(told).hexdigest()
        if digest != self.last_told():
            self.write_index(stamp(clock()), told, [digest, *sorted({*self.seen.values()})])
        return len(found)

    def last_told(self) -> str:
        """The digest of the last index, by whatever process it was written."""
        last = max((one.name for one in self.repository.index.glob(f"[0-9]*{SUFFIX}")), default="")
        path = self.repository.index / f"{last.removesuffix(SUFFIX)}{LIST}"
        with suppress(FileNotFoundError), open(path) as told:
            return told.readline().strip()
        return ""

    def kept(self) -> Iterator[Kept]:
        for folder, root in folders().items():
            for path in root.rglob("*"):
                if path.name.startswith(".") or path.is_symlink() or not path.is_file():
                    continue  # being written: the house renames a file once it is whole
                try:
                    yield self.keep_one(folder, root, path)
                except FileNotFoundError:
                    continue  # taken away meanwhile

    def keep_one(self, folder: str, root: Path, path: Path) -> Kept:
        state = path.stat()
        name = str(path.relative_to(root))
        key = (folder, name, state.st_mtime, state.st_size)
        digest = self.seen.get(key) or self.copy(path)
        return Kept(*key, digest)

    def copy(self, path: Path) -> str:
        with open(path, "rb") as source:
            held = hashed(source)
            blob = blob_of(self.repository, held)
            if blob.exists():
                os.utime(blob)  # young again: what is swept away is old
                return held
            source.seek(0)
            blob.parent.mkdir(mode=0o700, exist_ok=True)
            piece = seal(source, blob, self.keys)
        if piece.sha256 != held:  # it grew between the two readings: under the name of what it is
            blob.rename(blob_of(self.repository, piece.sha256, make=True))
        return piece.sha256

    def write_index(self, name: str, told: bytes, digests: list[str]) -> None:
        """Before it, its digest and those it tells of: one sweeps without the private key."""
        with new_file(self.repository.index / f"{name}{LIST}") as unfinished:
            unfinished.write_text("\n".join(digests))
        seal(io.BytesIO(told), self.repository.index / f"{name}{SUFFIX}", self.keys)


def key_of(one: Kept) -> tuple[str, str, float, int]:
    return one.folder, one.path, one.mtime, one.size


def hashed(source: io.BufferedReader) -> str:
    return hashlib.file_digest(source, "sha256").hexdigest()


def blob_of(repository: Repository, digest: str, *, make: bool = False) -> Path:
    folder = repository.blobs / digest[:2]
    if make:
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{digest}{SUFFIX}"


def indexes(repository: Repository) -> list[datetime]:
    names = (one.name for one in repository.index.glob(f"[0-9]*{SUFFIX}"))
    return sorted(from_stamp(name.removesuffix(SUFFIX)) for name in names)


def stood_at(repository: Repository, at: datetime | None, keys: Sequence[Identity]) -> list[Kept]:
    """What stood at an instant; without one, what stood last."""
    known = indexes(repository)
    before = [one for one in known if at is None or one <= at]
    stood = read_index(repository, before[-1], keys) if before else []
    after = [one for one in known if at is not None and one > at]
    if at is not None and after:
        next_ones = read_index(repository, after[0], keys)
        stood = [*stood, *(one for one in next_ones if one.mtime <= at.timestamp())]
    return list({one.place: one for one in stood}.values())


def read_index(repository: Repository, at: datetime, keys: Sequence[Identity]) -> list[Kept]:
    told = io.BytesIO()
    unseal(repository.index / f"{stamp(at)}{SUFFIX}", told, keys)
    return [Kept(**one) for one in json.loads(told.getvalue())]


def check_blob(repository: Repository, one: Kept, keys: Sequence[Identity]) -> None:
    with open(os.devnull, "wb") as nowhere:
        give(repository, one, nowhere, keys)


def give_back(repository: Repository, one: Kept, root: Path, keys: Sequence[Identity]) -> None:
    """Write a file again where it stood, at its own time."""
    target = root / one.folder / one.path
    if not target.resolve().is_relative_to(root.resolve()):
        raise BackupError(f"Le chemin «\u00a0{one.path}\u00a0» sort du dossier rendu.")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(target, "wb") as file:
        give(repository, one, file, keys)
    os.utime(target, (one.mtime, one.mtime))


def give(
    repository: Repository, one: Kept, target: io.BufferedWriter, keys: Sequence[Identity]
) -> None:
    found = unseal(blob_of(repository, one.sha256), target, keys)
    if found != one.sha256:
        raise BackupError(f"Le fichier «\u00a0{one.place}\u00a0» est abîmé dans le dépôt.")
