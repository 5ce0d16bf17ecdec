"""The HTML of the pages of accounts is sound, for a visitor and for somebody logged in."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Profile
from tests.builders import make_establishment, make_person, make_profile
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name",
    ["account_login", "account_signup", "account_reset_password", "legacy_claim"],
)
def test_the_pages_of_a_visitor_are_sound_and_no_field_holds_grey_text(name):
    page = Client().get(reverse(name))
    assert_sound_html(page)
    assert "placeholder" not in page.text


@pytest.mark.parametrize("name", ["account_login", "legacy_claim"])
def test_a_form_sent_back_is_sound(name):
    wrong = {"login": "nobody", "password": "wrong password", "identifier": "x"}
    assert_sound_html(Client().post(reverse(name), wrong))


@pytest.mark.parametrize(
    "name",
    ["profiles:list", "profiles:choose", "legacy_claim", "account_email", "usersessions_list"],
)
def test_the_pages_of_an_account_are_sound(client, name):
    person = make_person("OIE")
    make_person("APE", user=person)
    for state in (Profile.State.PENDING, Profile.State.ENDED):
        make_profile(person, make_establishment(), state=state)
    client.force_login(person)
    assert_sound_html(client.get(reverse(name)))


def test_the_pages_of_the_codes_are_sound(client_for):
    site = make_establishment()
    client = client_for("ARA", on=site.region)
    url = reverse("legacy_code_issue", args=[site.finess])
    for response in (client.get(url), client.post(url), client.get(url)):
        assert_sound_html(response)
    assert_sound_html(client.get(reverse("legacy_codes")))


@pytest.mark.parametrize("name", ["account_login", "account_reset_password"])
def test_who_forgot_the_identifier_reads_what_suffices_and_to_whom_to_write(settings, name):
    settings.CONTACT_EMAIL = "aide@stocks.example"
    page = Client().get(reverse(name)).text
    assert "Identifiant oublié" in page
    assert reverse("account_reset_password") in page
    assert 'href="mailto:aide@stocks.example"' in page
