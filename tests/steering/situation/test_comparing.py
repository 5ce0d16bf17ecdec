"""A figure beside that of the bulletin before."""

from decimal import Decimal

import pytest

from steering.situation.comparing import changes_of, class_changes, difference
from steering.situation.content import Cell, Content, Grid, Heading, Measure, Part, Row


def part(value, level="Tendue"):
    grid = Grid(
        "items",
        "Équipements",
        "Équipement",
        (Heading("Classe"),),
        (Row("ffp2", "FFP2", (Cell(level, level=level.lower()),)),),
    )
    measure = Measure("rate", "Taux", f"{value} %", str(value), "%", is_headline=True)
    return Content((Part("equipment", "EPI", "dash.epi", "", (measure,), (grid,)),))


@pytest.mark.parametrize(
    ("now_", "before", "told"),
    [
        (80, 76, "▲ 4 points de plus"),
        (75, 76, "▼ 1 point de moins"),
        (76, 76, "= sans changement"),
    ],
)
def test_a_change_is_told_in_words_beside_its_arrow(now_, before, told):
    found = changes_of(part(now_), part(before))["rate"]
    assert str(found).replace("\u00a0", " ") == told


def test_a_change_of_units_has_a_number_and_no_points():
    assert str(difference(Decimal(7), Decimal(5))) == "▲ 2 de plus"


def test_without_a_bulletin_before_nothing_is_compared():
    assert changes_of(part(80), Content()) == {}
    assert changes_of(part(80), part("")) == {}


def test_a_class_that_changed_says_what_it_was():
    grids = [part(1, level).part("equipment").grid("items") for level in ("Critique", "Tendue")]
    assert class_changes(*grids) == {"ffp2": "était tendue"}
    assert class_changes(grids[0], grids[0]) == {}
    assert class_changes(grids[0], None) == {}
