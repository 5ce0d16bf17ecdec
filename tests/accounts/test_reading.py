"""One's profiles are read in one statement, which says what the two querysets say."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models.habilitation import Habilitation
from accounts.models.profile import Profile
from tests.builders import make_establishment, make_person

pytestmark = pytest.mark.django_db


def told(profiles):
    """Every field of the profiles, of their entity and of what they allow."""
    return [
        (fields_of(one), fields_of(one.entity), [fields_of(right) for right in one.rights])
        for one in profiles
    ]


def fields_of(record):
    return {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}


def asked(person):
    return list(Profile.objects.usable().with_rights().filter(user=person))


def test_the_statement_says_what_the_querysets_say():
    for code in ("OIE", "ARA", "NAT", "GF", "APE"):
        person = make_person(code)
        assert told(person.usable_profiles) == told(asked(person))
    person = make_person("OIE", on=make_establishment().legal_entity)
    assert told(person.usable_profiles) == told(asked(person))


@pytest.mark.parametrize("state", Habilitation.State)
@pytest.mark.parametrize(("starts", "ends"), [(0, 0), (1, None), (None, -1), (-1, 1)])
def test_a_right_counts_only_while_it_is_in_force(state, starts, ends):
    person, today = make_person("OIE"), timezone.localdate()
    starts_on, ends_on = (
        None if days is None else today + timedelta(days=days) for days in (starts, ends)
    )
    Habilitation.objects.update(state=state, starts_on=starts_on, ends_on=ends_on)
    assert told(person.usable_profiles) == told(asked(person))
    in_force = state == "active" and (starts, ends) in [(0, 0), (-1, 1)]
    assert bool(person.usable_profiles[0].rights) is in_force


@pytest.mark.parametrize("state", Profile.State)
def test_a_profile_that_is_not_active_is_not_read(state):
    person = make_person("OIE")
    Profile.objects.update(state=state)
    assert bool(person.usable_profiles) is (state == "active")


def test_profiles_and_their_rights_take_one_statement(django_assert_num_queries):
    person = make_person("OIE")
    with django_assert_num_queries(1):
        profiles = person.usable_profiles
        assert [str(one.entity) for one in profiles]
        assert [right.profile.user_id for one in profiles for right in one.rights]
