"""The second factor: every page, mail and sentence is ours, in French typography."""

import re
from pathlib import Path

import allauth
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core import mail
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse

from accounts.adapter import REAUTHENTICATION, AccountAdapter, SecondFactorAdapter
from tests.builders import PASSWORD, make_person
from tests.config.test_typography import faults
from tests.html_rules import assert_sound_html

THEIRS = Path(allauth.__file__).parent / "templates"
NOT_USED = {
    "mfa/trust.html",  # no browser is trusted: the second factor is asked each time
    "mfa/webauthn/signup_form.html",  # an account begins with a password
}
WITHOUT_WORDS = {
    "mfa/base_entrance.html",
    "mfa/base_manage.html",
    "mfa/recovery_codes/base.html",  # a title that each page replaces, as the next ones
    "mfa/totp/base.html",
    "mfa/webauthn/base.html",
    "mfa/recovery_codes/download.txt",
    "mfa/webauthn/snippets/login_script.html",
}
TEMPLATES = {str(path.relative_to(THEIRS)) for path in THEIRS.glob("mfa/**/*.*")}
STRAIGHT = re.compile(r"\w'\w")


@pytest.mark.parametrize("name", sorted(TEMPLATES - NOT_USED - WITHOUT_WORDS))
def test_each_text_of_the_second_factor_is_ours(name):
    origin = Path(get_template(name).origin.name)
    assert origin.is_relative_to(Path(settings.BASE_DIR, "templates"))


@pytest.fixture
def person(db):
    return make_person("OIE")


@pytest.fixture
def client(person):
    """Logged in, and the password given once more: what one must do to touch the protection."""
    client = Client()
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def at_the_second_step(person):
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client


def protect(person):
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)


def give_key(person):
    return Authenticator.objects.create(
        user=person,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Ordinateur du bureau", "credential": {}},
    )


def assert_french(response):
    assert response.status_code == 200
    assert_sound_html(response)
    shown = re.sub(r"<script.*?</script>|<[^>]*>", "", response.text, flags=re.DOTALL)
    assert faults(shown) == []
    assert STRAIGHT.findall(shown) == []


@pytest.mark.parametrize("name", ["mfa_index", "mfa_activate_totp", "mfa_add_webauthn"])
def test_the_pages_before_any_protection_are_sound(client, name):
    assert_french(client.get(reverse(name)))


@pytest.mark.parametrize(
    "name",
    [
        "mfa_index",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_list_webauthn",
        "mfa_reauthenticate",
    ],
)
def test_the_pages_of_a_protected_account_are_sound(client, person, name):
    protect(person)
    give_key(person)
    assert_french(client.get(reverse(name)))


def test_the_pages_of_a_key_are_sound(client, person):
    key = give_key(person)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert_french(client.get(reverse(name, args=[key.pk])))


def test_no_field_that_proves_who_one_is_holds_grey_text(client, person):
    asked = [client.get(reverse(name)) for name in ("account_reauthenticate", "mfa_activate_totp")]
    protect(person)
    asked.append(client.get(reverse("mfa_reauthenticate")))
    assert [page.status_code for page in asked] == [200, 200, 200]
    assert not any("placeholder" in page.text for page in asked)


def test_a_wrong_code_at_log_in_is_told_in_our_words(person):
    protect(person)
    client = at_the_second_step(person)
    assert_french(client.get(reverse("mfa_authenticate")))
    answer = client.post(reverse("mfa_authenticate"), {"code": "nothing"})
    assert_french(answer)
    assert "Ce code n’est pas le bon." in answer.text


def test_a_recovery_code_opens_the_session_and_is_spent(person):
    protect(person)
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))
    client = at_the_second_step(person)
    client.post(reverse("mfa_authenticate"), {"code": codes.get_unused_codes()[0]})
    assert "Il vous reste 9 codes sur 10." in client.get(reverse("mfa_index")).text


def test_turning_the_app_off_is_told_on_the_page_and_by_mail(client, person):
    protect(person)
    mail.outbox.clear()
    answer = client.post(reverse("mfa_deactivate_totp"), follow=True)
    assert "L’application d’authentification a été désactivée." in answer.text
    assert mail.outbox[0].subject == "[Stocks Santé] Application d’authentification désactivée"
    assert faults(mail.outbox[0].body) == []


def test_what_the_adapters_say_is_in_french_typography():
    sentences = [*SecondFactorAdapter.error_messages.values(), *REAUTHENTICATION.values()]
    for sentence in map(str, sentences):
        assert faults(sentence) == []
        assert not STRAIGHT.search(sentence)


def test_other_ways_to_confirm_are_named_in_our_words(person):
    protect(person)
    give_key(person)
    methods = AccountAdapter().get_reauthentication_methods(person)
    assert [one["description"] for one in methods] == list(REAUTHENTICATION.values())


def test_the_first_key_and_the_next_ones_get_a_name(person):
    adapter = SecondFactorAdapter()
    first = adapter.generate_authenticator_name(person, Authenticator.Type.WEBAUTHN)
    give_key(person)
    second = adapter.generate_authenticator_name(person, Authenticator.Type.WEBAUTHN)
    assert (first, second) == ("Ma clé d’accès", "Ma clé d’accès nº\u00a02")
