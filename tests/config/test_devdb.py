"""The zero-install database starts by itself, once, for whoever asks, and survives a crash."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from config import devdb

ROOT = Path(__file__).parent.parent.parent
ASK = """
import sys
from pathlib import Path
import psycopg
from config import devdb
data = Path(sys.argv[1])
devdb.ensure(data, durable=False)
host = str(devdb.socket_folder(data))
connection = psycopg.connect(host=host, user=devdb.WEB, dbname=devdb.DATABASE)
print(connection.execute("SELECT pg_postmaster_start_time()").fetchone()[0])
"""


def ask(data, *prefix):
    """Have another process connect; return the instant at which its server was started."""
    words = [*prefix, sys.executable, "-c", ASK, str(data)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def data():
    folder = Path(tempfile.mkdtemp(prefix="stocks-sante-test-"))
    yield folder / "data"
    devdb.stop(folder / "data")
    shutil.rmtree(folder)


def test_parallel_starts_make_one_server_also_after_a_kill_and_it_stops_cleanly(data):
    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(ask, [data] * 6))) == 1
        pid = int((data / "pg" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        assert len(set(pool.map(ask, [data] * 6))) == 1
    assert devdb.stop(data)
    assert not devdb.is_up(data)
    assert not devdb.stop(data)


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(data):
    long_path = data / ("d" * 120)
    try:
        assert ask(long_path)
        folder = devdb.socket_folder(long_path)
        assert len(os.fsencode(folder)) < devdb.LONGEST_SOCKET_PATH
        assert folder.stat().st_mode & 0o077 == 0
    finally:
        devdb.stop(long_path)
        shutil.rmtree(devdb.socket_folder(long_path), ignore_errors=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="already an ordinary user: the other tests say it")
def test_an_ordinary_user_needs_no_privilege(data):
    data.parent.chmod(0o777)
    prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]
    probe = subprocess.run(
        [*prefix, sys.executable, "-c", "import psycopg"], cwd="/", check=False, capture_output=True
    )
    if probe.returncode:
        pytest.skip("the environment of this checkout is not readable by another user")
    assert ask(data, *prefix)


def test_the_web_role_cannot_create_nor_own_anything(data):
    ask(data)
    address = {"host": str(devdb.socket_folder(data)), "dbname": devdb.DATABASE}
    with psycopg.connect(**address, user=devdb.WEB) as connection:
        limits = [
            connection.execute(f"SHOW {name}").fetchone()[0]
            for name in ("statement_timeout", "lock_timeout")
        ]
        assert limits == ["10s", "5s"]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE forbidden ()")
