"""The commands of the drill, as an operator types them."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent.parent
WORK = Path(os.environ.get("DRILL", "."))
MANAGE = [sys.executable, "manage.py"]


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def manage(*words, data: Path | None = None, owner: bool = False) -> None:
    environ = dict(os.environ)
    if data is not None:
        environ["DATA_DIR"] = str(data)
    if owner:
        environ["DATABASE_ROLE"] = "owner"
    subprocess.run([*MANAGE, *words], cwd=ROOT, env=environ, check=True, stdout=subprocess.DEVNULL)


def ask(
    action: str, to: Path, *more: str, repository: Path | None = None, key: str = "key"
) -> subprocess.CompletedProcess:
    """``backup restore`` as another machine would: with the private key, without the old data."""
    environ = os.environ | {"DATA_DIR": str(WORK / "operator")}
    if repository is not None:
        environ["BACKUP_DIR"] = str(repository)
    words = [*MANAGE, "backup", action, "--identity", str(WORK / key), "--to", str(to), *more]
    return subprocess.run(
        words, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=120
    )


def serves(data: Path) -> bool:
    """Whether gunicorn, started on ``data``, answers 200 at ``/sante/``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    web = subprocess.Popen(
        [sys.executable, *words, "--no-control-socket", "--log-level", "warning"],
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(data), "PYTHONWARNINGS": "ignore::UserWarning"},
    )
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/sante/") as answer:
                    return answer.status == 200
            except urllib.error.HTTPError:
                return False
            except OSError:
                time.sleep(0.2)
        return False
    finally:
        web.terminate()
        web.wait(20)
