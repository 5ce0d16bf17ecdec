"""The basket: kept for each person and place, it promises nothing."""

import pytest

from orders.models import Order
from orders.services.drafts import draft_of, keep_draft
from orders.services.errors import OrderingError
from orders.services.sending import Delivery
from tests.builders import make_person
from tests.orders.builders import make_product
from tests.orders.ordering.world import basket, left, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def save(world, product, units, by=None):
    return basket(world, {product: units}, by=by)


def test_a_line_is_put_changed_and_taken_off_without_counting_anything(world):
    save(world, world.masks, 100)
    draft = save(world, world.masks, 150)
    assert draft.lines.get().quantity == 150
    assert (left(world.quota)[0], draft.movements.count()) == (0, 0)
    save(world, world.masks, 0)
    assert (draft.lines.count(), Order.objects.count()) == (0, 1)


def test_taking_off_what_is_not_there_makes_no_draft(world):
    assert save(world, world.masks, 0) is None
    assert not Order.objects.exists()


def test_each_person_has_their_own(world):
    colleague = make_person("OCE", on=world.home.establishment)
    mine, theirs = save(world, world.masks, 50), save(world, world.masks, 100, by=colleague)
    assert mine.pk != theirs.pk
    assert draft_of(world.operator, world.holder) == mine


@pytest.mark.parametrize("units", [30, 75, -50])
def test_only_whole_packs_are_kept(world, units):
    with pytest.raises(OrderingError, match="par 50 seulement"):
        save(world, world.masks, units)


def test_a_product_off_the_catalogue_is_not_kept(world):
    with pytest.raises(OrderingError, match="plus au catalogue"):
        save(world, make_product(is_open=False), 50)


def test_a_product_taken_off_the_catalogue_stays_until_its_own_line_changes(world):
    """Else nothing of the basket could be kept any more, not even without it."""
    save(world, world.masks, 50)
    world.masks.is_open = False
    world.masks.save()
    both = {world.masks: 50, world.gloves[0]: 100}
    assert basket(world, both).lines.count() == 2
    with pytest.raises(OrderingError, match="n’est plus au catalogue"):
        save(world, world.masks, 100)
    assert save(world, world.masks, 0).lines.get().product == world.gloves[0]


def test_nobody_else_keeps_a_basket_for_the_place(world):
    with pytest.raises(OrderingError, match="ne commande pas"):
        save(world, world.masks, 50, by=make_person("OCE"))


def test_a_draft_keeps_what_was_typed_with_where_to_deliver(world):
    basket(world, {world.masks: 50, world.gloves[0]: 100})
    draft = keep_draft(
        by=world.operator, holder=world.holder, lines={world.masks.pk: 5_000},
        delivery=Delivery(world.address, "Hélène", "02"),
    )  # fmt: skip
    assert list(draft.lines.values_list("quantity", flat=True)) == [5_000]
    assert (draft.address, draft.contact_name, draft.state) == (world.address, "Hélène", "draft")
