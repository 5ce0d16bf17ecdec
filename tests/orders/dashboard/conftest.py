"""Two regions in a week of tension: what is granted, ordered, delivered, held."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from accounts.models import Domain, User
from common.weeks import PARIS, current_week, shift
from epi_stocks.models import EpiItem
from establishments.models import AdministrativeBody
from orders.dashboard.board import Board, read_board
from orders.dashboard.refresh import refresh_all
from orders.dashboard.scope import ScopeForm
from orders.models import Beneficiary, Share, Shipment
from tests.builders import make_body, make_department, make_establishment, make_person, make_region
from tests.orders.builders import (
    MASKS,
    make_allocation,
    make_beneficiary,
    make_item,
    make_order,
    make_quota,
)

WEEK = current_week()


@dataclass
class World:
    ars: User
    cell: User
    item: EpiItem
    homes: dict[str, Beneficiary]
    allocation: object
    bodies: dict[str, AdministrativeBody] = field(default_factory=dict)

    def quota(self, home, *, granted=1_000, used=0, need=None, week=WEEK, item=None):
        """``need`` in packs of 50; without, no share."""
        item = item or self.item
        allocation = self.allocation if item == self.item else make_allocation(item)
        found = make_quota(
            self.homes[home], item, granted=granted, used=used, week=week, allocation=allocation
        )
        if need is not None:
            Share.objects.get_or_create(
                allocation=allocation,
                beneficiary=self.homes[home],
                defaults={"need_packs": need, "granted_packs": min(granted // 50, need)},
            )
        return found

    def delivered(self, home, *, days, weeks_ago=1, **fields):
        """An order sent on a Monday at noon and delivered so many days later."""
        monday = shift(WEEK, -weeks_ago)
        at = datetime(monday.year, monday.month, monday.day, 12, tzinfo=PARIS)
        order = make_order(self.homes[home], submitted_at=at, state="delivered", **fields)
        Shipment.objects.create(
            order=order, number="1", shipped_at=at, delivered_at=at + timedelta(days=days)
        )
        return order

    def board(self, user=None, **chosen) -> Board:
        refresh_all()
        user = user or self.cell
        user.forget_rights()
        return read_board(ScopeForm(chosen, user=user).scope())


@pytest.fixture
def world(db):
    loiret = make_department("45")
    rennes = make_department("35", "Ille-et-Vilaine", region=make_region("53", "Bretagne"))
    item = make_item(MASKS)
    homes = {
        name: make_beneficiary(make_establishment(department=department))
        for name, department in (("orleans", loiret), ("tours", loiret), ("rennes", rennes))
    }
    return World(
        ars=make_person("ARA", on=loiret.region),
        cell=make_person("NAT", domain=Domain.DISTRILOG),
        item=item,
        homes=homes,
        allocation=make_allocation(item, pack=50),
        bodies={kind: make_body(kind) for kind in ("la_poste", "spf")},
    )
