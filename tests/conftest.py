"""What every test may use: the two database roles, a client per role, a count of queries."""

import math

import pytest
from django.conf import settings as conf
from django.contrib.contenttypes.management import create_contenttypes
from django.core.management import call_command
from django.core.signals import setting_changed
from django.db import connection
from django.db.models.signals import post_migrate
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings

from accounts import adapter
from accounts.notices.mails import mail
from accounts.services import national
from common import bare_pages
from common import kept as common_kept
from common.addresses import fixed_address
from config import devdb
from config.database import grant_roles
from medications.thresholds import cover_rules
from steering.alerts.spread import spread_under_way
from steering.messages.urgent import urgent_in_force
from support.texts.announcing import announcements_shown
from tests.builders import make_person
from tests.emptying import empty_after_commits
from tests.together import TogetherWhereAsked


def forget_brand(**kwargs):
    """Settings change in tests alone: what was drawn from them would stay."""
    bare_pages.brand.cache_clear()
    bare_pages.look.cache_clear()
    fixed_address.cache_clear()


setting_changed.connect(forget_brand)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return TogetherWhereAsked(config, log)


# How long an example takes says how busy the machine is, nothing of the code.
settings.register_profile("behaviour", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("behaviour")

# A test that commits is followed by a flush, which filled these again each time, longer than the
# test itself: rights come from the profiles, nobody reads Django's permissions.
post_migrate.disconnect(create_contenttypes)
post_migrate.disconnect(
    sender=None, dispatch_uid="django.contrib.auth.management.create_permissions"
)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    empty_after_commits()
    with django_db_blocker.unblock():
        call_command("createcachetable", verbosity=0)
        if not conf.IS_PRODUCTION:
            devdb.make_roles(conf.DATA_DIR)
        grant_roles()
        empty_queue()
        keep_statistics_away()


STATISTICS_AWAY = """
DO $$ DECLARE one regclass; BEGIN
    FOR one IN SELECT oid FROM pg_class
                WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    LOOP EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false)', one); END LOOP;
END $$
"""


def keep_statistics_away():
    """The rows of a test are never committed: whoever counts them meanwhile finds empty tables.

    Plans made for empty tables take a hundred times longer than those made without counting.
    """
    with connection.cursor() as cursor:
        cursor.execute(STATISTICS_AWAY)


@pytest.fixture
def count_queries(client):
    """Count the queries of a page: ``count_queries(url)`` with the test's own client."""

    def count(url):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    return count


@pytest.fixture
def client_for():
    """``client_for("OIE", on=establishment)``: a client logged in as that role, its user beside."""

    def log_in(code, on=None):
        client = Client()
        client.user = make_person(code, on=on)
        client.force_login(client.user)
        return client

    return log_in


@pytest.fixture(autouse=True)
def no_job_is_left(request, django_db_blocker):
    """A test that commits empties our tables, not those of the queue: what it queued goes too."""
    yield
    marker = request.node.get_closest_marker("django_db")
    commits = bool(marker and marker.kwargs.get("transaction"))
    if commits or {"transactional_db", "live_server"} & set(request.fixturenames):
        with django_db_blocker.unblock():
            empty_queue()


def empty_queue():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_periodic_defers")


@pytest.fixture(autouse=True)
def mails_written_leave_at_once(request, monkeypatch):
    """Codes and links are in the outbox at once; a test of the queue asks for ``queued_mails``."""
    if "queued_mails" in request.fixturenames:
        return

    def send(subject, text, to, *, lasts=None):
        mail(subject, text, to).send()

    for module in (adapter, national):
        monkeypatch.setattr(module, "queue_written", send)


@pytest.fixture(autouse=True)
def nothing_is_announced(monkeypatch):
    """A process that has just looked: pages cost what they cost between two looks."""
    for kept in (announcements_shown, cover_rules, urgent_in_force, spread_under_way):
        monkeypatch.setattr(kept, "_value", kept._nothing)
        monkeypatch.setattr(kept, "_until", math.inf)


@pytest.fixture(autouse=True)
def what_is_shared_is_read_now(request, monkeypatch):
    """What a test changes is seen by its next page; a test of what is kept asks for ``kept``.

    A memory of its own for each test: the demonstration that a whole file reads was kept before
    them, and stayed half a minute, for the tests of the files that follow.
    """
    memory = {} if "kept" in request.fixturenames else NothingStays()
    monkeypatch.setattr(common_kept, "_SHARED", memory)


class NothingStays(dict):
    def __setitem__(self, key, value):
        """What was read is read again."""


@pytest.fixture
def kept():
    """As in production: what all who follow a territory read is kept, from nothing."""


@pytest.fixture
def queued_mails():
    """Mails wait for the task worker, as in production."""
