"""Keys change without anybody noticing; applications are registered by a command."""

import json
from datetime import timedelta
from io import StringIO

import pytest
import requests
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from joserfc import jwk, jwt

from accounts.identity import keys
from accounts.identity.entry import end
from accounts.identity.tasks import EVENT, tell_logout
from accounts.models import OidcApplication, SignOn
from accounts.services.applications import ApplicationError, close, register, renew_secret
from tests.accounts.identity_steps import BACK, ISSUER, Relying, make_application
from tests.builders import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path, monkeypatch):
    settings.OIDC_ISSUER = ISSUER
    settings.OIDC_KEYS = []
    settings.OIDC_KEYS_FOLDER = tmp_path / "keys"
    settings.OIDC_MAKES_KEYS = True
    monkeypatch.setattr(keys, "BITS", 2048)
    return settings.OIDC_KEYS_FOLDER


def published():
    return [one["kid"] for one in Client().get(reverse("idp:oidc:jwks")).json()["keys"]]


def browser():
    client = Client()
    client.force_login(make_person("GF"))
    return client


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_a_key_is_published_before_it_signs_and_after_it_stopped():
    first = keys.signing_key().number
    rotate_at = timezone.now()
    second = keys.rotate().number
    assert keys.signing_key().number == first
    assert set(published()) == {first, second}
    with time_machine.travel(rotate_at + keys.PUBLISHED_BEFORE + timedelta(minutes=1), tick=False):
        assert keys.signing_key().number == second
        assert set(published()) == {first, second}
    late = keys.PUBLISHED_BEFORE + keys.KEPT_AFTER + timedelta(minutes=1)
    with time_machine.travel(rotate_at + late, tick=False):
        assert published() == [second]
        assert keys.forget_expired() == 1


def test_a_key_that_leaked_is_refused_at_once():
    first = keys.signing_key().number
    second = keys.rotate(at_once=True).number
    assert published() == [second]
    assert keys.signing_key().number == second != first


def test_the_files_of_the_keys_are_read_by_nobody_else(folder):
    keys.signing_keys()
    (file,) = folder.glob("*.json")
    assert file.stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0


def test_the_first_key_is_the_same_for_all_who_ask_at_once(folder):
    first = keys.signing_key().number
    again = keys._write(keys._new_key(), name="first", overwrite=False)
    assert keys.signing_key().number == first != again.number
    assert len(list(folder.iterdir())) == 1


def test_keys_of_the_environment_are_changed_where_they_are(settings):
    settings.OIDC_KEYS = [json.loads(p.read_text()) for p in make_files(settings)]
    assert "en service" in run("oidc_keys", "list")
    with pytest.raises(CommandError, match="OIDC_KEYS"):
        run("oidc_keys", "new")


def make_files(settings):
    keys.signing_keys()
    return settings.OIDC_KEYS_FOLDER.glob("*.json")


def test_the_command_tells_the_state_of_each_key():
    keys.signing_keys()
    told = run("oidc_keys", "new")
    assert "publiée, ne signe pas encore" in told
    assert "en service, " not in told
    assert "BEGIN" not in told


def test_an_application_is_registered_listed_and_closed_by_the_command():
    told = run(
        "oidc_client", "create", "Agora", "--redirect-uri", BACK, "--role-allowed", "GF", "--ours"
    )
    application = OidcApplication.objects.get()
    assert application.client.skip_consent
    secret = told.split("client_secret")[1].split()[0]
    assert application.client.check_secret(secret)
    assert secret not in application.client.secret
    assert BACK in run("oidc_client", "list")
    assert secret not in run("oidc_client", "secret", application.client_id)
    application.client.refresh_from_db()
    assert not application.client.check_secret(secret)
    assert "est fermée" in run("oidc_client", "close", application.client_id)
    assert Relying(application, browser()).authorize().status_code == 400


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"redirect_uris": ["http://agora.example/retour"]}, "https"),
        ({"redirect_uris": ["https://*.agora.example/"]}, "exacte"),
        ({"redirect_uris": ["https://agora.example/#x"]}, "exacte"),
        ({"redirect_uris": ["javascript:alert(1)"]}, "https"),
        ({"redirect_uris": []}, "adresse de retour"),
        ({"actions": [], "roles": []}, "qui peut entrer"),
        ({"actions": ["everything"]}, "Action inconnue"),
        ({"roles": ["BOSS"]}, "Rôle inconnu"),
        ({"name": " "}, "nom"),
    ],
)
def test_what_would_be_unsafe_is_not_registered(fields, sentence):
    good = {"name": "Agora", "redirect_uris": [BACK], "actions": ["acc.self"]}
    with pytest.raises(ApplicationError, match=sentence):
        register(**good | fields)
    assert not OidcApplication.objects.exists()


def test_an_application_without_secret_enters_by_its_challenge_alone():
    application = make_application(is_public=True)
    with pytest.raises(ApplicationError, match="publique"):
        renew_secret(application)
    visit = Relying(application, browser())
    data = {
        "grant_type": "authorization_code",
        "code": visit.code(),
        "redirect_uri": BACK,
        "code_verifier": visit.verifier,
        "client_id": application.client_id,
    }
    assert visit.server.post(reverse("idp:oidc:token"), data).status_code == 200


def test_closing_an_application_sends_everybody_away():
    application = make_application()
    visit = Relying(application, browser())
    tokens = visit.enter()
    assert close(application) == 1
    assert visit.person(tokens["access_token"]).status_code == 401
    with pytest.raises(ApplicationError, match="fermée depuis"):
        close(application)


def test_an_application_that_wants_it_is_told_of_the_end(monkeypatch):
    told = {}

    class Answer:
        def raise_for_status(self):
            pass

    def post(address, data, **options):
        told.update(address=address, token=data["logout_token"])
        return Answer()

    monkeypatch.setattr(requests, "post", post)
    application = make_application(logout_uri="https://agora.example/fin")
    visit = Relying(application, browser())
    claims = visit.claims(visit.enter()["id_token"])
    sign_on = SignOn.objects.get()
    end(sign_on)
    tell_logout(sign_on.pk)

    assert told["address"] == "https://agora.example/fin"
    keyring = jwk.KeySet.import_key_set(Client().get(reverse("idp:oidc:jwks")).json())
    notice = jwt.decode(told["token"], keyring, algorithms=["RS256"])
    assert notice.header["typ"] == "logout+jwt"
    assert notice.claims["sid"] == claims["sid"]
    assert notice.claims["events"] == {EVENT: {}}
    assert "nonce" not in notice.claims


def test_when_keys_leak_the_one_about_to_leave_is_refused_as_well():
    keys.signing_key()
    keys.rotate()
    third = keys.rotate(at_once=True).number
    assert published() == [third]


def test_the_hours_of_the_keys_are_those_of_paris():
    with time_machine.travel("2026-07-01T22:30:00+00:00", tick=False):
        keys.signing_keys()
        told = run("oidc_keys", "list")
        register(**{"name": "Agora", "redirect_uris": [BACK], "actions": ["acc.self"]})
        close(OidcApplication.objects.get())
        listed = run("oidc_client", "list")
        with pytest.raises(ApplicationError, match="depuis le 02/07/2026"):
            close(OidcApplication.objects.get())
    assert "faite le 02/07/2026 à 00\u00a0h\u00a030" in told
    assert "fermée le 02/07/2026" in listed


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]", "[::1]:8000"])
def test_an_application_of_the_machine_itself_needs_no_tls(host):
    register(name="Essai", redirect_uris=[f"http://{host}/retour"], actions=["acc.self"])
