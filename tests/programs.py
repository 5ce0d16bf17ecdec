"""Programs that a trial starts: where they listen, whom they start in turn, how they are killed."""

import contextlib
import os
import signal
import socket
import sys
from pathlib import Path
from urllib.parse import quote

from config import devdb


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def address(data: Path, role: str) -> str:
    """The database of a data folder, as a deployment gives it."""
    host = quote(str(devdb.socket_folder(data)), safe="")
    return f"postgresql://{role}@{host}/{devdb.DATABASE}"


def gunicorn(
    port: int, *, application: str = "config.wsgi:application", workers: int = 2
) -> list[str]:
    """The web processes, as the Dockerfile starts them."""
    words = [sys.executable, "-m", "gunicorn", application, "--preload"]
    words += ["--bind", f"127.0.0.1:{port}", "--workers", str(workers), "--threads", "4"]
    return [*words, "--no-control-socket", "--log-level", "warning"]


def children_of(number: int) -> list[int]:
    """The eldest first; none of a program that has just ended."""
    found: list[int] = []
    for path in Path(f"/proc/{number}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(word) for word in path.read_text().split()]
    return sorted(found)


def kill(*numbers: int) -> None:
    """As the kernel does when memory runs out: no goodbye. One that has ended is left."""
    for number in numbers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)


def kill_whole(number: int) -> None:
    """A program and those it started, as a machine that loses its power does."""
    kill(number, *children_of(number))
