"""One piece of a backup: squeezed, sealed for a public key (the age format), with its digests.

Sealing needs the public key only: the machine that saves cannot read what it saved. What is made
here opens with Debian's tools too: ``age --decrypt --identity KEY piece.gz.age | gunzip``.
"""

import hashlib
import os
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyrage

from common.disk import new_file
from config.backups.errors import BackupError

GZIP = 16 + zlib.MAX_WBITS
QUICK = 1  # the disk gives less than a quick squeeze takes
READ = 1 << 16
SUFFIX = ".gz.age"


class Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Target(Protocol):
    def write(self, data: bytes, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Piece:
    """``sha256`` is of what was read, ``sealed`` of the file as it lies in the repository."""

    name: str
    size: int
    sha256: str
    sealed_size: int
    sealed: str


class Squeezed:
    """What ``source`` gives, gzipped as it is read; remembers what failed, which age hides."""

    def __init__(self, source: Source) -> None:
        self.source, self.squeeze = source, zlib.compressobj(QUICK, zlib.DEFLATED, GZIP)
        self.digest, self.size, self.waiting = hashlib.sha256(), 0, bytearray()
        self.is_over = False
        self.failure: Exception | None = None

    def read(self, size: int) -> bytes:
        try:
            while len(self.waiting) < size and not self.is_over:
                self.fill()
        except Exception as failure:
            self.failure = failure
            raise
        taken = bytes(self.waiting[:size])
        del self.waiting[:size]
        return taken

    def fill(self) -> None:
        data = self.source.read(READ)
        if data:
            self.digest.update(data)
            self.size += len(data)
            self.waiting += self.squeeze.compress(data)
        else:
            self.waiting += self.squeeze.flush()
            self.is_over = True


class Written:
    """What is being written, its digest counted on the way; remembers what failed, as above."""

    def __init__(self, file: Target) -> None:
        self.file, self.digest, self.size = file, hashlib.sha256(), 0
        self.failure: Exception | None = None

    def write(self, data: bytes) -> int:
        try:
            self.file.write(data)
        except Exception as failure:
            self.failure = failure
            raise
        self.digest.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        pass


class Opened:
    """Where what was sealed goes once opened: unzipped, then written to ``target``."""

    def __init__(self, target: Target) -> None:
        self.plain, self.unzip = Written(target), zlib.decompressobj(GZIP)

    def write(self, data: bytes) -> int:
        self.plain.write(self.unzip.decompress(data))
        return len(data)

    def flush(self) -> None:
        pass


def recipients(keys: str) -> list[pyrage.x25519.Recipient]:
    """The public keys for which pieces are sealed, separated by commas."""
    words = [one.strip() for one in keys.split(",") if one.strip()]
    if not words:
        raise BackupError(
            "La clé publique des sauvegardes manque\u00a0: donnez BACKUP_RECIPIENT, que montre "
            "«\u00a0manage.py backup key FICHIER\u00a0»."
        )
    try:
        return [pyrage.x25519.Recipient.from_str(one) for one in words]
    except pyrage.RecipientError as failure:
        raise BackupError(
            "BACKUP_RECIPIENT n’est pas une clé publique, qui commence par «\u00a0age1\u00a0»."
        ) from failure


def identities(path: Path) -> list[pyrage.x25519.Identity]:
    """The private keys of a file; its other lines are comments."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
        keys = [pyrage.x25519.Identity.from_str(one) for one in lines if one.startswith("AGE-")]
    except (OSError, ValueError, pyrage.IdentityError) as failure:
        raise BackupError(
            f"La clé privée n’est pas lisible dans «\u00a0{path}\u00a0»."
        ) from failure
    if not keys:
        raise BackupError(
            f"«\u00a0{path}\u00a0» ne contient pas de clé privée\u00a0: une ligne commence par "
            "«\u00a0AGE-SECRET-KEY-\u00a0»."
        )
    return keys


def make_key(path: Path) -> str:
    """Write a new private key, never over another; return the public one."""
    key = pyrage.x25519.Identity.generate()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as failure:
        raise BackupError(
            f"«\u00a0{path}\u00a0» existe déjà\u00a0: une clé n’en remplace jamais une autre."
        ) from failure
    with open(descriptor, "w", encoding="ascii") as file:
        file.write(f"# public key: {key.to_public()}\n{key}\n")
    return str(key.to_public())


def seal(source: Source, path: Path, keys: Sequence[pyrage.x25519.Recipient]) -> Piece:
    """Read ``source`` to its end into a sealed file, whole on the disk or not there."""
    squeezed = Squeezed(source)
    with new_file(path) as unfinished, open(unfinished, "wb") as file:
        written = Written(file)
        try:
            pyrage.encrypt_io(squeezed, written, list(keys))
        except pyrage.EncryptError as failure:
            raise squeezed.failure or written.failure or failure from failure
    digests = squeezed.digest.hexdigest(), written.size, written.digest.hexdigest()
    return Piece(path.name, squeezed.size, *digests)


def unseal(
    path: Path, target: Target, keys: Sequence[pyrage.x25519.Identity], piece: Piece | None = None
) -> str:
    """Open a sealed file into ``target``; the digest of what it held. Raise if not whole."""
    opened = Opened(target)
    try:
        with open(path, "rb") as file:
            pyrage.decrypt_io(file, opened, list(keys))
    except pyrage.DecryptError as failure:
        raise BackupError(
            f"La clé privée donnée n’ouvre pas «\u00a0{path.name}\u00a0»\u00a0: ce n’est pas celle "
            "de cette sauvegarde, ou le fichier est abîmé."
        ) from failure
    except FileNotFoundError as failure:
        raise BackupError(f"Il manque «\u00a0{path.name}\u00a0» dans le dépôt.") from failure
    except (OSError, zlib.error) as failure:
        if opened.plain.failure:
            raise opened.plain.failure from failure
        raise damaged(path) from failure
    found = opened.plain.digest.hexdigest()
    if not opened.unzip.eof or (piece and piece.sha256 != found):
        raise damaged(path)
    return found


def digest_of(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def damaged(path: Path) -> BackupError:
    return BackupError(
        f"«\u00a0{path.name}\u00a0» est abîmé\u00a0: ce n’est plus ce qui a été sauvegardé. "
        "Prenez une sauvegarde d’avant, ou une autre copie du dépôt."
    )
