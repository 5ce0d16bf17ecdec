"""A session ends by itself, and says why: idle, after twelve hours, or ended from elsewhere."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import sessions
from accounts.sessions import BEGAN, End
from tests.builders import PASSWORD, make_person, make_user

pytestmark = pytest.mark.django_db
PAGE = "profiles:list"


def logged_in(person):
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert client.get(reverse(PAGE)).status_code == 200
    return client


def row_of(client):
    return Session.objects.get(session_key=client.cookies["session"].value)


def left_to(client):
    return row_of(client).expire_date - timezone.now()


def age(client, *, idle=timedelta(0), began=timedelta(0)):
    """As if the last act was ``idle`` ago, and the login ``began`` before that."""
    row = row_of(client)
    store = sessions.SessionStore(row.session_key)
    content = store.load()
    content[BEGAN] -= int((idle + began).total_seconds())
    row.session_data = store.encode(content)
    latest = timezone.now() - idle - began + sessions.LONGEST
    row.expire_date = min(row.expire_date - idle, latest)
    row.save()


def about(minutes, span):
    return abs(span - timedelta(minutes=minutes)) < timedelta(minutes=1)


def told_after(client):
    response = client.get(reverse(PAGE), follow=True)
    assert response.redirect_chain[0][0].startswith(reverse("account_login"))
    return response.text


@pytest.mark.parametrize(
    ("code", "minutes"), [("OIE", 60), ("APE", 60), ("ARA", 15), ("NAL", 15), ("DEP", 15)]
)
def test_one_hour_without_an_act_and_a_quarter_for_a_region_or_the_country(code, minutes):
    assert about(minutes, left_to(logged_in(make_person(code))))


def test_a_role_received_during_the_session_shortens_it_at_the_next_act():
    person = make_user()
    client = logged_in(person)
    make_person("ARA", user=person)
    client.get(reverse(PAGE))
    assert about(15, left_to(client))


def test_an_idle_session_is_over_and_the_login_page_says_so_once():
    client = logged_in(make_person("OIE"))
    age(client, idle=timedelta(minutes=61))
    assert End.IDLE.value in told_after(client)
    assert End.IDLE.value not in client.get(reverse("account_login")).text


def test_an_act_keeps_the_session_open():
    client = logged_in(make_person("OIE"))
    age(client, idle=timedelta(minutes=40))
    client.get(reverse(PAGE))
    assert about(60, left_to(client))


def test_a_page_that_refreshes_itself_is_no_act():
    client = logged_in(make_person("OIE"))
    age(client, idle=timedelta(minutes=40))
    assert client.get(reverse(PAGE), headers={"X-Automatic": "1"}).status_code == 200
    assert about(20, left_to(client))


def test_twelve_hours_are_the_end_whatever_one_does():
    client = logged_in(make_person("OIE"))
    age(client, began=timedelta(hours=11, minutes=50))
    client.get(reverse(PAGE))
    assert about(10, left_to(client))
    age(client, idle=timedelta(minutes=11))
    assert End.LONGEST.value in told_after(client)


def test_choosing_another_profile_does_not_begin_the_session_again():
    person = make_person("OIE")
    make_person("APE", user=person)
    client = logged_in(person)
    age(client, began=timedelta(hours=11, minutes=50))
    profile = person.usable_profiles[0]
    client.post(reverse("profiles:use"), {"profile": profile.pk})
    assert about(10, left_to(client))


def test_ended_from_another_device_is_told():
    client = logged_in(make_person("OIE"))
    UserSession.objects.get().end()
    assert End.ELSEWHERE.value in told_after(client)


def test_a_closed_account_and_a_changed_password_are_told_too():
    person = make_person("OIE")
    client = logged_in(person)
    person.set_password("un autre mot de passe")
    person.save()
    assert End.ELSEWHERE.value in told_after(client)


def test_one_who_logs_in_with_the_cookie_of_an_ended_session_is_told_nothing():
    person = make_person("OIE")
    client = logged_in(person)
    UserSession.objects.get().end()
    login = {"login": person.email, "password": PASSWORD}
    page = client.post(reverse("account_login"), login, follow=True)
    assert End.ELSEWHERE.value not in page.text


def test_one_who_leaves_is_told_nothing():
    client = logged_in(make_person("OIE"))
    page = client.post(reverse("account_logout"), follow=True)
    assert all(end.value not in page.text for end in End)


def test_many_acts_in_a_minute_write_nothing_and_the_next_minute_writes_once():
    client = logged_in(make_person("OIE"))
    client.get(reverse(PAGE))

    def writes():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(PAGE))
        return [one["sql"] for one in queries if one["sql"].startswith("UPDATE")]

    assert writes() == []
    age(client, idle=timedelta(minutes=2))
    assert len(writes()) == 1
    assert writes() == []


def test_sessions_over_for_a_day_leave_and_the_others_stay():
    kept, over = logged_in(make_person("OIE")), logged_in(make_person("OIE"))
    key = over.cookies["session"].value
    long_ago = timezone.now() - timedelta(days=1, minutes=1)
    Session.objects.filter(session_key=key).update(expire_date=long_ago)
    sessions.forget_ended_sessions()
    assert not UserSession.objects.filter(session_key=key).exists()
    assert kept.get(reverse(PAGE)).status_code == 200


def test_session_and_account_take_one_statement_with_the_second_factor_asked_by_role(settings):
    settings.SECOND_FACTOR = "roles"
    client = logged_in(make_person("OIE"))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("session_time"))
    assert len(queries) == 1


def test_the_script_learns_how_long_is_left_without_keeping_the_session_open():
    client = logged_in(make_person("OIE"))
    age(client, idle=timedelta(minutes=59))
    answer = client.get(reverse("session_time"), headers={"X-Automatic": "1"}).json()
    assert 0 < answer["left"] <= 60
    assert answer["extendable"]
    kept = client.post(reverse("session_time")).json()
    assert kept["left"] > 3500


def test_near_twelve_hours_the_script_is_told_that_nothing_extends_the_session():
    client = logged_in(make_person("OIE"))
    age(client, began=timedelta(hours=11, minutes=59))
    answer = client.post(reverse("session_time")).json()
    assert answer["left"] <= 60
    assert not answer["extendable"]


def test_a_visitor_has_no_warning_in_the_page_and_a_person_has():
    assert "data-session-end" not in Client().get(reverse("home")).text
    assert "data-session-end" in logged_in(make_person("OIE")).get(reverse(PAGE)).text
