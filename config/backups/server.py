"""The PostgreSQL server seen from its backups: its programs, its position, its stream."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psycopg
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from config import devdb
from config.backups.errors import BackupError

SLOT = "stocks_backup"
DEBIAN = Path("/usr/lib/postgresql")
POSITION = """
    SELECT now(), pg_current_wal_lsn() - '0/0', pg_walfile_name(pg_current_wal_lsn() + 1),
           system_identifier, current_setting('server_version_num')::int,
           (SELECT restart_lsn - '0/0' FROM pg_replication_slots WHERE slot_name = %s)
      FROM pg_control_system()
"""
KEEP = """
    SELECT pg_create_physical_replication_slot('stocks_full_' || pg_backend_pid(), true, true)
"""
FORGET = """
    SELECT pg_drop_replication_slot(slot_name)
      FROM pg_replication_slots WHERE slot_name = %s AND restart_lsn IS NULL AND NOT active
"""


@dataclass(frozen=True, slots=True)
class Position:
    """Where the server stands: bytes of log; ``segment``: of the next one to come; ``received``:
    those the slot confirmed, None when it holds nothing.
    """

    at: datetime
    bytes: int
    segment: str
    system: str
    version: int
    received: int | None


def program(name: str, major: int | None = None) -> str:
    """The path of a program of PostgreSQL: the setting, the zero-install ones, Debian's newest.

    Of one major version where only that one will do.
    """
    if settings.BACKUP_PROGRAMS:
        found = shutil.which(name, path=settings.BACKUP_PROGRAMS)
    elif not settings.IS_PRODUCTION:
        found = str(devdb.binaries() / name)
    else:
        folders = sorted(DEBIAN.glob(f"{major or '*'}/bin"), key=version_of, reverse=True)
        found = shutil.which(name, path=os.pathsep.join(map(str, folders))) or shutil.which(name)
    if not found:
        raise BackupError(
            f"Le programme {name} de PostgreSQL est introuvable\u00a0: installez le paquet "
            "postgresql de la version du serveur, ou indiquez leur dossier par BACKUP_PROGRAMS."
        )
    return found


def version_of(folder: Path) -> float:
    return float(folder.parent.name)


def address() -> str:
    if not settings.BACKUP_DATABASE_URL:
        raise BackupError(
            "L’adresse du serveur à sauvegarder manque\u00a0: donnez BACKUP_DATABASE_URL, avec le "
            "rôle stocks_backup."
        )
    return make_conninfo(settings.BACKUP_DATABASE_URL, application_name=SLOT)


def words_to_connect() -> tuple[list[str], dict[str, str]]:
    """For a program: its words, and its environment. A password among the words would be read by
    whoever lists the processes of the machine.
    """
    parts = {name: str(value) for name, value in conninfo_to_dict(address()).items()}
    password = parts.pop("password", None)
    environment = dict(os.environ) | ({"PGPASSWORD": password} if password else {})
    return ["--dbname", make_conninfo("", **parts), "--no-password"], environment


@contextmanager
def connected() -> Iterator[psycopg.Connection]:
    where = make_conninfo(address(), dbname="postgres", connect_timeout=5)
    try:
        with psycopg.connect(where, autocommit=True) as connection:
            yield connection
    except psycopg.Error as failure:
        raise BackupError(
            "Le serveur PostgreSQL ne répond pas au rôle des sauvegardes\u00a0: "
            f"{last_line(str(failure))}"
        ) from failure


def position() -> Position:
    with connected() as connection:
        row = connection.execute(POSITION, [SLOT]).fetchone()
    assert row is not None  # noqa: S101 - a SELECT of constants has a row
    at, here, segment, system, version, received = row
    return Position(
        at, int(here), segment, str(system), version, None if received is None else int(received)
    )


def now() -> datetime:
    return position().at


@contextmanager
def log_kept() -> Iterator[None]:
    """A whole copy ends with the log written since its beginning, hours ago on a large base.

    The slot is gone with the connection, whatever happens.
    """
    with connected() as connection:
        connection.execute(KEEP)
        yield


def forget_slot() -> None:
    """If it holds nothing: never used, or its log was taken back by a server short of room."""
    with connected() as connection:
        connection.execute(FORGET, [SLOT])


class Stream:
    """What a program writes; its failure is told when its output ends, never taken for an end."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        self.words, self.environment = words, environment

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(  # noqa: S603
            list(self.words),
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        return self

    def read(self, size: int) -> bytes:
        output = _pipe(self.process.stdout)
        data = output.read(size)
        if not data and self.process.wait():
            said = _pipe(self.process.stderr).read().decode(errors="replace")
            raise BackupError(f"{Path(self.words[0]).name} a échoué\u00a0: {last_line(said)}")
        return data

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdout, self.process.stderr):
            _pipe(pipe).close()


def base() -> Stream:
    """The whole server as a tar with its manifest and the log it needs to be consistent."""
    where, environment = words_to_connect()
    words = [program("pg_basebackup"), *where, "--pgdata=-", "--format=tar"]
    return Stream([*words, "--wal-method=fetch", "--checkpoint=fast"], environment)


def receive(spool: Path) -> "subprocess.Popen[bytes]":
    """Receive the log as it is written. The slot makes the server keep what was not received."""
    where, environment = words_to_connect()
    words = [program("pg_receivewal"), *where, "--slot", SLOT]
    run([*words, "--create-slot", "--if-not-exists"], environment)
    # at the end of a segment it tells what it has only so often, and one waits for it to
    words += ["--directory", str(spool), "--synchronous", "--no-loop", "--status-interval=1"]
    dies_with_us = ["setpriv", "--pdeathsig", "TERM", "--"]  # else the slot stays taken
    return subprocess.Popen(  # noqa: S603
        [*dies_with_us, *words],
        env=environment,
        stdin=subprocess.DEVNULL,
    )


def run(words: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(  # noqa: S603
        [str(word) for word in words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(
            f"{Path(words[0]).name} a échoué\u00a0: {last_line(done.stderr or done.stdout)}"
        )


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "sans rien dire."


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # noqa: S101 - both are asked for
    return pipe
