"""Connections beside that of the test, and a file of heads of its own."""

import dj_database_url
import psycopg
import pytest
from django.conf import settings as configured
from django.db import connection


def opened(**role):
    owner = connection.get_connection_params()
    keys = ("host", "port", "dbname", "user", "password")
    return psycopg.connect(**{key: owner[key] for key in keys if owner.get(key)} | role)


@pytest.fixture
def web_connection(db):
    """A connection of its own with the rights of the site; what it did is undone."""
    url = dj_database_url.parse(configured.DATABASE_URL) if configured.DATABASE_URL else {}
    with opened(user=configured.WEB_ROLE, password=url.get("PASSWORD") or None) as beside:
        yield beside
        beside.rollback()


@pytest.fixture
def elsewhere(db):
    """Somebody else’s transaction, under way."""
    with opened() as beside:
        yield beside
        beside.rollback()


@pytest.fixture
def heads_file(settings, tmp_path):
    settings.JOURNAL_HEADS_FILE = tmp_path / "journal-seals.jsonl"
    return settings.JOURNAL_HEADS_FILE
