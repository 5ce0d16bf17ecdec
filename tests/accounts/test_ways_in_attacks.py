"""What a national service did not answer to our own question opens nothing."""

import pytest
from django.test import Client
from django.urls import reverse
from joserfc import jwk

from journal.models import Entry
from tests.accounts.ways_in_steps import go, linked
from tests.builders import make_user

pytestmark = pytest.mark.django_db


def test_a_visitor_cannot_lower_what_is_asked(client, psc):
    url = f"{reverse('way_in', args=[psc.name])}?auth_params=acr_values%3Dnone&scope=more"
    leaving = client.post(url)["Location"]
    assert "acr_values=eidas1" in leaving
    assert "none" not in leaving
    assert "more" not in leaving


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"acr": "eidas0"},
        {"acr": None},
        {"iss": "https://attacker.example"},
        {"aud": "another-client"},
        {"sub": "f:service:2"},
        {"exp": 1},
    ],
)
@pytest.mark.parametrize("name", ["psc", "proconnect"])
def test_an_answer_that_is_not_to_our_question_opens_nothing(request, name, lie):
    service = request.getfixturevalue(name)
    client = linked(service, make_user())
    service.lies = lie
    response = go(client, service)
    assert response["Location"] == reverse("account_login")
    assert "_auth_user_id" not in client.session
    assert Entry.objects.filter(verb="account.way_in_failed").exists()


def test_an_answer_signed_by_somebody_else_opens_nothing(psc):
    client = linked(psc, make_user())
    psc.key = jwk.RSAKey.generate_key(2048, {"kid": "service-1"})
    go(client, psc)
    assert "_auth_user_id" not in client.session


def test_proconnect_must_sign_what_it_says_of_the_person(proconnect):
    client = linked(proconnect, make_user())
    proconnect.signs = False
    go(client, proconnect)
    assert "_auth_user_id" not in client.session


def test_an_answer_in_the_name_of_another_service_opens_nothing(psc):
    client = linked(psc, make_user())
    go(client, psc, iss="https://attacker.example")
    assert "_auth_user_id" not in client.session


def test_an_answer_nobody_asked_for_opens_nothing(psc):
    client = linked(psc, make_user())
    leaving = Client().post(reverse("way_in", args=[psc.name]))
    back = psc.accept(leaving["Location"]).removeprefix("http://testserver")
    client.get(back)
    assert "_auth_user_id" not in client.session
