"""What must not start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from config.checks import caches_are_shared, journal_is_kept

ROOT = Path(__file__).parent.parent.parent
LOCAL = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SHARED = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache"}}
PRODUCTION = {
    "DATABASE_URL": "postgresql://web@db.example/stocks",
    "DATABASE_OWNER_URL": "postgresql://owner@db.example/stocks",
    "SECRET_KEY": "x" * 50,
    "ALLOWED_HOSTS": "stocks.example",
    "TRUSTED_PROXY_COUNT": "1",
    "SITE_URL": "https://stocks.example",
}


def ids(errors):
    return [error.id for error in errors]


STARTED = "from config.wsgi import application; print('started')"


def start(tmp_path, program=STARTED, **variables):
    """Load the application as a web server does: no system check runs."""
    kept = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "PYTHONWARNINGS": "ignore"}
    words = [sys.executable, "-c", program]
    done = subprocess.run(
        words, cwd=ROOT, env=kept | variables, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def test_the_demonstration_does_not_start_beside_a_production_database(tmp_path):
    told = start(tmp_path, DEMO="1", **PRODUCTION)
    assert "started" not in told
    assert "DEMO est incompatible avec DATABASE_URL" in told


def test_the_demonstration_does_not_start_under_the_name_of_production(tmp_path):
    told = start(tmp_path, DEMO="1", ALLOWED_HOSTS="127.0.0.1,stocks.sante.gouv.fr")
    assert "started" not in told
    assert "DEMO est incompatible avec un nom d’hôte de production" in told


@pytest.mark.parametrize("variables", [{"DEMO": "1"}, PRODUCTION, {}])
def test_each_starts_alone(tmp_path, variables):
    assert "started" in start(tmp_path, **variables)


def test_processes_share_the_code_of_every_page_and_neither_thread_nor_connection(tmp_path):
    program = f"""
import sys, threading
{STARTED}
from django.db import connection
print([name in sys.modules for name in ("config.urls", "pui.views.state", "networkx")])
print(threading.active_count(), connection.connection)"""
    told = start(tmp_path, program, **PRODUCTION)
    assert told.split("\n")[:3] == ["started", "[True, True, True]", "1 None"]


def test_production_says_where_the_links_of_the_mails_lead(tmp_path):
    told = start(tmp_path, **{name: PRODUCTION[name] for name in PRODUCTION if name != "SITE_URL"})
    assert "started" not in told
    assert "La variable SITE_URL est nécessaire en production" in told


def test_a_cache_of_each_process_is_refused_in_production_only(settings):
    settings.CACHES, settings.IS_PRODUCTION = LOCAL, True
    assert ids(caches_are_shared(None)) == ["config.E001"]
    settings.IS_PRODUCTION = False
    assert caches_are_shared(None) == []
    settings.CACHES, settings.IS_PRODUCTION = SHARED, True
    assert caches_are_shared(None) == []


def test_a_journal_that_would_be_purged_at_once_is_refused(settings):
    assert journal_is_kept(None) == []
    settings.JOURNAL_KEPT_MONTHS = 0
    assert ids(journal_is_kept(None)) == ["config.E002"]


def test_no_command_runs_with_such_a_journal(settings):
    settings.JOURNAL_KEPT_MONTHS = 5
    with pytest.raises(SystemCheckError, match="au moins 6"):
        call_command("check")
