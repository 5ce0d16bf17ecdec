"""Many people at the same moment: never more than the quota, the pool, the stock, whatever they do.

Real threads on real connections. The control at the end takes the protection away and must see
too much taken: without it the others would prove nothing.
"""

import threading
from functools import partial
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from orders.models import Movement, Order, Quota
from orders.services import counters
from orders.services.errors import OrderingError
from orders.services.ordering import cancel
from orders.services.sending import Delivery
from tests.builders import make_establishment, make_person
from tests.locks import before_another
from tests.orders.builders import make_address, make_beneficiary, make_quota
from tests.orders.ordering.world import (
    basket,
    left,
    make_agency_world,
    make_world,
    order,
    pool_order,
)

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, ROUNDS, PACK = 20, 5, 50


def all_at_once(acts):
    """Start them together, each on a connection of its own; what each gave or refused."""
    gate, found = threading.Barrier(len(acts)), []

    def go(act):
        try:
            gate.wait()
            found.append(act())
        except OrderingError as refusal:
            found.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=[act]) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def neighbour(world):
    """Another care home of the region, with a quota of its own on the same stock."""
    home = make_beneficiary(make_establishment(siret="9" * 14))
    address = make_address(home)
    return SimpleNamespace(
        home=home,
        quota=make_quota(home, world.masks.item, granted=10_000),
        delivery=Delivery(address, "Hélène Vasseur", "02 00 00 02 10"),
        operator=make_person("OCE", on=home.establishment),
    )


def sent(found):
    return [one for one in found if isinstance(one, Order)]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_twenty_orders_for_twice_the_quota_take_exactly_the_quota(number):
    world = make_world(granted=PEOPLE * PACK // 2)
    people = [make_person("OCE", on=world.home.establishment) for _ in range(PEOPLE)]
    found = all_at_once([partial(order, world, {world.masks: PACK}, by=one) for one in people])
    assert len(found) == PEOPLE
    assert len(sent(found)) == PEOPLE // 2
    assert left(world.quota) == (PEOPLE * PACK // 2, PEOPLE * PACK // 2)
    ledger = Movement.objects.filter(quota=world.quota).aggregate(units=Sum("quantity"))
    assert ledger["units"] == PEOPLE * PACK // 2
    assert Order.objects.count() == PEOPLE // 2


def test_twenty_orders_on_one_pool_take_exactly_the_pool():
    world = make_agency_world(granted=PEOPLE * PACK // 2)
    people = [make_person("ARA", on=world.region) for _ in range(PEOPLE)]
    found = all_at_once([partial(pool_order, world, PACK, by=one) for one in people])
    assert len(sent(found)) == PEOPLE // 2
    assert left(world.pool)[0] == PEOPLE * PACK // 2


def test_twenty_establishments_take_exactly_the_stock():
    world = make_world(available=PEOPLE * PACK // 2)
    worlds = [neighbour(world) for _ in range(PEOPLE)]
    found = all_at_once([partial(order, one, {world.masks: PACK}) for one in worlds])
    assert len(sent(found)) == PEOPLE // 2
    assert left(world.stock) == (0, PEOPLE * PACK // 2)
    assert sum(Quota.objects.values_list("used", flat=True)) == PEOPLE * PACK // 2


def test_twenty_clicks_are_one_order():
    world, token = make_world(), uuid4()
    found = all_at_once([partial(order, world, {world.masks: PACK}, token=token)] * PEOPLE)
    assert {one.pk for one in found} == {Order.objects.get().pk}
    assert left(world.quota)[0] == PACK
    assert Movement.objects.filter(quota=world.quota).count() == 1


def test_twenty_clicks_on_a_draft_are_one_order():
    world = make_world()
    draft = basket(world, {world.masks: PACK})
    click = partial(order, world, {world.masks: PACK}, token=draft.token)
    assert {one.pk for one in all_at_once([click] * PEOPLE)} == {draft.pk}
    assert left(world.quota)[0] == PACK


def test_an_order_cancelled_twenty_times_gives_back_once():
    world = make_world()
    done = order(world, {world.masks: 500})
    all_at_once([partial(cancel, by=world.operator, order=done)] * PEOPLE)
    assert (left(world.quota)[0], left(world.stock)) == (0, (100_000, 0))


def test_orders_of_the_same_products_in_opposite_orders_never_block_each_other():
    """Each waits for the other where counters are taken in the order in which they were typed."""
    world = make_world(granted=100_000)
    forth = {world.masks: PACK, world.gloves[0]: 100, world.gloves[1]: 100}
    back = dict(reversed(forth.items()))
    acts = [partial(order, world, lines) for lines in (forth, back) for _ in range(10)]
    assert len(sent(all_at_once(acts))) == PEOPLE
    assert left(world.quota)[0] == PEOPLE * PACK


def test_who_comes_second_is_told_what_the_first_took():
    world = make_world(granted=300)
    second = partial(order, world, {world.masks: 200})
    with before_another(second, refused=OrderingError) as refusals:
        first = order(world, {world.masks: 200})
    assert "Reste 100, et non 200" in str(refusals[0])
    assert first.number in str(refusals[0])
    assert left(world.quota)[0] == 200


def test_a_change_and_a_file_written_at_once_are_one_or_the_other():
    world = make_world()
    done = order(world, {world.masks: 200})
    stop = partial(cancel, by=world.operator, order=done)
    with before_another(stop, refused=OrderingError) as refusals:
        Order.objects.filter(pk=done.pk, exported_at=None).update(exported_at=done.submitted_at)
    assert "partie en préparation" in str(refusals[0])
    assert left(world.quota)[0] == 200


def look_then_write(self, *, quota_id, quantity):
    """What a naive application does: read what is left, then write the sum."""
    row = self.get(pk=quota_id)
    if row.used + quantity > row.granted:
        return False
    meeting.wait(timeout=10)
    self.filter(pk=quota_id).update(used=row.used + quantity)
    return True


meeting = threading.Barrier(2)


def test_without_the_protection_more_than_the_quota_is_sent(monkeypatch):
    """The control: two orders of the whole quota, both accepted; the ledger says twice of it."""
    monkeypatch.setattr(counters.Quota.objects, "take", look_then_write.__get__(Quota.objects))
    world = make_world(granted=200)
    people = [make_person("OCE", on=world.home.establishment) for _ in range(2)]
    found = all_at_once([partial(order, world, {world.masks: 200}, by=one) for one in people])
    assert len(sent(found)) == 2
    ledger = Movement.objects.filter(quota=world.quota).aggregate(units=Sum("quantity"))
    assert ledger["units"] == 400 > left(world.quota)[1]


def test_behind_the_protection_the_database_refuses_too():
    world = make_world(granted=200)
    with pytest.raises(IntegrityError), transaction.atomic():
        Quota.objects.filter(pk=world.quota.pk).update(used=250)
