"""A copy of the database gives no second factor away."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from tests.builders import make_user
from tests.codes import totp_code

pytestmark = pytest.mark.django_db


def accepts(person, code):
    return Authenticator.objects.get(user=person, type="totp").wrap().validate_code(code)


@pytest.fixture
def person():
    return make_user()


@pytest.fixture
def secret(person):
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


def test_the_secret_is_not_in_the_database_and_its_codes_are_accepted(person, secret):
    assert secret not in str(Authenticator.objects.get(user=person).data)
    assert accepts(person, totp_code(secret))


def test_under_a_former_secret_of_the_deployment_the_codes_are_still_accepted(
    person, secret, settings
):
    former = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [former]
    assert accepts(person, totp_code(secret))


def test_a_seal_that_does_not_open_matches_no_code(person, secret, settings):
    settings.SECRET_KEY = "another"
    assert not accepts(person, totp_code(secret))
    assert not accepts(person, totp_code(""))


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_telephone_half_a_minute_away_from_our_clock_is_understood(
    person, secret, monkeypatch, steps, is_taken
):
    now = 1_800_000_000
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: now)
    assert accepts(person, totp_code(secret, now + 30 * steps)) is is_taken


def test_recovery_codes_are_sealed_too(person, secret):
    codes = RecoveryCodes.activate(person)
    stored = str(Authenticator.objects.get(user=person, type="recovery_codes").data)
    assert not [code for code in codes.get_unused_codes() if code in stored]
