"""One line a request: its route, never its address; and a failure found by its number."""

import json
import logging

import pytest
from django.test import Client
from django.urls import path

from common.logs import JsonFormatter
from common.routes import NOWHERE, STATIC
from config.urls import *  # noqa: F403
from config.urls import urlpatterns as real_urls
from establishments.access import public
from tests.builders import make_establishment

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@public
def broken(request, number):
    raise ValueError("secret")


urlpatterns = [path("broken/<int:number>/", broken, name="broken"), *real_urls]


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, logger="access")

    def read():
        records = [one for one in caplog.records if one.name == "access"]
        return [json.loads(JsonFormatter().format(one)) for one in records]

    return read


def test_a_request_is_told_by_its_route_and_its_figures(client_for, lines, own):
    place = make_establishment()
    client = client_for("TEC")
    client.get(f"/etablissements/{place.finess}/?q=secret")
    (line,) = lines()
    assert set(line) >= {"request", "route", "method", "status", "ms", "sql", "sql_ms", "role"}
    assert (line["method"], line["role"]) == ("GET", "N")
    assert line["sql"] > 0
    assert place.finess not in json.dumps(line)
    assert "secret" not in json.dumps(line)
    assert client.user.email not in json.dumps(line)


@pytest.mark.parametrize(("code", "letter"), [("OIE", "P"), ("ARL", "R"), ("NAT", "N")])
def test_of_the_person_only_how_far_they_reach(client_for, lines, own, code, letter):
    client_for(code).get("/")
    assert lines()[-1]["role"] == letter


def test_a_visitor_has_no_letter(client, lines, own):
    client.get("/sante/")
    assert lines()[-1]["role"] == "-"


def test_a_machine_is_told_from_a_visitor(client, lines, own):
    client.post("/api/v1/comptes/existence", headers={"Authorization": "Bearer none"})
    assert lines()[-1]["role"] == "M"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/nothing-here/123/", NOWHERE),
        ("/static/css/app.css", STATIC),
        ("/metrics", NOWHERE),
        ("/metrics/", NOWHERE),
    ],
)
def test_what_has_no_route_has_one_name(client, lines, own, address, name):
    client.get(address).close()
    assert lines()[-1]["route"] == name


@pytest.mark.parametrize("address", ["/metrics", "/metrics/", "/api/v1/metrics"])
@pytest.mark.parametrize("code", ["TEC", "NAT", None])
def test_no_metric_is_told_on_the_site(client_for, address, code):
    client = client_for(code) if code else Client()
    assert client.get(address, follow=True).status_code == 404


def test_names_do_not_grow_with_what_is_asked(client, own):
    for number in range(20):
        client.get(f"/nothing-{number}/")
        client.generic(f"VERB{number}", "/")
        client.get(f"/etablissements/{number:09}/")
    names = {key[1:3] for _, key in own.take().cells}
    assert len(names) <= 5, names


def test_a_failure_is_found_by_the_number_that_the_person_was_given(own):
    client = Client(raise_request_exception=False)
    response = client.get("/broken/12/")
    (fault,) = own.take().faults
    assert response.status_code == 500
    assert fault.request == response["X-Request-Id"]
    assert (fault.name, fault.outcome, fault.error) == ("broken", "500", "ValueError")


def test_what_probes_are_told_all_day_long_is_no_failure(client, own, monkeypatch):
    """But a health page that breaks is one."""
    monkeypatch.setattr("config.health.migrations_are_applied", lambda: False)
    assert client.get("/sante/").status_code == 503
    monkeypatch.setattr("config.health.read_state", lambda: None)
    assert Client(raise_request_exception=False).get("/sante/").status_code == 500
    (fault,) = own.take().faults
    assert (fault.name, fault.outcome, fault.error) == ("health", "500", "TypeError")


def test_a_maintenance_is_no_failure(client, own, settings, tmp_path):
    settings.MAINTENANCE_FILE = tmp_path / "maintenance"
    settings.MAINTENANCE_FILE.touch()
    assert client.get("/").status_code == 503
    batch = own.take()
    assert batch.faults == []
    assert {key[1] for _, key in batch.cells} == {"maintenance"}
