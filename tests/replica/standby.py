"""A streaming replica of the zero-install database, beside it: made, stopped, killed, started."""

import os
import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from config import devdb
from tests.programs import children_of, kill_whole


class Standby:
    """A PostgreSQL server that follows ``primary``, of which pg_basebackup made it a copy."""

    def __init__(self, primary: Path, folder: Path) -> None:
        self.primary, self.folder = primary, folder
        self.cluster = folder / "pg"
        folder.mkdir(mode=0o700, parents=True)

    @property
    def url(self) -> str:
        host = str(self.folder).replace("/", "%2F")
        return f"postgresql://{devdb.WEB}@{host}/{devdb.DATABASE}"

    def make(self) -> None:
        copied = ["-h", self.primary, "-U", "postgres", "-D", self.cluster]
        self._run("pg_basebackup", *copied, "-R", "-X", "stream", "-c", "fast", "--no-sync")

    def start(self) -> None:
        """Also after ``kill -9``: it goes on from where it was."""
        values = {
            "listen_addresses": "",
            "unix_socket_directories": self.folder,
            "unix_socket_permissions": "0700",
            "shared_buffers": "64MB",
            "wal_receiver_status_interval": "1",
            "wal_retrieve_retry_interval": "500ms",
        }
        options = shlex.join(
            word for name, value in values.items() for word in ("-c", f"{name}={value}")
        )
        pid_file = self.cluster / "postmaster.pid"
        if pid_file.exists() and not self._is_alive(pid_file):
            pid_file.unlink()
            (self.folder / f"{devdb.SOCKET}.lock").unlink(missing_ok=True)
        log = self.folder / "pg.log"
        self._run("pg_ctl", "-D", self.cluster, "-w", "-l", log, "-o", options, "start")

    @property
    def pid(self) -> int:
        return int((self.cluster / "postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """As a machine that loses its power: the server and all who served for it."""
        kill_whole(self.pid)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Meanwhile it answers nobody and closes nothing."""
        everyone = (self.pid, *children_of(self.pid))
        for one in everyone:
            os.kill(one, signal.SIGSTOP)
        try:
            yield
        finally:
            for one in everyone:
                os.kill(one, signal.SIGCONT)

    def stop(self) -> None:
        if (self.cluster / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", self.cluster, "-m", "immediate", "stop", check=False)

    def ask(self, statement: str) -> object:
        """By the administrator of the server: not what the site may do."""
        address = {"host": str(self.folder), "user": "postgres", "dbname": devdb.DATABASE}
        with psycopg.connect(**address, autocommit=True) as connection:
            found = connection.execute(statement)
            return found.fetchone()[0] if found.description else None

    def _is_alive(self, pid_file: Path) -> bool:
        number = pid_file.read_text().split()[0]
        command = Path(f"/proc/{number}/cmdline")
        return command.exists() and os.fsencode(self.cluster) in command.read_bytes()

    def _run(self, program: str, *words: object, check: bool = True) -> None:
        command = [*devdb.unprivileged(), devdb.binaries() / program, *words]
        with open(self.folder / "commands.log", "a") as log:
            subprocess.run(
                [str(one) for one in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                check=check,
            )
