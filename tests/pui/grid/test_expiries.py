"""The nearest expiry in the grid: an optional column, saved and compared as the others."""

from datetime import date, timedelta

import pytest

from pui.models import DraftCell, StockLine
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_transmission
from tests.pui.grid.pages import cell, fill, form_of, send, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(due_on):
    """A day on which nothing declared today is expired."""
    return due_on + timedelta(days=200)


def written(day):
    return f"{day:%d/%m/%Y}"


def transmitted(gf, pui, due_on, response, *products):
    """Confirm the page that asks; what is in force then, by product."""
    form = {"empreinte": response.context["stamp"], "exact": [one.code for one in products]}
    answer = gf.post(url(pui, due_on, "grid_confirm"), form)
    assert answer.status_code == 302, answer.context
    return stored()


def stored():
    rows = StockLine.objects.values_list("product", "due_on", "nearest_expiry")
    return {(product, day): expiry for product, day, expiry in rows}


def pressed(gf, pui, due_on, **cells):
    form = form_of(gf.get(url(pui, due_on)), **cells) | {"transmettre": "1"}
    return gf.post(url(pui, due_on), form)


def test_the_column_is_behind_a_link_that_is_remembered(gf, pui, due_on, midazolam):
    page = gf.get(url(pui, due_on))
    assert_sound_html(page)
    assert f'name="{cell(midazolam, "expiry")}"' not in page.text
    assert "Ajouter la colonne des péremptions" in page.text
    asked = gf.get(url(pui, due_on), {"peremptions": "oui"})
    assert asked["Location"] == f"{url(pui, due_on)}#grille"
    page = gf.get(url(pui, due_on))
    assert_sound_html(page)
    assert f'name="{cell(midazolam, "expiry")}"' in page.text
    assert "JJ/MM/AAAA ou MM/AAAA" in page.text
    gf.get(url(pui, due_on), {"peremptions": "non"})
    assert f'name="{cell(midazolam, "expiry")}"' not in gf.get(url(pui, due_on)).text


def test_once_declared_the_column_stands_there_with_the_last_value_beside(
    gf, pui, due_days, midazolam, later
):
    make_transmission(pui, {midazolam: (420, 35, later)}, by=gf.user, due_on=due_days[0])
    page = gf.get(url(pui, due_days[1]))
    assert_sound_html(page)
    assert f"{due_days[0]:%d/%m}&nbsp;: {written(later)}" in page.text
    assert "Masquer cette colonne" not in page.text


def test_a_date_is_saved_in_the_draft_as_the_others_and_shown_whole(gf, pui, due_on, midazolam):
    name = cell(midazolam, "expiry")
    answer = send(gf, pui, due_on, (cell(midazolam), "12"), (name, "03/2031"))
    assert answer.status_code == 200
    assert answer.json()["cells"][name]["value"] == "31/03/2031"
    row = DraftCell.objects.get(measure="expiry")
    assert (row.day, row.value) == (date(2031, 3, 31), None)
    again = send(gf, pui, due_on, (name, "04/2031", "31/03/2031"))
    assert again.status_code == 200
    row.refresh_from_db()
    assert row.day == date(2031, 4, 30)


def test_what_is_no_date_says_why_and_the_stock_is_saved(gf, pui, due_on, midazolam):
    name = cell(midazolam, "expiry")
    answer = send(gf, pui, due_on, (cell(midazolam), "12"), (name, "03/27"))
    assert answer.status_code == 422
    told = answer.json()["cells"][name]
    assert "l’année n’a que deux chiffres" in told["text"]
    assert DraftCell.objects.get().measure == "stock"


def test_of_two_people_on_a_date_the_second_sees_both(gf, pui, due_on, midazolam, nadia):
    name = cell(midazolam, "expiry")
    send(gf, pui, due_on, (name, "03/2031"))
    answer = send(gf, pui, due_on, (name, "04/2031"))
    assert answer.status_code == 409
    assert "31/03/2031" in answer.json()["cells"][name]["text"]


def test_the_end_of_the_line_says_what_an_expiry_without_stock_or_past_means(
    gf, pui, due_on, midazolam
):
    name = cell(midazolam, "expiry")
    answer = send(gf, pui, due_on, (name, "03/2031"))
    note = answer.json()["rows"][str(midazolam.pk)]["note"]
    assert note == "rien de saisi, sans stock, la péremption n’est pas transmise"
    past = written(due_on - timedelta(days=1))
    cells = [(cell(midazolam), "5"), (cell(midazolam, "daily"), "1"), (name, past, "31/03/2031")]
    answer = send(gf, pui, due_on, *cells)
    assert answer.json()["rows"][str(midazolam.pk)]["note"] == "périmé, à vérifier"


def test_it_is_transmitted_with_its_line_and_not_without_a_quantity(
    gf, pui, due_on, midazolam, propofol, later
):
    gf.get(url(pui, due_on), {"peremptions": "oui"})
    boxes = {
        cell(midazolam): "12",
        cell(midazolam, "expiry"): written(later),
        cell(propofol, "expiry"): written(later),
    }
    answer = pressed(gf, pui, due_on, **boxes)
    assert answer.status_code == 302
    assert stored() == {(midazolam.pk, due_on): later}


def test_what_is_expired_on_the_due_day_is_asked_about(gf, pui, due_on, midazolam):
    gf.get(url(pui, due_on), {"peremptions": "oui"})
    past = due_on - timedelta(days=1)
    boxes = {cell(midazolam): "12", cell(midazolam, "expiry"): written(past)}
    answer = pressed(gf, pui, due_on, **boxes)
    assert answer.status_code == 200
    assert_sound_html(answer)
    assert f"périmé depuis le {written(past)}" in answer.text
    refused = gf.post(url(pui, due_on, "grid_confirm"), {"empreinte": answer.context["stamp"]})
    assert refused.status_code == 422
    assert transmitted(gf, pui, due_on, answer, midazolam) == {(midazolam.pk, due_on): past}


def test_nothing_changed_copies_the_expiries_too_and_is_undone(gf, pui, due_days, midazolam, later):
    make_transmission(pui, {midazolam: (420, 35, later)}, by=gf.user, due_on=due_days[0])
    gf.post(url(pui, due_days[1], "grid_copy"))
    assert DraftCell.objects.get(measure="expiry").day == later
    gf.post(url(pui, due_days[1], "grid_undo"))
    assert set(DraftCell.objects.values_list("value", "day")) == {(None, None)}


def test_an_expiry_left_blank_is_told_before_transmitting(gf, pui, due_days, midazolam, later):
    make_transmission(pui, {midazolam: (420, 35, later)}, by=gf.user, due_on=due_days[0])
    boxes = {cell(midazolam): "420", cell(midazolam, "daily"): "35"}
    answer = pressed(gf, pui, due_days[1], **boxes)
    assert f"péremption la plus proche vide ({written(later)} le" in answer.text
    after = transmitted(gf, pui, due_days[1], answer)
    assert after[midazolam.pk, due_days[1]] is None


def test_a_grid_already_transmitted_starts_from_its_expiries(
    gf, pui, due_on, midazolam, later, nadia
):
    make_transmission(pui, {midazolam: (420, 35, later)}, by=nadia, due_on=due_on)
    page = gf.get(url(pui, due_on))
    assert f'value="{written(later)}"' in page.text
    fill(gf.user, pui, due_on, midazolam, stock=430, seen=420)
    answer = pressed(gf, pui, due_on)
    assert answer.status_code == 302
    assert stored() == {(midazolam.pk, due_on): later}
