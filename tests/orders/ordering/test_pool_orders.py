"""An ARS orders on the pool of its region, and on nothing else."""

from uuid import uuid4

import pytest
from django.utils import timezone

from orders.models import DeliveryAddress, Order
from orders.services.errors import OrderingError
from orders.services.ordering import cancel
from orders.services.refusals import RefusedLinesError
from tests.builders import (
    make_department,
    make_establishment,
    make_person,
    make_region,
    make_user,
)
from tests.orders.builders import make_address, make_beneficiary
from tests.orders.ordering.world import left, make_agency_world, pool_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_agency_world()


def test_it_takes_off_the_pool_and_no_quota(world):
    sent = pool_order(world, 300)
    assert (sent.kind, sent.agency, sent.beneficiary) == ("pool", world.agency, None)
    assert (left(world.pool)[0], left(world.quota)[0], left(world.stock)[1]) == (300, 0, 300)
    cancel(by=world.ara, order=sent)
    assert (left(world.pool)[0], left(world.stock)[1]) == (0, 0)


def test_it_never_passes_the_pool(world):
    with pytest.raises(RefusedLinesError) as caught:
        pool_order(world, 1_050)
    assert caught.value.lines[world.masks.pk].possible == 1_000


def test_the_same_token_is_one_order(world):
    token = uuid4()
    pool_order(world, 300, token=token)
    pool_order(world, 300, token=token)
    assert (Order.objects.count(), left(world.pool)[0]) == (1, 300)


def test_it_goes_to_an_address_of_the_agency_or_of_the_region(world):
    own = DeliveryAddress.objects.create(
        agency=world.agency, label="ARS", lines="1 place", postal_code="45000", town="ORLÉANS",
        state=DeliveryAddress.State.VALIDATED, proposed_by=make_user(), decided_by=make_user(),
        decided_at=timezone.now(),
    )  # fmt: skip
    assert pool_order(world, 50, address=own).delivery["label"] == "ARS"
    far = make_department("75", "Paris", make_region("11", "Île-de-France"))
    elsewhere = make_beneficiary(make_establishment(department=far))
    with pytest.raises(OrderingError, match="pas une des vôtres"):
        pool_order(world, 50, address=make_address(elsewhere))


def test_only_its_own_administrators_order(world):
    for person in (
        world.operator,
        make_person("ARA", on=make_region("11", "Île-de-France")),
        make_person("ARL", on=world.region, domain="distrilog"),
    ):
        with pytest.raises(OrderingError, match="ne commande pas pour"):
            pool_order(world, 50, by=person)
