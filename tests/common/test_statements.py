"""The statements of a request are counted; a slow one is kept without its values."""

import pytest
from django.db import connection

from common import statements
from common.statements import counting, of_no_request, without_values


@pytest.mark.django_db
def test_each_statement_of_a_request_is_counted():
    with counting() as tally, connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.executemany("SELECT %s", [[1], [2]])
        with connection.prepared_cursor() as prepared:
            prepared.execute("SELECT 1")
    assert tally.statements == 3
    assert tally.seconds > 0
    assert tally.slow == []


@pytest.mark.django_db
def test_a_slow_one_is_kept_with_the_request_or_apart(monkeypatch):
    monkeypatch.setattr(statements, "SLOW_SECONDS", 0.0)
    of_no_request.clear()
    with counting() as tally, connection.cursor() as cursor:
        cursor.execute("SELECT %s, 'Dupont'", ["Durand"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT 7")
    assert [one.text for one in tally.slow] == ["SELECT %s, ?"]
    assert [one.text for one in of_no_request] == ["SELECT ?"]
    of_no_request.clear()


@pytest.mark.parametrize(
    ("sql", "kept"),
    [
        ("SELECT *\n  FROM a WHERE b = 'O''Brien'", "SELECT * FROM a WHERE b = ?"),
        ("SELECT 12.5, t1.c2 FROM t1 WHERE x = 42", "SELECT ?, t1.c2 FROM t1 WHERE x = ?"),
        ("a IN (%s, %s, %s)", "a IN (…)"),
        ("a IN (1, 2)", "a IN (…)"),
        ("SELECT %(name)s -- by Dupont", "SELECT %(name)s"),
        ("SELECT /* Dupont */ $1", "SELECT $1"),
        ("SELECT '--',\n 'Dupont', 'x'", "SELECT ?, ?, ?"),
        ("SELECT 1 -- l'un\n, 'Dupont'", "SELECT ? , ?"),
        ("VALUES (%s, 'Dupont'), (%s, %s), (%s, %s)", "VALUES (…), …"),
        (b"SELECT 1", "bytes"),
    ],
)
def test_no_value_stays_in_the_text(sql, kept):
    assert without_values(sql) == kept


def test_a_text_without_end_is_cut():
    assert len(without_values("SELECT a" * 10_000)) == statements.LONGEST_TEXT
