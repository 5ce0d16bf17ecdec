"""The task worker stands on a direct connection: notifications are lost behind a pooler."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from config import pooler
from config.management.commands import procrastinate
from tests.config.test_checks import PRODUCTION, start

DIRECT = "postgresql://web@direct.example:5433/stocks"
TOLD = """
import django; django.setup()
from django.db import connections
from config.pooler import go_direct
go_direct()
print([connections[one].settings_dict["HOST"] for one in ("default",)])
"""


@pytest.mark.django_db
def test_a_direct_connection_is_told_from_a_pooled_one(settings):
    assert pooler.is_pooled(connection) is settings.DATABASE_POOLED


@pytest.mark.django_db
def test_the_worker_refuses_to_start_behind_a_pooler(monkeypatch):
    monkeypatch.setattr(procrastinate, "is_pooled", lambda connection: True)
    with pytest.raises(CommandError, match="DATABASE_DIRECT_URL"):
        call_command("procrastinate", "worker", "--one-shot")


def test_the_worker_goes_to_the_direct_address(tmp_path):
    environment = PRODUCTION | {"DJANGO_SETTINGS_MODULE": "config.settings.base"}
    assert "['db.example']" in start(tmp_path, TOLD, **environment)
    told = start(tmp_path, TOLD, DATABASE_DIRECT_URL=DIRECT, **environment)
    assert "['direct.example']" in told


@pytest.mark.django_db
def test_behind_a_pooler_no_cursor_stays_open_on_the_server(monkeypatch):
    """One kept by the server is named; the next rows would be asked of another connection."""
    own = connections["default"]
    monkeypatch.setitem(own.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    with own.chunked_cursor() as cursor:
        assert getattr(cursor.cursor, "name", None) is None
    monkeypatch.setitem(own.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", False)
    with own.chunked_cursor() as cursor:
        assert cursor.cursor.name
