"""Logging in: one message, one count of failures a person, whatever they type."""

import re
import time
from statistics import median

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.adapter import NOT_RECOGNISED
from accounts.backends import person_named
from accounts.hashers import PersonHasher
from accounts.limits import LOGIN_FAILURES, FailureLimit, TooManyFailuresError
from config.settings import base
from journal.models import Entry
from tests.builders import PASSWORD, make_establishment, make_person, make_user

pytestmark = pytest.mark.django_db


def log_in(login, password=PASSWORD, client=None, **extra):
    client = client or Client()
    return client.post(reverse("account_login"), {"login": login, "password": password}, **extra)


def alert_of(response):
    """What the page says aloud: the text of its role="alert"."""
    page = response.content.decode()
    found = re.search(r'role="alert"[^>]*>(.*?)</(?:section|div)>', page, re.DOTALL)
    assert found, "nothing is said"
    return re.sub(r"(<[^>]+>|[ \n])+", " ", found[1]).strip()


def fails_times(login, times):
    for _ in range(times):
        assert NOT_RECOGNISED in alert_of(log_in(login, "wrong password"))


@pytest.mark.parametrize("typed", ["email", "username"])
@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_one_logs_in_by_address_or_identifier_whatever_the_case(typed, case):
    user = make_user(username="Marie.Dupont", email="marie.dupont@ch.example")
    response = log_in(case(getattr(user, typed)))
    assert response.status_code == 302
    assert response.wsgi_request.user == user


def test_unknown_wrong_and_disabled_are_told_alike():
    make_user(username="known")
    make_user(username="disabled", is_active=False)
    answers = {
        alert_of(log_in("nobody", "wrong password")),
        alert_of(log_in("nobody@ch.example", "wrong password")),
        alert_of(log_in("known", "wrong password")),
        alert_of(log_in("disabled", PASSWORD)),
    }
    assert len(answers) == 1
    assert NOT_RECOGNISED in answers.pop()


@pytest.mark.parametrize("typed", ["nobody", "nobody@ch.example", "known", "known@ch.example"])
def test_one_password_is_hashed_be_the_account_known_or_not(typed, monkeypatch):
    make_user(username="known", email="known@ch.example")
    hashed = []
    for name in ("encode", "verify"):
        hasher = "django.contrib.auth.hashers.MD5PasswordHasher"
        monkeypatch.setattr(f"{hasher}.{name}", lambda *args, **kwargs: hashed.append(1) or "x$y$z")
    log_in(typed, "wrong password")
    assert len(hashed) == 1


def test_argon2_takes_the_same_time_for_a_known_and_an_unknown_account(settings):
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    known = [make_user() for _ in range(4)]

    def seconds(login):
        start = time.perf_counter()
        log_in(login, "wrong password")
        return time.perf_counter() - start

    log_in("warm up", "wrong password")
    with_account = median(seconds(user.username) for user in known)
    without = median(seconds(f"nobody{number}") for number in range(4))
    assert 0.5 < with_account / without < 2


def test_passwords_are_hashed_by_argon2_and_checked_for_length_and_fame():
    assert make_password("x", hasher=PersonHasher()).startswith(
        "argon2$argon2id$v=19$m=47104,t=1,p=1$"
    )
    assert base.PASSWORD_HASHERS == ["accounts.hashers.PersonHasher"]
    assert PersonHasher().must_update(make_password("x", hasher=Argon2PasswordHasher()))
    names = [validator["NAME"].rpartition(".")[2] for validator in base.AUTH_PASSWORD_VALIDATORS]
    assert {"MinimumLengthValidator", "CommonPasswordValidator"} <= set(names)


def test_the_address_and_the_identifier_share_one_count():
    user = make_user()
    fails_times(user.username, 3)
    fails_times(user.email, 2)
    for login in (user.username, user.email, user.email.upper()):
        assert re.search(
            r"Trop d’essais manqués\. Réessayez (le \d\d/\d\d )?à \d+", alert_of(log_in(login))
        )


def test_the_lock_of_one_person_does_not_bother_another():
    fails_times(make_user().username, 5)
    assert log_in(make_user().username).status_code == 302


def test_a_locked_person_and_an_unknown_one_are_told_alike():
    user = make_user()
    fails_times(user.username, 5)
    fails_times("nobody", 5)
    assert alert_of(log_in(user.username)) == alert_of(log_in("nobody"))


def test_the_address_written_by_the_sender_does_not_lift_the_lock():
    user = make_user()
    for number in range(5):
        log_in(user.username, "wrong password", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}")
    refused = log_in(user.username, HTTP_X_FORWARDED_FOR="10.0.1.1")
    assert "Trop d’essais" in alert_of(refused)


