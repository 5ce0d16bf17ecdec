"""What machines send and read, with a token of their entity."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import ApiToken
from accounts.services.tokens import create_token, digest_of
from common.identifiers import ucd13_of
from journal.models import Entry
from medications.calendar import calendar_of
from medications.models import ReportingRule
from pui.api import stocks, transmissions
from pui.models import LatestStock, StockLine, Transmission
from tests.builders import (
    make_body,
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_region,
)
from tests.pui.builders import (
    LONG_AGO,
    make_followed,
    make_list,
    make_product,
    make_pui,
    make_transmission,
)

pytestmark = pytest.mark.django_db
URL = "/api/v1/transmissions"
STOCKS = "/api/v1/stocks"
SCOPES = ["pui.transmit", "pui.stocks"]


def token_of(person, scopes=SCOPES):
    """The value of a token of the entity of this person."""
    entity = person.active_profile.entity
    label = f"logiciel {ApiToken.objects.count()}"
    return create_token(entity, scopes, by=person, label=label, life=timedelta(days=1))[1]


def token_of_body(body):
    value = f"jst_{body.pk}"
    ApiToken.objects.create(label="tableaux", digest=digest_of(value), scopes=SCOPES, body=body)
    return value


@pytest.fixture
def product():
    return make_followed(make_product("MIDAZOLAM 5 mg/ml"))


@pytest.fixture
def pui(product):
    return make_pui()


@pytest.fixture
def value(pui):
    return token_of(make_person("APE", on=pui.establishment))


@pytest.fixture
def due_days():
    periods = calendar_of(make_list()).open_periods(timezone.now())
    return [one.due_on for one in periods]


def headers(value, key):
    found = {"Idempotency-Key": key} if key else {}
    return found | ({"Authorization": f"Bearer {value}"} if value else {})


def send(value, place, /, *lines, key="envoi-0001", **more):
    body = {"pui": {"finess": place.establishment.finess}, "lignes": list(lines)} | more
    return Client().post(URL, body, content_type="application/json", headers=headers(value, key))


def line(product, stock=420, cmj=35):
    return {"ucd": product.code, "stock": stock, "cmj": cmj}


def test_a_transmission_is_stored_and_answered_by_its_receipt(value, pui, product, due_days):
    other = make_followed(make_product("PROPOFOL 10 mg/ml"))
    response = send(value, pui, line(product, 420, "35,5"))
    assert response.status_code == 201, response.json()
    receipt = response.json()
    assert receipt["echeance"] == due_days[-1].isoformat(), "the one expected, by default"
    assert receipt["pui"] == {
        "id": pui.pk,
        "libelle": pui.label,
        "finess": pui.establishment.finess,
        "etablissement": pui.establishment.name,
    }
    assert [(one["ucd"], one["stock"], one["cmj"]) for one in receipt["lignes"]] == [
        (product.code, 420, 35.5)
    ]
    assert receipt["non_declares"] == [other.code]
    row = Transmission.objects.get()
    assert (row.origin, row.state, row.received_by) == ("api", "confirmed", None)
    entry = Entry.objects.get(verb="pui.transmitted")
    assert entry.details["token"] == ApiToken.objects.get().pk
    assert entry.finess == pui.establishment.finess
    again = Client().get(f"{URL}/{row.number}", headers=headers(value, ""))
    assert again.json() == receipt


def test_the_same_key_and_body_store_once_and_give_the_same_receipt(value, pui, product):
    first, second = (send(value, pui, line(product)) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Transmission.objects.count() == 1


def test_the_same_key_with_another_body_is_a_conflict(value, pui, product):
    send(value, pui, line(product))
    other = send(value, pui, line(product, 400))
    assert other.status_code == 409
    assert other["Content-Type"] == "application/problem+json"
    assert StockLine.objects.get().stock == 420


def test_the_same_key_with_another_due_day_is_a_conflict(value, pui, product, due_days):
    send(value, pui, line(product))
    other = send(value, pui, line(product), echeance=due_days[0].isoformat())
    assert other.status_code == 409
    assert StockLine.objects.get().due_on == due_days[-1]


@pytest.mark.parametrize("is_told", [True, False])
def test_a_sending_is_known_again_once_its_due_day_is_past(value, pui, product, due_days, is_told):
    more = {"echeance": due_days[-1].isoformat()} if is_told else {}
    first = send(value, pui, line(product), **more)
    another = due_days[-1].isoweekday() % 7 + 1
    ReportingRule.objects.create(monitored_list=make_list(), weekdays=[another], starts_on=LONG_AGO)
    again = send(value, pui, line(product), **more)
    assert (first.status_code, again.status_code) == (201, 200), again.json()
    assert again.json()["numero"] == first.json()["numero"]


def test_another_key_replaces_what_was_declared(value, pui, product):
    first = send(value, pui, line(product)).json()
    send(value, pui, line(product, 400), key="envoi-0002")
    assert StockLine.objects.get().stock == 400
    old = Client().get(f"{URL}/{first['numero']}", headers=headers(value, ""))
    assert old.json()["etat"] == "remplacée"
    assert old.json()["lignes"][0]["stock"] == 420


def test_blank_is_not_zero_and_ucd13_is_read(value, pui, product):
    none = make_followed(make_product("PROPOFOL 10 mg/ml"))
    blank = make_followed(make_product("ATRACURIUM 10 mg/ml"))
    zero = {"ucd13": ucd13_of(none.code), "stock": 0}
    response = send(value, pui, line(product), zero, {"ucd": blank.code, "stock": None})
    assert response.status_code == 201
    lines = {one.product_id: (one.stock, one.daily) for one in StockLine.objects.all()}
    assert lines == {product.pk: (420, 35), none.pk: (0, None)}


def test_refused_lines_are_told_one_by_one_and_nothing_is_stored(value, pui, product):
    response = send(value, pui, line(product, "12O"), {"ucd": "12", "stock": 3}, {"stock": 1})
    assert response.status_code == 422
    told = response.json()["lignes"]
    assert [one["ligne"] for one in told] == [1, 2, 3]
    assert "la lettre O" in told[0]["remarques"][0]["motif"]
    assert not Transmission.objects.exists()
    assert Entry.objects.get(verb="pui.transmission_refused").details["refused_lines"] == 3


def test_a_large_change_is_accepted_only_when_it_is_confirmed(value, pui, product, due_days):
    person = make_person("GF", on=pui.establishment)
    make_transmission(pui, {product: (420, 35)}, by=person, due_on=due_days[0])
    refused = send(value, pui, line(product, 4200))
    assert refused.status_code == 422
    assert refused.json()["lignes"][0]["ecarts"] == ["stock × 10"]
    assert not StockLine.objects.filter(due_on=due_days[1]).exists()
    accepted = send(value, pui, line(product, 4200), confirme=[ucd13_of(product.code)])
    assert accepted.status_code == 201
    assert StockLine.objects.get(due_on=due_days[1]).stock == 4200


def test_a_code_that_is_not_followed_is_set_aside_and_told(value, pui, product):
    response = send(value, pui, line(product), {"ucd": "9123456", "stock": 2})
    assert response.status_code == 201
    assert response.json()["hors_liste"] == ["9123456"]


def test_a_due_day_that_is_not_open_is_refused(value, pui, product, due_days):
    for day in (due_days[0] - timedelta(days=7), due_days[0] + timedelta(days=1)):
        response = send(value, pui, line(product), echeance=day.isoformat())
        assert response.status_code == 422
        assert response.json()["detail"]
    assert not Transmission.objects.exists()


def test_of_several_pharmacies_the_label_or_the_number_is_asked(value, pui, product):
    other = make_pui("PUI Nord", on=pui.establishment)
    response = send(value, pui, line(product))
    assert response.status_code == 422
    assert {one["id"] for one in response.json()["puis"]} == {pui.pk, other.pk}
    named = {"finess": pui.establishment.finess, "libelle": "pui nord"}
    assert send(value, pui, line(product), pui=named).json()["pui"]["id"] == other.pk
    chosen = send(value, pui, line(product), pui={"id": pui.pk}, key="envoi-0002")
    assert chosen.json()["pui"]["id"] == pui.pk


def test_a_token_declares_for_its_own_entity_alone(pui, product):
    stranger = token_of(make_person("APE", on=make_establishment()))
    far = send(stranger, pui, line(product))
    nobody = send(stranger, pui, line(product), pui={"finess": "990000009"})
    assert far.status_code == nobody.status_code == 404
    assert far.content == nobody.content
    own = token_of(make_person("APE", on=pui.establishment.legal_entity))
    number = send(own, pui, line(product)).json()["numero"]
    assert Client().get(f"{URL}/{number}", headers=headers(own, "")).status_code == 200
    assert Client().get(f"{URL}/{number}", headers=headers(stranger, "")).status_code == 404


def test_an_administration_declares_for_nobody(pui, product):
    agency = make_body("ars", region=pui.establishment.region)
    assert send(token_of_body(agency), pui, line(product)).status_code == 404
    assert not Transmission.objects.exists()


def test_without_a_token_or_its_use_nothing_is_stored(pui, product):
    assert send(None, pui, line(product)).status_code == 401
    assert send("jst_nothing", pui, line(product)).status_code == 401
    reader = token_of(make_person("APE", on=pui.establishment), ["pui.stocks"])
    assert send(reader, pui, line(product)).status_code == 403
    assert not Transmission.objects.exists()


def test_too_many_sendings_are_told_when_to_come_back(monkeypatch, value, pui, product):
    limit = transmissions.FailureLimit("pui_transmit_test", ((2, 60),))
    monkeypatch.setattr(transmissions, "SENT", limit)
    statuses = [send(value, pui, line(product)).status_code for _ in range(3)]
    assert statuses == [201, 200, 429]


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


ODD = st.one_of(
    st.none(), st.integers(), st.floats(), st.text(max_size=12), st.sampled_from(["1 200", "3,5"])
)


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


def read(value, **query):
    return Client().get(STOCKS, query, headers=headers(value, ""))


def declared(pui, *products, due_on):
    person = make_person("GF", on=pui.establishment)
    make_transmission(pui, {one: (10, 2) for one in products}, by=person, due_on=due_on)


def test_the_last_stocks_are_read_within_reach(value, pui, product, due_days):
    far = make_pui("Ailleurs", on=make_establishment(department=elsewhere()))
    declared(pui, product, due_on=due_days[0])
    declared(far, product, due_on=due_days[0])
    found = read(value).json()
    assert [(one["pui_id"], one["stock"], one["jours_couverture"]) for one in found["stocks"]] == [
        (pui.pk, 10, 5)
    ]
    row = found["stocks"][0]
    assert (row["liste"], row["a_jour"], row["niveau"], row["dci"]) == (
        "autres", True, "critique", "MIDAZOLAM",
    )  # fmt: skip
    region = make_body("ars", region=pui.establishment.region)
    assert {one["pui_id"] for one in read(token_of_body(region)).json()["stocks"]} == {pui.pk}
    nation = token_of_body(make_body("national"))
    assert {one["pui_id"] for one in read(nation).json()["stocks"]} == {pui.pk, far.pk}
    post = token_of_body(make_body("la_poste"))
    assert read(post).json()["stocks"] == []


def elsewhere():
    from_far = make_region("11", "Île-de-France")
    return make_department("75", "Paris", region=from_far)


def test_pages_follow_one_another_without_gap_nor_repeat(value, pui, due_days):
    products = [make_followed(make_product(f"PRODUIT {number}")) for number in range(7)]
    declared(pui, *products, due_on=due_days[0])
    seen, after = [], ""
    while True:
        query = {"limite": 3} | ({"apres": after} if after else {})
        page = read(value, **query).json()
        seen += [one["ucd"] for one in page["stocks"]]
        after = page["suite"]
        if not after:
            break
    assert seen == [one.code for one in sorted(products, key=lambda one: one.pk)]


def test_reading_costs_the_same_for_one_stock_as_for_thirty(value, pui, product, due_days):
    declared(pui, product, due_on=due_days[0])
    read(value)
    few = queries(value)
    products = [make_followed(make_product(f"PRODUIT {number}")) for number in range(29)]
    declared(pui, product, *products, due_on=due_days[1])
    assert LatestStock.objects.count() == 30
    assert queries(value) == few


def queries(value):
    with CaptureQueriesContext(connection) as found:
        assert read(value).status_code == 200
    return len(found)


def test_each_reading_is_in_the_journal(value, pui, product, due_days):
    declared(pui, product, due_on=due_days[0])
    read(value, ucd=product.code)
    entry = Entry.objects.get(verb="pui.stocks_read")
    assert (entry.details["rows"], entry.details["filters"]["ucd"]) == (1, product.code)


@pytest.mark.parametrize(
    "query",
    [{"limite": 0}, {"limite": 10_000}, {"apres": "x"}, {"liste": "x"}, {"ucd": "12"}],
)
def test_a_forged_reading_is_a_problem_told_in_json(value, query):
    response = read(value, **query)
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"


def test_without_its_use_a_token_reads_nothing(pui):
    sender = token_of(make_person("APE", on=pui.establishment), ["pui.transmit"])
    assert read(sender).status_code == 403
    assert read(None).status_code == 401


def test_too_many_readings_are_told_when_to_come_back(monkeypatch, value):
    monkeypatch.setattr(stocks, "READ", stocks.FailureLimit("pui_stocks_test", ((1, 60),)))
    assert [read(value).status_code for _ in range(2)] == [200, 429]


def test_the_document_for_machines_tells_all_three_in_french():
    document = Client().get("/api/v1/openapi.json").json()
    summaries = {one["summary"] for path in document["paths"].values() for one in path.values()}
    assert {
        "Transmettre le stock d’une PUI",
        "Lire l’accusé de réception d’une transmission",
        "Lire les derniers stocks déclarés",
    } <= summaries


def test_the_entity_of_a_token_is_not_its_neighbour(pui, product):
    entity = make_legal_entity()
    make_establishment(entity)
    assert send(token_of(make_person("APE", on=entity)), pui, line(product)).status_code == 404


@pytest.mark.parametrize("query", ["region=%00", "departement=%00", "region=zzz"])
def test_a_forged_territory_is_a_problem_told(value, query):
    response = Client().get(f"{STOCKS}?{query}", headers=headers(value, ""))
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
