"""The whole demonstration, built once for what is played on all of its pages; undone at the end."""

import logging
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings

from tests.audit.crawl import forms_of_everybody


@pytest.fixture(scope="session")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    asked = override_settings(DEMO=True, MEDIA_ROOT=tmp_path_factory.mktemp("files"))
    with asked, django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", weeks=3, stdout=StringIO())
        connection.check_constraints()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def forms(built, django_db_blocker):
    """Every form that somebody of the demonstration is shown, as their browser would send it."""
    for name in ("django.request", "django.security", "access"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with override_settings(DEMO=True), django_db_blocker.unblock():
        return forms_of_everybody()


@pytest.fixture
def country(forms, db, settings):
    settings.DEMO = True
    return forms
