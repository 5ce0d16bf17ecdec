"""The service under load: PostgreSQL, gunicorn and both task workers, as in production.

On 127.0.0.1 and in a folder of its own; whatever is started is stopped by its process id, also
when the command is interrupted or killed (the kernel then ends the programs for it).
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from config import devdb
from tests.programs import address, free_port, gunicorn

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = ROOT / ".venv/bin/python"
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
READY, STOPPED = 60, 20  # seconds
APPLICATION = "config.wsgi:application"


def tied() -> None:
    """In the child: end with the program that started it, however that one ends."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)


def start(words: list[object], environment: Mapping[str, str], log: Path) -> subprocess.Popen:
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(word) for word in words],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=tied,
        )


def stop(process: subprocess.Popen) -> None:
    """Ask, wait, then end it; by its own process id."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOPPED)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Service:
    """Its folder, what it runs with, and what was started."""

    def __init__(self, data: Path, *, application: str = APPLICATION) -> None:
        self.data, self.application = data, application
        self.port, self.smtp_port = free_port(), free_port()
        self.programs: dict[str, subprocess.Popen] = {}
        self.was_up = False

    @property
    def is_sound(self) -> bool:
        """The application itself, not the one that leaks on purpose."""
        return self.application == APPLICATION

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def plain(self) -> dict[str, str]:
        """For the commands that make the base: the zero-install database, kept on the disk."""
        kept = {name: value for name, value in os.environ.items() if name != "CI"}
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_ROLE", "DEMO"):
            kept.pop(name, None)
        return kept | {"DATA_DIR": str(self.data), "PYTHONPATH": str(ROOT)}

    @property
    def environment(self) -> dict[str, str]:
        """As a deployment gives it; the secret is that of the base, which sealed things with it."""
        return self.plain | {
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "DATABASE_URL": address(self.data, devdb.WEB),
            "DATABASE_OWNER_URL": address(self.data, devdb.OWNER),
            "SECRET_KEY": (self.data / "secret_key").read_text(),
            "ALLOWED_HOSTS": "127.0.0.1",
            "SITE_URL": "https://127.0.0.1",
            "TRUSTED_PROXY_COUNT": "1",
            "TMPDIR": str(self.data / "load" / "tmp"),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.smtp_port),
        }

    def manage(self, *words: str, environment: Mapping[str, str] | None = None) -> None:
        subprocess.run(
            [PYTHON, "manage.py", *words], cwd=ROOT, env=environment or self.environment, check=True
        )

    def run(self, *words: object) -> None:
        """A module of the load tests, with the settings of production, as the owner of the base."""
        subprocess.run(
            [str(word) for word in (PYTHON, "-m", *words)],
            cwd=ROOT,
            env=self.environment | {"DATABASE_ROLE": "owner"},
            check=True,
        )

    def start_database(self) -> None:
        self.was_up = devdb.is_up(self.data)
        self.manage("devdb", "start", environment=self.plain)

    def start(self) -> None:
        """Everything but the database, then wait until the site answers."""
        logs = self.data / "load" / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        if not (self.data / "static" / "staticfiles.json").exists():
            self.manage("collectstatic", "--noinput", "-v", "0")
        worker = [PYTHON, "manage.py", "procrastinate", "worker"]
        sink = [PYTHON, "-m", "tests.load.sink", self.smtp_port]
        for name, words in {
            "sink": sink,
            "web": gunicorn(self.port, application=self.application),
            "worker": worker,
            "mailer": [*worker, "--queues", "mail", "--concurrency", "4"],
        }.items():
            self.programs[name] = start(words, self.environment, logs / f"{name}.log")
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        https = {"X-Forwarded-Proto": "https"}
        asked = urllib.request.Request(f"{self.url}/sante/", headers=https)  # noqa: S310
        end = time.monotonic() + READY
        while time.monotonic() < end:
            try:
                urllib.request.urlopen(asked, timeout=5).close()  # noqa: S310
                return
            except urllib.error.HTTPError as answer:
                if answer.code == 503:  # it answers: jobs may have waited since the last run
                    return
            except OSError:
                time.sleep(0.3)
        raise SystemExit("Le service n’a pas démarré : voir load/logs.")

    def stop(self) -> None:
        for process in self.programs.values():
            stop(process)
        self.programs.clear()

    def stop_database(self) -> None:
        if not self.was_up:
            self.manage("devdb", "stop", environment=self.plain)


def interrupted(*_signal: object) -> None:
    sys.exit(130)


def stop_on_signals() -> None:
    """A TERM or a closed terminal ends the command as Ctrl-C does: through its ``finally``."""
    for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(one, interrupted)
