"""« Rien n’a changé » and the return to one total: what they fill or blank can be undone."""

import pytest

from common.weeks import shift
from epi_stocks.models import InventoryLine
from epi_stocks.services.copying import UndoError, copy_last_week, return_to_total, undo
from tests.builders import make_establishment, make_line, make_person
from tests.epi_stocks.cells import WEEK, held, save, verdicts
from tests.locks import before_another

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_establishment()


@pytest.fixture
def person(place):
    return make_person("OIE", on=place)


def test_last_week_fills_only_blank_cells_in_one_statement(
    person, place, django_assert_num_queries
):
    make_line(place, shift(WEEK, -1), 1, stock=100, daily=10)
    make_line(place, shift(WEEK, -1), 2, stock=0)
    make_line(place, shift(WEEK, -2), 3, stock=77)
    save(person, place, (1, "stock", 90, None))
    with django_assert_num_queries(1):
        result = copy_last_week(by=person, week=WEEK, establishment_id=place.pk)
    assert result.copied == 2
    assert (held(place, 1), held(place, 2), held(place, 3)) == (
        (90, 10, None),
        (0, None, None),
        None,
    )


def test_copying_never_puts_a_total_over_sizes_nor_sizes_over_a_total(person, place):
    other = make_establishment(place.legal_entity)
    make_line(place, shift(WEEK, -1), 4, stock=500)
    save(person, place, (401, "stock", 30, None))
    assert copy_last_week(by=person, week=WEEK, establishment_id=place.pk).copied == 0
    make_line(other, shift(WEEK, -1), 401, stock=30)
    save(person, other, (4, "stock", 500, None))
    assert copy_last_week(by=person, week=WEEK, establishment_id=other.pk).copied == 0


def test_undoing_a_copy_leaves_what_was_changed_since(person, place):
    make_line(place, shift(WEEK, -1), 1, stock=100, daily=10)
    result = copy_last_week(by=person, week=WEEK, establishment_id=place.pk)
    save(person, place, (1, "stock", 95, 100))
    undo(by=person, week=WEEK, establishment_id=place.pk, token=result.undo)
    assert held(place) == (95, None, None)


def test_an_undo_is_for_its_own_grid_and_cannot_be_forged(person, place):
    make_line(place, shift(WEEK, -1), 1, stock=100)
    token = copy_last_week(by=person, week=WEEK, establishment_id=place.pk).undo
    other = make_establishment(place.legal_entity)
    for bad, site in ((token, other), (token + "x", place), ("", place)):
        with pytest.raises(UndoError):
            undo(by=person, week=WEEK, establishment_id=site.pk, token=bad)


def test_returning_to_a_single_total_blanks_the_sizes_and_can_be_undone(person, place):
    save(person, place, (401, "stock", 30, None), (402, "daily", 4, None))
    result = return_to_total(by=person, week=WEEK, establishment_id=place.pk, item_id=4)
    assert result.copied == 2
    assert held(place, 401) == (None, None, None)
    undo(by=person, week=WEEK, establishment_id=place.pk, token=result.undo)
    assert (held(place, 401), held(place, 402)) == ((30, None, None), (None, 4, None))
    assert not InventoryLine.objects.filter(doubts__gt=0).exists()


def test_undoing_a_return_to_a_total_leaves_the_total_somebody_typed_since(person, place):
    save(person, place, (401, "stock", 10, None), (402, "stock", 20, None))
    result = return_to_total(by=person, week=WEEK, establishment_id=place.pk, item_id=4)
    save(make_person("OIE", on=place), place, (4, "stock", 500, None))
    undone = undo(by=person, week=WEEK, establishment_id=place.pk, token=result.undo)
    assert verdicts(undone) == {(401, "stock"): "conflict", (402, "stock"): "conflict"}
    assert held(place, 4) == (500, None, None)
    assert held(place, 401) == (None, None, None)


@pytest.mark.django_db(transaction=True)
def test_a_total_typed_while_sizes_are_copied_is_not_lost():
    place = make_establishment()
    first, second = (make_person("OIE", on=place) for _ in range(2))
    make_line(place, shift(WEEK, -1), 401, stock=30)
    results = []

    def copy():
        results.append(copy_last_week(by=second, week=WEEK, establishment_id=place.pk))

    with before_another(copy):
        save(first, place, (4, "stock", 500, None))
    assert verdicts(results[0].save) == {(401, "stock"): "conflict"}
    assert results[0].copied == 0
    assert held(place, 4) == (500, None, None)
