"""A region of two departments and a neighbour: equipment, medicines and orders in tension."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from common.weeks import current_week, shift
from epi_stocks.models import EpiItem, InventoryLine
from epi_stocks.services.reference import load_epi_reference
from epi_stocks.summaries.refresh import refresh_due_weeks
from establishments.models import Department, Establishment, Region
from medications.calendar import calendar_of
from medications.models import Priority
from orders.dashboard.refresh import refresh_all as refresh_orders
from orders.models import Beneficiary
from pui.models import Pui
from pui.region.refreshing import refresh_all as refresh_pharmacies
from steering.services.bulletins import publish
from steering.situation.moment import Moment, now
from steering.situation.reading import read_situation
from steering.situation.territory import region_territory, whole_reader
from tests.builders import (
    make_category,
    make_department,
    make_establishment,
    make_line,
    make_person,
    make_region,
)
from tests.orders.builders import make_allocation, make_beneficiary, make_quota
from tests.pui.builders import (
    make_followed,
    make_product,
    make_pui,
    make_reference,
    make_transmission,
)

WEEK = current_week()
FFP2 = 2


@dataclass
class World:
    region: Region
    other: Region
    loiret: Department
    cher: Department
    sites: dict[str, Establishment]
    puis: dict[str, Pui]
    homes: dict[str, Beneficiary]
    products: dict[str, object] = field(default_factory=dict)
    allocation: object = None

    def inventory(self, name, *, stock, daily=10, item=FFP2, week=WEEK):
        return make_line(self.sites[name], week, item, stock=stock, daily=daily)

    def correct(self, name, *, stock, week):
        """What was typed is changed afterwards."""
        lines = InventoryLine.objects.filter(establishment=self.sites[name], week=week)
        lines.update(stock=stock)
        self.refresh()

    def declare(self, name, *, stock, daily=10, product="cisatracurium"):
        calendar = calendar_of("autres")
        moment = timezone.now()
        by = make_person("GF", on=self.puis[name].establishment)
        make_transmission(
            self.puis[name],
            {self.products[product]: (stock, daily)},
            by=by,
            due_on=calendar.past_dues(moment, 1)[0],
            now=moment,
        )

    def quota(self, name, *, granted=1_000, used=0, week=WEEK):
        return make_quota(
            self.homes[name],
            EpiItem.objects.get(pk=FFP2),
            granted=granted,
            used=used,
            week=week,
            allocation=self.allocation,
        )

    def refresh(self):
        refresh_due_weeks()
        refresh_pharmacies()
        refresh_orders()

    def content(self, territory=None, moment=None):
        """As whoever may read all of the territory."""
        territory = territory or region_territory(self.region)
        return read_situation(whole_reader(territory), territory, moment or now())


@pytest.fixture
def world(db):
    make_category()
    load_epi_reference()
    loiret, cher = make_department("45", "Loiret"), make_department("18", "Cher")
    bretagne = make_region("53", "Bretagne")
    far = make_department("35", "Ille-et-Vilaine", region=bretagne)
    places = {"orleans": loiret, "bourges": cher, "rennes": far}
    sites = {name: make_establishment(department=one) for name, one in places.items()}
    found = World(
        region=loiret.region,
        other=bretagne,
        loiret=loiret,
        cher=cher,
        sites=sites,
        puis={name: make_pui(f"PUI de {name}", on=site) for name, site in sites.items()},
        homes={name: make_beneficiary(site) for name, site in sites.items()},
        products={
            name: make_followed(
                make_product(f"{name} 10 mg", reference=make_reference(name.upper(), "10 mg")),
                priority=Priority.NATIONAL,
            )
            for name in ("cisatracurium", "midazolam")
        },
    )
    found.allocation = make_allocation(EpiItem.objects.get(pk=FFP2), pack=50)
    return found


@pytest.fixture
def tense(world):
    """Bourges is out of masks and of cisatracurium, Orléans has enough; Rennes is elsewhere."""
    for week in (last_monday(), WEEK):
        world.inventory("orleans", stock=100, week=week)
        world.inventory("bourges", stock=0, week=week)
    world.inventory("rennes", stock=30)
    world.declare("orleans", stock=1_000)
    world.declare("bourges", stock=20)
    world.declare("rennes", stock=1_000)
    world.quota("orleans", granted=1_000, used=400)
    world.quota("rennes", granted=1_000, used=1_000)
    world.refresh()
    return world


@pytest.fixture
def bulletin(tense):
    """Of last week, for their region."""
    return publish(region_territory(tense.region), Moment(last_monday(), now().at))


def cell(grid, key, heading):
    """A cell of a table of the content, by its row and its heading."""
    labels = [one.label for one in grid.headings]
    row = next(row for row in grid.rows if row.key == key)
    return row.cells[labels.index(heading)]


def last_monday(weeks_ago=1):
    return shift(WEEK, -weeks_ago)


def later(**delta) -> datetime:
    return timezone.now() + timedelta(**delta)
