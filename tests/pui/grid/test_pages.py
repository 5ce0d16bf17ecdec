"""The page of the grid, without script: the whole form, « Rien n’a changé », « Transmettre »."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pui.models import DraftCell, StockLine, Transmission
from tests.builders import make_establishment, make_person
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_followed, make_product, make_transmission
from tests.pui.grid.pages import cell, fill, form_of, held, send, url

pytestmark = pytest.mark.django_db


def typed(gf, pui, due_on, **cells):
    """The page as it stands, with these boxes filled."""
    return form_of(gf.get(url(pui, due_on)), **cells)


def sent(gf, pui, due_on, cells, **more):
    """Fill the boxes and press « Transmettre »."""
    form = typed(gf, pui, due_on, **cells) | {"transmettre": "1"}
    return gf.post(url(pui, due_on), form, **more)


def confirmed(gf, pui, due_on, response, *products):
    """Say that these quantities are exact, and transmit."""
    form = {"empreinte": response.context["stamp"], "exact": [one.code for one in products]}
    return gf.post(url(pui, due_on, "grid_confirm"), form)


def test_priority_products_come_first_with_the_last_values_beside(
    gf, pui, due_days, midazolam, propofol
):
    make_transmission(
        pui, {midazolam: (420, 35), propofol: (0, None)}, by=gf.user, due_on=due_days[0]
    )
    page = gf.get(url(pui, due_days[1]))
    assert_sound_html(page)
    assert [row.product for row in page.context["grid"].rows] == [midazolam, propofol]
    day = f"{due_days[0]:%d/%m}"
    assert f"{day}&nbsp;: 420" in page.text
    assert f"{day}&nbsp;: 0" in page.text
    assert f"{day}&nbsp;: vide" in page.text
    assert "<strong>Case vide</strong>" in page.text


def test_the_whole_form_saves_what_changed_in_the_draft(gf, pui, due_on, midazolam):
    response = gf.post(url(pui, due_on), typed(gf, pui, due_on, **{cell(midazolam): "12"}))
    assert response.status_code == 302
    assert held(pui, due_on, midazolam) == 12
    assert not Transmission.objects.exists()
    page = gf.get(url(pui, due_on))
    assert "1 case enregistrée dans le brouillon" in page.text.replace("\u00a0", " ")


def test_a_refused_value_stays_in_its_box_and_nothing_is_transmitted(gf, pui, due_on, midazolam):
    response = sent(gf, pui, due_on, {cell(midazolam): "1 2O0"})
    assert response.status_code == 422
    assert_sound_html(response)
    assert 'value="1 2O0"' in response.text
    assert "Rien n’est enregistré dans cette case." in response.text
    assert not Transmission.objects.exists()
    told = "Rien n’est transmis : 1 case n’est pas enregistrée."
    assert told in response.text.replace("\u00a0", " ")


def test_a_conflict_shows_both_values_and_transmits_nothing(gf, pui, due_on, midazolam, nadia):
    form = typed(gf, pui, due_on, **{cell(midazolam): "700"}) | {"transmettre": "1"}
    fill(nadia, pui, due_on, midazolam, stock=640)
    response = gf.post(url(pui, due_on), form)
    assert response.status_code == 409
    assert "Garder 640" in response.text
    assert "Mettre 700" in response.text
    assert not Transmission.objects.exists()
    chosen = form_of(response, **{cell(midazolam): "700", "choix": f"{cell(midazolam)}=700"})
    assert gf.post(url(pui, due_on), chosen).status_code == 302
    assert held(pui, due_on, midazolam) == 700


def test_nothing_to_look_at_is_transmitted_at_once(gf, pui, due_on, midazolam, propofol):
    cells = {cell(midazolam): "420", cell(midazolam, "daily"): "35", cell(propofol): "0"}
    response = sent(gf, pui, due_on, cells)
    row = Transmission.objects.get()
    assert response.status_code == 302
    assert str(row.number) in response["Location"]
    assert (row.state, row.origin) == ("confirmed", "grid")
    lines = {one.product_id: (one.stock, one.daily) for one in StockLine.objects.all()}
    assert lines == {midazolam.pk: (420, 35), propofol.pk: (0, None)}
    assert not DraftCell.objects.exists()


def test_a_blank_product_is_not_declared(gf, pui, due_on, midazolam, propofol):
    sent(gf, pui, due_on, {cell(midazolam): "420"})
    assert [one.product for one in StockLine.objects.all()] == [midazolam]


def test_an_empty_grid_is_not_transmitted(gf, pui, due_on):
    response = sent(gf, pui, due_on, {})
    assert response.status_code == 422
    assert "Aucune" in response.text
    assert not Transmission.objects.exists()


def test_a_large_change_is_asked_about_and_stored_only_once_it_is_said_exact(
    gf, pui, due_days, midazolam
):
    make_transmission(pui, {midazolam: (420, 35)}, by=gf.user, due_on=due_days[0])
    cells = {cell(midazolam): "4200", cell(midazolam, "daily"): "35"}
    page = sent(gf, pui, due_days[1], cells)
    assert page.status_code == 200
    assert_sound_html(page)
    assert "Rien n’est encore transmis." in page.text
    assert "stock × 10" in page.text
    assert Transmission.objects.count() == 1
    refused = confirmed(gf, pui, due_days[1], page)
    assert refused.status_code == 422
    assert "Cochez «\u00a0C’est exact\u00a0»" in refused.text
    assert Transmission.objects.count() == 1
    assert confirmed(gf, pui, due_days[1], page, midazolam).status_code == 302
    assert StockLine.objects.get(due_on=due_days[1]).stock == 4200


def test_a_cell_left_blank_that_was_filled_is_told_before(gf, pui, due_days, midazolam, propofol):
    before = {midazolam: (420, 35), propofol: (80, 4)}
    make_transmission(pui, before, by=gf.user, due_on=due_days[0])
    cells = {cell(midazolam): "400", cell(midazolam, "daily"): "35"}
    page = sent(gf, pui, due_days[1], cells)
    assert [row.product for row in page.context["missing"]] == [propofol]
    assert "il compte comme non déclaré" in page.text
    assert confirmed(gf, pui, due_days[1], page).status_code == 302


def test_what_a_colleague_changed_since_is_shown_before(
    gf, pui, due_on, midazolam, propofol, nadia
):
    form = typed(gf, pui, due_on, **{cell(midazolam): "420"}) | {"transmettre": "1"}
    fill(nadia, pui, due_on, propofol, stock=12)
    page = gf.post(url(pui, due_on), form)
    assert [row.product for row, _cells in page.context["others"]] == [propofol]
    assert not Transmission.objects.exists()
    fill(nadia, pui, due_on, propofol, stock=13, seen=12)
    late = confirmed(gf, pui, due_on, page)
    assert late.status_code == 409
    assert "Des cases ont changé entre-temps" in late.text
    assert not Transmission.objects.exists()
    assert confirmed(gf, pui, due_on, late).status_code == 302
    assert StockLine.objects.get(product=propofol).stock == 13


def test_a_correction_starts_from_what_is_in_force_and_replaces_it(
    gf, pui, due_on, midazolam, propofol
):
    first = make_transmission(
        pui, {midazolam: (420, 35), propofol: (80, 4)}, by=gf.user, due_on=due_on
    )
    page = gf.get(url(pui, due_on))
    assert "Cette échéance est déjà transmise" in page.text
    assert page.context["grid"].filled == 4
    sent(gf, pui, due_on, {cell(midazolam): "410"})
    lines = {one.product_id: one.stock for one in StockLine.objects.filter(due_on=due_on)}
    assert lines == {midazolam.pk: 410, propofol.pk: 80}
    first.refresh_from_db()
    assert first.state == "replaced"


def test_a_draft_older_than_what_is_in_force_never_takes_its_place_unseen(
    gf, pui, due_on, midazolam, propofol
):
    fill(gf.user, pui, due_on, midazolam, stock=12, daily=3)
    make_transmission(pui, {midazolam: (15, 3), propofol: (80, 4)}, by=gf.user, due_on=due_on)
    page = gf.get(url(pui, due_on))
    assert_sound_html(page)
    assert "quantité en stock 12 (transmis&nbsp;: 15)" in page.text
    check = sent(gf, pui, due_on, {})
    assert check.status_code == 200
    assert_sound_html(check)
    assert "quantité en stock 12 (transmis&nbsp;: 15)" in check.text
    assert StockLine.objects.get(product=midazolam).stock == 15
    assert confirmed(gf, pui, due_on, check).status_code == 302
    assert StockLine.objects.get(product=midazolam).stock == 12


def test_the_same_grid_is_not_transmitted_twice(gf, pui, due_on, midazolam):
    form = typed(gf, pui, due_on, **{cell(midazolam): "420"}) | {"transmettre": "1"}
    gf.post(url(pui, due_on), form)
    second = gf.post(url(pui, due_on), form)
    assert second.status_code == 302
    assert Transmission.objects.count() == 1


def test_nothing_changed_fills_blank_cells_alone_and_is_undone(
    gf, pui, due_days, midazolam, propofol
):
    before = {midazolam: (420, 35), propofol: (80, None)}
    make_transmission(pui, before, by=gf.user, due_on=due_days[0])
    day = due_days[1]
    fill(gf.user, pui, day, midazolam, stock=400)
    page = gf.get(url(pui, day))
    assert "les 2 cases encore vides" in page.text
    gf.post(url(pui, day, "grid_copy"))
    values = dict(DraftCell.objects.values_list("product", "value").filter(measure="stock"))
    assert values == {midazolam.pk: 400, propofol.pk: 80}
    assert "Annuler la reprise" in gf.get(url(pui, day)).text
    fill(gf.user, pui, day, propofol, stock=79, seen=80)
    gf.post(url(pui, day, "grid_undo"))
    assert held(pui, day, midazolam, "daily") is None
    assert (held(pui, day, midazolam), held(pui, day, propofol)) == (400, 79)
    assert not Transmission.objects.filter(due_on=day).exists()


def test_a_closed_due_day_is_read_and_not_typed_in(gf, pui, due_days, midazolam):
    closed = due_days[0] - timedelta(days=7)
    page = gf.get(url(pui, closed))
    assert_sound_html(page)
    assert "est close" in page.text
    assert "<input" not in page.text.split('id="grille"')[1].split("</table>")[0]
    assert gf.post(url(pui, closed), {cell(midazolam): "5"}).status_code == 403


def test_the_pharmacy_of_others_does_not_exist(client_for, pui, due_on):
    assert client_for("GF").get(url(pui, due_on)).status_code == 404


def test_a_list_that_one_may_not_declare_is_refused(client_for, pui, due_on):
    assert client_for("ARA").get(url(pui, due_on)).status_code == 403


def test_the_page_costs_the_same_for_two_products_as_for_thirty(gf, pui, due_on):
    gf.get(url(pui, due_on))
    few = queries_of(gf, url(pui, due_on))
    for number in range(28):
        make_followed(make_product(f"PRODUIT {number}"))
    assert queries_of(gf, url(pui, due_on)) == few


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.fixture
def elsewhere(gf):
    """Their person holds another profile too, which another window has chosen since."""
    shown = gf.user.profiles.get()
    make_person("GF", on=make_establishment(), user=gf.user)
    other = gf.user.profiles.exclude(pk=shown.pk).get()
    session = gf.session
    session["profile"] = other.pk
    session.save()
    return shown


def test_a_grid_shown_under_another_profile_is_saved_copied_and_sent(
    gf, pui, due_on, midazolam, elsewhere
):
    own = {"profile": str(elsewhere.pk)}
    assert gf.get(url(pui, due_on)).status_code == 404
    answer = send(gf, pui, due_on, (cell(midazolam), "12"), **own)
    assert answer.status_code == 200, answer.content
    for name in ("grid_copy", "grid_undo"):
        assert gf.post(url(pui, due_on, name), own).status_code == 302
    typed = own | {"vu": f"{cell(midazolam)}:12", cell(midazolam): "12", "transmettre": "1"}
    assert gf.post(url(pui, due_on), typed).status_code == 302
    assert Transmission.objects.get().profile_id == elsewhere.pk
