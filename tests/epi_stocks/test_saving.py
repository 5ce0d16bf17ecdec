"""Cells are saved one by one: nothing typed is lost, nothing typed by another is overwritten."""

from datetime import datetime, timedelta

import pytest

from common.weeks import PARIS, monday_of
from epi_stocks.models import EffectiveLine, InventoryLine, ReplacedLine, WeeklyInventory
from epi_stocks.services.other_values import load_other_values
from tests.builders import make_establishment, make_line, make_person, make_user
from tests.epi_stocks.cells import WEEK, held, other_thread, save, verdicts
from tests.locks import before_another

pytestmark = pytest.mark.django_db


def test_one_cell_is_saved_in_one_statement(person, place, django_assert_num_queries):
    with django_assert_num_queries(1):
        result = save(person, place, (1, "stock", 44500, None))
    assert verdicts(result) == {(1, "stock"): "saved"}
    assert held(place) == (44500, None, None)
    assert result.filled == 1


def test_blank_and_zero_stay_different(person, place):
    save(person, place, (1, "stock", 0, None), (1, "daily", None, None))
    assert held(place) == (0, None, None)
    assert verdicts(save(person, place, (1, "stock", None, 0))) == {(1, "stock"): "saved"}
    assert held(place) == (None, None, None)


def test_blank_is_not_taken_for_zero_when_comparing_with_what_was_seen(person, place):
    save(person, place, (1, "stock", 0, None))
    assert verdicts(save(person, place, (1, "stock", 5, None))) == {(1, "stock"): "conflict"}


def test_two_columns_of_a_new_row_at_once(person, place):
    save(person, place, (1, "stock", 10, None), (1, "supply", 5, None))
    assert held(place) == (10, None, 5)


def test_two_people_on_two_columns_of_a_row_meet_no_conflict(person, place):
    colleague = make_person("OIE", on=place)
    save(person, place, (1, "stock", 10, None))
    result = save(colleague, place, (1, "daily", 3, None))
    assert verdicts(result) == {(1, "daily"): "saved"}
    assert held(place) == (10, 3, None)


def test_a_conflict_keeps_the_other_value_and_says_who_and_when(place, person):
    nadia = make_person("OIE", on=place, user=make_user(first_name="Nadia", last_name="Benali"))
    at = datetime(2026, 11, 18, 9, 40, tzinfo=PARIS)
    week = monday_of(at)
    save(nadia, place, (5, "stock", 640, None), week=week, now=at)
    later = at + timedelta(minutes=1)
    save(person, place, (5, "daily", 60, None), week=week, now=later)
    result = save(person, place, (5, "stock", 700, None), week=week, now=later)
    (cell,) = result.conflicts
    assert (cell.value, cell.other_by, cell.other_at) == (640, "Nadia Benali", at)
    assert cell.sentence == "Nadia Benali a saisi 640 à 9\u00a0h\u00a040."
    assert held(place, 5, week) == (640, 60, None)
    other = load_other_values(week, place.pk, [(5, "daily")])[5, "daily"]
    assert (other.value, other.by) == (60, str(person))


def test_a_retry_after_a_lost_answer_is_not_a_conflict(person, place):
    save(person, place, (1, "stock", 10, None))
    before = InventoryLine.objects.get(establishment=place).saved_at
    assert verdicts(save(person, place, (1, "stock", 10, None))) == {(1, "stock"): "kept"}
    assert InventoryLine.objects.get(establishment=place).saved_at == before


def test_a_block_saves_what_it_can_and_reports_its_conflicts(person, place):
    save(make_person("OIE", on=place), place, (2, "daily", 7, None))
    result = save(
        person,
        place,
        (1, "stock", 1, None),
        (2, "stock", 2, None),
        (2, "daily", 3, None),
        (999, "stock", 3, None),
    )
    assert verdicts(result) == {
        (1, "stock"): "saved",
        (2, "stock"): "saved",
        (2, "daily"): "conflict",
        (999, "stock"): "not_counted",
    }
    assert held(place, 2) == (2, 7, None)


def test_each_replaced_value_is_kept_with_its_author(person, place):
    save(person, place, (1, "stock", 10, None))
    save(person, place, (1, "stock", 12, 10))
    kept = ReplacedLine.objects.get(establishment=place)
    assert (kept.stock, kept.saved_by) == (10, person)


