"""A share-out serves those who may order: where the item is in tension, and while it is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common.weeks import current_week, shift
from orders.models import Quota, Share
from orders.quotas.shelf import shelves
from orders.services.allocations import recompute, version_of
from orders.services.publishing import missing_weeks, propose, publish, renew_all
from orders.services.quota_errors import AllocationError
from tests.builders import make_department, make_person, make_region
from tests.orders.builders import make_tension
from tests.orders.quotas.builders import make_place
from tests.orders.quotas.pages import client_of, read

pytestmark = pytest.mark.django_db
WEEK = current_week()
NEXT = shift(WEEK, 1)
DAY = timedelta(days=1)


@pytest.fixture
def south(world):
    """A home of 240 places elsewhere, where alone masks are in tension."""
    home = make_place(
        240, department=make_department("13", "Bouches-du-Rhône", make_region("93", "Provence"))
    )
    world.tension.delete()
    make_tension(world.product.item, home.region)
    return home


def shared(draft):
    return set(Share.objects.filter(allocation=draft).values_list("beneficiary", flat=True))


def test_a_regional_tension_shares_the_whole_quantity_in_its_region(world, south):
    draft = world.draft(pool=2_000)
    assert draft.regions == ["93"]
    assert shared(draft) == {south.pk}
    assert draft.shares.get().granted_packs == 40
    assert "L’équipement n’est en tension que là : Provence." in read(
        client_of(world.first), "allocation", draft.pk
    )


def test_two_regions_in_tension_share_between_them(world, south):
    make_tension(world.product.item, world.large.region)
    assert shared(world.draft()) == {south.pk, world.large.pk, world.middle.pk, world.small.pk}
    assert world.draft().regions == ["24", "93"]


def test_a_tension_of_the_whole_country_wins_over_that_of_a_region(world, south):
    make_tension(world.product.item)
    draft = world.draft()
    assert draft.regions == []
    assert len(shared(draft)) == 4


def test_before_any_tension_a_share_out_is_prepared_for_all(world):
    world.tension.delete()
    assert len(shared(world.draft())) == 3


@pytest.mark.parametrize(
    ("first", "last", "counts"), [(-9, -1, 0), (-9, 0, 1), (6, 9, 1), (7, 9, 0)]
)
def test_a_tension_counts_for_each_week_that_it_touches(world, south, first, last, counts):
    make_tension(
        world.product.item, world.large.region, starts_on=WEEK + first * DAY,
        ends_on=WEEK + last * DAY,
    )  # fmt: skip
    assert len(world.draft().regions) == 1 + counts


def test_tensions_that_changed_since_the_calculation_forbid_to_publish(world, south):
    draft = world.draft()
    propose(by=world.first, draft=draft, seen=version_of(draft))
    make_tension(world.product.item)
    with pytest.raises(AllocationError, match="ont changé depuis le calcul"):
        publish(by=world.second, proposal=draft)


def test_computed_again_a_draft_follows_the_tensions(world, south):
    draft = world.draft()
    make_tension(world.product.item)
    assert len(shared(recompute(by=world.first, draft=draft))) == 4


def test_who_is_out_of_the_tension_keeps_what_was_ordered_and_no_more(world):
    world.publish()
    Quota.objects.filter(beneficiary=world.large).update(used=100)
    world.tension.delete()
    make_tension(world.product.item, make_region("93", "Provence"))
    make_place(240, department=make_department("13", "Bouches-du-Rhône", make_region("93")))
    world.publish()
    assert (world.quota(world.large).granted, world.quota(world.middle).granted) == (100, 0)


def test_a_tension_over_on_sunday_is_not_renewed_and_the_decision_sleeps(world):
    world.publish()
    world.tension.ends_on = WEEK + 6 * DAY
    world.tension.save()
    assert renew_all(week=NEXT) == 0
    (shelf,) = (one for one in shelves(NEXT) if one.item == world.product.item)
    assert (shelf.sleeps, shelf.awaits) == (True, False)


def test_a_tension_that_begins_on_a_thursday_wakes_the_decision(world):
    decision = world.publish()
    world.tension.delete()
    assert missing_weeks(NEXT) == []
    make_tension(world.product.item, starts_on=NEXT + 3 * DAY)
    assert missing_weeks(NEXT) == [decision]
    assert renew_all(week=NEXT) == 1


def test_a_tension_lifted_in_the_week_closes_the_page_of_the_quota(world):
    world.publish()
    operator = client_of(make_person("OCE", on=world.large.establishment))
    number = world.quota(world.large).pk
    assert "n’est pas en tension" not in read(operator, "quota", number)
    yesterday = timezone.localdate() - DAY
    type(world.tension).objects.update(ends_on=yesterday)
    assert "rien ne se commande sur ce contingent" in read(operator, "quota", number)


def test_the_cell_reads_that_a_decision_sleeps(world):
    world.publish()
    world.tension.delete()
    assert "En sommeil" in read(client_of(world.first), "allocations")
