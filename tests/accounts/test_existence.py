"""« Interrogation existence compte utilisateur » [004]: one question, for machines with a token."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, Profile
from accounts.services import existence
from accounts.services.tokens import create_token, revoke_token
from journal.models import Entry
from tests.builders import make_establishment, make_legal_entity, make_person

pytestmark = pytest.mark.django_db
URL = "/api/v1/comptes/existence"


def token_of(code, on=None):
    person = make_person(code, on=on)
    entity = person.active_profile.entity
    token, value = create_token(
        entity, ["account.exists"], by=person, label="x", life=timedelta(days=1)
    )
    token.value, token.person = value, person
    return token


def ask(token, email, finess, client=None):
    headers = {"Authorization": f"Bearer {token.value}"} if token else {}
    data = {"courriel": email, "finess": finess}
    client = client or Client()
    return client.post(URL, data, content_type="application/json", headers=headers)


@pytest.fixture
def person(site):
    return make_person("OCE", on=site)


@pytest.fixture
def portal(db):
    return token_of("LPO")


def test_an_account_in_use_there_exists(portal, person, site):
    response = ask(portal, person.email.upper(), site.finess_text)
    assert response.json() == {"existe": True, "demande": None}
    entity = ask(portal, person.email, site.legal_entity.finess)
    assert entity.json()["existe"] is False, "the profile is on the site, not on the entity"


def test_who_has_none_is_told_where_to_ask_for_one(portal, site):
    answer = ask(portal, "personne@ch.example", site.finess).json()
    assert answer["existe"] is False
    assert answer["demande"].endswith(reverse("account_signup"))


def closed(person):
    person.is_active = False
    person.save()


def unverified(person):
    person.emailaddress_set.update(verified=False)


def suspended(person):
    person.profiles.update(state=Profile.State.SUSPENDED)


@pytest.mark.parametrize("lost", [closed, unverified, suspended])
def test_an_account_that_cannot_be_used_there_does_not_exist(portal, person, site, lost):
    lost(person)
    assert ask(portal, person.email, site.finess).json()["existe"] is False


def test_a_person_of_elsewhere_does_not_exist_here(portal, person):
    assert ask(portal, person.email, make_establishment().finess).json()["existe"] is False


def test_a_token_of_an_entity_asks_for_itself_and_its_sites_only(person, site):
    own = token_of("APE", on=site.legal_entity)
    assert ask(own, person.email, site.finess).json()["existe"] is True
    stranger = token_of("APE", on=make_legal_entity())
    far = ask(stranger, person.email, site.finess)
    nobody = ask(stranger, person.email, "990000009")
    assert far.status_code == nobody.status_code == 404
    assert far.content == nobody.content


def test_without_a_token_in_force_the_answer_is_401_and_no_login_page(person, site):
    revoked = token_of("CSM")
    revoke_token(ApiToken.objects.get(pk=revoked.pk), by=revoked.person)
    for token, title, challenge in (
        (None, "Jeton manquant", "Bearer"),
        (revoked, "Jeton refusé", 'Bearer error="invalid_token"'),
    ):
        response = ask(token, person.email, site.finess)
        assert (response.status_code, response.json()["title"]) == (401, title)
        assert response["Content-Type"] == "application/problem+json"
        assert response["WWW-Authenticate"] == challenge


def test_a_session_is_not_a_token(client_for, person, site):
    response = ask(None, person.email, site.finess, client_for("APE", on=site))
    assert response.status_code == 401


def test_a_token_without_that_use_is_refused(portal, person, site):
    ApiToken.objects.filter(pk=portal.pk).update(scopes=[])
    response = ask(portal, person.email, site.finess)
    assert (response.status_code, response.json()["status"]) == (403, 403)


def test_too_many_questions_are_told_when_to_come_back(monkeypatch, portal, person, site):
    limit = existence.FailureLimit("account_exists_test", ((2, 60),))
    monkeypatch.setattr(existence, "ASKED", limit)
    statuses = [ask(portal, person.email, site.finess).status_code for _ in range(2)]
    late = ask(portal, person.email, site.finess)
    assert (statuses, late.status_code) == ([200, 200], 429)
    assert 0 < int(late["Retry-After"]) <= 61
    assert ask(token_of("CSM"), person.email, site.finess).status_code == 200


def test_each_question_is_in_the_journal_without_the_address(portal, person, site):
    ask(portal, person.email, site.finess)
    ask(portal, "inconnu@ch.example", site.finess)
    entries = Entry.objects.filter(verb="account.existence_asked")
    assert [one.details["found"] for one in entries.order_by("pk")] == [True, False]
    assert {one.finess for one in entries} == {site.finess}
    assert "@" not in str([one.details for one in entries])
    assert portal.value not in str([vars(one) for one in entries])


@pytest.mark.parametrize(
    "data",
    [
        {"courriel": "a@b.example"},
        {"finess": "450990114"},
        {"courriel": "nothing", "finess": "450990114"},
        {"courriel": ["a@b.example"], "finess": "450990114"},
        {"courriel": "a@b.example", "finess": "12"},
        {"courriel": "a" * 300 + "@b.example", "finess": "450990114"},
    ],
)
def test_a_question_without_both_is_a_problem_told_in_json(portal, data):
    headers = {"Authorization": f"Bearer {portal.value}"}
    response = Client().post(URL, data, content_type="application/json", headers=headers)
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"


def test_what_is_no_json_is_a_problem_too(portal):
    headers = {"Authorization": f"Bearer {portal.value}"}
    response = Client().post(URL, "{", content_type="application/json", headers=headers)
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


def test_the_document_tells_what_is_offered_under_the_strict_policy(client):
    document = client.get("/api/v1/openapi.json").json()
    assert "/api/v1/comptes/existence" in document["paths"]
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "cdn" not in page.text
    assert "unsafe" not in page["Content-Security-Policy"]


def test_an_address_that_no_column_takes_is_a_problem_too(portal, site):
    assert ask(portal, "a\0@ch.example", site.finess).status_code == 422
