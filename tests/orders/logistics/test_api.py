"""What the system of a warehouse pulls and posts with its token."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken
from accounts.services.tokens import digest_of
from journal.models import Entry
from orders.api import files
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


def post_batch(value, reports):
    lot = {"comptes_rendus": [{"cle": key, "compte_rendu": one} for key, one in reports.items()]}
    return Client().post(
        f"{ROOT}/comptes-rendus/lot",
        json.dumps(lot),
        content_type="application/json",
        headers=headers(value),
    )


def test_a_batch_is_taken_one_by_one_and_sent_again_counts_once(value):
    order = make_filed_order()
    reports = {
        "cle-00000001": confirmation(order, 200),
        "cle-00000002": departure(order, 900),
        "cle-00000003": {"type": "inconnu"},
    }
    codes = [one["code"] for one in post_batch(value, reports).json()]
    assert codes == [201, 202, 202]
    again = post_batch(value, reports | {"cle-00000001": departure(order, 1)}).json()
    assert [one["code"] for one in again] == [409, 200, 200]
    assert LogisticsReport.objects.count() == 3


@pytest.mark.parametrize(
    "reports", [{}, {"court": {}}, {f"cle-{n:08}": {} for n in range(201)}, {"cle-00000001": [1]}]
)
def test_a_batch_that_is_none_is_refused_whole(value, reports):
    assert post_batch(value, reports).status_code == 422
    assert not LogisticsReport.objects.exists()


def nested(levels):
    found = {"type": "preparation"}
    for _ in range(levels):
        found = {"a": found}
    return found


@pytest.mark.parametrize("levels", [20, 400, 900, 985, 3000])
def test_what_nests_deeper_than_any_report_is_kept_aside_as_text(value, levels):
    body = '{"a":' * levels + "1" + "}" * levels
    assert post(value, body).status_code == 202
    assert LogisticsReport.objects.get().text == body
    if levels < 900:  # beyond, it is no JSON that Python reads
        assert post_batch(value, {"cle-00000002": nested(levels)}).status_code == 422


def test_what_is_not_in_utf8_is_kept_aside_and_nothing_is_guessed(value):
    order = make_filed_order()
    content = confirmation(order, 200, motif="Rupture côté réserve")
    body = json.dumps(content, ensure_ascii=False).encode("cp1252")
    answer = Client().generic(
        "POST",
        f"{ROOT}/comptes-rendus",
        body,
        content_type="application/json; charset=windows-1252",
        headers=headers(value, "cle-00000001"),
    )
    assert (answer.status_code, "UTF-8" in answer.json()["motif"]) == (202, True)


def test_a_body_too_big_is_refused_in_json(value, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
    answer = post(value, "[" + "1," * 600_000 + "1]")
    assert (answer.status_code, answer.json()["title"]) == (413, "Demande trop grande")
    assert "1,0" in answer.json()["detail"]


def test_an_acknowledgement_may_prove_what_was_read(value):
    make_filed_order()
    file = OrderFile.objects.get()
    url = f"{ROOT}/fichiers/1/accuse"
    wrong = Client().post(f"{url}?empreinte={'0' * 64}", headers=headers(value))
    assert (wrong.status_code, wrong.json()["title"]) == (409, "Empreinte différente")
    assert OrderFile.objects.get().acknowledged_at is None
    right = Client().post(f"{url}?empreinte={file.csv_digest.upper()}", headers=headers(value))
    assert right.json()["recu_le"]


def test_who_takes_a_file_is_journaled_with_its_machine(value):
    make_filed_order()
    get(value, "/fichiers/1.json")
    Client().post(f"{ROOT}/fichiers/1/accuse", headers=headers(value))
    for verb in ("orders.file_read", "orders.file_acknowledged"):
        assert "entrepôt" in Entry.objects.get(verb=verb).details["machine"]


def test_reports_are_listed_page_after_page(value):
    order = make_filed_order()
    post(value, confirmation(order, 200))
    post(value, departure(order, 900), "cle-00000002")
    first, second = get(value, "/comptes-rendus?depuis=0").json()
    assert (first["cle"], second["cle"]) == ("cle-00000001", "cle-00000002")
    after = get(value, f"/comptes-rendus?depuis={first['numero']}").json()
    assert [one["cle"] for one in after] == ["cle-00000002"]


def test_the_file_and_the_order_of_another_warehouse_are_not_there(value):
    order = make_filed_order(operator=spf())
    assert get(value, "/fichiers/1.json").status_code == 404
    assert Client().post(f"{ROOT}/fichiers/1/accuse", headers=headers(value)).status_code == 404
    held = post(value, confirmation(order, 200))
    assert (held.status_code, "aucun fichier" in held.json()["motif"]) == (202, True)


def test_a_new_token_serves_beside_the_old_one_until_it_is_revoked(value):
    other = token_of(la_poste(), ["logistics.files"])
    assert get(value, "/fichiers").status_code == get(other, "/fichiers").status_code == 200
    ApiToken.objects.filter(digest=digest_of(value)).update(revoked_at=timezone.now())
    assert get(value, "/fichiers").status_code == 401
    assert get(other, "/fichiers").status_code == 200


def test_too_many_calls_are_told_when_to_come_back(value, monkeypatch):
    limit = files.PaceLimit(files.FailureLimit("files_test", ((2, 60),)), stride=1)
    monkeypatch.setattr(files, "READ", limit)
    assert [get(value, "/fichiers").status_code for _ in range(3)] == [200, 200, 429]
    assert int(get(value, "/fichiers")["Retry-After"]) > 0


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
