"""Screens, files, interfaces and open data say the same figure, that of the one function."""

from decimal import Decimal

import pytest
from django.db.models import F, Sum
from django.test import Client
from django.urls import reverse

from common.cover import days_of_cover, level
from common.numbers import percent
from common.weeks import current_week
from epi_stocks.models import EpiItem, InventoryLine
from epi_stocks.summaries.refresh import refresh_due_weeks
from establishments.models import Establishment
from orders.dashboard.figures import ItemStock, QuotaFigures
from orders.models import Quota, Share
from pui.models import StockLine
from pui.open_data.columns import OPEN_STOCKS
from pui.services.open_data import publish_open_data
from steering.services.open_data import publish_datasets
from tests.builders import make_body, make_establishment, make_line, make_person
from tests.epi_stocks.visu import FFP2
from tests.orders.builders import make_product, make_stock
from tests.orders.dashboard.conftest import world as orders_world  # noqa: F401
from tests.pui.api.sending import STOCKS, headers, token_of_body
from tests.pui.builders import make_pui
from tests.pui.region.conftest import NOW, now, world  # noqa: F401
from tests.steering.figures.conftest import (
    AFTER,
    WEEK,
    country,  # noqa: F401
    own_files,  # noqa: F401
    reference,  # noqa: F401
)
from tests.steering.indicators.reading import (
    agreed,
    api_line,
    csv_cell,
    key_figure,
    logged_in,
    number,
    open_line,
    table_cell,
    xlsx_cell,
)

pytestmark = pytest.mark.django_db
REGION, CODE = "Centre-Val de Loire", "24"


@pytest.fixture
def equipment(country):  # noqa: F811
    """One site of the region declares nothing: the rate is not 100 %."""
    make_establishment(department=country["45"])
    make_line(make_establishment(department=country["45"]), WEEK, FFP2, stock=0, daily=10)
    refresh_due_weeks()
    publish_datasets(AFTER)
    return logged_in(make_person("NAT", domain="epi_stock"))


def declared_in_region():
    return InventoryLine.objects.filter(
        week=WEEK, item_id=FFP2, establishment__region=CODE, stock__isnull=False
    )


def true_cover():
    sums = declared_in_region().aggregate(stock=Sum("stock"), daily=Sum("daily"))
    return sums["stock"], sums["daily"]


def true_rate():
    expected = Establishment.objects.filter(region=CODE).count()
    return percent(declared_in_region().count(), expected)


EQUIPMENT = {  # the heading of the file, the column of the open data, the truth
    "couverture-epi": ("Couverture", "couverture_jours", lambda: days_of_cover(*true_cover())),
    "classe-epi": ("Classe", "classe", lambda: level(*true_cover()).value),
    "quantites-epi": ("Stock", "stock", lambda: Decimal(true_cover()[0])),
    "taux-declaration-epi": ("Taux", "taux", lambda: Decimal(true_rate())),
    "attendus-epi": (
        "Attendus",
        "attendus",
        lambda: Decimal(Establishment.objects.filter(region=CODE).count()),
    ),
}


@pytest.mark.parametrize("slug", EQUIPMENT)
def test_a_figure_of_equipment_is_the_same_everywhere(equipment, slug):
    heading, column, truth = EQUIPMENT[slug]
    item = EpiItem.objects.get(pk=FFP2)
    query = {"equipement": item.code, "semaine": f"{WEEK:%Y-%m-%d}"}
    files = {
        kind: reverse("epi_stocks:visu_file", args=["territoires", kind])
        for kind in ("csv", "xlsx")
    }
    dataset = "declarations-epi" if column in ("taux", "attendus") else "stocks-epi"
    told = open_line(dataset, region=CODE, departement=None)[column]
    by_api = api_line(dataset, region=CODE, departement=None)[column]
    agreed(
        {
            "function": truth(),
            "screen": table_cell(equipment.get(reverse("epi_stocks:visu"), query), slug, REGION),
            "csv": csv_cell(equipment.get(files["csv"], query), heading, REGION),
            "xlsx": xlsx_cell(equipment.get(files["xlsx"], query), heading, REGION),
            "open data": told if isinstance(told, str) else number(told),
            "interface": by_api if isinstance(by_api, str) else number(by_api),
        }
    )


