"""The attacks that RFC 9700 lists and that could apply here, one by one: each is refused."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from joserfc import jwk, jwt

from accounts.models import SignOn
from tests.accounts.identity_steps import (
    BACK,
    ISSUER,
    LEFT,
    Relying,
    make_application,
    one_key,
    told,
)
from tests.builders import make_establishment, make_person

pytestmark = pytest.mark.django_db
AUTHORIZE = "idp:oidc:authorization"


@pytest.fixture(autouse=True)
def keys(settings):
    settings.OIDC_KEYS = one_key()
    settings.OIDC_ISSUER = ISSUER


@pytest.fixture
def browser(db):
    client = Client()
    client.user = make_person("GF", on=make_establishment())
    client.force_login(client.user)
    return client


@pytest.fixture
def visit(browser):
    return Relying(make_application(), browser)


def refused(response, error):
    assert response.status_code in (400, 401), response.content
    assert response.json()["error"] == error


@pytest.mark.parametrize(
    "address",
    [
        "https://attacker.example/retour",
        f"{BACK}/",
        f"{BACK}?next=https://attacker.example",
        f"{BACK}#",
        "https://agora.example:8443/retour",
        "https://agora.example@attacker.example/retour",
        "https://agora.example/retour/../autre",
        "http://agora.example/retour",
        None,
    ],
)
def test_an_address_of_return_that_is_not_exactly_registered_is_never_followed(visit, address):
    response = visit.authorize(redirect_uri=address)
    assert response.status_code == 400
    assert "Location" not in response
    assert "pas celle que cette application a enregistrée" in response.text


@pytest.mark.parametrize("changed", [{"client_id": "nobody"}, {"client_id": None}])
def test_an_unknown_application_leads_nowhere(visit, changed):
    response = visit.authorize(**changed)
    assert (response.status_code, "Location" in response) == (400, False)


def test_a_parameter_given_twice_leads_nowhere(visit):
    query = visit.asked() | {"redirect_uri": [BACK, "https://attacker.example/"]}
    response = visit.browser.get(reverse(AUTHORIZE), query)
    assert (response.status_code, "Location" in response) == (400, False)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"request": "e30.e30."}, "request_not_supported"),
        ({"request_uri": "https://attacker.example/r"}, "request_uri_not_supported"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": "openid admin"}, "invalid_scope"),
    ],
)
def test_nothing_but_the_code_with_a_sha256_challenge_is_answered(visit, changes, error):
    answer = told(visit.authorize(**changes))
    assert answer["error"] == error
    assert answer["state"] == visit.state
    assert "code" not in answer


@pytest.mark.parametrize(
    "grant",
    ["password", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code", ""],
)
def test_no_other_grant_gives_a_token(visit, grant):
    person = visit.browser.user
    data = {"grant_type": grant, "username": person.username, "password": "x", "scope": "openid"}
    refused(visit.post("token", data), "unsupported_grant_type")


def test_a_code_serves_once_and_coming_back_ends_what_it_gave(visit):
    code = visit.code()
    tokens = visit.redeem(code).json()
    refused(visit.redeem(code), "invalid_grant")
    assert visit.person(tokens["access_token"]).status_code == 401
    refused(visit.refresh(tokens["refresh_token"]), "invalid_grant")


def test_whoever_replays_a_code_without_the_secret_ends_nothing(visit):
    code = visit.code()
    tokens = visit.redeem(code).json()
    visit.application.secret = "guess"
    assert visit.redeem(code).status_code == 401
    assert visit.person(tokens["access_token"]).status_code == 200


@pytest.mark.parametrize("verifier", [None, "", "x" * 43])
def test_a_code_without_its_verifier_gives_nothing(visit, verifier):
    response = visit.redeem(visit.code(), code_verifier=verifier)
    assert response.status_code == 400
    assert "access_token" not in response.json()


def test_a_code_is_for_the_application_it_was_given_to(visit, browser):
    code = visit.code()
    other = Relying(make_application(name="Autre"), browser)
    other.verifier = visit.verifier
    refused(other.redeem(code), "invalid_grant")


def test_a_code_is_for_the_address_it_was_asked_from(browser):
    application = make_application(redirect_uris=[BACK, "https://agora.example/autre"])
    visit = Relying(application, browser)
    response = visit.redeem(visit.code(), redirect_uri="https://agora.example/autre")
    assert response.json()["error"] in ("invalid_request", "invalid_grant")


def test_a_code_dies_in_a_minute(visit, settings):
    settings.IDP_OIDC_AUTHORIZATION_CODE_EXPIRES_IN = 0
    refused(visit.redeem(visit.code()), "invalid_grant")


def test_the_secret_is_asked(visit):
    code = visit.code()
    visit.application.secret = "guess"
    refused(visit.redeem(code), "invalid_client")
    data = {"grant_type": "authorization_code", "code": code, "code_verifier": visit.verifier}
    data |= {"client_id": visit.application.client_id, "redirect_uri": BACK}
    response = visit.server.post(reverse("idp:oidc:token"), data)
    assert response.status_code in (400, 401)


def test_each_answer_names_who_gives_it_errors_too(visit):
    assert told(visit.authorize())["iss"] == ISSUER
    assert told(visit.authorize(response_type="token"))["iss"] == ISSUER


def test_the_state_comes_back_as_it_was_and_the_nonce_in_the_signed_token(visit):
    visit.state = "é&=?#<script>"
    assert told(visit.authorize(state=visit.state))["state"] == visit.state
    assert visit.claims(visit.enter()["id_token"])["nonce"] == visit.nonce


def test_a_token_in_an_address_is_refused(visit):
    tokens = visit.enter()
    url = reverse("idp:oidc:userinfo")
    assert Client().get(url, {"access_token": tokens["access_token"]}).status_code == 401
    data = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    address = f"{reverse('idp:oidc:token')}?client_secret={visit.application.secret}"
    assert visit.server.post(address, data).json()["error"] == "invalid_request"


def test_an_id_token_opens_nothing(visit):
    tokens = visit.enter()
    assert visit.person(tokens["id_token"]).status_code == 401


def test_tokens_are_opaque_and_kept_as_digests(visit):
    tokens = visit.enter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM allauth_idp_oidc_token t")
        kept = cursor.fetchone()[0]
    assert tokens["access_token"] not in kept
    assert tokens["refresh_token"] not in kept


def test_the_pages_cannot_be_put_in_a_frame(browser):
    response = Relying(make_application(is_ours=False), browser).authorize()
    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def test_a_form_may_end_at_the_application_being_entered_and_nowhere_else(browser):
    response = Relying(make_application(is_ours=False), browser).authorize()
    policy = response["Content-Security-Policy"]
    assert "form-action 'self' https://agora.example;" in f"{policy};"
    elsewhere = Client().get(reverse("account_login"))["Content-Security-Policy"]
    assert "agora.example" not in elsewhere


def test_logging_in_on_the_way_may_end_at_the_application(db):
    visitor = Client()
    response = Relying(make_application(), visitor).authorize()
    login = visitor.get(response["Location"])
    assert "form-action 'self' https://agora.example" in login["Content-Security-Policy"]


def test_what_leaves_with_the_code_is_neither_kept_nor_told_to_a_third_party(visit):
    response = visit.authorize()
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"


def test_consent_cannot_be_given_by_another_site(browser):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(browser.user)
    page = Relying(make_application(is_ours=False), strict).authorize()
    form = {
        "request": page.context["form"].initial["request"],
        "profile": browser.user.active_profile.pk,
        "scopes": ["openid"],
        "action": "grant",
    }
    assert strict.post(reverse(AUTHORIZE), form).status_code == 403
    assert not SignOn.objects.exists()


def test_a_signed_request_that_was_touched_is_refused(browser):
    page = Relying(make_application(is_ours=False), browser).authorize()
    forged = page.context["form"].initial["request"][:-3] + "AAA"
    response = browser.post(reverse(AUTHORIZE), {"request": forged, "action": "grant"})
    assert (response.status_code, "Location" in response) == (400, False)


def test_refusing_does_not_send_elsewhere_than_the_registered_address(browser):
    page = Relying(make_application(roles=["APE"]), browser).authorize()
    assert page.status_code == 403
    assert page.context["back"].startswith(f"{BACK}?error=access_denied")


def test_leaving_never_leads_to_an_unregistered_address(visit):
    hint = visit.enter()["id_token"]
    url = reverse("idp:oidc:logout")
    query = {"id_token_hint": hint, "post_logout_redirect_uri": f"{LEFT}/autre"}
    response = visit.browser.get(url, query)
    assert (response.status_code, "Location" in response) == (400, False)
    assert "_auth_user_id" in visit.browser.session


def test_an_application_cannot_log_out_somebody_else(visit):
    hint = visit.enter()["id_token"]
    other = Client()
    other.force_login(make_person("GF"))
    page = other.get(reverse("idp:oidc:logout"), {"id_token_hint": hint})
    assert "Se déconnecter aussi d’ici" in page.text
    assert "_auth_user_id" in other.session


def test_leaving_with_the_token_of_the_session_ends_it_and_leads_back(visit):
    tokens = visit.enter()
    query = {
        "id_token_hint": tokens["id_token"],
        "post_logout_redirect_uri": LEFT,
        "state": "abc",
    }
    response = visit.browser.get(reverse("idp:oidc:logout"), query)
    assert response["Location"] == f"{LEFT}?state=abc"
    assert "_auth_user_id" not in visit.browser.session
    assert visit.person(tokens["access_token"]).status_code == 401


def test_a_token_signed_by_anybody_else_is_no_hint(visit):
    visit.enter()
    key = jwk.RSAKey.generate_key(2048)
    claims = {"iss": ISSUER, "aud": visit.application.client_id, "sub": "x"}
    forged = jwt.encode({"alg": "RS256", "kid": "x"}, claims, key)
    page = visit.browser.get(reverse("idp:oidc:logout"), {"id_token_hint": forged})
    assert page.status_code == 200
    assert "_auth_user_id" in visit.browser.session


def test_a_closed_application_enters_nobody(visit):
    tokens = visit.enter()
    visit.application.revoked_at = visit.application.created_at
    visit.application.save()
    assert visit.authorize().status_code == 400
    assert visit.person(tokens["access_token"]).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_two_who_redeem_one_code_at_once_get_one_token(settings):
    person = make_person("GF", on=make_establishment())
    browser = Client()
    browser.force_login(person)
    visit = Relying(make_application(), browser)
    code, statuses = visit.code(), []

    def redeem():
        statuses.append(visit.redeem(code).status_code)
        connection.close()

    both = [threading.Thread(target=redeem) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(statuses) == [200, 400]


def test_a_stolen_refresh_token_is_noticed_whatever_names_the_application(visit):
    first = visit.enter()
    second = visit.refresh(first["refresh_token"]).json()
    again = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    refused(visit.post("token", again), "invalid_grant")  # known by its header alone
    assert visit.person(second["access_token"]).status_code == 401


@pytest.mark.parametrize("name", ["token", "revoke"])
def test_what_no_column_takes_is_refused_like_the_rest(client, name):
    form = {"grant_type": "refresh_token", "client_id": "\0", "token": "\0"}
    refused(client.post(reverse(f"idp:oidc:{name}"), form), "invalid_request")


def test_a_number_of_application_that_no_column_takes_is_told_to_the_person(client):
    assert client.get(reverse(AUTHORIZE), {"client_id": "\0"}).status_code == 400
