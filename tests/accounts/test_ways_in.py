"""Pro Santé Connect and ProConnect log people in: what is offered, asked for, linked, unlinked."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from accounts.models import User
from journal.models import Entry
from tests.accounts.ways_in_steps import LINK, go, is_in, linked, log_in
from tests.builders import make_user
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db


def test_nothing_is_offered_when_nothing_is_set(client):
    assert "service national" not in client.get(reverse("account_login")).text
    assert client.post(reverse("way_in", args=["proconnect"])).status_code == 404


def test_what_is_set_is_offered_and_the_form_may_lead_there(client, psc):
    page = client.get(reverse("account_login"))
    assert_sound_html(page)
    assert "Se connecter avec Pro Santé Connect" in page.text
    assert "ProConnect" not in page.text.replace("Pro Santé Connect", "")
    assert psc.url in page["Content-Security-Policy"]


def test_the_service_is_asked_for_proof_with_a_nonce_and_a_challenge(client, psc):
    go(client, psc)
    assert psc.asked["acr_values"] == "eidas1"
    assert psc.asked["code_challenge_method"] == "S256"
    assert len(psc.asked["nonce"]) > 30
    assert set(psc.asked["scope"].split()) == {"openid", "scope_all"}


def test_a_link_from_elsewhere_sends_nobody_to_the_service(client, psc):
    response = client.get(reverse("way_in", args=[psc.name]))
    assert response["Location"] == reverse("account_login")


def test_an_unknown_identity_opens_nothing_and_makes_no_account(client, proconnect):
    make_user(email="c@ch.example")
    response = go(client, proconnect)
    assert (
        response["Location"]
        == f"{reverse('account_login')}?next=%2Fcomptes%2Fidentites%2Frelier%2F"
    )
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()
    assert "_auth_user_id" not in client.session


def test_the_identity_is_linked_once_the_account_is_proved_and_the_person_agrees(
    client, psc, mailoutbox
):
    user = make_user()
    go(client, psc)
    log_in(client, user)
    page = client.get(LINK)
    assert_sound_html(page)
    assert "Camille Test" in page.text
    assert not SocialAccount.objects.exists()
    client.post(LINK)
    assert SocialAccount.objects.get().user == user
    assert Entry.objects.filter(verb="account.way_in_added", by=user).exists()
    assert "Pro Santé Connect a été relié à votre compte" in mailoutbox[-1].body


def test_from_then_on_the_service_opens_the_account(psc):
    user = make_user()
    client = linked(psc, user)
    go(client, psc)
    assert is_in(client, user)


def test_an_identity_is_of_one_account_only(psc):
    owner, other = make_user(), make_user()
    linked(psc, owner)
    client = Client()
    log_in(client, other)
    assert go(client, psc)["Location"] == LINK
    page = client.post(LINK, follow=True)
    assert "est déjà reliée à un autre compte" in page.text
    assert SocialAccount.objects.get().user == owner


def test_an_address_that_is_of_another_account_links_nothing(client, proconnect):
    make_user(email="c@ch.example")
    go(client, proconnect)
    log_in(client, make_user())
    client.post(LINK)
    assert not SocialAccount.objects.exists()


def test_an_account_whose_address_is_not_verified_links_nothing(client, psc):
    user = make_user()
    go(client, psc)
    log_in(client, user)
    user.emailaddress_set.update(verified=False)
    client.post(LINK)
    assert not SocialAccount.objects.exists()


def test_without_a_fresh_log_in_the_password_is_asked_before_linking(client, psc):
    client.force_login(make_user())
    assert go(client, psc)["Location"] == LINK
    assert client.get(LINK)["Location"].startswith(reverse("account_reauthenticate"))
    client.post(LINK)
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("number", ["", "²", "abc", "9" * 40])
def test_a_number_that_is_none_is_answered_in_words(psc, number):
    client = linked(psc, make_user())
    go(client, psc)
    answer = client.post(reverse("socialaccount_connections"), {"account": number}, follow=True)
    assert "n’est plus reliée à votre compte" in answer.text
    assert SocialAccount.objects.exists()


def test_unlinking_closes_that_way_in(psc, mailoutbox):
    user = make_user()
    client = linked(psc, user)
    go(client, psc)
    page = client.get(reverse("socialaccount_connections"))
    assert_sound_html(page)
    number = SocialAccount.objects.get().pk
    stranger = Client()
    stranger.force_login(make_user())
    stranger.post(reverse("socialaccount_connections"), {"account": number})
    assert SocialAccount.objects.exists()
    client.post(reverse("socialaccount_connections"), {"account": number})
    assert not SocialAccount.objects.exists()
    assert Entry.objects.filter(verb="account.way_in_removed", by=user).exists()
    assert "n’est plus relié" in mailoutbox[-1].body
