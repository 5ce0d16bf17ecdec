"""A machine reads the last stocks within its reach."""

import pytest
from django.test import Client

from journal.models import Entry
from pui.api import stocks
from pui.models import LatestStock
from tests.builders import (
    make_body,
    make_establishment,
    make_legal_entity,
    make_person,
)
from tests.pui.api.sending import (
    STOCKS,
    declared,
    elsewhere,
    headers,
    line,
    queries,
    read,
    send,
    token_of,
    token_of_body,
)
from tests.pui.builders import (
    make_followed,
    make_product,
    make_pui,
)

pytestmark = pytest.mark.django_db


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
