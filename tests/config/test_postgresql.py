"""Our database backend: no question before each request, and a lost server is found again."""

import psycopg
import pytest
from django.db import OperationalError, connection, connections
from django.test.utils import CaptureQueriesContext
from psycopg import _queries
from psycopg.types.numeric import Int8


@pytest.fixture
def own_connection(django_db_blocker, django_db_setup):
    """A connection that a request of a web worker would use, outside the test's transaction."""
    with django_db_blocker.unblock():
        own = connections.create_connection("default")
        kept = {"CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 600}
        own.settings_dict = connection.settings_dict | kept
        own.ensure_connection()
        yield own
        own.close()


def begin_request(own):
    own.close_if_unusable_or_obsolete()


def ask_pid(own):
    with own.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def end_session(pid):
    """What a restart of the server, or its administrator, does to a connection."""
    with another_connection() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def another_connection():
    """A connection of somebody else to the same database."""
    address = connection.get_connection_params()
    named = {key: address[key] for key in ("host", "port", "user", "dbname") if key in address}
    return psycopg.connect(**named, autocommit=True)


def test_a_sound_connection_is_kept_without_being_asked(own_connection, monkeypatch):
    pid = ask_pid(own_connection)
    monkeypatch.setattr(own_connection, "is_usable", lambda: pytest.fail("asked"))
    begin_request(own_connection)
    assert ask_pid(own_connection) == pid


@pytest.mark.session
def test_a_connection_ended_by_the_server_is_replaced_before_the_request_uses_it(own_connection):
    pid = ask_pid(own_connection)
    end_session(pid)
    begin_request(own_connection)
    assert ask_pid(own_connection) != pid


@pytest.mark.session
def test_a_connection_closed_here_is_replaced_too(own_connection):
    pid = ask_pid(own_connection)
    own_connection.connection.close()
    begin_request(own_connection)
    assert ask_pid(own_connection) != pid


@pytest.mark.session
def test_a_connection_lost_within_a_request_fails_once_and_the_next_request_works(own_connection):
    begin_request(own_connection)
    pid = ask_pid(own_connection)
    end_session(pid)
    with pytest.raises(OperationalError):
        ask_pid(own_connection)
    begin_request(own_connection)
    assert ask_pid(own_connection) != pid


@pytest.mark.session
def test_a_notice_from_the_server_does_not_cost_the_connection(own_connection):
    pid = ask_pid(own_connection)
    with own_connection.cursor() as cursor:
        cursor.execute("LISTEN something")
    with another_connection() as other:
        other.execute("NOTIFY something")
    begin_request(own_connection)
    assert ask_pid(own_connection) == pid


def prepared_statements(own):
    with own.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [row[0] for row in cursor.fetchall()]


def add_one(own, number):
    with own.prepared_cursor() as cursor:
        cursor.execute("SELECT %s::bigint + 1", [Int8(number)])
        return cursor.fetchone()[0]


@pytest.mark.session
def test_a_statement_sent_again_is_planned_once_whatever_its_values(own_connection):
    assert [add_one(own_connection, one) for one in (1, 70_000, 5_000_000_000, 2)] == [
        2,
        70_001,
        5_000_000_001,
        3,
    ]
    assert prepared_statements(own_connection) == ["SELECT $1::bigint + 1"]


def test_behind_a_pooler_nothing_is_prepared(own_connection):
    own_connection.connection.prepare_threshold = None  # PREPARED_STATEMENTS=0
    assert [add_one(own_connection, one) for one in (1, 2, 3, 4)] == [2, 3, 4, 5]
    assert prepared_statements(own_connection) == []


@pytest.mark.django_db
def test_a_prepared_statement_is_counted_and_told_like_any_other():
    with CaptureQueriesContext(connection) as queries:
        for number in range(4):
            add_one(connection, number)
    assert len(queries) == 4
    assert all("::bigint + 1" in one["sql"] for one in queries)


def test_the_placeholders_of_a_long_statement_are_read_once(own_connection):
    long = f"SELECT %s::bigint + 1{' ' * 10_000}"
    read = _queries._query2pg.cache_info

    def ask():
        with own_connection.prepared_cursor() as cursor:
            cursor.execute(long, [Int8(1)])

    ask()
    before = read()
    ask()
    assert (read().hits, read().misses) == (before.hits + 1, before.misses)
