"""A machine declares the nearest expiry of a product, and reads it back."""

from datetime import date, timedelta

import pytest

from pui.models import StockLine
from tests.pui.api.sending import line, read, send

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["2031-03-31", "2031-03", "31/03/2031", "03/2031"])
def test_it_is_stored_and_answered(value, pui, product, text):
    answer = send(value, pui, line(product) | {"peremption": text})
    assert answer.status_code == 201, answer.json()
    receipt = answer.json()
    assert [one["peremption"] for one in receipt["lignes"]] == ["2031-03-31"]
    assert receipt["remarques"] == []
    assert read(value).json()["stocks"][0]["peremption"] == "2031-03-31"


@pytest.mark.parametrize("more", [{}, {"peremption": None}, {"peremption": ""}])
def test_it_is_optional(value, pui, product, more):
    answer = send(value, pui, line(product) | more)
    assert answer.status_code == 201
    assert answer.json()["lignes"][0]["peremption"] is None
    assert read(value).json()["stocks"][0]["peremption"] is None


@pytest.mark.parametrize(
    ("sent", "motif"),
    [
        ({"peremption": "bientôt"}, "ce texte n’en est pas une"),
        ({"peremption": "03/2031", "stock": 0}, "il n’y a pas de stock"),
    ],
)
def test_one_that_is_left_out_is_told_and_the_line_is_stored(value, pui, product, sent, motif):
    answer = send(value, pui, line(product) | sent)
    assert answer.status_code == 201
    [remark] = answer.json()["remarques"]
    assert (remark["ligne"], remark["ucd"], remark["motif"]) == (1, product.code, motif)
    assert StockLine.objects.get().nearest_expiry is None


def test_one_before_the_due_day_is_refused_until_it_is_confirmed(value, pui, product, due_days):
    past = due_days[-1] - timedelta(days=1)
    sent = line(product) | {"peremption": past.isoformat()}
    answer = send(value, pui, sent)
    assert answer.status_code == 422
    [told] = answer.json()["lignes"]
    assert told["ecarts"] == [f"périmé depuis le {past:%d/%m/%Y}"]
    assert not StockLine.objects.exists()
    again = send(value, pui, sent, key="envoi-0002", confirme=[product.code])
    assert again.status_code == 201
    assert StockLine.objects.get().nearest_expiry == past


def test_what_is_no_text_is_a_malformed_request(value, pui, product):
    assert send(value, pui, line(product) | {"peremption": 46000}).status_code == 422
    assert send(value, pui, line(product) | {"peremption": "3" * 41}).status_code == 422


def test_the_same_key_with_another_expiry_is_another_request(value, pui, product):
    send(value, pui, line(product) | {"peremption": "03/2031"})
    other = send(value, pui, line(product) | {"peremption": "04/2031"})
    assert other.status_code == 409
    assert StockLine.objects.get().nearest_expiry == date(2031, 3, 31)
