"""A real server saved while it writes, destroyed, given back to an instant. The whole drill, with
the application's own writes and all its controls, is scripts/restore-drill."""

import shutil
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from config import devdb
from config.backups import follow, server
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


def ask_alone(data, statement):
    """What takes no part in a transaction."""
    host = str(devdb.socket_folder(data))
    with psycopg.connect(host=host, user="postgres", autocommit=True) as connection:
        connection.execute(statement)


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
    with pytest.raises(BackupError, match="Il manque un morceau"):
        restoration.give_back(work / "refused", told.append)


def test_an_instant_after_which_nothing_was_written_is_that_of_the_end(work):
    repository, told = Repository(work / "repository"), []
    keys = recipients(make_key(work / "key"))
    save_while_it_writes(work, repository, keys)
    private, reached = identities(work / "key"), repository.reached()
    with pytest.raises(BackupError, match="rendez sans --at"):
        Restoration(repository, private, reached.at).give_back(work / "refused", told.append)
    Restoration(repository, private).give_back(work / "back", told.append)
    devdb.ensure(work / "back")
    assert ask(work / "back", "SELECT array_agg(number) FROM notes")[0] == [1, 2, 3]


def fill_log(data, segments=4):
    for _ in range(segments):
        ask(data, "SELECT pg_logical_emit_message(true, 'test', 'x')")
        ask(data, "SELECT pg_switch_wal()")


def test_a_copy_that_takes_long_on_a_server_that_writes_is_whole(work, monkeypatch):
    """The server takes its log back at each checkpoint; the copy needs what it wrote since then."""
    live, repository = work / "live", Repository(work / "repository")
    devdb.ensure(live)
    read, busy = server.Stream.read, []

    def slow(self, size):
        data = read(self, size)
        if not busy:
            busy.append(fill_log(live))
            ask_alone(live, "CHECKPOINT")
        return data

    monkeypatch.setattr(server.Stream, "read", slow)
    make_full(repository, recipients(make_key(work / "key")))
    Restoration(repository, identities(work / "key")).verify(work / "scratch", print)
    assert ask(live, "SELECT count(*) FROM pg_replication_slots") == (0,)


def follow_again(follower):
    """One round says that the log does not come; the next has it."""
    with pytest.raises(BackupError, match="n’arrive pas"):
        follower.round()
    follower.round()


def test_a_server_that_took_its_log_back_is_followed_again_and_copied_whole(work, monkeypatch):
    """Backups stopped for long, on a server that keeps so much of its log for them and no more."""
    live, repository = work / "live", Repository(work / "repository")
    keys = recipients(make_key(work / "key"))
    devdb.ensure(live)
    ask_alone(live, "ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'")
    ask(live, "SELECT pg_reload_conf()")
    stopped = Follower(repository, keys, live / "wal-spool")
    stopped.round()
    stopped.stop()
    full = make_full(repository, keys)
    fill_log(live)
    ask_alone(live, "CHECKPOINT")
    monkeypatch.setattr(follow, "PATIENCE", 3.0)
    follower = Follower(repository, keys, live / "wal-spool")
    try:
        follow_again(follower)
        assert repository.lost_since(full) is not None
        assert follower.is_due(full, server.position())
        again = make_full(repository, keys)
        follower.round()
        assert not follower.is_due(again, server.position())
    finally:
        follower.stop()


def test_a_server_given_back_is_followed_though_the_spool_is_of_after(work, settings, monkeypatch):
    live, repository = work / "live", Repository(work / "repository")
    keys = recipients(make_key(work / "key"))
    devdb.ensure(live)
    follower = Follower(repository, keys, work / "wal-spool")
    follower.round()
    ask(live, "CREATE TABLE notes AS SELECT 1 AS number")
    make_full(repository, keys)
    instant = write(live, 2)
    fill_log(live)
    make_full(repository, keys)
    write(live, 3)
    follower.round()
    follower.stop()
    devdb.stop(live)
    private = identities(work / "key")
    Restoration(repository, private, instant).give_back(work / "back", print)
    devdb.ensure(work / "back")
    address = f"host={devdb.socket_folder(work / 'back')} user={devdb.BACKUP}"
    settings.BACKUP_DATABASE_URL = address
    monkeypatch.setattr(follow, "PATIENCE", 3.0)
    follower = Follower(repository, keys, work / "wal-spool")
    try:
        follow_again(follower)
        assert follower.is_due(repository.list_fulls()[-1], server.position())
        write(work / "back", 4)
        follower.round()
    finally:
        follower.stop()
    give_back_again(work, Restoration(repository, private))


def give_back_again(work, restoration):
    """Before the copy that is due: from that of before the return, not from the last."""
    told = []
    restoration.give_back(work / "again", told.append)
    devdb.ensure(work / "again")
    notes = ask(work / "again", "SELECT array_agg(number ORDER BY number) FROM notes")
    assert notes == ([1, 2, 4],)
    assert any("Dernière écriture rendue" in one for one in told)
