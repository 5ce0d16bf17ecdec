"""What the tests of logistics share: a product with its stock, an order in a file, the cell."""

import pytest

from orders.models import Platform
from tests.builders import make_person
from tests.orders.logistics.world import make_catalogue, make_filed_order


@pytest.fixture
def product():
    return make_catalogue()


@pytest.fixture
def order(product):
    return make_filed_order(product)


@pytest.fixture
def cell():
    return make_person("NAT", domain="distrilog")


@pytest.fixture
def north():
    return Platform.objects.create(code="nord", label="Plateforme Nord")
