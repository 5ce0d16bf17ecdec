"""What was acknowledged is looked for: each way of losing or inventing something must be seen."""

from uuid import uuid4

import pytest

from common.weeks import current_week
from epi_stocks.services.reference import load_items
from tests.builders import make_establishment, make_line
from tests.load.check import cells_held
from tests.load.truths import acknowledged, lost_cells, order_truths, read_told, values_due

BEFORE = {"available": 500, "reserved": 100, "ledger": 40, "orders": 60, "quotas": 70}
SENT = {uuid4() for _ in range(3)}


def after(**changes):
    """Three orders of a pack of fifty."""
    moved = {"available": -150, "reserved": 150, "ledger": 150, "orders": 150, "quotas": 150}
    return {name: BEFORE[name] + moved[name] + changes.get(name, 0) for name in BEFORE}


def broken(sent=SENT, refused=frozenset(), standing=SENT, **changes):
    found = order_truths(sent, set(refused), standing, BEFORE, after(**changes))
    return {words for words, count in found.items() if count}


def test_nothing_is_broken_when_all_agree():
    assert broken() == set()


def test_an_order_that_was_said_and_is_not_there():
    assert broken(standing=set(list(SENT)[:2])) == {"commandes annoncées, introuvables"}


def test_an_order_that_was_refused_and_is_there():
    assert broken(sent=set(), refused=SENT) == {"commandes refusées, pourtant écrites"}


@pytest.mark.parametrize("name", ["ledger", "orders", "quotas"])
def test_a_counter_apart_from_the_others(name):
    assert len(broken(**{name: 50})) == 1


def test_more_sold_than_there_was():
    assert "unités vendues de trop" in broken(reserved=400)
    assert "unités vendues de trop" in broken(available=-400)
    assert "unités créées ou perdues" in broken(available=50)


def cells(*said):
    return values_due([["A", "1-stock", *one.split()] for one in said])


def test_what_was_said_is_read_back_save_a_line_that_was_cut(tmp_path):
    path = tmp_path / "told.tsv"
    path.write_text("cell\tA\t1-stock\t7\tdone\norder\tx\t50\ncell\tA\t1-st")
    told = read_told(path)
    assert told == {"cell": [["A", "1-stock", "7", "done"]], "order": [["x", "50"]]}


def test_the_last_value_said_of_a_cell_is_the_one_to_find():
    assert cells("7 sent", "7 done", "8 sent", "8 done") == {("A", "1-stock"): {"8"}}


def test_what_was_sent_without_an_answer_may_be_there_or_not():
    assert cells("7 sent", "7 done", "8 sent") == {("A", "1-stock"): {"7", "8"}}
    assert cells("7 sent") == {}  # nothing was promised


def test_a_cell_sent_is_not_one_acknowledged():
    told = [
        ["A", "1-stock", "7", "sent"],
        ["A", "1-stock", "7", "done"],
        ["B", "1-stock", "1", "sent"],
    ]
    assert acknowledged(told) == 1
    assert acknowledged([["order-token", "50"]]) == 1


@pytest.mark.django_db
def test_a_cell_that_holds_something_else_is_lost():
    load_items()
    site, week = make_establishment(), current_week()
    make_line(site, week, stock=8, daily=2)
    due = {(site.finess, "1-stock"): {"8", "9"}, (site.finess, "1-daily"): {"2"}}
    held = cells_held(due, week.isoformat())
    assert lost_cells(due, held) == 0
    assert lost_cells(due | {(site.finess, "1-stock"): {"9"}}, held) == 1
    assert lost_cells(due | {(site.finess, "2-stock"): {"9"}}, held) == 1
