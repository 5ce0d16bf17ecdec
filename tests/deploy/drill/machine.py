"""One machine of the drill: what it starts, what it runs, what it asks; all stopped at the end."""

import contextlib
import http.client
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

BINARIES = Path("/usr/lib/postgresql/15/bin")
HOST = "stocks.example"
FENCE = re.compile(r"```\n(.*?)```", re.DOTALL)
ROLES = ("OWNER", "WEB", "BACKUP")
SERVICES = re.compile(r"^(gunicorn|.*procrastinate worker)")
SEALS = "python manage.py procrastinate worker"  # the one process that is given JOURNAL_KEY
RESTART = "# redémarrer"


class DrillError(Exception):
    """What the drill expected and did not find."""


def block_after(page: Path, words: str) -> list[str]:
    """The lines of the first block of commands that follows these words."""
    _, found, rest = page.read_text(encoding="utf-8").partition(words)
    block = FENCE.search(rest)
    if not found or block is None:
        raise DrillError(f"{page.name} ne contient plus « {words} » suivi de commandes.")
    return [line for line in block[1].splitlines() if line.strip()]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def must(condition: object, sentence: str) -> None:
    if not condition:
        raise DrillError(sentence)
    print(f"    ✓ {sentence}", flush=True)


# a directory of one entity and two sites, whose keys hold, written once the environment is there
FINESS = """python -c '
import sys
from pathlib import Path
from tests.establishments.files import entity_line, number, site_line, write
write(Path(sys.argv[1]), entity_line(number(10)), site_line(number(11), number(10)),
      site_line(number(12), number(10), rs="ANNEXE"))
' "$FINESS_FILE" """