def test_the_empty_stocks_of_a_territory_are_the_same_in_its_files(equipment):
    query = {"equipement": EpiItem.objects.get(pk=FFP2).code, "semaine": f"{WEEK:%Y-%m-%d}"}
    page = equipment.get(reverse("epi_stocks:visu"), query)
    files = {
        kind: equipment.get(reverse("epi_stocks:visu_file", args=["territoires", kind]), query)
        for kind in ("csv", "xlsx")
    }
    agreed(
        {
            "function": Decimal(declared_in_region().filter(stock=0).count()),
            "screen": table_cell(page, "ruptures-epi", REGION),
            "csv": csv_cell(files["csv"], "En rupture", REGION),
            "xlsx": xlsx_cell(files["xlsx"], "En rupture", REGION),
        }
    )


def test_the_rate_of_the_home_page_is_that_of_the_real_time_view(country):  # noqa: F811
    make_line(Establishment.objects.first(), current_week(), FFP2, stock=1, daily=1)
    refresh_due_weeks()
    client = logged_in(make_person("NAT", domain="epi_stock"))
    item = EpiItem.objects.get(pk=FFP2)
    view = client.get(reverse("epi_stocks:visu"), {"equipement": item.code})
    agreed(
        {
            "home": key_figure(client.get("/"), "taux-declaration-epi"),
            "view": key_figure(view, "taux-declaration-epi"),
        }
    )


@pytest.fixture
def pharmacies(world):  # noqa: F811
    """Six pharmacies of the region declared the last closed due day."""
    for rank in range(6):
        pui = make_pui(f"PUI {rank}", on=make_establishment())
        world.declare(pui, {world.cis: (100 + 10 * rank, 7)}, back=2)
    world.refresh()
    publish_open_data(NOW)
    return world


def test_the_cover_of_a_medicine_is_the_same_everywhere(pharmacies):
    client = logged_in(make_person("NAT", domain="dispostock"))
    query = {"lignes": "region", "produits": "reference", "dci": "CISATRACURIUM"}
    sums = StockLine.objects.aggregate(stock=Sum("stock"), daily=Sum("daily"))
    token = token_of_body(make_body("national"))
    rows = Client().get(STOCKS, headers=headers(token, "")).json()["stocks"]
    told = open_line(OPEN_STOCKS.name, region=CODE)
    by_api = api_line(OPEN_STOCKS.name, region=CODE)
    files = {kind: reverse("pui:region_file", args=["stocks", kind]) for kind in ("csv", "xlsx")}
    page = client.get(reverse("pui:region"), query)
    agreed(
        {
            "function": days_of_cover(sums["stock"], sums["daily"]),
            "screen": table_cell(page, "couverture-medicament", REGION),
            "csv": csv_cell(client.get(files["csv"], query), "Couverture (jours)", REGION),
            "xlsx": xlsx_cell(client.get(files["xlsx"], query), "Couverture (jours)", REGION),
            "interface": days_of_cover(
                sum(number(one["stock"]) for one in rows), sum(number(one["cmj"]) for one in rows)
            ),
            "open data": number(told["couverture_jours"]),
            "open interface": number(by_api["couverture_jours"]),
        }
    )


def test_the_class_of_a_medicine_is_the_same_in_its_files(pharmacies):
    client = logged_in(make_person("NAT", domain="dispostock"))
    query = {"lignes": "region", "produits": "reference", "dci": "CISATRACURIUM"}
    sums = StockLine.objects.aggregate(stock=Sum("stock"), daily=Sum("daily"))
    files = {
        kind: client.get(reverse("pui:region_file", args=["stocks", kind]), query)
        for kind in ("csv", "xlsx")
    }
    page = client.get(reverse("pui:region"), query)
    agreed(
        {
            "function": str(level(sums["stock"], sums["daily"]).label).lower(),
            "screen": table_cell(page, "classe-medicament", REGION),
            "csv": csv_cell(files["csv"], "Classe", REGION),
            "xlsx": xlsx_cell(files["xlsx"], "Classe", REGION),
        }
    )


