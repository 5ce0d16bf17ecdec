"""Which database answers a page: the replica, unless it is late or one has just written."""

import pytest
from django.conf import settings as conf
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import URLResolver, get_resolver, include, path
from psycopg.errors import QueryCanceled, SerializationFailure

from accounts.models import User
from common.kept import Kept, KeptByKey
from common.reading import REPLICA, SHOWN, ReplicaRouter, reading_alias, reading_replica
from config.replica import pages
from config.replica.own_writes import OwnWriteMiddleware
from config.replica.pages import may_read_replica, read_on_replica
from config.replica.routes import ROUTES
from establishments.models import Establishment
from journal.models import Entry

FACTORY = RequestFactory()


class Replica:
    """As late as the test says; remembers that it was given up."""

    fresh, given_up, failed = True, False, True

    def is_fresh(self):
        return self.fresh

    def has_failed(self):
        return self.failed

    def lost(self):
        self.given_up = True


@pytest.fixture(autouse=True)
def replica(monkeypatch):
    found = Replica()
    monkeypatch.setattr(pages, "watch", found)
    return found


@may_read_replica
def page(request):
    return HttpResponse(reading_alias())


def read_by(request, view=page):
    return view(request).content.decode()


def failing_on_replica(cause):
    asked = []

    @may_read_replica
    def view(request):
        asked.append(reading_alias())
        if asked[-1] == REPLICA:
            raise OperationalError from cause
        return HttpResponse(",".join(asked))

    return view


def test_a_page_reads_the_replica_and_what_follows_it_the_primary():
    assert read_by(FACTORY.get("/")) == REPLICA
    assert reading_alias() == "default"


def test_what_changes_something_reads_the_primary():
    assert read_by(FACTORY.post("/")) == "default"


def test_a_late_replica_is_not_read(replica):
    replica.fresh = False
    assert read_by(FACTORY.get("/")) == "default"


def test_a_replica_that_dies_within_a_page_is_noticed_by_nobody(replica):
    assert read_by(FACTORY.get("/"), failing_on_replica(None)) == "replica,default"
    assert replica.given_up


def test_a_row_cleaned_meanwhile_is_read_on_the_primary_without_giving_up(replica):
    assert read_by(FACTORY.get("/"), failing_on_replica(SerializationFailure())) == (
        "replica,default"
    )
    assert not replica.given_up


def test_what_takes_too_long_there_is_not_asked_again_of_the_primary():
    with pytest.raises(OperationalError):
        read_by(FACTORY.get("/"), failing_on_replica(QueryCanceled()))


def test_a_failure_of_the_primary_is_not_asked_of_it_again(replica):
    replica.failed = False
    with pytest.raises(OperationalError):
        read_by(FACTORY.get("/"), failing_on_replica(None))
    assert not replica.given_up


def test_a_refusal_stays_one():
    @may_read_replica
    def refused(request):
        raise PermissionDenied

    with pytest.raises(PermissionDenied):
        refused(FACTORY.get("/"))
    assert reading_alias() == "default"


MACHINES = "/api/v1/stocks"


def sent(status=200, url="/", **headers):
    answer = OwnWriteMiddleware(lambda request: HttpResponse(status=status))
    return answer(FACTORY.post(url, **headers))


def test_who_has_just_written_reads_the_primary_and_only_they():
    request = FACTORY.get("/")
    request.COOKIES[conf.WRITTEN_COOKIE_NAME] = sent().cookies[conf.WRITTEN_COOKIE_NAME].value
    assert read_by(request) == "default"
    assert read_by(FACTORY.get("/")) == REPLICA


def test_the_cookie_lasts_as_long_as_a_replica_may_be_late(settings):
    cookie = sent().cookies[conf.WRITTEN_COOKIE_NAME]
    assert settings.REPLICA_LAG_SECONDS < cookie["max-age"] < settings.REPLICA_LAG_SECONDS + 10
    assert cookie["httponly"]


def test_a_cookie_that_we_did_not_sign_says_nothing():
    request = FACTORY.get("/")
    request.COOKIES[conf.WRITTEN_COOKIE_NAME] = "1"
    assert read_by(request) == REPLICA


def test_reading_leaves_no_cookie():
    answer = OwnWriteMiddleware(lambda request: HttpResponse())
    assert not answer(FACTORY.get("/")).cookies


@pytest.mark.django_db
def test_a_program_keeps_no_cookie_and_reads_the_primary_too():
    shown = {"HTTP_AUTHORIZATION": "Bearer a-token"}
    assert not sent(url=MACHINES, **shown).cookies
    assert read_by(FACTORY.get(MACHINES, **shown)) == "default"
    assert read_by(FACTORY.get(MACHINES, HTTP_AUTHORIZATION="Bearer another")) == REPLICA


@pytest.mark.django_db
@pytest.mark.parametrize("status", [401, 403, 404, 422])
def test_a_token_that_opens_nothing_is_not_remembered(status):
    sent(status=status, url=MACHINES, HTTP_AUTHORIZATION="Bearer forged")
    assert read_by(FACTORY.get(MACHINES, HTTP_AUTHORIZATION="Bearer forged")) == REPLICA


def test_on_a_page_for_people_a_header_made_up_fills_no_table():
    """Without a database: a visitor who sends another each time writes nothing."""
    assert sent(HTTP_AUTHORIZATION="Bearer made-up").cookies


def test_accounts_and_journal_are_read_where_they_are_written():
    router = ReplicaRouter()
    with reading_replica():
        assert router.db_for_read(Establishment) == REPLICA
        assert router.db_for_read(User) == router.db_for_read(Entry) == "default"
        assert router.db_for_write(Establishment) == "default"
    assert router.db_for_read(Establishment) == "default"
    assert router.allow_migrate("default", "pui")
    assert not router.allow_migrate(REPLICA, "pui")


def test_what_a_process_keeps_of_the_replica_is_not_for_the_primary(kept):
    found = KeptByKey()
    with reading_replica():
        assert found.value("a region", reading_alias) == REPLICA
    assert found.value("a region", reading_alias) == "default"


def test_what_is_kept_for_everybody_is_read_on_the_primary():
    with reading_replica():
        assert Kept(reading_alias, "").value() == "default"


def every_name(patterns, namespace="", above=""):
    """The name of each address, and all of its pattern."""
    for one in patterns:
        pattern = f"{above}{one.pattern}"
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from every_name(one.url_patterns, inner, pattern)
        else:
            yield f"{namespace}{one.name}", pattern


@pytest.fixture
def patterns():
    return dict(every_name(get_resolver().url_patterns))


def test_the_pages_listed_exist(patterns):
    assert ROUTES - patterns.keys() == set()


def test_each_list_that_is_taken_as_a_file_is_listed(patterns):
    """A receipt is not one: it is of what one has just sent."""
    files = {name for name, pattern in patterns.items() if ":kind>" in pattern}
    shown = {name for name in files if name.partition(":")[0] in SHOWN}
    assert shown - ROUTES == {"pui:transmission_file"}


def test_the_pages_listed_are_marked_and_keep_who_they_are_for():
    def view(request):
        return HttpResponse(reading_alias())

    view.access = "somebody"
    marked, left = path("stats/", view, name="stats"), path("autre/", view, name="another")
    read_on_replica([path("", include(([marked, left], "steering")))])
    assert read_by(FACTORY.get("/"), marked.callback) == REPLICA
    assert marked.callback.access == "somebody"
    assert left.callback is view
