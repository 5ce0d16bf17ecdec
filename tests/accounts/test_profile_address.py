"""The address of a profile: no mail goes there before its owner has confirmed it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.services.contact import change_contact
from accounts.services.errors import AccountError
from accounts.services.profile_address import confirm_address, send_again
from accounts.services.profiles import suspend_profile
from accounts.services.requests import ask_profile
from journal.models import Entry
from tests.accounts.mailing import deliver
from tests.accounts.test_requests import FILES
from tests.builders import make_person, make_user
from tests.config.test_typography import faults
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
STORE = "magasin@ch.example"


@pytest.fixture
def person(site):
    return make_person("OIE", on=site)


@pytest.fixture
def profile(person):
    return person.profiles.get()


@pytest.fixture
def client(person):
    client = Client()
    client.force_login(person)
    return client


def give(profile, email=STORE, by=None):
    change_contact(profile, by=by or profile.user, email=email, phone="", address="")
    return link_in(deliver())


def link_in(messages):
    """The path of the link that confirms, in the only mail that has one."""
    (message,) = [one for one in messages if "/adresse/" in one.body]
    return re.search(r"https?://[^/]+(/\S+/adresse/\S+)", message.body)[1]


def token_in(link):
    return link.rstrip("/").rsplit("/", 1)[1]


def told_of_a_suspension(profile, site):
    suspend_profile(profile, by=make_person("APE", on=site), reason="congé")
    (message,) = [one for one in deliver() if "suspendu" in one.subject]
    return message.to


def test_a_new_address_receives_a_link_and_nothing_else(profile, site):
    change_contact(profile, by=profile.user, email=STORE, phone="", address="")
    (message,) = deliver()
    assert message.to == [STORE]
    assert profile.user.email in message.body
    assert faults(message.body) == []
    assert told_of_a_suspension(profile, site) == [profile.user.email]


def test_once_confirmed_it_receives_the_mails_of_the_profile(client, profile, site):
    link = give(profile)
    page = client.get(link)
    assert_sound_html(page)
    assert STORE in page.text
    profile.refresh_from_db()
    assert profile.email_verified_at is None  # looking changes nothing
    answer = client.post(link, follow=True)
    assert f"{STORE} est confirmée" in answer.text
    entry = Entry.objects.get(verb="account.profile_address_confirmed")
    assert (entry.by, entry.finess, entry.details["email"]) == (profile.user, site.finess, STORE)
    assert "est déjà confirmée" in client.get(link, follow=True).text
    assert told_of_a_suspension(profile, site) == [STORE]


def test_the_page_of_the_profile_says_where_its_mails_go_and_sends_the_link_again(client, profile):
    page = reverse("profiles:detail", args=[profile.pk])
    again = reverse("profiles:send_confirmation", args=[profile.pk])
    assert again not in client.get(page).text
    give(profile)
    shown = client.get(page)
    assert_sound_html(shown)
    assert f"{STORE} reste à confirmer." in shown.text
    assert "Un nouveau lien part pour" in client.post(again, follow=True).text
    client.post(link_in(deliver()))
    shown = client.get(page).text
    assert f"{STORE} est confirmée depuis le" in shown
    assert again not in shown
    assert "rien n’est parti" in client.post(again, follow=True).text


def test_an_address_changed_again_is_to_confirm_again(client, profile):
    former = give(profile)
    client.post(former)
    give(profile, "pharmacie@ch.example")
    profile.refresh_from_db()
    assert profile.email_verified_at is None
    assert "n’est plus valable" in client.post(former, follow=True).text
    profile.refresh_from_db()
    assert profile.email_verified_at is None


def test_a_link_is_good_for_72_hours_and_for_its_own_profile(profile, site, time_machine):
    token = token_in(give(profile))
    other = make_person("OIE", on=site).profiles.get()
    with pytest.raises(AccountError, match="n’est plus valable"):
        confirm_address(other, token, by=other.user)
    with pytest.raises(AccountError, match="une autre personne"):
        confirm_address(profile, token, by=other.user)
    time_machine.move_to(timezone.now() + timedelta(hours=73), tick=False)
    with pytest.raises(AccountError, match="n’est plus valable"):
        confirm_address(profile, token, by=profile.user)


def test_the_address_of_the_account_needs_no_link(profile):
    profile.user.emailaddress_set.update_or_create(
        email=profile.user.email, defaults={"verified": True}
    )
    change_contact(profile, by=profile.user, email=profile.user.email, phone="", address="")
    profile.refresh_from_db()
    assert profile.email_verified_at is not None
    assert deliver() == []


def test_what_an_administrator_gives_is_for_the_person_to_confirm(profile, site):
    ape = make_person("APE", on=site)
    token = token_in(give(profile, by=ape))
    with pytest.raises(AccountError, match="une autre personne"):
        confirm_address(profile, token, by=ape)
    assert confirm_address(profile, token, by=profile.user).email_verified_at


def test_the_address_given_with_a_request_is_to_confirm_too(site):
    user = make_user()
    request = ask_profile(user, site, [FILES], email=STORE)
    messages = deliver()
    assert link_in(messages)
    received = [one for one in messages if "est enregistrée" in one.subject]
    assert [one.to for one in received] == [[user.email]]
    assert not request.profile.email_verified_at


def test_links_leave_five_times_an_hour_at_most(profile):
    give(profile)
    for _ in range(4):
        send_again(profile, by=profile.user)
    with pytest.raises(AccountError, match="Trop de liens"):
        send_again(profile, by=profile.user)
