"""A draft says nothing impossible, and only what is in force ends."""

from decimal import Decimal

import pytest

from common.weeks import current_week, shift
from orders.models import Adjustment, Allocation
from orders.services.allocations import (
    adjust,
    change_draft,
    create_draft,
    duplicate,
    remove_adjustment,
    version_of,
)
from orders.services.publishing import end, renew_all
from orders.services.quota_errors import AllocationError
from tests.builders import make_person
from tests.orders.builders import GLOVES, make_item
from tests.orders.quotas.builders import settings_of

pytestmark = pytest.mark.django_db
WEEK = current_week()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ends_on": shift(WEEK, -1)}, "vient avant la première"),
        ({"pools_percent": Decimal(60), "reserve_percent": Decimal(50)}, "ne dépassent pas 100"),
    ],
)
def test_what_is_impossible_is_refused_and_the_draft_stays(world, changes, sentence):
    draft = world.draft()
    with pytest.raises(AllocationError, match=sentence):
        change_draft(
            by=world.first, draft=draft, settings=settings_of(draft, **changes),
            seen=version_of(draft),
        )  # fmt: skip
    draft.refresh_from_db()
    assert (draft.ends_on, draft.pools_percent) == (None, 0)


def test_a_size_of_gloves_has_no_share_out_of_its_own(world):
    size = make_item(GLOVES).sizes.first()
    with pytest.raises(AllocationError, match="toutes les tailles ensemble"):
        create_draft(by=world.first, item=size, settings=settings_of(world.draft()))


def test_an_adjustment_says_why(world):
    draft = world.draft()
    with pytest.raises(AllocationError, match="Dites pourquoi"):
        adjust(by=world.first, draft=draft, beneficiary=world.small, factor=Decimal(2), reason=" ")
    assert not Adjustment.objects.exists()


@pytest.mark.parametrize("code", ["ARA", "OCE", "NAL"])
def test_nobody_else_touches_a_draft(world, code):
    by = make_person(code, domain="distrilog" if code == "NAL" else None)
    draft = world.draft()
    row = draft.adjustments.create(beneficiary=world.small, factor=2, reason="Foyer")
    acts = (
        lambda: create_draft(by=by, item=draft.item, settings=settings_of(draft)),
        lambda: change_draft(
            by=by, draft=draft, settings=settings_of(draft), seen=version_of(draft)
        ),
        lambda: duplicate(by=by, source=draft),
        lambda: remove_adjustment(by=by, adjustment=row),
        lambda: end(by=by, allocation=draft, last_week=WEEK),
    )
    for act in acts:
        with pytest.raises(AllocationError, match="Seule la cellule nationale"):
            act()


def test_only_what_is_published_ends(world):
    with pytest.raises(AllocationError, match="pas en vigueur"):
        end(by=world.first, allocation=world.draft(), last_week=WEEK)
    world.publish()
    renew_all(week=shift(WEEK, 1))
    weekly = Allocation.objects.get(renews__isnull=False)
    with pytest.raises(AllocationError, match="pas en vigueur"):
        end(by=world.first, allocation=weekly, last_week=shift(WEEK, 1))


def test_nothing_ends_before_this_week_or_before_it_begins(world):
    published = world.publish()
    later = world.publish(starts_on=shift(WEEK, 2))
    for allocation, last in ((published, shift(WEEK, -1)), (later, shift(WEEK, 1))):
        with pytest.raises(AllocationError, match="celle d’aujourd’hui, ou une autre à venir"):
            end(by=world.first, allocation=allocation, last_week=last)


def test_a_copy_of_a_past_share_out_begins_this_week(world):
    published = world.publish()
    Allocation.objects.update(starts_on=shift(WEEK, -5))
    published.refresh_from_db()
    assert duplicate(by=world.first, source=published).starts_on == WEEK


def test_the_copy_of_a_renewed_week_is_that_of_its_decision(world):
    draft = world.draft()
    draft.region_factors.create(region=world.large.region, factor="1.50")
    world.publish(draft)
    renew_all(week=shift(WEEK, 1))
    weekly = Allocation.objects.get(renews__isnull=False)
    assert duplicate(by=world.first, source=weekly).region_factors.get().factor == Decimal("1.50")
