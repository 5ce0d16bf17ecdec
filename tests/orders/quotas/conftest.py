"""What the tests of quotas share."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import pytest
from django.db import transaction

from orders.models import Allocation, Beneficiary, Product, Quota, Tension
from orders.services.allocations import version_of
from orders.services.publishing import propose, publish
from tests.builders import make_person
from tests.orders.builders import make_product, make_stock, make_tension
from tests.orders.quotas.builders import make_doctrine_with, make_draft, make_place
from tests.orders.quotas.pages import client_of


@pytest.fixture
def transactional(db):
    """A world undone at its end: each example of a property begins with none."""

    @contextmanager
    def undone():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return undone


@dataclass
class World:
    """Three homes of 80, 34 and 4 places; two people of the national cell; a State stock.

    Masks are in tension in the whole country since long.
    """

    large: Beneficiary
    middle: Beneficiary
    small: Beneficiary
    product: Product
    tension: Tension
    first: object
    second: object

    def draft(self, **fields) -> Allocation:
        return make_draft(self.product.item, **fields)

    def publish(self, draft=None, **fields) -> Allocation:
        """Proposed by the first, published by the second."""
        draft = draft or self.draft(**fields)
        draft.refresh_from_db()
        proposal = propose(by=self.first, draft=draft, seen=version_of(draft))
        return publish(by=self.second, proposal=proposal)

    def quota(self, beneficiary, **where) -> Quota:
        return Quota.objects.get(beneficiary=beneficiary, **where)


@pytest.fixture
def world(db):
    product = make_product()
    make_stock(product, available=1_000_000)
    make_doctrine_with(c500=15)
    homes = [make_place(size) for size in (80, 34, 4)]
    cells = [make_person("NAT", domain="distrilog") for _ in range(2)]
    tension = make_tension(product.item, starts_on=date(2019, 1, 1))
    return World(*homes, product, tension, *cells)


@pytest.fixture
def cell(world):
    """The first of them, in a browser."""
    return client_of(world.first)
