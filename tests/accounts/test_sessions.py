"""A session and its account are read in one statement, and nothing is taken on trust for that."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.sessions import SessionStore, account_just_read, identifying
from tests.builders import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_user()


def opened_by(person, listed_as=None):
    """A client logged in, whose session stands in the list of sessions as after a real login."""
    client = Client()
    client.force_login(person)
    UserSession.objects.create(
        user=listed_as or person,
        ip="127.0.0.1",
        user_agent="essai",
        session_key=client.session.session_key,
    )
    return client


def who(client):
    """The account that the service recognises; none when it asks to log in."""
    response = client.get(reverse("profiles:list"))
    if response.status_code == 302:
        assert response.url.startswith(reverse("account_login"))
        return None
    assert response.status_code == 200
    return response.wsgi_request.user


def queries_about(table, client):
    with CaptureQueriesContext(connection) as queries:
        assert who(client)
    return [one["sql"] for one in queries if f'FROM "{table}"' in one["sql"]]


def change_session(client, **values):
    session = client.session
    session.update(values)
    session.save()


def test_the_account_comes_with_the_session(person):
    client = opened_by(person)
    assert who(client) == person
    assert queries_about("django_session", client) == []
    assert queries_about("accounts_user", client) == []


def test_the_account_is_whole(person):
    found = who(opened_by(person))
    person.refresh_from_db()
    for field in person._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(person, field.attname)
    assert found._state.db == "default"
    assert not found._state.adding


def test_a_session_out_of_the_list_is_read_the_ordinary_way(person):
    client = Client()
    client.force_login(person)
    assert who(client) == person
    assert len(queries_about("accounts_user", client)) == 1


def test_a_session_listed_under_another_account_is_never_that_other_one(person):
    client = opened_by(person, listed_as=make_user())
    assert who(client) == person


def test_a_visitor_costs_no_query():
    with CaptureQueriesContext(connection) as queries:
        assert who(Client()) is None
    assert len(queries) == 0


def test_an_unknown_session_is_nobody(person):
    client = opened_by(person)
    client.cookies["session"] = "a" * 32
    assert who(client) is None


def test_an_expired_session_is_nobody(person):
    client = opened_by(person)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert who(client) is None


def test_a_session_ended_elsewhere_is_nobody_at_once(person):
    client, other = opened_by(person), opened_by(person)
    assert who(client) == person
    UserSession.objects.get(session_key=client.session.session_key).end()
    assert who(client) is None
    assert who(other) == person


def test_a_deactivated_account_is_nobody_at_once(person):
    client = opened_by(person)
    assert who(client) == person
    person.is_active = False
    person.save()
    assert who(client) is None


def test_a_deleted_account_is_nobody(person):
    client = opened_by(person)
    key = client.session.session_key
    UserSession.objects.all().delete()
    type(person).objects.filter(pk=person.pk).delete()
    assert who(client) is None
    assert Session.objects.filter(session_key=key).exists()


def test_a_changed_password_ends_the_session(person):
    client = opened_by(person)
    key = client.session.session_key
    person.set_password("un autre mot de passe")
    person.save()
    assert who(client) is None
    assert not Session.objects.filter(session_key=key).exists()


@pytest.mark.parametrize(
    "forged",
    [
        {HASH_SESSION_KEY: "0" * 64},
        {HASH_SESSION_KEY: ""},
        {BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend"},
    ],
)
def test_a_session_of_another_hash_or_way_in_is_nobody(person, forged):
    client = opened_by(person)
    change_session(client, **forged)
    assert who(client) is None


def test_a_session_whose_content_was_altered_is_nobody(person):
    client = opened_by(person)
    Session.objects.update(session_data="forged:content")
    assert who(client) is None


def test_a_session_signed_with_the_former_secret_goes_on_under_a_new_number(person, settings):
    former = settings.SECRET_KEY
    client = opened_by(person)
    key = client.session.session_key
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-secret", [former]
    assert who(client) == person
    assert client.cookies["session"].value != key
    assert who(client) == person
    assert who(client).is_authenticated


def test_the_account_is_given_once_and_only_while_the_session_is_identified(person):
    client = opened_by(person)
    session = SessionStore(client.session.session_key)
    assert int(session[SESSION_KEY]) == person.pk
    assert account_just_read(person.pk) is None
    with identifying(session):
        assert account_just_read(person.pk) == person
        assert account_just_read(person.pk) is None
    assert account_just_read(person.pk) is None


def test_what_is_read_of_another_account_is_thrown_away(person):
    session = SessionStore(opened_by(person).session.session_key)
    session.load()
    with identifying(session):
        assert account_just_read(person.pk + 1) is None
        assert account_just_read(person.pk) is None


@pytest.mark.parametrize("number", ["aaaaaaaa\\000bbbb", "aaaaaaaa\\351", "' OR 1=1 --"])
def test_a_number_of_session_that_nobody_gave_is_that_of_a_visitor(number):
    answer = Client().get(reverse("profiles:list"), HTTP_COOKIE=f'session="{number}"')
    assert answer.url.startswith(reverse("account_login"))
