"""The task worker stands on a direct connection: notifications are lost behind a pooler."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections

from config import pooler
from config.management.commands import procrastinate
from tests.config.test_checks import PRODUCTION, start

ROOT = settings.BASE_DIR
SHOWN = "from django.conf import settings; print(settings.DATABASES['default']['HOST'])"


@pytest.mark.django_db
def test_a_direct_connection_is_told_from_a_pooled_one():
    assert pooler.is_pooled(connection) is settings.DATABASE_POOLED


@pytest.mark.django_db
def test_the_worker_refuses_to_start_behind_a_pooler(monkeypatch):
    monkeypatch.setattr(procrastinate, "is_pooled", lambda connection: True)
    with pytest.raises(CommandError, match="DATABASE_DIRECT_URL"):
        call_command("procrastinate", "worker", "--one-shot")


def test_commands_go_to_the_direct_address_and_pages_to_the_pooler(tmp_path):
    """Temporary tables of an import, locks of a migration, notifications of the worker."""
    given = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)} | PRODUCTION
    given["DATABASE_DIRECT_URL"] = "postgresql://web@direct.example:5433/stocks"
    words = [sys.executable, "manage.py", "shell", "--no-imports", "-c", SHOWN]
    done = subprocess.run(words, cwd=ROOT, env=given, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "direct.example"
    page = f"from config.wsgi import application; {SHOWN}"
    assert start(tmp_path, page, **given).splitlines()[-1] == "db.example"


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
