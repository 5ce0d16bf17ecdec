"""Forged forms: fields of the row, rights that are not offered, other people's requests."""

from random import Random

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccessRequest, Habilitation, Profile
from accounts.services.requests import ask_habilitations, ask_profile
from journal.models import Entry
from tests.builders import (
    make_body,
    make_establishment,
    make_profile,
    make_region,
    make_user,
)
from tests.rights import APE, INVENTORY, READER

pytestmark = pytest.mark.django_db

NOT_OFFERED = [
    "administration:administrator",
    "administration:national_cell",
    "epi_stock:reader",
    "epi_stock:nothing",
    "epi_stock",
    "",
    "*",
]
FIELDS = {
    "level": ["entity", "ars", "national"],
    "state": ["active"],
    "outcome": ["accepted"],
    "first_by": ["1"],
    "asked_by": ["1"],
    "closed_at": ["2020-01-01"],
    "user": ["1"],
    "body": ["1"],
    "legal_entity": ["1"],
    "is_automatic": ["on"],
}


@pytest.fixture
def client(ape):
    client = Client()
    client.force_login(ape)
    return client


def rows():
    """All that a decision could change."""
    return [sorted(model.objects.values_list()) for model in (AccessRequest, Profile, Habilitation)]


def url_of(request):
    return reverse("plage:request", args=[request.pk])


def test_the_forms_of_what_is_not_theirs_change_nothing(client, entity, ape):
    theirs = [
        ask_profile(make_user(), make_establishment(), [INVENTORY]),
        ask_profile(make_user(), entity, [APE]),
        ask_habilitations(make_profile(ape, entity), [INVENTORY], by=ape),
        ask_profile(make_user(), make_body("ars", region=make_region()), [READER]),
    ]
    before, chance = rows(), Random(7)  # noqa: S311 - the same forgeries each time
    for turn in range(40):
        forged = {name: chance.choice(values) for name, values in FIELDS.items()}
        forged = {name: forged[name] for name in chance.sample(sorted(forged), 4)}
        answer = {"decision": chance.choice(["accepter", "refuser"]), "reason": "Non."}
        rights = {"rights": ["epi_stock:inventory_operator", *chance.sample(NOT_OFFERED, 1)]}
        profile = {"profile": chance.choice(["", "0", "-1", "x", theirs[0].profile_id])}
        response = client.post(url_of(theirs[turn % 4]), forged | answer | rights | profile)
        assert response.status_code in (403, 404), (forged, answer)
    assert rows() == before


@pytest.mark.parametrize("right", NOT_OFFERED)
@pytest.mark.parametrize("besides", [[], ["epi_stock:inventory_operator"]])
def test_a_right_that_is_not_offered_changes_nothing(client, entity, right, besides):
    request = ask_profile(make_user(), entity, [INVENTORY])
    before = rows()
    response = client.post(url_of(request), {"decision": "accepter", "rights": [right, *besides]})
    assert response.status_code == 422
    assert rows() == before


@pytest.mark.parametrize(
    "data",
    [
        {"decision": "accepted"},
        {"decision": "ACCEPTER"},
        {"decision": "1"},
        {"decision": "accepter", "ends_on": "hier"},
        {"decision": "accepter", "ends_on": "2000-01-01"},
        {"decision": "refuser", "reason": "x" * 501},
        {"decision": "refuser", "reason": "\x00"},
    ],
)
def test_values_that_the_form_never_sends_change_nothing(client, entity, data):
    request = ask_profile(make_user(), entity, [INVENTORY])
    before = rows()
    response = client.post(url_of(request), {"rights": "epi_stock:inventory_operator", **data})
    assert response.status_code == 422
    assert rows() == before


def test_fields_of_the_row_are_ignored_beside_an_honest_answer(client, entity, ape):
    request = ask_profile(make_user(), entity, [INVENTORY])
    forged = {name: values[-1] for name, values in FIELDS.items()}

    client.post(url_of(request), {"decision": "refuser", "reason": "Non.", **forged})

    decided = AccessRequest.objects.get(pk=request.pk)
    assert (decided.outcome, decided.level, decided.decided_by) == ("refused", "entity", ape)
    assert (decided.first_by, decided.asked_by) == (None, request.asked_by)
    assert decided.profile.state == Profile.State.REFUSED


def test_an_answer_sent_twice_is_one_decision(client, entity):
    request = ask_profile(make_user(), entity, [INVENTORY])
    data = {"decision": "accepter", "rights": "epi_stock:inventory_operator"}
    assert [client.post(url_of(request), data).status_code for _ in range(2)] == [302, 409]
    assert Entry.objects.filter(verb="account.request_accepted").count() == 1


def test_nothing_is_written_by_reading(client, entity):
    ask_profile(make_user(), entity, [INVENTORY])
    before = rows()
    for url in (
        "/plage/demandes/?decision=accepter",
        "/plage/demandes/ensemble/?decision=accepter",
    ):
        assert client.get(url).status_code == 200
    assert rows() == before
