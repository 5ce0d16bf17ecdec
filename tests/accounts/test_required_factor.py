"""A second factor required by role comes before everything else, whatever the way in."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.middleware import WITHOUT_FACTOR
from accounts.routes import every_route
from tests.builders import PASSWORD, make_establishment, make_person
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
INDEX = "/comptes/second-facteur/"
REQUIRED = ["APE", "ARA", "ARL", "OMD", "DEP", "NAT", "NAL", "SPF", "LPO", "CSM", "SUP", "TEC"]


@pytest.fixture(autouse=True)
def by_role(settings):
    settings.SECOND_FACTOR = "roles"
    settings.SECOND_FACTOR_BY_EMAIL = False


def log_in(person):
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client


def opens(client, name="profiles:list"):
    response = client.get(reverse(name))
    if response.status_code == 302:
        assert response.url == INDEX
    return response.status_code == 200


def protect(person):
    TOTP.activate(person, generate_totp_secret())


@pytest.mark.parametrize("code", REQUIRED)
def test_administrators_regions_and_the_country_meet_their_second_factor_first(code):
    assert not opens(log_in(make_person(code)))


@pytest.mark.parametrize("code", ["USR", "GF", "OIE", "OCE"])
def test_the_others_work_with_a_password(code):
    assert opens(log_in(make_person(code)))


def test_everyone_by_one_setting(settings):
    settings.SECOND_FACTOR = "everyone"
    assert not opens(log_in(make_person("USR")))


def test_nobody_when_it_is_off(settings):
    settings.SECOND_FACTOR = "off"
    assert opens(log_in(make_person("NAT")))


def test_a_session_opened_by_any_other_way_is_held_alike():
    client = Client()
    client.force_login(make_person("NAT"))
    assert not opens(client)


def test_one_factor_is_enough_and_opens_everything_at_the_next_click():
    person = make_person("ARA")
    client = log_in(person)
    assert not opens(client)
    protect(person)
    assert opens(client)


def test_the_page_asked_for_first_comes_after_the_factor():
    person = make_person("ARA")
    client = log_in(person)
    asked = "/plage/comptes/?recherche=roche&etat=active"
    assert client.get(asked).url == INDEX
    client.post(reverse("account_change_password"), {})
    protect(person)
    RecoveryCodes.activate(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    told = asked.replace("&", "&amp;")
    assert f'href="{told}">Je les ai gardés' in client.get(reverse("mfa_view_recovery_codes")).text
    page = client.get(INDEX)
    assert f'href="{told}">Continuer vers la page demandée' in page.text
    assert_sound_html(page)
    assert client.get(asked).status_code == 200
    assert "Continuer vers" not in client.get(INDEX).text


def test_recovery_codes_alone_are_no_second_factor():
    person = make_person("ARA")
    RecoveryCodes.activate(person)
    assert not opens(log_in(person))


def test_a_role_received_during_the_session_counts_at_the_next_click():
    person = make_person("OIE")
    client = log_in(person)
    assert opens(client)
    make_person("APE", on=make_establishment(), user=person)
    assert not opens(client)


def test_only_a_short_list_of_pages_opens_before():
    client = log_in(make_person("ARA"))
    plain = [
        route for route in every_route() if "<" not in route.address and "^" not in route.address
    ]
    opened = set()
    for route in plain:
        if route.name == "account_logout":
            continue
        response = client.get(route.address)
        if not (response.status_code == 302 and response.url == INDEX):
            opened.add(route.name)
    machines = {route.name for route in plain if getattr(route.access, "is_machine", False)}
    assert opened - machines <= WITHOUT_FACTOR


def test_the_password_cannot_be_changed_before():
    client = log_in(make_person("ARA"))
    assert client.post(reverse("account_change_password"), {}).url == INDEX


def test_a_script_is_refused_in_words():
    client = log_in(make_person("APE"))
    answer = client.get(reverse("profiles:list"), headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert "second facteur" in answer.json()["sentence"]


def test_the_page_says_that_the_role_requires_it_and_is_sound():
    page = log_in(make_person("APE")).get(INDEX)
    assert "Votre rôle demande un second facteur" in page.text
    assert_sound_html(page)


def test_the_last_one_cannot_be_removed_by_those_who_must_have_one():
    person = make_person("ARA")
    protect(person)
    client = Client()
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=person, type="totp").exists()


def test_the_last_key_stays_too_and_one_of_two_goes():
    person = make_person("ARA")
    first, second = (
        Authenticator.objects.create(
            user=person, type="webauthn", data={"name": name, "credential": {}}
        )
        for name in ("bureau", "secours")
    )
    client = Client()
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("mfa_remove_webauthn", args=[first.pk]))
    client.post(reverse("mfa_remove_webauthn", args=[second.pk]))
    assert list(Authenticator.objects.filter(user=person, type="webauthn")) == [second]


def code_received():
    return re.search(r"^([A-Z0-9-]{6,9})$", mail.outbox[-1].body, re.MULTILINE)[1]


def test_a_code_by_mail_suffices_for_an_administrator_of_one_establishment(settings):
    settings.SECOND_FACTOR_BY_EMAIL = True
    client = log_in(make_person("APE"))
    page = client.get(reverse("account_confirm_login_code"))
    assert "Code de connexion" in page.text
    assert_sound_html(page)
    client.post(reverse("account_confirm_login_code"), {"code": code_received()})
    assert opens(client)


def test_a_code_by_mail_never_suffices_for_a_region(settings):
    settings.SECOND_FACTOR_BY_EMAIL = True
    client = log_in(make_person("ARA"))
    assert not opens(client)


def test_a_session_opened_without_the_code_does_not_count(settings):
    person = make_person("APE")
    client = log_in(person)
    settings.SECOND_FACTOR_BY_EMAIL = True
    assert not opens(client)
    assert "déconnectez-vous" in client.get(INDEX).text


def test_wrong_codes_lock_as_wrong_passwords_do_whatever_the_number_of_codes_sent(settings):
    settings.SECOND_FACTOR_BY_EMAIL = True
    person = make_person("APE")
    url = reverse("account_confirm_login_code")
    for _ in range(3):
        client = log_in(person)
        for _ in range(2):
            answer = client.post(url, {"code": "nothing"})
    assert "Trop d’essais manqués" in answer.text


@pytest.mark.parametrize("name", ["mfa_authenticate", "mfa_reauthenticate"])
def test_wrong_codes_of_an_application_lock_too(name, settings):
    settings.SECOND_FACTOR = "off"
    person = make_person("OIE")
    protect(person)
    client = log_in(person)
    if name == "mfa_reauthenticate":
        client.force_login(person)
    for _ in range(6):
        answer = client.post(reverse(name), {"code": "nothing"})
    assert "Trop d’essais manqués" in answer.text
