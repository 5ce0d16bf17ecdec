"""A real server saved while it writes, destroyed, given back to an instant. The whole drill, with
the application's own writes and all its controls, is scripts/restore-drill."""

import shutil
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from config import devdb
from config.backups.errors import BackupError
from config.backups.follow import Follower
from config.backups.full import make_full
from config.backups.repository import Repository
from config.backups.restore import Restoration
from config.backups.sealing import identities, make_key, recipients


@pytest.fixture
def work(settings, monkeypatch):
    folder = Path(tempfile.mkdtemp(prefix="stocks-sante-test-"))
    for name in ("MEDIA_ROOT", "LOGISTICS_DIR", "OIDC_KEYS_FOLDER"):
        setattr(settings, name, folder / "live" / name.lower())
    settings.BACKUP_STATE = folder / "last-backup.json"
    socket = devdb.socket_folder(folder / "live")
    settings.BACKUP_DATABASE_URL = f"host={socket} user={devdb.BACKUP}"
    settings.BACKUP_PROGRAMS = str(devdb.binaries())  # of the version of the server made here
    monkeypatch.setattr(Follower, "make_full", lambda self: None)
    yield folder
    for data in folder.glob("*/pg"):
        devdb.stop(data.parent)
    shutil.rmtree(folder)


def ask(data, statement, parameters=None):
    host = str(devdb.socket_folder(data))
    with psycopg.connect(host=host, user="postgres", dbname="postgres") as connection:
        done = connection.execute(statement, parameters)
        return done.fetchone() if done.description else None


def write(data, number):
    """The instant of the server once the write is acknowledged."""
    ask(data, "INSERT INTO notes VALUES (%s)", [number])
    return ask(data, "SELECT clock_timestamp()")[0]


def save_while_it_writes(work, repository, keys):
    """Three writes: before the whole copy, after it, after the instant given back."""
    live = work / "live"
    devdb.ensure(live)
    follower = Follower(repository, keys, live / "wal-spool")
    try:
        follower.round()
        ask(live, "CREATE TABLE notes AS SELECT 1 AS number")
        make_full(repository, keys)
        instant = write(live, 2)
        time.sleep(0.01)
        write(live, 3)
        follower.round()
    finally:
        follower.stop()
    devdb.stop(live)
    shutil.rmtree(live)
    return instant


def test_a_server_destroyed_comes_back_as_it_was_at_an_instant(work):
    repository, told = Repository(work / "repository"), []
    keys = recipients(make_key(work / "key"))
    instant = save_while_it_writes(work, repository, keys)
    restoration = Restoration(repository, identities(work / "key"), instant)
    restoration.verify(work / "scratch", told.append)
    assert not (work / "scratch").exists()
    restoration.give_back(work / "back", told.append)
    devdb.ensure(work / "back")
    assert ask(work / "back", "SELECT array_agg(number) FROM notes")[0] == [1, 2]
    assert sorted(one.name for one in (work / "back" / "pg").glob("recovery*")) == []
    for path in repository.wal.glob("*.gz.age"):
        path.unlink()
    with pytest.raises(BackupError, match="n’a pas pu rejouer"):
        restoration.give_back(work / "refused", told.append)
