"""The addresses that save cells: what they answer to the script of the grid, and to strangers."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.weeks import current_week, shift
from epi_stocks.models import CentralCoverage, InventoryLine
from epi_stocks.views.inventory_ticket import Ticket
from journal.models import Entry
from tests.builders import (
    make_department,
    make_establishment,
    make_person,
    make_profile,
    make_region,
)

pytestmark = pytest.mark.django_db
MASKS = 1  # « Masques chirurgicaux »


@pytest.fixture
def site():
    return make_establishment()


@pytest.fixture
def operator(client_for, site):
    return client_for("OIE", on=site)


def ticket(site, week):
    return Ticket(site.finess, site.pk, week).sealed()


def send(client, site, *cells, week=None, **sent):
    """Post cells as the script does: (name, value) or (name, value, seen)."""
    week = week or current_week()
    content = {
        "ticket": ticket(site, week),
        "profile": "",
        "cells": [dict(zip(("cell", "value", "seen"), (*one, ""), strict=False)) for one in cells],
    }
    return client.post(
        reverse("epi_stocks:inventory_cells", args=[site.finess, week]),
        json.dumps(content | sent),
        content_type="application/json",
        headers={"accept": "application/json"},
    )


def line(site, item=MASKS, week=None):
    return InventoryLine.objects.get(week=week or current_week(), establishment=site, item=item)


def test_a_cell_is_saved_as_typed_and_the_answer_tells_the_cover(operator, site):
    send(operator, site, ("1-stock", "44 500"))
    answer = send(operator, site, ("1-daily", "2000")).json()

    assert (line(site).stock, line(site).daily, line(site).supply) == (44500, 2000, None)
    assert answer["cells"]["1-daily"]["value"] == "2\u202f000"
    assert answer["cells"]["1-daily"]["text"].startswith("Enregistré à")
    assert answer["rows"]["1"] | {"note": ""} == {
        "days": "22 j",
        "level": "suffisante",
        "word": "Suffisante",
        "note": "",
    }


def test_a_blank_stays_blank_and_a_zero_stays_zero(operator, site):
    answer = send(operator, site, ("1-stock", "0"), ("2-stock", "12"))
    assert answer.status_code == 200
    send(operator, site, ("2-stock", "", "12"))

    assert line(site).stock == 0
    assert line(site, item=2).stock is None


def test_saving_a_cell_takes_three_statements(operator, site):
    send(operator, site, ("1-stock", "10"))
    with CaptureQueriesContext(connection) as queries:
        assert send(operator, site, ("1-stock", "12", "10")).status_code == 200
    assert len(queries) <= 3, [query["sql"] for query in queries]


def test_a_pasted_block_is_saved_in_as_many_statements_as_a_cell(operator, site):
    block = [(f"{item}-{measure}", "7") for item in (1, 2, 3) for measure in ("stock", "daily")]
    with CaptureQueriesContext(connection) as queries:
        assert send(operator, site, *block).status_code == 200
    assert len(queries) <= 3
    assert {line(site, item=item).daily for item in (1, 2, 3)} == {7}


@pytest.mark.parametrize("text", ["1 2O0", "-5", "1,234", "1e3", "12,5", "9" * 30])
def test_a_bad_number_is_refused_with_a_sentence_and_nothing_is_stored(operator, site, text):
    answer = send(operator, site, ("1-stock", text))

    assert answer.status_code == 422
    assert "Rien n’est enregistré dans cette case." in answer.json()["cells"]["1-stock"]["text"]
    assert not InventoryLine.objects.exists()


def test_a_bad_cell_does_not_spoil_the_others(operator, site):
    answer = send(operator, site, ("1-stock", "douze"), ("2-stock", "12"))

    assert answer.status_code == 422
    assert answer.json()["cells"]["2-stock"]["kind"] == "ok"
    assert line(site, item=2).stock == 12


def test_two_people_on_one_cell_see_both_values_and_the_first_is_kept(operator, client_for, site):
    colleague = client_for("OIE", on=site)
    send(operator, site, ("1-stock", "640"))

    answer = send(colleague, site, ("1-stock", "700"))

    assert answer.status_code == 409
    cell = answer.json()["cells"]["1-stock"]
    assert (cell["value"], cell["choice"]) == ("640", "conflict")
    assert str(operator.user) in cell["text"]
    assert "vous 700" in cell["text"]
    assert line(site).stock == 640

    assert send(colleague, site, ("1-stock", "700", "640")).status_code == 200
    assert line(site).stock == 700


def test_the_same_answer_lost_and_sent_again_is_no_conflict(operator, site):
    send(operator, site, ("1-stock", "640"))
    assert send(operator, site, ("1-stock", "640")).status_code == 200


def test_an_odd_value_is_saved_and_asked_about_then_confirmed(operator, site):
    send(operator, site, ("1-stock", "9400"), week=shift(current_week(), -1))
    cell = send(operator, site, ("1-stock", "94000")).json()["cells"]["1-stock"]
    assert (cell["kind"], cell["choice"]) == ("attention", "doubt")
    assert line(site).stock == 94000

    confirmed = {"cell": "1-stock", "value": "94000", "seen": "94000", "confirm": True}
    answer = send(operator, site, cells=[confirmed]).json()
    assert answer["cells"]["1-stock"]["kind"] == "ok"


def test_a_lost_session_is_said_so_that_the_script_understands(site):
    answer = send(Client(), site, ("1-stock", "12"))
    assert answer.status_code == 401
    assert answer.json()["sentence"] == "Vous n’êtes plus connecté."


def test_a_visitor_is_led_to_the_login_page(site):
    address = reverse("epi_stocks:inventory_cells", args=[site.finess, current_week()])
    assert Client().get(address)["Location"].startswith(reverse("account_login"))


def test_a_post_without_its_token_is_refused(operator, site):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(operator.user)
    assert send(strict, site, ("1-stock", "12")).status_code == 403
    assert not InventoryLine.objects.exists()


def test_a_fresh_token_says_whose_it_is(operator, site):
    address = reverse("epi_stocks:inventory_cells", args=[site.finess, current_week()])
    assert operator.get(address).json()["person"] == str(operator.user.public_id)


@pytest.mark.parametrize("code", ["APE", "ARA", "ARL", "NAT", "NAL", "DEP"])
def test_a_reader_does_not_write(client_for, site, code):
    reader = client_for(code, on=site if code == "APE" else None)
    assert send(reader, site, ("1-stock", "12")).status_code == 403
    assert not InventoryLine.objects.exists()


@pytest.mark.parametrize("code", ["USR", "GF", "OCE"])
def test_without_any_right_on_the_inventory_one_is_refused(client_for, site, code):
    stranger = client_for(code, on=site)
    assert send(stranger, site, ("1-stock", "12")).status_code == 403
    assert not InventoryLine.objects.exists()


def test_somebody_elses_site_does_not_exist(client_for, site):
    stranger = client_for("OIE")
    assert send(stranger, site, ("1-stock", "12")).status_code == 404
    assert not InventoryLine.objects.exists()


def test_a_ticket_of_another_site_opens_nothing(operator, site):
    other = make_establishment()
    answer = send(operator, site, ("1-stock", "12"), ticket=ticket(other, current_week()))
    assert answer.status_code == 400
    assert not InventoryLine.objects.exists()


def test_a_person_with_several_profiles_writes_under_any_of_them(client_for, site):
    person = client_for("OIE", on=site)
    elsewhere = make_establishment()
    make_person("OIE", on=elsewhere, user=person.user)
    profile = make_profile(person.user, site)

    answer = send(person, elsewhere, ("1-stock", "12"), profile=str(profile.pk))

    assert answer.status_code == 200
    assert line(elsewhere).saved_profile.establishment == elsewhere


def test_a_closed_week_is_not_written(operator, site):
    week = shift(current_week(), -3)
    answer = send(operator, site, ("1-stock", "12"), week=week)
    assert answer.status_code == 403
    assert "clôturé" in answer.json()["sentence"]
    assert not InventoryLine.objects.exists()


def test_a_week_to_come_is_not_written(operator, site):
    answer = send(operator, site, ("1-stock", "12"), week=shift(current_week(), 1))
    assert answer.status_code == 403


def test_a_covered_site_does_not_declare_too(operator, site):
    main = make_establishment(legal_entity=site.legal_entity)
    CentralCoverage.objects.create(declaring=main, covered=site, first_week=current_week())
    answer = send(operator, site, ("1-stock", "12"))
    assert answer.status_code == 403
    assert "compté deux fois" in answer.json()["sentence"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"cells": 3}',
        b'{"cells": [{"cell": "1-stock", "value": 12, "seen": ""}]}',
        b'{"cells": [{"cell": "1-price", "value": "12", "seen": ""}]}',
        b'{"cells": [{"cell": "1-stock", "value": "12", "seen": "x"}]}',
        b'{"cells": ' + b"[" * 20_000,
    ],
)
def test_a_forged_body_is_a_bad_request(operator, site, body):
    address = reverse("epi_stocks:inventory_cells", args=[site.finess, current_week()])
    assert operator.post(address, body, content_type="application/json").status_code == 400


@pytest.mark.parametrize(("code", "status"), [("OIE", 404), ("ARL", 403)])
def test_a_site_out_of_reach_answers_as_one_that_never_existed(client_for, site, code, status):
    far = make_department("35", "Ille-et-Vilaine", region=make_region("53", "Bretagne"))
    stranger = client_for(code, on=far.region if code == "ARL" else None)
    for finess in (site.finess, "999999999"):
        address = reverse("epi_stocks:inventory_cells", args=[finess, current_week()])
        answer = stranger.post(address, b"{}", content_type="application/json")
        assert answer.status_code == status


@pytest.mark.parametrize("forged", ["\ud800:abc", "é:abc", 7, None, ["x"]])
def test_a_ticket_that_no_page_gave_is_a_bad_request(operator, site, forged):
    assert send(operator, site, ("1-stock", "12"), ticket=forged).status_code == 400


def test_a_refused_save_is_in_the_journal_once_a_minute(client_for, site):
    reader = client_for("ARL")
    for _ in range(2):
        assert send(reader, site, ("1-stock", "12")).status_code == 403
    entry = Entry.objects.get(verb="account.access_denied")
    assert (entry.by, entry.finess) == (reader.user, site.finess)
    assert "remplir l’inventaire" in entry.details["reason"]


def test_each_refused_place_is_in_the_journal(client_for, site):
    reader = client_for("ARL")
    for one in (site, make_establishment()):
        send(reader, one, ("1-stock", "12"))
    assert Entry.objects.filter(verb="account.access_denied").count() == 2
