"""Whatever a machine sends is stored whole or refused with a reason."""

import json

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pui.api import transmissions
from pui.models import Transmission
from tests.pui.api.sending import ODD, URL, headers, line, send

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", ["", "court", "a" * 101, "avec espace", "é" * 10])
def test_a_key_is_required_and_readable(value, pui, product, key):
    assert send(value, pui, line(product), key=key).status_code == 422
    assert not Transmission.objects.exists()


@pytest.mark.parametrize(
    "forged",
    [
        {"lignes": []},
        {"lignes": None},
        {"lignes": [{"ucd": "1", "stock": True}]},
        {"lignes": [{"ucd": 9999021, "stock": 1}]},
        {"lignes": [{"ucd": "1" * 100, "stock": 1}]},
        {"lignes": [{"ucd": "9999021", "stock": [1]}]},
        {"lignes": [{}] * 2_001},
        {"pui": {}},
        {"pui": {"id": 0}},
        {"pui": {"id": 2**40}},
        {"pui": {"finess": "12"}},
        {"liste": "everything"},
        {"echeance": "2020-13-45"},
        {"echeance": "9999-12-31"},
        {"echeance": "0001-01-05"},
        {"pui": {"finess": "990000009", "libelle": "PUI\0"}},
        {"pui": {"id": 1, "libelle": "\ud800"}},
        {"confirme": "9999021"},
    ],
)
def test_a_forged_body_is_a_problem_told_in_json(value, pui, product, forged):
    response = send(value, pui, line(product), **forged)
    assert response.status_code in (404, 422)
    assert response["Content-Type"] == "application/problem+json"
    assert not Transmission.objects.exists()


def test_a_mark_that_no_database_holds_is_left_out_of_a_label(value, pui, product):
    sent = line(product) | {"libelle": "MIDA\0ZOLAM"}
    assert send(value, pui, sent).status_code == 201
    assert Transmission.objects.get().content[0]["label"] == "MIDAZOLAM"


@pytest.mark.parametrize("body", ["", "[]", "{", "null", "[" * 2_000])
def test_what_is_not_json_is_a_problem_too(value, body):
    response = Client().post(
        URL, body, content_type="application/json", headers=headers(value, "envoi-0001")
    )
    assert response.status_code in (400, 422)
    assert response["Content-Type"] == "application/problem+json"
    assert "parse" not in response.text


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(stock=ODD, daily=ODD, code=st.text(max_size=15))
def test_whatever_a_machine_sends_it_is_stored_whole_or_refused_with_a_reason(
    monkeypatch, value, pui, product, stock, daily, code
):
    monkeypatch.setattr(transmissions, "SENT", transmissions.FailureLimit("none", ()))
    body = {
        "pui": {"id": pui.pk},
        "lignes": [line(product, stock, daily), {"ucd": code, "stock": 1}],
        "confirme": [product.code],
    }
    key = f"envoi-{Transmission.objects.count():04}-{timezone.now():%H%M%S%f}"
    response = Client().post(
        URL, json.dumps(body), content_type="application/json", headers=headers(value, key)
    )
    assert response.status_code in (200, 201, 422), response.content
    if response.status_code == 422:
        assert response.json()["detail"]
    else:
        kept = {one["ucd"] for one in response.json()["lignes"]}
        assert kept <= {product.code}
