"""/plage/demandes/proposer/ and the first agreement, on screen."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccessRequest
from accounts.services.decisions import decide
from accounts.services.requests import ask_profile
from tests.builders import make_body, make_person, make_region, make_user
from tests.rights import READER

pytestmark = pytest.mark.django_db

PAGE = "/plage/demandes/proposer/"
TICKED = "epi_stock:reader"


@pytest.fixture
def ars():
    return make_body("ars", region=make_region())


@pytest.fixture
def first():
    return make_person("NAT")


def log_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_somebody_is_proposed_then_another_person_accepts(ars, first):
    user = make_user()
    client = log_in(first)
    assert "Lecteur" in client.get(PAGE, {"structure": ars.pk}).text

    data = {"structure": ars.pk, "person": user.email.upper(), "rights": [TICKED], "note": "EPI."}
    response = client.post(PAGE, data, follow=True)

    assert f"Vous proposez {user}" in response.text
    request = AccessRequest.objects.get()
    assert (request.asked_by, request.first_by) == (first, first)
    url = reverse("plage:request", args=[request.pk])
    assert "Retirer ma proposition" in client.get(url).text
    second = log_in(make_person("NAT"))
    assert "Vous êtes la seconde personne" in second.get(url).text
    second.post(url, {"decision": "accepter", "rights": [TICKED]})
    assert AccessRequest.objects.get().outcome == "accepted"


@pytest.mark.parametrize("typed", ["inconnue@ch.example", "personne-inconnue", "", "a@b@c"])
def test_only_somebody_who_has_an_account_is_proposed(ars, first, typed):
    data = {"structure": ars.pk, "person": typed, "rights": [TICKED]}
    assert log_in(first).post(PAGE, data).status_code == 422
    assert not AccessRequest.objects.exists()


def test_an_account_whose_address_was_not_verified_is_not_proposed(ars, first):
    user = make_user()
    user.emailaddress_set.update(verified=False)
    data = {"structure": ars.pk, "person": user.username, "rights": [TICKED]}
    assert "invitez plutôt" in log_in(first).post(PAGE, data).text


def test_forged_bodies_and_rights_propose_nothing(ars, first):
    client = log_in(first)
    user = make_user()
    for data in (
        {"structure": 0, "rights": [TICKED]},
        {"structure": "x", "rights": [TICKED]},
        {"structure": ars.pk, "rights": ["administration:national_cell"]},
        {"structure": ars.pk, "rights": [TICKED, "administration:nothing"]},
        {"structure": ars.pk},
    ):
        assert client.post(PAGE, {"person": user.email, **data}).status_code in (404, 422)
    assert not AccessRequest.objects.exists()


@pytest.mark.parametrize("code", ["APE", "ARA", "NAL", "SUP", "TEC", "AUD"])
def test_only_the_national_cell_proposes(code, ars):
    client = log_in(make_person(code))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"structure": ars.pk}).status_code == 403


def test_the_first_agreement_is_withdrawn_by_who_gave_it_only(ars, first):
    request = ask_profile(make_user(), ars, [READER])
    decide(request, by=first, accepted=True)
    url = reverse("plage:request_withdraw", args=[request.pk])
    for other in (make_person("NAT"), make_person("ARA")):
        log_in(other).post(url)
    request.refresh_from_db()
    assert request.first_by == first

    response = log_in(first).post(url, follow=True)

    assert "Votre accord est retiré" in response.text
    request.refresh_from_db()
    assert request.first_by is None
