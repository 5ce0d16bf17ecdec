"""The service as deployed, on 127.0.0.1: PostgreSQL, gunicorn, two task workers, each kept running.

Under the settings of production, in a data folder of its own; fsync stays on.
"""

import os
import signal
import subprocess
import sys
import time
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from config import devdb
from tests.faults.kept import Kept
from tests.faults.sink import Sink
from tests.programs import address, free_port, gunicorn
from tests.proxied.people import HOST

ROOT = Path(__file__).resolve().parent.parent.parent
WEB_WORKERS = 3
PEER = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}


def environment_of(folder: Path, mail_port: int) -> dict[str, str]:
    """What a deployment gives; nothing of what is around here."""
    given = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": address(folder, devdb.WEB),
        "DATABASE_OWNER_URL": address(folder, devdb.OWNER),
        "SECRET_KEY": "faults-" + "x" * 60,
        "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        "JOURNAL_KEY": "faults-journal-" + "x" * 40,
        "SITE_URL": f"https://{HOST}",
        "TRUSTED_PROXY_COUNT": "1",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(mail_port),
        "LOGISTICS_DIR": str(folder / "logistics"),
        "ORDER_FILE_MINUTES": "0",
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }
    away = ("CI", "DEMO", "DEBUG", "DATABASE_REPLICA_URL", "DATABASE_ROLE", "BACKUP_DIR")
    kept = {name: value for name, value in os.environ.items() if name not in away}
    return kept | given


class Service:
    """Its programs by name; ``shift`` is what is added to their clock (libfaketime)."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.sink = Sink()
        self.environment = environment_of(folder, self.sink.port)
        self.run = folder / "run"
        self.run.mkdir(parents=True, exist_ok=True)
        self.programs: dict[str, Kept] = {}
        self.around: dict[str, str] = {}
        self.start_seconds = 0.0

    def prepare(self) -> None:
        """The database made, migrated, filled with the reference data, by its owner."""
        owner = self.environment | {"DATABASE_ROLE": "owner"}
        try:
            devdb.ensure(self.folder)
            for words in (["prepare_database", "-v", "0"], ["load_reference"]):
                subprocess.run(
                    [sys.executable, "manage.py", *words],
                    cwd=ROOT,
                    env=owner,
                    check=True,
                    stdout=subprocess.DEVNULL,
                )
        finally:
            devdb.stop(self.folder)

    def start(self) -> None:
        self.sink.open()
        self.start_database()
        self.start_web()
        self.start_workers()

    def start_database(self) -> None:
        sockets = devdb.socket_folder(self.folder)
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(sockets),
            "max_connections": "60",
            "shared_buffers": "64MB",
            "random_page_cost": "1.1",
        }
        words = [*devdb.unprivileged(), devdb.binaries() / "postgres", "-D", self.folder / "pg"]
        words += [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        self._keep("postgres", words)
        self.wait_database()

    def start_web(self) -> None:
        start = time.monotonic()
        self._keep("web", gunicorn(self.port, workers=WEB_WORKERS))
        self.wait_web()
        self.start_seconds = time.monotonic() - start

    def start_workers(self) -> None:
        words = [sys.executable, "manage.py", "procrastinate", "worker"]
        self._keep("worker", words)
        self._keep("mailer", [*words, "--queues", "mail", "--concurrency", "4"])

    def _keep(self, name: str, words: list) -> None:
        program = Kept(name, words, self.environment | self.around, self.run)
        program.start()
        self.programs[name] = program

    def __getitem__(self, name: str) -> Kept:
        return self.programs[name]

    def stop_one(self, name: str) -> None:
        how = signal.SIGINT if name == "postgres" else signal.SIGTERM
        program = self.programs.pop(name, None)
        if program is not None:
            program.stop(how)

    def stop(self) -> None:
        for name in ("worker", "mailer", "web", "postgres"):
            self.stop_one(name)
        self.sink.close()

    def wait_web(self, seconds: float = 120) -> None:
        """Until the site says that it can serve."""
        start = time.monotonic()
        while time.monotonic() - start < seconds:
            if self.health() == 200:
                return
            time.sleep(0.1)
        raise RuntimeError(f"Le site ne répond pas : {self.run}/web.log")

    def health(self) -> int | None:
        try:
            asked = Request(f"http://127.0.0.1:{self.port}/sante/?site", headers=PEER)
            with urlopen(asked, timeout=5) as answer:
                return answer.status
        except HTTPError as error:
            return error.code
        except (OSError, HTTPException):
            return None

    def wait_database(self, seconds: float = 60) -> None:
        program = devdb.binaries() / "pg_isready"
        words = [program, "-h", devdb.socket_folder(self.folder), "-U", "postgres", "-q"]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if subprocess.run(words, check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError(f"PostgreSQL ne répond pas : {self.run}/postgres.log")
