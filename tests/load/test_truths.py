"""What was acknowledged is looked for: each way of losing or inventing something must be seen."""

from uuid import uuid4

import pytest

from common.weeks import current_week
from epi_stocks.services.reference import load_items
from tests.builders import make_establishment, make_line
from tests.load.truths import cells_held, last_cells, lost_cells, order_truths, read_told

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


def test_the_last_value_said_of_a_cell_is_the_one_to_find(tmp_path):
    path = tmp_path / "told.tsv"
    path.write_text("cell\tA\t1-stock\t7\ncell\tA\t1-stock\t8\norder\tx\t50\ncell\tA\t1-st")
    told = read_told(path)
    assert told["order"] == [["x", "50"]]
    assert last_cells(told["cell"]) == {("A", "1-stock"): "8"}


@pytest.mark.django_db
def test_a_cell_that_holds_something_else_is_lost():
    load_items()
    site, week = make_establishment(), current_week()
    make_line(site, week, stock=8, daily=2)
    said = {(site.finess, "1-stock"): "8", (site.finess, "1-daily"): "2"}
    held = cells_held(said, week.isoformat())
    assert lost_cells(said, held) == 0
    assert lost_cells(said | {(site.finess, "1-stock"): "9"}, held) == 1
    assert lost_cells(said | {(site.finess, "2-stock"): "9"}, held) == 1
