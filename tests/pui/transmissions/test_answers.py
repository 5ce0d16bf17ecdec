"""The preview of a file: what it asks, and what is answered."""

import io

import pytest
from openpyxl import load_workbook

from pui.models import StockLine, Transmission
from tests.html_rules import assert_sound_html
from tests.pui.builders import (
    make_transmission,
)
from tests.pui.transmissions.pages import START, State, confirm, page, stocks

pytestmark = pytest.mark.django_db


def test_a_file_is_shown_then_stored_by_one_confirmation(web, sent_row, propofol, midazolam):
    row = sent_row("9999014;;240;60", "9999021;;0;0,5")
    shown = web.get(page(row))
    assert_sound_html(shown)
    assert "Rien n’est encore enregistré." in shown.text
    assert "2\u00a0lignes sans remarque" in shown.text
    assert stocks() == {}
    answer = confirm(web, row)
    assert (answer.status_code, answer["Location"]) == (302, page(row))
    assert stocks() == {"9999014": 240, "9999021": 0}
    receipt = web.get(page(row))
    assert_sound_html(receipt)
    assert str(row.number) in receipt.text
    assert "Accusé de réception" in receipt.text


def test_nothing_is_chosen_beforehand_and_a_form_that_lacks_answers_keeps_the_others(
    web, sent_row, pui, gf, days, propofol, midazolam
):
    make_transmission(pui, {midazolam: (420, 35)}, by=gf, due_on=days[0])
    row = sent_row("9999104;PROPOFOL 10MG/ML AMP 20ML;240;60", "9999021;;4200;35")
    shown = web.get(page(row)).text
    assert "checked" not in shown
    assert "deux chiffres intervertis" in shown
    assert "stock × 10" in shown
    answer = confirm(web, row, line2=f"produit-{propofol.pk}")
    assert answer.status_code == 422
    assert_sound_html(answer)
    assert f'value="produit-{propofol.pk}" checked' in answer.text
    assert "Répondez pour cette ligne" in answer.text
    assert 'href="#ligne-3"' in answer.text
    assert Transmission.objects.get(pk=row.pk).state == State.READY
    assert confirm(web, row, line3="exact").status_code == 302
    assert stocks()["9999014"] == 240


def test_another_product_is_chosen_in_the_list_or_asked_for_again(web, sent_row, propofol):
    row = sent_row("9999104;PROPOFOL;240;60")
    refused = confirm(web, row, line2="autre")
    assert refused.status_code == 422
    assert "Choisissez le produit dans la liste." in refused.text
    row.refresh_from_db()
    data = {"version": row.report["version"], "refusees": 0, "ligne-2": "autre"}
    web.post(page(row, "confirm"), data | {"ligne-2-autre": propofol.pk})
    assert stocks() == {"9999014": 240}


def test_of_many_questions_the_first_are_asked_then_the_others(
    web, sent_row, propofol, midazolam, monkeypatch
):
    monkeypatch.setattr("pui.answers.MOST_ASKED", 2)
    row = sent_row(
        *(f"912345{number};PROPOFOL 10 mg/ml;1;1" for number in range(3)), "9999021;;5;1"
    )
    assert_sound_html(web.get(page(row)))
    first = confirm(web, row, line2="sauter", line3="sauter")
    assert first.status_code == 422
    assert_sound_html(first)
    asked = [one.shown.line.number for one in first.context["answered"].asked_unknown]
    assert asked == [4]
    assert "Ligne 4" in first.text
    assert confirm(web, row, line4="sauter").status_code == 302
    assert stocks() == {"9999021": 5}


@pytest.mark.parametrize("number", ["²", "9" * 5_000, "-1", "x"])
def test_a_forged_number_is_no_pharmacy_no_product_and_no_version(
    web, sent_row, propofol, midazolam, number
):
    assert web.post(START, {"pui": number}).status_code == 404
    assert web.get(START, {"pui": number[:1_000]}).status_code == 404
    row = sent_row("9123450;PROPOFOL 10 mg/ml;1;1")
    forged = web.post(page(row, "confirm"), {"version": number, "ligne-2": "sauter"})
    assert forged.status_code == 409
    data = {"version": row.report["version"], "ligne-2": "autre", "ligne-2-autre": number}
    assert web.post(page(row, "confirm"), data).status_code == 422


def test_refused_lines_say_what_is_accepted_and_stay_out_when_the_button_says_so(
    web, sent_row, propofol, midazolam
):
    row = sent_row("9999014;;240;60", "9999021;;1,234;1")
    shown = web.get(page(row)).text
    assert "<code>1,234</code>" in shown
    assert "Transmettre sans la ligne refusée" in shown
    row.refresh_from_db()
    without = web.post(page(row, "confirm"), {"version": row.report["version"], "refusees": 0})
    assert without.status_code == 422
    assert stocks() == {}
    confirm(web, row)
    assert stocks() == {"9999014": 240}


def test_the_remarks_are_a_file_to_correct_from(web, sent_row, propofol):
    row = sent_row("9999014;;1,234;1", "9999104;PROPOFOL;1;1")
    answer = web.get(page(row, "remarks"))
    headers, *rows = load_workbook(io.BytesIO(b"".join(answer))).active.iter_rows(values_only=True)
    assert headers[0] == "Ligne"
    assert [one[0] for one in rows] == [2, 3]


def test_a_column_that_is_not_recognised_is_asked_for_once(web, send, sent_row, propofol):
    row = sent_row("9999014;240;60", header="UCD;Combien;CMJ")
    asked = web.get(page(row))
    assert_sound_html(asked)
    assert "Que contiennent les colonnes" in asked.text
    assert "Combien, par exemple 240" in asked.text
    lacking = web.post(page(row, "columns"), {"ucd": "UCD"})
    assert lacking.status_code == 422
    told = {"ucd": "UCD", "stock": "Combien", "daily": "CMJ", "label": ""}
    assert web.post(page(row, "columns"), told).status_code == 302
    confirm(web, row)
    assert stocks() == {"9999014": 240}
    again = send("9999014;250;60", header="UCD;Combien;CMJ")
    assert "Que contiennent les colonnes" not in web.get(again["Location"]).text


def test_that_a_file_has_no_consumption_is_said_never_supposed(web, sent_row, propofol):
    row = sent_row("9999014;240;60", header="UCD;Combien;Autre")
    told = {"ucd": "UCD", "stock": "Combien", "label": ""}
    lacking = web.post(page(row, "columns"), told)
    assert lacking.status_code == 422
    assert "Dites quelle colonne la contient." in lacking.text
    assert web.post(page(row, "columns"), told | {"daily": " "}).status_code == 302
    corrected = web.get(f"{page(row)}?colonnes=1")
    assert '<option value=" " selected>' in corrected.text
    confirm(web, row)
    assert list(StockLine.objects.values_list("stock", "daily")) == [(240, None)]
