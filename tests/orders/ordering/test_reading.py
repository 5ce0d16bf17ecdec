"""What an order reads at once is what the pages read one by one: rights, law, counters."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.weeks import current_week
from establishments.perimeter import Action, Perimeter
from orders.models import Beneficiary, OrderingRule, Platform, Quota, Reroute, ServedRegion, Tension
from orders.rules import served_regions, tensions_on
from orders.services.errors import OrderingError
from orders.services.room import room_of
from orders.services.routing import LARGE, USUAL, terms_of
from tests.builders import (
    make_body,
    make_establishment,
    make_legal_entity,
    make_person,
    make_region,
)
from tests.orders.builders import Kind, make_beneficiary, make_stock
from tests.orders.ordering.world import basket, make_agency_world, make_world, order, pool_order

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def world():
    return make_world()


def terms(world, day=None):
    return terms_of(world.home, world.home.region_id, day or timezone.localdate())


def room(world, day=None):
    day = day or timezone.localdate()
    products = [world.masks.pk, *(one.pk for one in world.gloves)]
    route = terms(world).route
    return room_of(world.holder, products, route, day=day, week=current_week())


@pytest.mark.parametrize("starts", [-2, -1, 0, 1])
@pytest.mark.parametrize("ends", [-1, 0, 1, None])
@pytest.mark.parametrize("where", ["here", "elsewhere", "everywhere"])
def test_an_equipment_is_in_tension_for_an_order_when_it_is_on_the_pages(
    world, starts, ends, where
):
    today = timezone.localdate()
    if ends is not None and ends < starts:
        return
    region = {"here": world.region, "elsewhere": make_region("99", "Ailleurs"), "everywhere": None}
    Tension.objects.filter(item=world.masks.item).update(
        starts_on=today + starts * DAY,
        ends_on=None if ends is None else today + ends * DAY,
        region=region[where],
    )
    assert set(room(world).tense) == set(tensions_on(today, world.region.pk))


@pytest.mark.parametrize("starts", [-1, 0, 1])
@pytest.mark.parametrize("ends", [0, 1, None])
def test_a_region_is_served_for_an_order_when_it_is_on_the_pages(world, starts, ends):
    today = timezone.localdate()
    if ends is not None and ends < starts:
        return
    ends_on = None if ends is None else today + ends * DAY
    ServedRegion.objects.update(starts_on=today + starts * DAY, ends_on=ends_on)
    assert terms(world).is_served == (world.region.pk in served_regions(today))


def test_the_hours_are_those_of_the_last_rule_begun(world):
    today = timezone.localdate()
    assert terms(world).rule.editable_until == OrderingRule.on(today).editable_until
    for day, hour in ((-9, "10:00"), (-2, "12:00"), (3, "15:00")):
        OrderingRule.objects.create(
            starts_on=today + day * DAY, editable_until=hour, preparation_days=day + 10
        )
    for day in (today, today + 2 * DAY, today + 3 * DAY):
        found, known = terms(world, day).rule, OrderingRule.on(day)
        assert (found.editable_until, found.preparation_days) == (
            known.editable_until,
            known.preparation_days,
        )


def test_the_warehouse_is_la_poste_but_for_the_large_and_where_it_is_rerouted(world):
    poste, spf = make_body(Kind.LA_POSTE), make_body(Kind.SPF)
    assert (terms(world).route.operator, terms(world).route.why) == (poste, USUAL)
    elsewhere = make_region("99", "Ailleurs")
    Reroute.objects.create(region=elsewhere, reason="Grève", started_by=world.operator)
    assert terms(world).route.operator == poste
    Reroute.objects.create(region=None, reason="Pays", started_by=world.operator)
    here = Reroute.objects.create(region=world.region, reason="Ici", started_by=world.operator)
    found = terms(world).route
    assert (found.operator, found.platform) == (spf, None)
    assert found.why.endswith("Ici")
    here.ended_at = timezone.now()
    here.save()
    assert terms(world).route.why.endswith("Pays")
    world.home.platform = Platform.objects.create(code="nord", label="Nord")
    assert (terms(world).route.platform.code, terms(world).route.why) == ("nord", LARGE)


def test_the_counters_read_are_those_of_the_holder_the_week_and_the_warehouse(world):
    other = make_world()
    make_stock(world.masks, 7, holder=make_body(Kind.SPF))
    Quota.objects.filter(pk=other.quota.pk).update(granted=1)
    found = room(world)
    assert found.counters[world.masks.item_id] == world.quota
    assert found.counters[world.masks.item_id].remaining == 1_000
    assert found.stocks[world.masks.pk] == world.stock
    assert found.stocks[world.masks.pk].available == 100_000
    assert list(found.products.values()) == [world.masks, *world.gloves]


def test_the_pool_read_is_that_of_the_region():
    world = make_agency_world(granted=500)
    sent = pool_order(world, 500)
    assert sent.movements.filter(pool=world.pool, quantity=500).exists()


def test_a_place_is_inside_a_perimeter_as_the_database_says(world):
    entity = make_legal_entity()
    rows = [
        world.home,
        make_beneficiary(entity),
        make_beneficiary(make_establishment(entity, siret="9" * 14)),
    ]
    site = world.home.establishment
    perimeters = [
        Perimeter(),
        Perimeter(is_national=True),
        Perimeter(region_codes=frozenset([site.region_id])),
        Perimeter(region_codes=frozenset(["99"])),
        Perimeter(department_codes=frozenset([site.department_id])),
        Perimeter(legal_entity_ids=frozenset([entity.pk])),
        Perimeter(establishment_ids=frozenset([site.pk])),
        Perimeter(administered_entity_ids=frozenset([entity.pk])),
        make_person("OCE", on=site).perimeter_to(Action.ORD_WRITE),
        make_person("APE", on=entity).perimeter_to(Action.ORD_READ),
    ]
    for perimeter in perimeters:
        inside = set(Beneficiary.objects.within(perimeter))
        assert {one for one in rows if one.is_within(perimeter)} == inside & set(rows)


def test_an_order_costs_as_many_statements_for_one_line_as_for_three(world):
    order(world, {world.masks: 50})
    with CaptureQueriesContext(connection) as one:
        order(world, {world.masks: 50})
    with CaptureQueriesContext(connection) as three:
        order(world, {world.masks: 50, world.gloves[0]: 100, world.gloves[1]: 100})
    # a quota and two stocks more to take, each by its own conditional update
    assert len(three) == len(one) + 3
    assert len(one) <= 14
    draft = basket(world, {world.masks: 50})
    with CaptureQueriesContext(connection) as kept:
        order(world, {world.masks: 50}, token=draft.token)
    assert len(kept) <= len(one)


def test_without_a_warehouse_nothing_is_sent(world):
    poste = make_body(Kind.LA_POSTE)
    poste.kind = Kind.CONSORTIUM
    poste.save()
    with pytest.raises(OrderingError, match="Aucun entrepôt"):
        order(world, {world.masks: 50})