def test_a_success_gives_its_place_back():
    user = make_user()
    fails_times(user.username, 4)
    for _ in range(4):
        assert log_in(user.username).status_code == 302
    fails_times(user.username, 1)
    assert "Trop d’essais" in alert_of(log_in(user.username))


def test_a_thousand_other_writes_do_not_lift_a_lock():
    user = make_user()
    fails_times(user.username, 5)
    for number in range(1000):
        cache.set(f"something-else-{number}", number)
    assert "Trop d’essais" in alert_of(log_in(user.username))


def test_the_sixth_failure_waits_five_minutes_and_the_twenty_sixth_a_day():
    assert LOGIN_FAILURES.windows == ((5, 300), (25, 86400))
    limit = FailureLimit("test", ((2, 1), (3, 3600)))
    for _ in range(2):
        limit.begin("someone")
    with pytest.raises(TooManyFailuresError):
        limit.begin("someone")
    time.sleep(2.1)
    limit.begin("someone")
    with pytest.raises(TooManyFailuresError) as refusal:
        limit.begin("someone")
    assert (refusal.value.until.timestamp() - time.time()) > 3500


def test_a_refused_attempt_does_not_prolong_the_lock():
    limit = FailureLimit("test", ((1, 3600),))
    limit.begin("someone")
    untils = set()
    for _ in range(3):
        with pytest.raises(TooManyFailuresError) as refusal:
            limit.begin("someone")
        untils.add(refusal.value.until)
    assert len(untils) == 1


def test_many_people_behind_one_address_all_log_in():
    users = [make_user() for _ in range(40)]
    assert {log_in(user.username).status_code for user in users} == {302}


@pytest.mark.parametrize("typed", ["ES-450990114", "es-450990114", "ES 45 099 011 4"])
def test_a_former_shared_identifier_is_told_where_to_go(typed):
    response = log_in(typed)
    assert "ne servent plus à se connecter" in alert_of(response)
    assert f'href="{reverse("legacy_claim")}"' in response.content.decode()


def test_the_session_has_a_new_number_after_login():
    client = Client()
    client.get(reverse("account_login"))
    session = client.session
    session["kept"] = "yes"
    session.save()
    client.cookies["session"] = session.session_key
    before = session.session_key
    user = make_person("OIE")
    assert log_in(user.username, client=client).status_code == 302
    assert client.session.session_key != before


def test_a_login_and_a_failure_are_recorded_without_what_was_typed():
    user = make_user()
    log_in(user.username, "wrong password")
    log_in("my-secret-typed-here", "wrong password")
    log_in(user.username)
    entries = Entry.objects.order_by("pk")
    assert [(entry.verb, entry.target) for entry in entries] == [
        ("account.login_failed", user.username),
        ("account.login_failed", "compte inconnu"),
        ("account.logged_in", user.username),
    ]
    assert {entry.address for entry in entries} == {"127.0.0.1"}


def test_one_profile_leads_on_several_lead_to_the_choice_none_to_what_is_missing():
    one, several, none = make_person("OIE"), make_person("OIE"), make_user()
    make_person("APE", on=make_establishment(), user=several)
    wanted = "/aide/"
    url = f"{reverse('account_login')}?next={wanted}"

    def landing(user):
        return Client().post(url, {"login": user.username, "password": PASSWORD})["Location"]

    assert landing(one) == wanted
    assert landing(several) == f"{reverse('profiles:choose')}?next=%2Faide%2F"
    assert landing(none) == f"{reverse('access')}?depuis=%2Faide%2F"


def test_the_way_back_stays_on_the_site():
    user = make_person("OIE")
    url = f"{reverse('account_login')}?next=https://evil.example/"
    response = Client().post(url, {"login": user.username, "password": PASSWORD})
    assert response["Location"] == reverse("home")


def test_an_identifier_finds_one_person_at_most():
    user = make_user(username="Ada", email="ada@ch.example")
    assert person_named(" ADA ") == person_named("Ada@CH.example") == user
    assert person_named("") is None


def test_too_many_requests_from_one_network_get_a_page_in_french(settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    log_in("nobody", "wrong password")
    response = log_in("nobody", "wrong password")
    assert response.status_code == 429
    assert "attendez une minute" in response.content.decode()


@pytest.mark.parametrize(
    ("proxies", "written", "address"),
    [(0, "10.0.0.1", "127.0.0.1"), (1, "10.0.0.1, 192.0.2.7", "192.0.2.7")],
)
def test_only_the_trusted_proxies_say_where_one_comes_from(settings, proxies, written, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    log_in("nobody", "wrong password", HTTP_X_FORWARDED_FOR=written)
    assert Entry.objects.get().address == address


def test_who_has_a_code_goes_back_to_its_page_after_login():
    user, claim = make_user(), reverse("legacy_claim")
    url = f"{reverse('account_login')}?next={claim}"
    assert Client().post(url, {"login": user.username, "password": PASSWORD})["Location"] == claim
