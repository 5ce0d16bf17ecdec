"""A deployment lets the site pass: it waits little for a lock, then tries again."""

from io import StringIO
from threading import Timer

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable, UndefinedTable

from config.management.commands import prepare_database
from config.migrating import patience


@pytest.fixture
def pauses(monkeypatch):
    taken = []
    monkeypatch.setattr(patience.time, "sleep", taken.append)
    return taken


def shown(name):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_a_migration_waits_three_seconds_for_a_lock_and_gives_the_session_back():
    before = shown("lock_timeout"), shown("statement_timeout")
    with patience.short_waits():
        assert (shown("lock_timeout"), shown("statement_timeout")) == ("3s", "30min")
    assert (shown("lock_timeout"), shown("statement_timeout")) == before


def test_what_could_not_have_its_lock_is_tried_again(pauses):
    tries, told = [], []

    def work():
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError from LockNotAvailable()

    patience.again_when_locked(work, told.append)
    assert (len(tries), pauses) == (3, [2.0, 5.0])
    assert "nouvel essai dans 2" in told[0]


def test_it_ends_by_saying_so(pauses):
    def work():
        raise OperationalError from LockNotAvailable()

    with pytest.raises(OperationalError):
        patience.again_when_locked(work, lambda text: None)
    assert len(pauses) == len(patience.PAUSES)


def test_another_fault_is_told_at_once(pauses):
    def work():
        raise OperationalError from UndefinedTable()

    with pytest.raises(OperationalError):
        patience.again_when_locked(work, lambda text: None)
    assert pauses == []


@pytest.mark.django_db(transaction=True)
def test_a_busy_table_is_left_to_who_uses_it(pauses, monkeypatch):
    """The real thing: another session reads the table; the migration gives up, then passes."""
    monkeypatch.setattr(patience, "LOCK_SECONDS", 0.2)
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM establishments_region")
    monkeypatch.setattr(patience.time, "sleep", lambda seconds: other.rollback())

    def work():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE establishments_region ADD COLUMN canary integer")
            cursor.execute("ALTER TABLE establishments_region DROP COLUMN canary")

    told = []
    with patience.short_waits():
        patience.again_when_locked(work, told.append)
    other.close()
    assert len(told) == 1


@pytest.mark.django_db
def test_a_deployment_does_each_thing_once_and_waits_little_all_along(monkeypatch):
    done = []

    def noted(name, *args, **options):
        done.append((name, shown("lock_timeout")))

    monkeypatch.setattr(prepare_database, "call_command", noted)
    monkeypatch.setattr(prepare_database, "grant_roles", lambda: noted("grants"))
    call_command("prepare_database", stdout=StringIO())
    assert done == [("migrate", "3s"), ("createcachetable", "3s"), ("grants", "3s")]


@pytest.fixture
def writer(monkeypatch):
    """Another session, in the middle of a write."""
    monkeypatch.setattr(patience, "LOCK_SECONDS", 0.1)
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("LOCK TABLE establishments_region IN ROW EXCLUSIVE MODE")
    yield other.connection
    other.close()
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS canary")


BESIDE = "CREATE INDEX CONCURRENTLY canary ON establishments_region (name)"


@pytest.mark.django_db(transaction=True)
def test_an_index_made_beside_the_writes_waits_for_them(writer):
    timer = Timer(0.5, writer.rollback)
    timer.start()
    with patience.short_waits(), connection.cursor() as cursor:
        cursor.execute(BESIDE)
        assert shown("lock_timeout") == "100ms"
        cursor.execute(patience.UNFINISHED)
        assert cursor.fetchall() == []
    timer.join()


@pytest.mark.django_db(transaction=True)
def test_an_index_left_unfinished_gives_its_name_back(writer):
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
        with pytest.raises(OperationalError):
            cursor.execute(BESIDE)
        cursor.execute("RESET lock_timeout")
        writer.rollback()
        cursor.execute(patience.UNFINISHED)
        assert cursor.fetchall() == [("canary",)]
        patience.forget_unfinished_indexes()
        cursor.execute(BESIDE)
