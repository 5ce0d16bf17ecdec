"""A home short of masks, whose region holds a pool: where a relief begins."""

from common.weeks import current_week
from tests.builders import make_department, make_establishment, make_line
from tests.orders.builders import (
    MASKS,
    make_beneficiary,
    make_item,
    make_pool,
    make_product,
    make_quota,
    make_stock,
    make_tension,
)


def make_short_home():
    """Two days and a half of masks left, the quota spent; the pool of the region holds 1,000."""
    make_department("45")
    item = make_item(MASKS)
    site = make_establishment(
        name="EHPAD des Acacias", address="12 rue des Acacias", postal_code="45000"
    )
    found = make_beneficiary(site)
    make_stock(make_product(item, label="Masques chirurgicaux", units_per_pallet=1_000))
    make_tension(item)
    make_pool(site.region, item, granted=1_000)
    make_quota(found, item, granted=600, used=600)
    make_line(site, current_week(), MASKS, stock=50, daily=20)
    return found
