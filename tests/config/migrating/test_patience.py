"""A deployment lets the site pass: it waits little for a lock, then tries again."""

import pytest
from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable, UndefinedTable

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
