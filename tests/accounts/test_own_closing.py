"""Closing one's account: at once for everything, forgotten after a delay."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Profile, User
from accounts.services.account import (
    FREED,
    KEPT,
    anonymise_closed_accounts,
    close_account,
    left_without_administrator,
)
from accounts.services.errors import AccountError
from journal.models import Entry
from tests.builders import PASSWORD, make_establishment, make_person, make_user
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
CLOSE = "/comptes/fermer/"
SURE = {"understood": "on", "password": PASSWORD}


def logged_in(person):
    client = Client()
    client.force_login(person)
    return client


def test_profiles_sessions_and_logins_stop_at_once():
    person = make_person("OIE")
    client, other = logged_in(person), logged_in(person)
    page = client.post(CLOSE, SURE, follow=True)
    assert "Votre compte est fermé." in page.text
    person.refresh_from_db()
    assert not person.is_active
    assert person.closed_at
    assert Profile.objects.get(user=person).state == Profile.State.ENDED
    assert other.get(reverse("profiles:list")).status_code == 302
    login = {"login": person.email, "password": PASSWORD}
    assert Client().post(reverse("account_login"), login).status_code == 200
    assert Entry.objects.filter(verb="account.closed", by=person).count() == 1


@pytest.mark.parametrize("missing", ["understood", "password"])
def test_nothing_happens_without_the_password_or_the_word(missing):
    person = make_person("OIE")
    form = SURE | {missing: ""}
    assert logged_in(person).post(CLOSE, form).status_code == 200
    person.refresh_from_db()
    assert person.is_active


def test_a_wrong_password_closes_nothing_and_counts():
    person = make_person("OIE")
    client = logged_in(person)
    for _ in range(6):
        page = client.post(CLOSE, SURE | {"password": "wrong"})
    assert "Trop d’essais manqués" in page.text
    person.refresh_from_db()
    assert person.is_active
    cache.clear()


def test_nobody_closes_somebody_elses_account():
    person = make_user()
    with pytest.raises(AccountError):
        close_account(person, by=make_user())


def test_a_second_click_in_another_tab_is_told_and_changes_nothing():
    person = make_user()
    close_account(person, by=person)
    with pytest.raises(AccountError, match="déjà fermé"):
        close_account(person, by=person)


def test_what_fails_half_way_leaves_the_account_as_it_was(monkeypatch):
    person = make_person("OIE")

    def break_down(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("accounts.services.account.notify", break_down)
    with pytest.raises(RuntimeError):
        close_account(person, by=person)
    person.refresh_from_db()
    assert person.is_active
    assert Profile.objects.get(user=person).state == Profile.State.ACTIVE


def test_the_last_administrator_of_an_entity_is_warned():
    site = make_establishment()
    person = make_person("APE", on=site)
    assert left_without_administrator(person) == [site]
    page = logged_in(person).get(CLOSE)
    assert "Vous êtes seul à administrer" in page.text
    assert_sound_html(page)
    make_person("APE", on=site)
    assert left_without_administrator(person) == []


def test_an_administrator_of_the_legal_entity_stays_for_its_sites():
    site = make_establishment()
    person = make_person("APE", on=site)
    make_person("APE", on=site.legal_entity)
    assert left_without_administrator(person) == []


@pytest.mark.parametrize("code", ["ARA", "NAT"])
def test_the_last_one_of_a_region_or_of_the_country_is_warned_and_may_leave(code):
    person = make_person(code)
    assert len(left_without_administrator(person)) == 1
    close_account(person, by=person)
    assert not User.objects.get(pk=person.pk).is_active


@pytest.fixture
def closed_for(time_machine):
    """Somebody who closed their account so long ago."""

    def close(span):
        person, now = make_person("OIE"), timezone.now()
        time_machine.move_to(now - span)
        close_account(person, by=person)
        time_machine.move_to(now)
        return person

    return close


def test_an_account_closed_for_long_is_anonymised_once_and_its_address_is_free(closed_for):
    person = closed_for(KEPT + timedelta(hours=1))
    former = person.email
    assert anonymise_closed_accounts() == 1
    assert anonymise_closed_accounts() == 0
    after = User.objects.get(pk=person.pk)
    assert after.email.endswith(f"@{FREED}")
    assert (after.first_name, after.phone) == ("", "")
    assert former not in f"{after.username} {after.email} {after}"
    assert not EmailAddress.objects.filter(user=person).exists()
    assert make_user(email=former).email == former


def test_what_a_national_service_told_of_somebody_is_forgotten_too(closed_for):
    person = closed_for(KEPT + timedelta(hours=1))
    person.socialaccount_set.create(
        provider="proconnect", uid="1", extra_data={"userinfo": {"usual_name": "Test"}}
    )
    anonymise_closed_accounts()
    assert not person.socialaccount_set.exists()


def test_an_account_closed_lately_keeps_its_address(closed_for):
    person = closed_for(KEPT - timedelta(days=1))
    assert anonymise_closed_accounts() == 0
    assert User.objects.get(pk=person.pk).email == person.email


def test_an_open_account_is_never_anonymised():
    person = make_user(is_active=False)
    User.objects.filter(pk=person.pk).update(date_joined=timezone.now() - 10 * KEPT)
    assert anonymise_closed_accounts() == 0
