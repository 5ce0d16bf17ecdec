"""The advisory locks: what has a number of its own never waits for something else."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from common.locks import Lock
from config.management.commands import prepare_database
from tests.test_architecture import EVERY_SOURCE, name_of


def is_free(number):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (free,) = cursor.fetchone()
    other.close()
    return free


def test_the_numbers_are_written_in_one_place():
    found = {name_of(path) for path in EVERY_SOURCE if re.search(r"727_?000_?\d", path.read_text())}
    assert found == {"common/locks.py"}


@pytest.mark.django_db
def test_a_deployment_under_way_lets_the_summaries_go_on(monkeypatch):
    seen = {}

    def migrate(*args, **options):
        seen["deployment"] = is_free(Lock.PREPARATION)
        seen["summaries"] = is_free(Lock.SUMMARIES)

    monkeypatch.setattr(prepare_database, "call_command", migrate)
    call_command("prepare_database", stdout=StringIO())
    assert seen == {"deployment": False, "summaries": True}
    assert is_free(Lock.PREPARATION)
