"""Whether an account exists is told neither by the text, nor by the work that the answer takes."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import make_user

pytestmark = pytest.mark.django_db
UNKNOWN = "personne.inconnue@ch.example"


def asked(name, data):
    """What a visitor sees, and how many statements it took."""
    client = Client()
    with CaptureQueriesContext(connection) as queries:
        response = client.post(reverse(name), data)
        seen = response
        if response.status_code == 302:
            seen = client.get(response["Location"])
    text = re.sub(r'value="\w{20,}"|[0-9a-f]{12}', "", seen.text)
    words = (data.get("login") or data.get("email") or "", "personne")
    for word in filter(None, words):
        text = text.replace(word, "…")
    return response.status_code, response.get("Location"), text, len(queries)


WAYS = {
    "log in": ("account_login", lambda who: {"login": who, "password": "Un-mot-de-passe-faux!"}),
    "forgotten password": ("account_reset_password", lambda who: {"email": who}),
    "forgotten identifier": ("forgotten_identifier", lambda who: {"email": who}),
    "sign up": (
        "account_signup",
        lambda who: {
            "email": who, "first_name": "Camille", "last_name": "Durand",
            "password1": "Inventaire-du-lundi-8h", "password2": "Inventaire-du-lundi-8h",
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_known_unknown_and_closed_accounts_get_the_same_answer(way):
    name, data = WAYS[way]
    closed = make_user(is_active=False)
    people = {"known": make_user().email, "closed": closed.email, "unknown": UNKNOWN}
    answers = {kind: asked(name, data(email)) for kind, email in people.items()}
    assert len({answer[:3] for answer in answers.values()}) == 1, answers.keys()


def test_a_wrong_password_takes_as_many_statements_known_or_not():
    name, data = WAYS["log in"]
    counts = [asked(name, data(who))[3] for who in (make_user().email, UNKNOWN)]
    assert abs(counts[0] - counts[1]) <= 1, "a failure of a known account is in its history"
