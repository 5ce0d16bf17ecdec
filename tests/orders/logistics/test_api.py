"""What the system of a warehouse pulls and posts with its token."""

import json

import pytest
from django.test import Client

from accounts.models import ApiToken
from accounts.services.tokens import digest_of
from orders.logistics.shapes import read_report
from orders.models import LogisticsReport, OrderFile
from tests.builders import make_body, make_region
from tests.orders.logistics.world import (
    confirmation,
    departure,
    la_poste,
    make_filed_order,
    spf,
)

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/logistique"
SCOPES = ["logistics.files", "logistics.reports"]


def token_of(body, scopes=SCOPES):
    value = f"jst_{body.pk}_{len(scopes)}"
    ApiToken.objects.create(label="entrepôt", digest=digest_of(value), scopes=scopes, body=body)
    return value


def headers(value, key=""):
    return {"Authorization": f"Bearer {value}"} | ({"Idempotency-Key": key} if key else {})


@pytest.fixture
def value():
    return token_of(la_poste())


def get(value, path):
    return Client().get(f"{ROOT}{path}", headers=headers(value))


def post(value, content, key="cle-00000001"):
    body = content if isinstance(content, str) else json.dumps(content)
    return Client().post(
        f"{ROOT}/comptes-rendus", body, content_type="application/json", headers=headers(value, key)
    )


def test_a_warehouse_pulls_its_files_since_a_number_and_acknowledges(value):
    make_filed_order()
    make_filed_order()
    make_filed_order(operator=spf())
    listed = get(value, "/fichiers").json()
    assert [one["numero"] for one in listed] == [1, 2]
    assert [one["numero"] for one in get(value, "/fichiers?depuis=1").json()] == [2]
    got = get(value, "/fichiers/2.json")
    assert got["X-SHA256"] == listed[1]["json_sha256"]
    assert json.loads(got.content)["numero"] == 2
    assert get(value, "/fichiers/2.csv").content.decode().startswith("\ufefftype;")
    assert get(value, "/fichiers/3.json").status_code == 404
    assert get(value, "/fichiers/2.xml").status_code == 404
    for _ in range(2):
        answer = Client().post(f"{ROOT}/fichiers/2/accuse", headers=headers(value))
        assert answer.json()["recu_le"]
    assert OrderFile.objects.exclude(acknowledged_at=None).count() == 1


def test_a_report_is_taken_repeated_held_back_or_refused(value):
    order = make_filed_order()
    first = post(value, confirmation(order, 200))
    assert (first.status_code, first.json()["etat"]) == (201, "traité")
    assert post(value, confirmation(order, 200)).status_code in (200, 409)
    content = departure(order, 900)
    held = post(value, content, "cle-00000002")
    assert held.status_code == 202
    assert "à expédier" in held.json()["motif"]
    assert post(value, content, "cle-00000002").status_code == 200
    assert post(value, departure(order, 1), "cle-00000001").status_code == 409
    assert post(value, content, "court").status_code == 422
    assert [one["cle"] for one in get(value, "/comptes-rendus?quarantaine=1").json()] == [
        "cle-00000002"
    ]
    assert len(get(value, "/comptes-rendus").json()) == 2


@pytest.mark.parametrize(
    "body", ['{"type": "prepar', "", "[]", '"texte"', "NaN", "[" * 5000, '{"type": NaN}', "\x00"]
)
def test_what_is_cut_short_or_strange_is_kept_aside(value, body):
    answer = post(value, body)
    assert answer.status_code == 202
    assert LogisticsReport.objects.get().state == LogisticsReport.State.QUARANTINED


def test_a_token_without_the_use_or_of_no_warehouse_is_refused(value):
    read_only = token_of(la_poste(), ["logistics.files"])
    assert post(read_only, {}).status_code == 403
    agency = token_of(make_body("ars", region=make_region()))
    assert get(agency, "/fichiers").status_code == 403
    assert Client().get(f"{ROOT}/fichiers").status_code == 401


def test_the_schemas_are_given_and_a_report_follows_its_own(value):
    found = get(value, "/comptes-rendus/schema.json").json()
    assert "Confirmation" in json.dumps(found)
    assert get(value, "/fichiers/schema.json").json()["csv"]["fields"][0]["name"] == "type"
    order = make_filed_order()
    assert read_report(confirmation(order, 200)).order_number == order.number