@pytest.fixture
def ordering(orders_world):  # noqa: F811
    orders_world.quota("orleans", granted=1_000, used=430, need=30)
    orders_world.quota("tours", granted=500, used=100, need=20)
    orders_world.quota("rennes", granted=1_000, used=1_000, need=20)
    make_stock(make_product(orders_world.item, units_per_pallet=1_000), 12_345)
    orders_world.board()
    return logged_in(orders_world.cell)


def orders_file(client, table, kind):
    return client.get(reverse("orders:dashboard_file", args=[table, kind]))


@pytest.mark.parametrize(
    ("slug", "heading", "shown"),
    [
        ("contingent-utilise", "Utilisé (%)", lambda one: one.share),
        ("contingent-autorise", "Autorisé (unités)", lambda one: one.granted),
    ],
)
def test_a_figure_of_quotas_is_the_same_everywhere(ordering, slug, heading, shown):
    sums = Quota.objects.filter(beneficiary__region=CODE).aggregate(
        granted=Sum("granted"), used=Sum("used")
    )
    page = ordering.get(reverse("orders:dashboard"), {"vue": "contingents"})
    agreed(
        {
            "function": Decimal(shown(QuotaFigures(**sums))),
            "screen": table_cell(page, slug, REGION),
            "csv": csv_cell(orders_file(ordering, "territoires", "csv"), heading, REGION),
            "xlsx": xlsx_cell(orders_file(ordering, "territoires", "xlsx"), heading, REGION),
        }
    )


UNSERVED = Sum((F("need_packs") - F("granted_packs")) * 50)  # units of a pack


@pytest.mark.parametrize(
    ("slug", "heading", "place", "truth"),
    [
        (
            "besoin-non-couvert",
            "Besoin non couvert (unités)",
            REGION,
            lambda: Share.objects.filter(beneficiary__region=CODE).aggregate(n=UNSERVED)["n"],
        ),
        (
            "contingents-epuises",
            "Contingents épuisés",
            "Bretagne",
            lambda: Quota.objects.filter(used__gte=F("granted"), granted__gt=0).count(),
        ),
    ],
)
def test_what_lacks_of_quotas_is_the_same_everywhere(ordering, slug, heading, place, truth):
    page = ordering.get(reverse("orders:dashboard"), {"vue": "contingents"})
    agreed(
        {
            "function": Decimal(truth()),
            "screen": table_cell(page, slug, place),
            "csv": csv_cell(orders_file(ordering, "territoires", "csv"), heading, place),
            "xlsx": xlsx_cell(orders_file(ordering, "territoires", "xlsx"), heading, place),
        }
    )


def test_the_whole_country_of_quotas_is_that_of_its_figure(ordering):
    sums = Quota.objects.aggregate(granted=Sum("granted"), used=Sum("used"))
    page = ordering.get(reverse("orders:dashboard"))
    agreed(
        {
            "function": Decimal(QuotaFigures(**sums).share),
            "screen": key_figure(page, "contingent-utilise"),
        }
    )


def test_the_weeks_of_stock_are_the_same_everywhere(ordering, country, orders_world):  # noqa: F811
    """The peak is that of EPI-Stocks: the highest consumption that the country declared."""
    item = orders_world.item
    make_line(Establishment.objects.first(), current_week(), item.pk, stock=1, daily=100)
    refresh_due_weeks()
    page = ordering.get(reverse("orders:dashboard"), {"vue": "stock"})
    truth = ItemStock(available=12_345, peak_daily=100).weeks
    heading = "Semaines de pic"
    agreed(
        {
            "function": truth,
            "screen": table_cell(page, "semaines-de-pic", str(item)),
            "csv": csv_cell(orders_file(ordering, "stock", "csv"), heading, str(item)),
            "xlsx": xlsx_cell(orders_file(ordering, "stock", "xlsx"), heading, str(item)),
        }
    )
