"""The predicates that the gate and the access doctor share."""

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator

from accounts.conditions import (
    account_is_open,
    address_is_confirmed,
    right_is_in_force,
    second_factor_is_needed,
    second_factor_is_ready,
)
from accounts.models import Habilitation, User
from tests.builders import make_person, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("code", "needed"),
    [("OIE", False), ("GF", False), ("OCE", False), ("USR", False)]
    + [(code, True) for code in ("APE", "ARA", "ARL", "OMD", "DEP", "NAT", "NAL", "SPF", "TEC")],
)
def test_the_role_says_who_needs_a_second_factor(settings, code, needed):
    settings.SECOND_FACTOR = "roles"
    person = make_person(code)
    assert second_factor_is_needed(person) is needed
    assert second_factor_is_ready(person) is not needed


@pytest.mark.parametrize(("mode", "needed"), [("everyone", True), ("off", False)])
@pytest.mark.parametrize("code", ["USR", "OIE", "NAT"])
def test_a_setting_asks_everybody_or_nobody(settings, code, mode, needed):
    settings.SECOND_FACTOR = mode
    assert second_factor_is_needed(make_person(code)) is needed


@pytest.mark.parametrize(("kind", "ready"), [("totp", 1), ("webauthn", 1), ("recovery_codes", 0)])
@pytest.mark.parametrize("code", ["USR", "APE"])
def test_recovery_codes_alone_are_no_second_factor(settings, code, kind, ready):
    settings.SECOND_FACTOR = "everyone"
    person = make_person(code)
    Authenticator.objects.create(user=person, type=kind, data={})
    assert second_factor_is_ready(person) is bool(ready)


def test_the_second_factor_is_read_with_the_profiles(settings, django_assert_num_queries):
    settings.SECOND_FACTOR = "roles"
    person = make_person("ARA")
    with django_assert_num_queries(1):
        assert not second_factor_is_ready(person)
        assert len(person.usable_profiles) == 1


def test_the_factor_of_somebody_else_does_not_count(settings):
    settings.SECOND_FACTOR = "everyone"
    Authenticator.objects.create(user=make_user(), type="totp", data={})
    assert not second_factor_is_ready(make_user())


def test_a_right_is_in_force_from_its_first_to_its_last_day():
    def is_in_force(starts, ends, state="active"):
        starts_on, ends_on = (
            None if days is None else TODAY + timedelta(days=days) for days in (starts, ends)
        )
        right = Habilitation(starts_on=starts_on, ends_on=ends_on, state=state)
        return right_is_in_force(right, TODAY)

    assert is_in_force(None, None)
    assert is_in_force(0, 0)
    assert not is_in_force(1, None)
    assert not is_in_force(None, -1)
    assert not any(is_in_force(None, None, state) for state in ("pending", "refused", "revoked"))


def test_an_account_closed_or_disabled_is_not_open():
    person = make_user()
    assert account_is_open(person)
    assert not account_is_open(User(is_active=False))
    person.closed_at = person.date_joined
    assert not account_is_open(person)


def test_an_address_counts_once_it_is_confirmed():
    person = make_user()
    assert address_is_confirmed(person)
    person.emailaddress_set.update(verified=False)
    assert not address_is_confirmed(person)
