"""What the inventory page is given: one statement for the grid, one for the sites."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.http import Http404

from common.cover import Level
from common.weeks import PARIS, current_week, shift
from epi_stocks.grid import load_grid, load_sites
from epi_stocks.models import CentralCoverage, InventoryLine
from epi_stocks.services.reference import load_expected_categories
from tests.builders import (
    make_category,
    make_department,
    make_establishment,
    make_line,
    make_person,
    make_region,
)

pytestmark = pytest.mark.django_db
WEEK = current_week()
MONDAY = datetime.combine(WEEK, datetime.min.time(), tzinfo=PARIS) + timedelta(hours=8)
SATURDAY = MONDAY + timedelta(days=5)


@pytest.fixture
def place():
    place = make_establishment()
    load_expected_categories()
    return place


@pytest.fixture
def person(place):
    return make_person("OIE", on=place)


def grid_of(person, place, now=MONDAY, **options):
    return load_grid(person, place.finess, WEEK, now=now, **options)


def row_of(grid, item):
    return next(row for row in grid.rows if row.item_id == item)


def state_of(person, place, now=MONDAY):
    entities = load_sites(person, WEEK, now=now)
    return next(s.state for e in entities for s in e.sites if s.finess == place.finess)


def test_the_grid_and_the_sites_take_one_statement_each(person, place, django_assert_num_queries):
    make_line(place, WEEK, 1, stock=5)
    assert person.usable_profiles
    with django_assert_num_queries(1):
        grid = grid_of(person, place)
    with django_assert_num_queries(1):
        load_sites(person, WEEK, around=grid)


def test_each_cell_shows_the_last_declared_week_beside_it(person, place):
    make_line(place, shift(WEEK, -2), 1, stock=48000, daily=0)
    make_line(place, shift(WEEK, -2), 7, stock=5000)
    make_line(place, WEEK, 1, stock=44500, daily=2000)
    grid = grid_of(person, place)
    cells = {cell.name: (cell.value, cell.previous) for cell in row_of(grid, 1).cells}
    assert cells == {"1-stock": (44500, 48000), "1-daily": (2000, 0), "1-supply": (None, None)}
    assert (row_of(grid, 1).days, row_of(grid, 1).level) == (Decimal("22.2"), "suffisante")
    week = shift(WEEK, -2)
    assert grid.last_sentence == (
        f"La semaine du {week:%d/%m/%Y} (dernière renseignée) vous avez déclaré un stock de "
        "48\u202f000\u00a0Masques chirurgicaux et 5\u202f000\u00a0Protections de chevelure."
    )


def test_blank_stock_is_unknown_and_says_what_is_missing(person, place):
    make_line(place, WEEK, 6, daily=90)
    grid = grid_of(person, place)
    assert (row_of(grid, 6).level, row_of(grid, 6).note) == (
        Level.UNKNOWN,
        "stock non renseigné",
    )
    assert row_of(grid, 7).note == "rien de saisi"


def test_sizes_are_shown_when_asked_and_the_total_is_then_computed(person, place):
    assert grid_of(person, place).countable == 21
    assert grid_of(person, place, sizes=("surgical",)).open_sizes == ["surgical"]
    make_line(place, WEEK, 401, stock=30, daily=2)
    make_line(place, WEEK, 402, stock=5, doubts=1)
    grid = grid_of(person, place)
    total = row_of(grid, 4)
    assert [cell.value for cell in total.cells] == [35, 2, None]
    assert total.is_total
    assert all(cell.is_read_only for cell in total.cells)
    assert total.note == "à vérifier\u00a0: taille S"
    assert (grid.open_sizes, grid.countable, grid.filled) == (["medical"], 33, 3)


def test_a_doubt_is_told_until_it_is_confirmed(person, place):
    make_line(place, shift(WEEK, -1), 1, stock=9400)
    make_line(place, WEEK, 1, stock=94000, doubts=1)
    grid = grid_of(person, place)
    assert row_of(grid, 1).cells[0].doubt == "10 fois la dernière valeur déclarée (9\u202f400)"
    assert grid.to_check == 1
    InventoryLine.objects.filter(week=WEEK).update(doubts=8)
    assert grid_of(person, place).to_check == 0


def test_the_cells_that_a_copy_would_fill_are_counted(person, place):
    make_line(place, shift(WEEK, -1), 1, stock=10, daily=2)
    make_line(place, shift(WEEK, -1), 2, stock=10)
    make_line(place, WEEK, 1, stock=9)
    assert grid_of(person, place).blank_to_copy == 2


def test_outside_the_perimeter_a_grid_does_not_exist(place):
    paris = make_department("75", "Paris", make_region("11", "Île-de-France"))
    elsewhere = make_establishment(department=paris)
    for code in ("OIE", "ARA", "DEP", "USR"):
        with pytest.raises(Http404):
            grid_of(make_person(code), elsewhere)
    with pytest.raises(Http404):
        load_grid(make_person("NAT", domain="epi_stock"), "999999999", WEEK)


def test_a_reader_sees_a_grid_and_is_told_why_it_is_not_theirs_to_fill(place):
    grid = grid_of(make_person("ARA"), place)
    assert not grid.may_write
    assert grid.is_open
    assert all(cell.is_read_only for row in grid.rows for cell in row.cells)


def test_an_ars_sees_only_its_own_sites_of_an_entity_that_goes_further(place):
    paris = make_department("75", "Paris", make_region("11", "Île-de-France"))
    make_establishment(place.legal_entity, department=paris)
    ars = make_person("ARA")
    (entity,) = load_sites(ars, WEEK, around=grid_of(ars, place))
    assert [site.finess for site in entity.sites] == [place.finess]


def test_a_closed_week_says_how_to_correct_it(person, place):
    week = shift(WEEK, -6)
    grid = load_grid(person, place.finess, week)
    assert not grid.may_write
    assert "demandez sa réouverture" in grid.closed_sentence


# States of a site


def test_a_site_is_to_do_then_late_after_friday(person, place):
    make_line(place, shift(WEEK, -1), 1, stock=5)
    assert state_of(person, place).sentence == "rien de saisi cette semaine"
    late = state_of(person, place, now=SATURDAY)
    assert (late.key, late.sentence) == (
        "late",
        f"en retard, rien depuis le {shift(WEEK, -1):%d/%m}",
    )


def test_a_site_behind_since_an_earlier_week_is_late_at_once(person, place):
    make_line(place, shift(WEEK, -2), 1, stock=5)
    assert state_of(person, place).key == "late"


def test_a_site_is_complete_when_nothing_declared_the_last_time_is_blank(person, place):
    make_line(place, shift(WEEK, -1), 1, stock=5, daily=1)
    line = make_line(place, WEEK, 1, stock=5)
    assert state_of(person, place).sentence == "en cours, 1 case sur 21"
    assert grid_of(person, place).state.key == "started"
    InventoryLine.objects.filter(week=WEEK).update(daily=0)
    day = line.saved_at.astimezone(PARIS)
    assert state_of(person, place).sentence == f"déclaré le {day:%d/%m}"
    assert grid_of(person, place).state.key == "declared"


def test_a_covered_site_is_never_late(person, place):
    main = make_establishment(place.legal_entity, name="CH Principal")
    CentralCoverage.objects.create(declaring=main, covered=place, first_week=WEEK)
    state = state_of(person, place, now=SATURDAY)
    assert (state.key, state.sentence) == ("covered", "couvert par CH Principal")
    grid = grid_of(person, place)
    assert not grid.may_write
    assert "CH Principal" in grid.closed_sentence
    (entity,) = load_sites(person, WEEK, around=load_grid(person, main.finess, WEEK))
    assert [site.is_covered_here for site in entity.sites if site.finess == place.finess] == [True]


def test_a_site_out_of_the_list_is_not_expected(person, place):
    place.category = make_category("999", "Autre")
    place.save()
    assert state_of(person, place, now=SATURDAY).key == "not_expected"
