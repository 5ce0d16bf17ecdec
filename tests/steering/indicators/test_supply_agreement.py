"""Orders: delays, regional pools and pallets, wherever they are read."""

from decimal import Decimal
from statistics import median_low

import pytest
from django.db.models import Sum
from django.urls import reverse

from common.numbers import percent
from orders.models import RegionalPool, Shipment
from tests.builders import make_person, make_region
from tests.orders.builders import make_pool, make_product, make_stock
from tests.orders.dashboard.conftest import world  # noqa: F401
from tests.steering.figures.conftest import reference  # noqa: F401
from tests.steering.indicators.reading import (
    READERS,
    agreed,
    key_figure,
    logged_in,
    table_cell,
    told_beside,
    value_of,
)

pytestmark = pytest.mark.django_db
REGION, CODE = "Centre-Val de Loire", "24"
BOARD = reverse("orders:dashboard")


def days_taken(region):
    """The middle one of those that were delivered, counted one by one."""
    rows = Shipment.objects.filter(order__region=region)
    days = [(one.delivered_at - one.order.submitted_at).days for one in rows]
    return Decimal(median_low(days))


@pytest.fixture
def delivered(world):  # noqa: F811
    for home, days in (("orleans", 2), ("orleans", 3), ("tours", 9), ("rennes", 5), ("rennes", 6)):
        world.delivered(home, days=days)
    world.board()
    return world


def table_of(client, name):
    return {
        kind: rows_of(client.get(reverse("orders:dashboard_file", args=[name, kind])))
        for kind, rows_of in READERS.items()
    }


def test_the_delay_of_a_region_is_the_same_on_its_board_and_in_the_files(delivered):
    cell, agency = logged_in(delivered.cell), logged_in(delivered.ars)
    files = {
        kind: next(
            value_of(one["Délai médian (jours)"])
            for one in rows
            if one["Région"].startswith(REGION)
        )
        for kind, rows in table_of(cell, "delais").items()
    }
    page = cell.get(BOARD, {"vue": "livraisons"})
    agreed(
        files
        | {
            "function": days_taken(CODE),
            "table": table_cell(page, "delai-livraison", REGION),
            "agency": key_figure(agency.get(BOARD), "delai-livraison"),
        }
    )


@pytest.fixture
def pools(world):  # noqa: F811
    shared = {"item": world.item, "allocation": world.allocation}
    make_pool(make_region(), granted=500, used=120, **shared)
    make_pool(make_region("53", "Bretagne"), granted=300, used=30, **shared)
    return world


def used_of(pools):
    sums = pools.aggregate(granted=Sum("granted"), used=Sum("used"))
    return Decimal(percent(sums["used"], sums["granted"]))


def test_the_pool_of_an_agency_is_the_same_on_its_board_its_quotas_and_its_situation(pools):
    client = logged_in(pools.ars)
    own = RegionalPool.objects.get(region=CODE)
    board = client.get(BOARD)
    quotas = client.get(reverse("orders:quota_list")).text
    situation = client.get(reverse("steering:situation")).text
    told = situation[situation.index("Pot commun régional") :]
    assert f"<strong>{own.used}/{own.granted}</strong>, reste {own.remaining}" in quotas
    agreed(
        {
            "function": used_of(RegionalPool.objects.filter(region=CODE)),
            "screen": key_figure(board, "pot-commun"),
        }
    )
    agreed(
        {
            "function": Decimal(own.remaining),
            "situation": value_of(told[told.index("<dd>") : told.index("</strong>")]),
            "screen": value_of(board.text[board.text.index("Reste ") :][:30]),
        }
    )


def test_the_pools_of_the_country_are_those_of_its_regions(pools):
    page = logged_in(pools.cell).get(BOARD)
    agreed(
        {
            "function": used_of(RegionalPool.objects.all()),
            "screen": key_figure(page, "pot-commun"),
        }
    )


@pytest.fixture
def held(world):  # noqa: F811
    """Two products of the catalogue, one that left it, and what is elsewhere."""
    poste, spf = world.bodies["la_poste"], world.bodies["spf"]
    for units, per_pallet, fields in (
        (12_345, 1_000, {}),
        (400, 400, {}),
        (801, 400, {"is_open": False}),
    ):
        product = make_product(world.item, units_per_pallet=per_pallet, **fields)
        make_stock(product, units, poste)
        make_stock(product, 5_000, spf)
    return world


PALLETS = Decimal(13 + 1 + 3)


def test_the_pallets_of_la_poste_are_the_same_wherever_one_looks(held):
    client = logged_in(held.cell)
    files = {
        kind: sum(
            value_of(one["Palettes"])
            for one in rows_of(client.get(reverse("orders:state_stock_file", args=[kind])))
            if one["Entrepôt"] == str(held.bodies["la_poste"])
        )
        for kind, rows_of in READERS.items()
    }
    agreed(
        files
        | {
            "function": PALLETS,
            "board": key_figure(client.get(BOARD), "palettes"),
            "stock": key_figure(client.get(reverse("orders:state_stock")), "palettes"),
            "supply": told_beside(
                client.get(reverse("orders:replenishments")),
                "palettes",
                "Palettes à La Poste, estimées",
            ),
        }
    )


def test_la_poste_reads_the_same_pallets_as_the_cell(held):
    client = logged_in(make_person("LPO"))
    page = client.get(reverse("orders:replenishments"))
    agreed(
        {
            "function": PALLETS,
            "supply": told_beside(page, "palettes", "Palettes à La Poste, estimées"),
        }
    )
