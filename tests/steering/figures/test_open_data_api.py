"""The open data by the interface for machines: no token, page by page, the same as the file."""

import pytest
from django.test import Client
from django.urls import reverse

from steering.open_data.catalogue import schema_of
from steering.services.open_data import publish_datasets
from tests.pui.table_schema import read_table
from tests.steering.figures.conftest import AFTER

LIST = "/api/v1/donnees"
SET = f"{LIST}/stocks-epi"


@pytest.fixture
def published(country):
    publish_datasets(AFTER)


def test_the_list_says_what_is_published(published, client):
    found = {one["jeu"]: one for one in client.get(LIST).json()}
    assert found["stocks-epi"]["derniere_periode"]
    assert found["commandes-livrees"]["derniere_periode"] == ""


def test_the_lines_are_those_of_the_file(published, client):
    file = client.get(reverse("open_data_file", args=["stocks-epi"])).getvalue()
    rows, _ = read_table(file, schema_of("stocks-epi"))
    told = client.get(SET, {"limite": 1000}).json()
    assert told["suite"] is None
    assert len(told["lignes"]) == len(rows)
    for shown, row in zip(told["lignes"], rows, strict=True):
        assert shown["stock"] == row["stock"]
        assert shown["secret"] == row["secret"]
        assert shown["semaine"] == f"{row['semaine']:%Y-%m-%d}"


def test_the_pages_follow_one_another(published, client):
    whole = client.get(SET, {"limite": 1000}).json()["lignes"]
    found, after = [], 0
    while after is not None:
        page = client.get(SET, {"limite": 4, "apres": after}).json()
        found, after = found + page["lignes"], page["suite"]
    assert found == whole


def test_a_region_alone(published, client):
    found = client.get(SET, {"region": "53"}).json()["lignes"]
    assert {one["region"] for one in found} == {"53"}
    assert len(found) == 3


@pytest.mark.parametrize(
    "query", [{"limite": 0}, {"limite": 5000}, {"apres": -1}, {"annee": "../x"}, {"region": "x y"}]
)
def test_what_is_forged_is_refused_in_french(published, client, query):
    response = client.get(SET, query)
    assert response.status_code == 422
    assert response["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize("address", [f"{LIST}/inconnu", f"{SET}?annee=1999"])
def test_what_is_not_published_is_not_found(published, client, address):
    assert client.get(address).status_code == 404


def test_too_many_questions_wait(published, settings):
    client = Client()
    answers = [client.get(f"{LIST}/inconnu").status_code for _ in range(61)]
    assert answers[-1] == 429


def test_it_is_documented(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {LIST, f"{LIST}/{{jeu}}", f"{LIST}/{{jeu}}/schema"} <= set(paths)
