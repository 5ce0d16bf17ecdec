"""Every read names its Mondays: never a walk through the whole table of lines.

PostgreSQL 18 hides a forgotten Monday behind a skip scan; 15 shows it as a sequential scan, so
this runs on both (``make test-pg15``).
"""

import pytest
from django.db import connection
from django.utils import timezone

from common.weeks import current_week, shift, weeks_back
from epi_stocks.dashboard.establishments import late_sites
from epi_stocks.dashboard.scope import scope_for
from epi_stocks.dashboard.territory import territory_for
from epi_stocks.filters import DashboardFilter
from epi_stocks.grid import load_grid, load_sites
from epi_stocks.services.copying import copy_last_week, return_to_total
from epi_stocks.services.coverage import coverage_of, set_covered_sites
from epi_stocks.services.other_values import load_other_values
from epi_stocks.services.saving import CellChange, confirm_doubt, save_cells
from epi_stocks.transfer.exporting import declared_rows, declared_weeks
from epi_stocks.transfer.preview import held_lines
from tests.builders import make_establishment, make_person
from tests.epi_stocks.truth import expect

pytestmark = [pytest.mark.django_db, pytest.mark.explain]
WEEK = current_week()
PLACES, WEEKS = 60, 60
MOST_ROWS = 3000  # of the 28,800: what the widest of these reads honestly needs

READS = {
    "grid": lambda person, place: load_grid(person, place.finess, WEEK),
    "sites": lambda person, place: load_sites(person, WEEK),
    "save": lambda person, place: save_cells(
        by=person,
        week=WEEK,
        establishment_id=place.pk,
        changes=[CellChange(1, "stock", 5000, 5), CellChange(401, "stock", 1, None)],
    ),
    "confirm": lambda person, place: confirm_doubt(
        by=person, week=WEEK, establishment_id=place.pk, item_id=1, measure="stock", value=5
    ),
    "copy": lambda person, place: copy_last_week(by=person, week=WEEK, establishment_id=place.pk),
    "return": lambda person, place: return_to_total(
        by=person, week=WEEK, establishment_id=place.pk, item_id=4
    ),
    "other value": lambda person, place: load_other_values(WEEK, place.pk, [(1, "stock")]),
    "coverage": lambda person, place: coverage_of(place.legal_entity_id, WEEK),
    "covering": lambda person, place: set_covered_sites(
        by=person, declaring=place, ticked_ids=[], seen_ids=[], week=WEEK
    ),
    "import": lambda person, place: held_lines([place.pk], WEEK),
    "export of a place": lambda person, place: list(
        declared_rows([place.pk], declared_weeks([place.pk]))
    ),
    "late sites": lambda person, place: late_sites(region_of(place), limit=25),
}


def region_of(place):
    """What the reader of an ARS opens: the whole region, this week."""
    reader = make_person("ARL", domain="epi_stock", on=place.region)
    territory = territory_for(reader)
    return scope_for(reader, territory, DashboardFilter({}, user=reader, territory=territory))


@pytest.fixture
def country():
    """Sixty places and sixty weeks, the places in twenty entities; the first place is returned."""
    places = [make_establishment() for _ in range(PLACES // 3)]
    places += [make_establishment(place.legal_entity) for place in places * 2]
    expect(places[0].category)
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO epi_stocks_inventoryline
                   (week, establishment_id, item_id, stock, daily, supply, doubts, saved_at)
               SELECT week, place, item, 5, 1, NULL, 0, %s
                 FROM unnest(%s::date[]) week, unnest(%s::bigint[]) place,
                      unnest(ARRAY[1, 2, 3, 4, 5, 6, 7, 401]) item""",
            [timezone.now(), weeks_back(WEEK, WEEKS), [place.pk for place in places]],
        )
        cursor.execute(
            """INSERT INTO epi_stocks_weeklyinventory
                   (week, establishment_id, first_saved_at, reason)
               SELECT week, place, %s, ''
                 FROM unnest(%s::date[]) week, unnest(%s::bigint[]) place""",
            [timezone.now(), weeks_back(shift(WEEK, 0), WEEKS), [place.pk for place in places]],
        )
        cursor.execute("ANALYZE epi_stocks_inventoryline")
        cursor.execute("ANALYZE epi_stocks_weeklyinventory")
    return places[0]


def scans():
    """Sequential scans and rows fetched through the index, functions included, so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq_scan, idx_tup_fetch FROM pg_stat_xact_user_tables"
            " WHERE relname = 'epi_stocks_inventoryline'"
        )
        return cursor.fetchone() or (0, 0)


@pytest.mark.parametrize("read", READS)
def test_no_read_walks_through_the_whole_table(read, country):
    person = make_person("OIE", on=country)
    sequential, fetched = scans()
    READS[read](person, country)
    after_sequential, after_fetched = scans()
    assert after_sequential == sequential
    assert after_fetched - fetched < MOST_ROWS


def test_a_read_that_forgets_its_monday_would_be_seen(country):
    """The control: without it, the test above proves nothing."""
    sequential, fetched = scans()
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(stock) FROM epi_stocks_inventoryline WHERE item_id = 1")
    after_sequential, after_fetched = scans()
    assert after_sequential > sequential or after_fetched - fetched >= MOST_ROWS
