"""A region where Bourges has plenty of FFP2 masks and Orléans few; Rennes is another region."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import pytest

from accounts.models import User
from common.weeks import PARIS, current_week
from epi_stocks.aid.trade import EQUIPMENT
from epi_stocks.models import EpiItem, EquipmentNeed, EquipmentTransfer
from establishments.models import Establishment
from establishments.redistribution.services.needs import open_need
from establishments.redistribution.services.steps import accept, confirm, receive, ship
from establishments.redistribution.services.transfers import propose
from establishments.redistribution.states import Side, Urgency
from tests.builders import (
    make_department,
    make_establishment,
    make_line,
    make_person,
    make_region,
)

WEEK = current_week()
FFP2, MASKS = 2, 1
MONDAY = datetime.combine(WEEK, time(9), tzinfo=PARIS)
SATURDAY = MONDAY + timedelta(days=5)


@dataclass
class Aid:
    """Who acts, and the steps in one call each; everything happens on the Monday of the week."""

    orleans: Establishment
    bourges: Establishment
    rennes: Establishment
    ars: User
    country: User
    people: dict[int, User] = field(default_factory=dict)

    def operator(self, site) -> User:
        return self.people.setdefault(site.pk, make_person("OIE", on=site))

    def declare(self, site, stock, daily, *, item=FFP2, week=WEEK, at=MONDAY, **fields):
        return make_line(site, week, item, stock=stock, daily=daily, saved_at=at, **fields)

    def need(self, site=None, *, item=FFP2, quantity=100, by=None, **fields) -> EquipmentNeed:
        defaults = {
            "reason": "Cas groupés dans deux services",
            "urgency": Urgency.SOON,
            "wanted_on": SATURDAY.date(),
        }
        return open_need(
            EQUIPMENT,
            by=by or self.ars,
            place=site or self.orleans,
            goods=EpiItem.objects.get(pk=item),
            quantity=quantity,
            now=MONDAY,
            **defaults | fields,
        )

    def propose(self, *needs, by=None, now=MONDAY):
        numbers = [one.pk for one in needs]
        return propose(EQUIPMENT, by=by or self.ars, need_ids=numbers, now=now)[1]

    def proposed(self, need=None) -> EquipmentTransfer:
        need = need or self.need()
        self.propose(need)
        return need.transfers.get()

    def confirmed(self, need=None) -> EquipmentTransfer:
        transfer = self.proposed(need)
        return confirm(EQUIPMENT, by=self.ars, transfer=transfer, now=MONDAY)

    def accept(self, transfer, side, now=MONDAY):
        site = transfer.giver if side is Side.GIVER else transfer.need.establishment
        return accept(EQUIPMENT, by=self.operator(site), transfer=transfer, side=side, now=now)

    def accepted(self, need=None) -> EquipmentTransfer:
        transfer = self.accept(self.confirmed(need), Side.GIVER)
        return self.accept(transfer, Side.TAKER)

    def shipped(self, need=None) -> EquipmentTransfer:
        transfer = self.accepted(need)
        by = self.operator(transfer.giver)
        now = MONDAY + timedelta(hours=2)
        return ship(EQUIPMENT, by=by, transfer=transfer, expiry=None, now=now)

    def received(self, need=None, quantity=100, comment="") -> EquipmentTransfer:
        transfer = self.shipped(need)
        by = self.operator(transfer.need.establishment)
        return receive(EQUIPMENT, by=by, transfer=transfer, quantity=quantity, comment=comment)


@pytest.fixture
def aid(db):
    """Bourges declared 310 masks and 10 a day: 100 beyond its three weeks."""
    brittany = make_department("35", "Ille-et-Vilaine", region=make_region("53", "Bretagne"))
    world = Aid(
        make_establishment(name="CH d’Orléans"),
        make_establishment(department=make_department("18", "Cher"), name="CH de Bourges"),
        make_establishment(department=brittany, name="CHU de Rennes"),
        make_person("ARA"),
        make_person("NAT", domain="epi_stock"),
    )
    world.declare(world.orleans, 20, 10)
    world.declare(world.bourges, 310, 10)
    return world
