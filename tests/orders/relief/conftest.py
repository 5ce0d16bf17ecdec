"""An EHPAD of Orléans short of masks in a week of tension; its ARS holds a pool of 1,000."""

from dataclasses import dataclass
from uuid import uuid4

import pytest

from accounts.models import User
from epi_stocks.models import EpiItem
from establishments.models import Establishment
from orders.models import Beneficiary, Product, RegionalPool, ReliefRequest
from orders.services.finess_addresses import finess_address
from orders.services.relief import Asked, PoolAnswer, answer_by_order, ask
from tests.builders import make_department, make_establishment, make_person, make_region
from tests.orders.builders import (
    MASKS,
    make_beneficiary,
    make_item,
    make_pool,
    make_product,
    make_stock,
    make_tension,
)


@dataclass
class World:
    site: Establishment
    home: Beneficiary
    item: EpiItem
    product: Product
    pool: RegionalPool
    orders: User
    colleague: User
    ars: User
    ars2: User
    elsewhere: User

    def asked(self, **fields) -> Asked:
        defaults = {
            "site": self.site,
            "item": self.item,
            "quantity": 400,
            "reason": "Cas groupés à l’étage",
        }
        return Asked(**defaults | fields)

    def ask(self, by=None, beneficiary=None, **fields) -> ReliefRequest:
        return ask(
            by=by or self.orders,
            beneficiary=beneficiary or self.home,
            asked=self.asked(**fields),
        )

    def answer(self, units=400, **fields) -> PoolAnswer:
        defaults = {
            "lines": {self.product.pk: units},
            "address": finess_address(self.home),
            "contact_name": "Camille Test",
            "contact_phone": "02 38 00 00 00",
            "token": uuid4(),
        }
        return PoolAnswer(**defaults | fields)

    def order(self, request, by=None, **fields):
        return answer_by_order(by=by or self.ars, request=request, answer=self.answer(**fields))


@pytest.fixture
def world(db):
    make_department("45")
    site = make_establishment(address="12 rue des Acacias", postal_code="45000")
    home = make_beneficiary(site)
    item = make_item(MASKS)
    product = make_product(item, units_per_pack=50)
    make_stock(product)
    make_tension(item)
    return World(
        site=site,
        home=home,
        item=item,
        product=product,
        pool=make_pool(site.region, item, granted=1_000),
        orders=make_person("OCE", on=site),
        colleague=make_person("OCE", on=site),
        ars=make_person("ARA", on=site.region),
        ars2=make_person("ARA", on=site.region),
        elsewhere=make_person("ARA", on=make_region("53", "Bretagne")),
    )


@pytest.fixture
def mails(monkeypatch):
    """What would leave: (subject, text, address)."""
    sent = []
    monkeypatch.setattr(
        "accounts.notices.aid.queue_written",
        lambda subject, text, to, **more: sent.append((subject, text, to)),
    )
    return sent
