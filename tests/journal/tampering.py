"""What the owner of the tables can do to the journal with its triggers off."""

from io import StringIO

from django.core.management import CommandError, call_command
from django.db import connection

from journal.models import Entry
from journal.sealing.seals import seal_pending
from journal.services import record


def tamper(statement, *parameters, table="journal_entry"):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, parameters)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def write(count=1, **details):
    return [record("test.done", by=None, target="x", **details) for _ in range(count)]


def sealed(*sizes):
    """A batch of each of these sizes; the entries of each."""
    batches = []
    for size in sizes:
        batches.append(write(size))
        assert seal_pending(patience=0) == 1
    return batches


def forge(pk, age="0"):
    """An entry with a number of one’s choice."""
    tamper(
        "INSERT INTO journal_entry (id, at, verb, profile, target, finess, region_code,"
        " department_code, details, request_id) OVERRIDING SYSTEM VALUE"
        " VALUES (%s, now() - %s::interval, 'test.forged', '', '', '', '', '', '{}', '')",
        pk,
        age,
    )


def verify(**options):
    """What the command says: ``ok`` or the first thing found."""
    out = StringIO()
    try:
        call_command("verify_journal", stdout=out, stderr=StringIO(), **options)
    except CommandError as error:
        return str(error)
    assert "Le journal est intact" in out.getvalue()
    return "ok"


def last_entry():
    return Entry.objects.latest("pk")
