"""A region where Bourges has plenty of cisatracurium and Orléans none; Lyon is another region."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from accounts.models import User
from establishments.redistribution.states import Side, Urgency
from pui.models import MedicineNeed, MedicineTransfer
from tests.builders import make_person
from tests.pui.aid.acts import accept, confirm, open_need, propose, receive, ship
from tests.pui.region.conftest import World, national, now, world

__all__ = ["national", "now", "world"]

SATURDAY = date(2020, 11, 28)
EXPIRY = date(2021, 6, 30)


@dataclass
class Aid:
    """Who acts, and the steps in one call each."""

    world: World
    ars: User
    country: User
    people: dict[int, User] = field(default_factory=dict)

    def gf(self, pui) -> User:
        return self.people.setdefault(pui.pk, make_person("GF", on=pui.establishment))

    def need(self, pui=None, product=None, *, quantity=100, by=None, **fields) -> MedicineNeed:
        pui = pui or self.world.orleans
        defaults = {
            "reason": "Afflux en réanimation",
            "urgency": Urgency.SOON,
            "wanted_on": SATURDAY,
        }
        return open_need(
            by=by or self.ars,
            place=pui,
            goods=(product or self.world.cis).reference,
            quantity=quantity,
            **defaults | fields,
        )

    def propose(self, *needs, by=None):
        return propose(by=by or self.ars, need_ids=[one.pk for one in needs])[1]

    def proposed(self, need=None) -> MedicineTransfer:
        need = need or self.need()
        self.propose(need)
        return need.transfers.get()

    def confirmed(self, need=None) -> MedicineTransfer:
        return self.confirmed_now(self.proposed(need))

    def confirmed_now(self, transfer) -> MedicineTransfer:
        return confirm(by=self.ars, transfer=transfer)

    def accepted(self, need=None) -> MedicineTransfer:
        transfer = self.confirmed(need)
        accept(by=self.gf(transfer.giver), transfer=transfer, side=Side.GIVER)
        return accept(by=self.gf(transfer.need.pui), transfer=transfer, side=Side.TAKER)

    def shipped(self, need=None) -> MedicineTransfer:
        transfer = self.accepted(need)
        return ship(by=self.gf(transfer.giver), transfer=transfer, expiry=EXPIRY)

    def received(self, need=None, quantity=100, comment="") -> MedicineTransfer:
        transfer = self.shipped(need)
        by = self.gf(transfer.need.pui)
        return receive(by=by, transfer=transfer, quantity=quantity, comment=comment)


@pytest.fixture
def aid(world):
    """Bourges declared 310 ampoules and 10 a day: 100 beyond its three weeks."""
    world.declare(world.bourges, {world.cis: (310, 10)})
    return Aid(world, make_person("ARA"), make_person("NAT", domain="dispostock"))
