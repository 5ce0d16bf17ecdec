"""The weekly grid without script: the whole form, « Rien n’a changé », and the way back."""

import pytest
from django.urls import reverse

from common.weeks import current_week, shift
from epi_stocks.models import InventoryLine
from epi_stocks.services.saving import CellChange, save_cells
from tests.builders import make_establishment
from tests.epi_stocks.grids import fill, page, stock, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return make_establishment()


@pytest.fixture
def operator(client_for, site):
    return client_for("OIE", on=site)


def form_of(response, **typed):
    """What a browser without script would post back."""
    grid = response.context["grid"]
    cells = [cell for row in grid.rows for cell in row.cells if not cell.is_read_only]
    shown = {cell.name: "" if cell.value is None else str(cell.value) for cell in cells}
    return {"vu": response.context["seen"], "profile": ""} | shown | typed


def test_the_whole_form_saves_what_changed(operator, site):
    fill(operator.user, site, (1, "stock", 10), (2, "stock", 20))
    sent = form_of(operator.get(page(site)), **{"1-stock": "1 000", "2-stock": ""})
    response = operator.post(page(site), sent, follow=True)

    assert "2 cases enregistrées." in text_of(response)
    assert (stock(site), stock(site, 2)) == (1000, None)


def test_the_same_form_twice_changes_nothing(operator, site):
    sent = form_of(operator.get(page(site)), **{"1-stock": "12"})
    operator.post(page(site), sent)
    saved_at = InventoryLine.objects.get(establishment=site).saved_at
    response = operator.post(page(site), sent)
    assert response.status_code == 302
    assert InventoryLine.objects.get(establishment=site).saved_at == saved_at


def test_a_bad_cell_keeps_what_was_typed_and_saves_the_others(operator, site):
    sent = form_of(operator.get(page(site)), **{"1-stock": "1 2O0", "2-stock": "7"})
    response = operator.post(page(site), sent)

    assert response.status_code == 422
    text = text_of(response)
    assert 'value="1 2O0"' in text
    assert "« 1 2O0 » n’est pas un nombre entier : la lettre O." in text
    assert 'aria-invalid="true"' in text
    assert (stock(site), stock(site, 2)) == (None, 7)


def test_a_conflict_is_settled_without_script(operator, client_for, site):
    colleague = client_for("OIE", on=site)
    sent = form_of(colleague.get(page(site)), **{"1-stock": "700"})
    fill(operator.user, site, (1, "stock", 640))

    response = colleague.post(page(site), sent)
    assert response.status_code == 409
    text = text_of(response)
    assert "Valeur gardée : 640." in text
    assert "Garder 640" in text
    assert stock(site) == 640

    mine = form_of(response, **{"1-stock": "700", "choix": "1-stock=700"})
    assert colleague.post(page(site), mine).status_code == 302
    assert stock(site) == 700


def test_what_is_typed_is_never_markup(operator, site):
    sent = form_of(operator.get(page(site)), **{"1-stock": '"><script>alert(1)</script>'})
    text = text_of(operator.post(page(site), sent))
    assert "<script>alert" not in text


def test_an_odd_value_is_confirmed_without_script(operator, site):
    fill(operator.user, site, (1, "stock", 9400), week=shift(current_week(), -1))
    fill(operator.user, site, (1, "stock", 94000))
    response = operator.get(page(site))
    assert "C’est exact" in text_of(response)
    operator.post(page(site), form_of(response, exact="1-stock"))
    assert "C’est exact" not in text_of(operator.get(page(site)))


def test_a_total_that_sizes_replace_is_told_with_what_it_held(operator, site):
    fill(operator.user, site, (4, "stock", 5000), (4, "daily", 20))
    address = page(site) + "?gants=medicaux"
    sent = form_of(operator.get(address), **{"401-stock": "100"})
    text = text_of(operator.post(address, sent, follow=True)).replace("\u202f", " ")
    assert "« Gants » (stock 5 000, consommation 20) est remplacé par la somme des tailles" in text
    assert "total des tailles, calculé" in text
    sent = form_of(operator.get(address), **{"402-stock": "50"})
    assert "est remplacé" not in text_of(operator.post(address, sent, follow=True))


# « Rien n’a changé »


@pytest.fixture
def copy_address(site):
    return reverse("epi_stocks:inventory_copy", args=[site.finess, current_week()])


def test_nothing_changed_shows_then_fills_only_the_blank_cells(operator, site, copy_address):
    before = shift(current_week(), -1)
    fill(operator.user, site, (1, "stock", 48000), (2, "stock", 3100), week=before)
    fill(operator.user, site, (1, "stock", 44500))

    shown = operator.get(copy_address)
    assert "3\u202f100" in text_of(shown)
    assert stock(site, 2) is None, "GET never writes"

    response = operator.post(copy_address, follow=True)
    assert "1 case reprise" in text_of(response)
    assert ">Annuler la reprise<" in text_of(response)
    assert (stock(site), stock(site, 2)) == (44500, 3100)


def test_with_nothing_declared_before_there_is_nothing_to_copy(operator, copy_address):
    for response in (operator.get(copy_address), operator.post(copy_address)):
        assert "Il n’y a rien à reprendre" in text_of(response)


def test_what_was_copied_can_be_undone_but_not_what_was_typed_since(operator, site, copy_address):
    before = shift(current_week(), -1)
    fill(operator.user, site, (1, "stock", 48000), (2, "stock", 3100), week=before)
    operator.post(copy_address)
    changes = [CellChange(2, "stock", 3000, 3100)]
    save_cells(by=operator.user, week=current_week(), establishment_id=site.pk, changes=changes)
    undo = reverse("epi_stocks:inventory_undo", args=[site.finess, current_week()])

    response = operator.post(undo, follow=True)

    assert "Annulé : 1 case remise comme avant. 1 case changée depuis : gardée." in text_of(
        response
    )
    assert (stock(site), stock(site, 2)) == (None, 3000)
    assert operator.get(undo).status_code == 405


def test_copying_twice_says_so_and_can_still_be_undone(operator, site, copy_address):
    fill(operator.user, site, (1, "stock", 48000), week=shift(current_week(), -1))
    operator.post(copy_address)
    assert "sont déjà reprises" in text_of(operator.post(copy_address, follow=True))

    operator.post(reverse("epi_stocks:inventory_undo", args=[site.finess, current_week()]))
    assert stock(site) is None


def test_with_nothing_to_undo_one_comes_back_to_the_grid(operator, site):
    undo = reverse("epi_stocks:inventory_undo", args=[site.finess, current_week()])
    response = operator.post(undo, follow=True)
    assert response.redirect_chain == [(page(site), 302)]
    assert "Il n’y a rien à annuler" in text_of(response)


def test_the_sizes_leave_their_place_to_one_total(operator, site):
    fill(operator.user, site, (401, "stock", 1000))
    address = reverse("epi_stocks:inventory_total", args=[site.finess, current_week(), 4])
    assert "jamais les deux" in text_of(operator.get(address))
    operator.post(address)
    blanked = text_of(operator.get(page(site)))
    assert 'name="4-stock"' in blanked
    assert ">Remettre les tailles<" in blanked
    assert "Annuler la reprise" not in blanked

    operator.post(reverse("epi_stocks:inventory_undo", args=[site.finess, current_week()]))
    assert stock(site, 401) == 1000