class Drill:
    """One installation in one folder, and everything that it started."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clone = folder, folder / "clone"
        self.port, self.database_port = free_port(), free_port()
        self.services: list[subprocess.Popen] = []
        self.service_lines: list[str] = []
        self.steps: list[dict] = []
        self.as_postgres = (
            ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
            if os.getuid() == 0
            else []
        )
        self.passwords = {name: secrets.token_urlsafe(24) for name in ROLES}
        self.journal_key = secrets.token_urlsafe(48)
        self.environment = {
            "PATH": f"{folder / 'venv/bin'}:{os.environ['PATH']}",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
        } | {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_"))}

    def run(self, command: str, **variables: str) -> str:
        """Run one line of shell in the clone; its time is kept."""
        begun = time.monotonic()
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command],
            cwd=self.clone,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = round(time.monotonic() - begun, 1)
        said = f"{command} : code {done.returncode}\n{done.stdout}{done.stderr}"
        for password in self.passwords.values():
            command, said = command.replace(password, "…"), said.replace(password, "…")
        command = command.splitlines()[0]
        self.steps.append({"command": command, "seconds": seconds, "code": done.returncode})
        print(f"  {seconds:6.1f} s  {command}", flush=True)
        if done.returncode:
            raise DrillError(said[-4000:])
        return done.stdout

    def start_database(self) -> None:
        """PostgreSQL 15 with passwords asked for, and the roles of deploy/postgres."""
        place = self.folder / "postgres"
        place.mkdir()
        if self.as_postgres:
            shutil.chown(place, "postgres")
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={self.database_port} "
            f"-c unix_socket_directories={place}"
        )
        initdb = [BINARIES / "initdb", "-D", place / "data", "-U", "postgres", "--encoding=UTF8"]
        initdb += ["--locale=C.UTF-8", "--auth-local=trust", "--auth-host=scram-sha-256"]
        start = [BINARIES / "pg_ctl", "-D", place / "data", "-w", "-l", place / "log"]
        for words in (initdb, [*start, "-o", options, "start"]):
            subprocess.run(
                [*self.as_postgres, *map(str, words)],
                cwd="/",
                check=True,
                stdout=subprocess.DEVNULL,
                stdin=subprocess.DEVNULL,
            )
        self.run(
            "sh deploy/postgres/10-roles.sh",
            PGHOST=str(place),
            PGPORT=str(self.database_port),
            POSTGRES_PASSWORD="",
            **{f"{name}_PASSWORD": value for name, value in self.passwords.items()},
        )

        self.run(
            "sh deploy/postgres/20-backups.sh",
            PGDATA=str(place / "data"),
        )
        reload = [BINARIES / "pg_ctl", "-D", place / "data", "reload"]
        subprocess.run(
            [*self.as_postgres, *map(str, reload)], cwd="/", check=True, stdout=subprocess.DEVNULL
        )

    def stop_database(self) -> None:
        data = self.folder / "postgres/data"
        if (data / "postmaster.pid").exists():
            words = [BINARIES / "pg_ctl", "-D", data, "-m", "fast", "-w", "stop"]
            subprocess.run(
                [*self.as_postgres, *map(str, words)],
                cwd="/",
                stdout=subprocess.DEVNULL,
                check=False,
            )

    def set_variables(self, smtp_port: int) -> None:
        """What the README asks for, and a port of our own for gunicorn."""
        for name, value in self.passwords.items():
            role = f"stocks_{name.lower()}"
            address = f"postgresql://{role}:{value}@127.0.0.1:{self.database_port}/stocks_sante"
            variable = {"WEB": "DATABASE_URL", "OWNER": "DATABASE_OWNER_URL"}.get(name)
            if variable:
                self.environment[variable] = address
        self.environment |= {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "ALLOWED_HOSTS": HOST,
            "SITE_URL": f"https://{HOST}",
            "TRUSTED_PROXY_COUNT": "1",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(smtp_port),
            "DEFAULT_FROM_EMAIL": "ne-pas-repondre@stocks.example",
            "CONTACT_EMAIL": "support@stocks.example",
            "DATA_DIR": str(self.folder / "donnees"),
            "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{self.port} --workers 2 --threads 4",
        }

    def start_service(self, line: str) -> None:
        print(f"  démarre   {line}", flush=True)
        key = {"JOURNAL_KEY": self.journal_key} if line == SEALS else {}
        with open(self.folder / "services.log", "ab") as log:
            self.services.append(
                subprocess.Popen(
                    ["bash", "-c", f"exec {line}"],
                    cwd=self.clone,
                    env=self.environment | key,
                    stdout=log,
                    stderr=log,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
            )

    def stop_services(self) -> None:
        for one in self.services:
            with contextlib.suppress(ProcessLookupError):
                one.send_signal(signal.SIGTERM)
        for one in self.services:
            try:
                one.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(one.pid, signal.SIGKILL)
                one.wait()
        self.services.clear()

    def play(self, lines: list[str]) -> None:
        """Each line as it is written; what stays up is started and goes on."""
        for line in lines:
            if line.startswith(RESTART):
                self.stop_services()
                for service in self.service_lines:
                    self.start_service(service)
                self.wait_until_up()
            elif "import_finess" in line:
                self.run(FINESS, FINESS_FILE=str(self.folder / "finess.csv"))
                self.run(line)
            elif SERVICES.match(line):
                self.service_lines.append(line)
                self.start_service(line)
            else:
                self.run(line)

    def ask(self, path: str) -> tuple[int, str]:
        """What the reverse proxy would ask the site."""
        headers = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.1",
            "Accept": "application/json" if path == "/sante/" else "text/html",
        }
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()

    def opens(self, link: str) -> bool:
        """Whether the link is taken: the site keeps its key and sends to the page without it."""
        site = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
        site.request("GET", link, headers=headers)
        answer = site.getresponse()
        site.close()
        return answer.status == 302 and "set-password" in answer.headers["Location"]

    def wait_until_up(self) -> None:
        for _ in range(300):
            with contextlib.suppress(OSError):
                self.ask("/sante/")
                return
            time.sleep(0.1)
        raise DrillError("Le site n’a pas répondu en trente secondes.")

    def select(self, query: str) -> str:
        return self.run(f'{BINARIES}/psql -X -At "$DATABASE_URL" -c "{query}"').strip()

    def counts(self, table: str) -> int:
        """Asked again and again: said nowhere."""
        words = [BINARIES / "psql", "-X", "-At", self.environment["DATABASE_URL"]]
        words += ["-c", f"SELECT count(*) FROM {table}"]
        return int(subprocess.run(words, capture_output=True, text=True, check=True).stdout)

    def refuses(self, query: str, address: str = "") -> bool:
        address = address or self.environment["DATABASE_URL"]
        words = [BINARIES / "psql", "-X", address, "-c", query]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        return done.returncode != 0 and "permission denied" in done.stderr
