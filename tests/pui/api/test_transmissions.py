"""A machine declares stocks: stored once, whole or not at all."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import ApiToken
from common.identifiers import ucd13_of
from journal.models import Entry
from medications.models import ReportingRule
from pui.api import transmissions
from pui.models import StockLine, Transmission
from tests.builders import (
    make_body,
    make_establishment,
    make_person,
)
from tests.pui.api.sending import URL, headers, line, send, token_of, token_of_body
from tests.pui.builders import (
    LONG_AGO,
    make_followed,
    make_list,
    make_product,
    make_pui,
    make_transmission,
)

pytestmark = pytest.mark.django_db


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


def test_a_product_that_nobody_follows_is_named_as_the_reason(value, pui, product):
    response = send(value, pui, {"ucd": "9123456", "libelle": "PARACÉTAMOL", "stock": 3})
    assert response.status_code == 422
    assert "Aucune ligne n’est d’un produit suivi" in response.json()["detail"]


def test_too_many_sendings_are_told_when_to_come_back(monkeypatch, value, pui, product):
    limit = transmissions.FailureLimit("pui_transmit_test", ((2, 60),))
    monkeypatch.setattr(transmissions, "SENT", limit)
    statuses = [send(value, pui, line(product)).status_code for _ in range(3)]
    assert statuses == [201, 200, 429]
