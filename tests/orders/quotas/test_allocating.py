"""A share-out computed from the directory: what it counts, and that Python finds the same."""

from datetime import timedelta
from decimal import Decimal
from math import ceil

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.models import Adjustment, Basis, RegionFactor, Share
from orders.quotas.sharing import share_of
from orders.services.allocating import compute
from tests.builders import (
    make_category,
    make_department,
    make_establishment,
    make_legal_entity,
    make_region,
)
from tests.orders.builders import make_beneficiary
from tests.orders.quotas.builders import (
    make_doctrine_with,
    make_draft,
    make_place,
    make_rule,
    set_capacity,
)

pytestmark = pytest.mark.django_db


def share(draft, beneficiary):
    found = Share.objects.get(allocation=draft, beneficiary=beneficiary)
    return found.need_packs, found.granted_packs


def test_a_need_is_capacity_times_ratio_in_whole_packs_rounded_up():
    home = make_place(81)
    assert share(make_draft(), home) == (25, 25)


def test_an_entity_adds_up_its_open_sites_of_beneficiary_categories():
    entity = make_legal_entity()
    doctrine = make_doctrine_with(c500=15, c355=8, c300=100)
    hospital = make_establishment(entity, category=make_category("355"))
    home = make_establishment(entity, category=make_category("500"))
    other = make_establishment(entity, category=make_category("300"))
    closed = make_establishment(
        entity, category=make_category("500"), closed_on=timezone.localdate()
    )
    for place in (hospital, home):
        make_beneficiary(place, is_listed=False)
    for place in (hospital, home, other, closed):
        set_capacity(place, 100)
    whole = make_beneficiary(entity)
    assert share(make_draft(doctrine=doctrine), whole)[0] == 2_300 / 50


def test_factors_multiply_the_need():
    home = make_place(80)
    draft = make_draft(item_factor="0.50")
    RegionFactor.objects.create(allocation=draft, region=home.region, factor="1.25")
    Adjustment.objects.create(allocation=draft, beneficiary=home, factor="2", reason="Foyer actif")
    compute(draft)
    assert share(draft, home) == (30, 30)  # 80 × 15 × 0,5 × 1,25 × 2 = 1 500


def test_a_place_without_capacity_or_ratio_gets_nothing_and_keeps_a_row():
    unknown, unruled = make_place(None), make_place(80, category=make_category("355"))
    draft = make_draft()
    assert share(draft, unknown) == share(draft, unruled) == (0, 0)


def test_the_capacity_counted_is_that_of_the_basis_of_its_group():
    doctrine = make_doctrine_with()
    make_rule(doctrine, "500", 2, basis=Basis.PROFESSIONAL)
    home = make_place(80)
    set_capacity(home.establishment, 50, Basis.PROFESSIONAL)
    assert share(make_draft(doctrine=doctrine), home)[0] == 2


def test_who_left_the_list_is_not_counted():
    make_place(80, opened_on=timezone.localdate() - timedelta(days=9))
    gone = make_beneficiary(make_place(80).establishment)
    type(gone).objects.filter(pk=gone.pk).update(is_listed=False)
    assert Share.objects.filter(allocation=make_draft()).count() == 1


def test_a_short_pool_serves_everybody_at_one_level_and_tells_what_is_left():
    small, middle, large = make_place(4), make_place(34), make_place(80)
    draft = make_draft(pool=1_020)
    assert [share(draft, one)[1] for one in (small, middle, large)] == [1, 6, 13]
    assert draft.reserve == 20


def test_regional_pools_come_first_and_follow_the_needs():
    south = make_department("13", "Bouches-du-Rhône", make_region("93", "Provence"))
    make_place(80)
    make_place(240, department=south)
    draft = make_draft(pool=4_000, pools_percent=10)
    assert draft.pools == {"24": 2, "93": 6}
    given_out = sum(Share.objects.filter(allocation=draft).values_list("granted_packs", flat=True))
    assert given_out + 8 <= 80
    assert draft.reserve == 4_000 - (given_out + 8) * 50


def test_computed_again_the_shares_follow_the_capacities_of_the_day():
    home = make_place(80)
    draft = make_draft()
    set_capacity(home.establishment, 40)
    compute(draft)
    assert share(draft, home) == (12, 12)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=6),
    st.decimals("0.01", "30", places=2),
    st.decimals("0.05", "3", places=2),
    st.integers(0, 40_000),
    st.sampled_from([1, 7, 50]),
)
def test_the_database_computes_what_python_does(transactional, sizes, ratio, factor, pool, pack):
    with transactional():
        doctrine = make_doctrine_with(c500=ratio)
        homes = [(size, make_place(size)) for size in sizes]
        draft = make_draft(doctrine=doctrine, pool=pool, pack=pack, item_factor=factor)
        for size, home in homes:
            need = ceil(Decimal(size) * ratio * factor / pack)
            assert share(draft, home) == (need, share_of(need, draft.level, draft.floor_served))


def test_the_reserve_kept_for_extras_is_not_shared():
    make_place(80)
    draft = make_draft(pool=1_000, reserve_percent=10)
    assert draft.shares.get().granted_packs == 18
    assert draft.reserve == 100