def test_the_first_value_of_the_week_dates_the_declaration(person, place):
    first = datetime.now(PARIS)
    save(person, place, (1, "stock", None, None), now=first)
    assert WeeklyInventory.objects.get(establishment=place).first_saved_at is None
    save(person, place, (1, "stock", 0, None), now=first + timedelta(hours=1))
    save(person, place, (2, "stock", 4, None), now=first + timedelta(hours=2))
    header = WeeklyInventory.objects.get(establishment=place)
    assert header.first_saved_at == first + timedelta(hours=1)


# Gloves by size


def test_a_size_blanks_the_typed_total_which_history_keeps(person, place):
    save(person, place, (4, "stock", 500, None), (4, "daily", 20, None))
    result = save(person, place, (401, "stock", 30, None))
    assert result.total_blanked
    assert held(place, 4) == (None, None, None)
    assert ReplacedLine.objects.get(item=4).stock == 500
    total = next(row for row in result.rows if row.item_id == 4)
    assert (total.stock, total.is_total) == (30, True)


def test_a_total_is_refused_while_sizes_are_filled(person, place):
    save(person, place, (401, "stock", 30, None))
    result = save(person, place, (4, "stock", 500, None))
    assert verdicts(result) == {(4, "stock"): "sizes"}
    assert "somme des tailles" in result.cells[0].sentence
    assert held(place, 4) is None


def test_total_and_sizes_pasted_together_keep_the_sizes(person, place):
    result = save(person, place, (4, "stock", 500, None), (402, "stock", 30, None))
    assert verdicts(result) == {(4, "stock"): "sizes", (402, "stock"): "saved"}


def test_sizes_add_up_column_by_column_and_blank_sizes_are_ignored(person, place):
    make_line(place, WEEK, 4, stock=999, daily=999, supply=999)
    save(person, place, (401, "stock", 30, None), (402, "stock", 5, None), (402, "daily", 0, None))
    line = EffectiveLine.objects.of(WEEK).get(establishment=place)
    assert (line.item_id, line.stock, line.daily, line.supply) == (4, 35, 0, None)


def test_blank_sizes_leave_the_typed_total(person, place):
    make_line(place, WEEK, 401)
    save(person, place, (4, "stock", 500, None))
    line = EffectiveLine.objects.of(WEEK).get(establishment=place, item=4)
    assert (line.stock, line.by_size) == (500, False)


# At the same moment


@pytest.mark.django_db(transaction=True)
def test_a_size_and_a_total_typed_at_the_same_moment_never_both_stay():
    place = make_establishment()
    first, second = (make_person("OIE", on=place) for _ in range(2))
    results = []
    with before_another(lambda: results.append(save(second, place, (4, "stock", 9, None)))):
        save(first, place, (401, "stock", 30, None))
    assert verdicts(results[0]) == {(4, "stock"): "sizes"}
    assert EffectiveLine.objects.of(WEEK).get(establishment=place).stock == 30


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_people_on_one_cell_meets_the_conflict():
    place = make_establishment()
    first, second = (make_person("OIE", on=place) for _ in range(2))
    results = []
    with before_another(lambda: results.append(save(second, place, (1, "stock", 700, None)))):
        save(first, place, (1, "stock", 640, None))
    assert [cell.value for cell in results[0].conflicts] == [640]
    assert held(place) == (640, None, None)


@pytest.mark.django_db(transaction=True)
def test_four_people_filling_one_grid_at_once_lose_nothing():
    place = make_establishment()
    people = [make_person("OIE", on=place) for _ in range(4)]
    cells = [(item, one) for item in (1, 2, 3, 5, 6, 7) for one in ("stock", "daily", "supply")]
    conflicts = []

    def fill(number):
        for item, measure in cells[number::4]:
            result = save(people[number], place, (item, measure, number + 1, None))
            conflicts.extend(result.conflicts)

    for thread in [other_thread(lambda number=number: fill(number)) for number in range(4)]:
        thread.join()
    lines = InventoryLine.objects.filter(week=WEEK, establishment=place)
    assert sum(None not in (line.stock, line.daily, line.supply) for line in lines) == 6
    assert conflicts == []
