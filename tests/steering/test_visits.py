"""Since when something is new: a visit lasts a session and a day, reloading is the same one."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from steering.models import Visit
from steering.services.visits import note_visit
from tests.builders import make_person

MONDAY = datetime(2020, 11, 16, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
HOUR = timedelta(hours=1)


def note(user, at, session=1, **marks):
    return note_visit(user=user, session=session, marks=marks, now=at)


@pytest.fixture
def user(db):
    return make_person("OIE")


def test_the_first_visit_has_none_before_it(user):
    assert note(user, MONDAY).before_at is None


def test_reloading_the_page_is_the_same_visit(user):
    note(user, MONDAY)
    note(user, MONDAY + 24 * HOUR)
    again = [note(user, MONDAY + 24 * HOUR + minutes * HOUR / 60) for minutes in (1, 30, 90)]
    assert {one.before_at for one in again} == {MONDAY}


def test_another_day_closes_the_visit_at_the_last_time_it_was_seen(user):
    note(user, MONDAY)
    note(user, MONDAY + 2 * HOUR)
    assert note(user, MONDAY + 24 * HOUR).before_at == MONDAY + 2 * HOUR


def test_another_session_of_the_same_day_is_another_visit(user):
    note(user, MONDAY, session=1)
    assert note(user, MONDAY + HOUR, session=2).before_at == MONDAY


def test_who_logs_in_again_within_the_hour_keeps_their_list(user):
    note(user, MONDAY - 24 * HOUR, session=1)
    note(user, MONDAY, session=2)
    again = note(user, MONDAY + HOUR / 3, session=3)
    assert again.before_at == MONDAY - 24 * HOUR
    assert note(user, MONDAY + HOUR, session=3).before_at == MONDAY - 24 * HOUR


def test_what_was_read_becomes_what_was_read_before(user):
    note(user, MONDAY, loiret="critique")
    later = note(user, MONDAY + 24 * HOUR, loiret="rupture")
    assert (later.before_marks, later.marks) == ({"loiret": "critique"}, {"loiret": "rupture"})


def test_each_profile_has_its_own_visits(user):
    note(user, MONDAY)
    make_person("GF", user=user)
    user.forget_rights()
    user.chosen_profile_id = user.usable_profiles[1].pk
    assert note(user, MONDAY + 24 * HOUR).before_at is None


def test_without_a_chosen_profile_there_is_one_row_only(user):
    make_person("GF", user=user)
    user.forget_rights()
    assert user.active_profile is None
    note(user, MONDAY)
    note(user, MONDAY + 24 * HOUR)
    assert Visit.objects.get(user=user).before_at == MONDAY


def test_what_is_shown_again_within_a_minute_is_not_written_again(user, django_assert_num_queries):
    note(user, MONDAY)
    with django_assert_num_queries(1):
        note(user, MONDAY + timedelta(seconds=20))


def test_two_pages_opened_at_once_begin_one_visit(user):
    note(user, MONDAY)
    first = note(user, MONDAY + 24 * HOUR)
    second = note(user, MONDAY + 24 * HOUR)
    assert (first.before_at, second.before_at) == (MONDAY, MONDAY)
