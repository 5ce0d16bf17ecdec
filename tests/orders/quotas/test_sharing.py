"""What is always true of a fair share-out, whatever the needs and the pool."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from orders.quotas.sharing import WHOLE, Pool, plan, share_of, share_out, split, total_of

needs_of_all = st.lists(st.integers(0, 500), max_size=60)
packs_of_pool = st.integers(0, 12_000)
floors = st.integers(0, 5)
weights = st.dictionaries(st.sampled_from([f"{n:02}" for n in range(1, 19)]), st.integers(0, 9_999))


@given(needs_of_all, packs_of_pool, floors)
def test_the_total_never_exceeds_the_pool(needs, packs, floor):
    sharing = share_out(Counter(needs), packs, floor)
    shares = [sharing.share_of(one) for one in needs]
    assert sum(shares) == sharing.total <= packs


@given(needs_of_all, packs_of_pool, floors)
def test_nobody_exceeds_its_need(needs, packs, floor):
    sharing = share_out(Counter(needs), packs, floor)
    assert all(0 <= sharing.share_of(one) <= one for one in needs)


@given(needs_of_all, floors, st.integers(0, 1_000))
def test_a_pool_that_covers_all_the_needs_serves_them_all(needs, floor, more):
    sharing = share_out(Counter(needs), sum(needs) + more, floor)
    assert sharing.level == WHOLE
    assert [sharing.share_of(one) for one in needs] == needs


@given(needs_of_all, packs_of_pool, floors)
def test_nobody_is_under_its_floor_when_the_pool_holds_the_floors(needs, packs, floor):
    floors_of_all = [min(one, floor) for one in needs]
    sharing = share_out(Counter(needs), packs, floor)
    if sum(floors_of_all) <= packs:
        assert all(
            sharing.share_of(need) >= least
            for need, least in zip(needs, floors_of_all, strict=True)
        )
    else:
        assert sharing.floor == 0


@given(needs_of_all, packs_of_pool, floors)
def test_a_greater_need_never_gets_less_and_equal_needs_get_the_same(needs, packs, floor):
    sharing = share_out(Counter(needs), packs, floor)
    shares = [sharing.share_of(one) for one in sorted(needs)]
    assert shares == sorted(shares)


@given(st.permutations([3, 3, 17, 40, 40, 41, 250]), st.integers(0, 400))
def test_the_order_of_the_beneficiaries_changes_nothing(needs, packs):
    assert share_out(Counter(needs), packs, 1) == share_out(Counter(sorted(needs)), packs, 1)


@given(needs_of_all, packs_of_pool, floors)
def test_the_level_is_the_highest_that_fits(needs, packs, floor):
    histogram = Counter(needs)
    sharing = share_out(histogram, packs, floor)
    if sharing.level < WHOLE:
        assert total_of(histogram, sharing.level + 1, sharing.floor) > packs


@given(needs_of_all, packs_of_pool, st.integers(0, 500), floors)
def test_a_larger_pool_takes_nothing_from_anybody_while_the_floors_hold(needs, packs, more, floor):
    histogram = Counter(needs)
    before, after = share_out(histogram, packs, floor), share_out(histogram, packs + more, floor)
    if before.floor == after.floor:
        assert all(before.share_of(one) <= after.share_of(one) for one in needs)


@given(st.integers(0, 50_000), weights)
def test_regional_pools_are_all_shared_in_proportion_within_a_pack(packs, needs):
    parts = split(packs, needs)
    whole = sum(needs.values())
    assert sum(parts.values()) == (packs if whole else 0)
    assert list(parts) == sorted(parts)
    for code, part in parts.items():
        exact = packs * needs[code] / whole
        assert exact - 1 < part < exact + 1


@given(needs_of_all, st.integers(0, 600_000), st.sampled_from([1, 25, 50, 100]), floors,
       st.integers(0, 10_000), weights)  # fmt: skip
def test_shares_pools_and_reserve_are_exactly_the_pool(needs, units, pack, floor, percent, regions):
    pool = Pool(units, pack, floor, percent, kept=(10_000 - percent) // 2)
    result = plan(pool, Counter(needs), regions)
    assert result.reserve >= pool.packs_kept * pack
    given_out = (result.sharing.total + sum(result.pools.values())) * pack
    assert result.reserve >= 0
    assert given_out + result.reserve == units
    assert sum(result.pools.values()) <= units // pack * percent // 10_000


def test_the_worked_example_of_the_documentation():
    """Homes of 80, 34 and 4 places × 15 masks, packs of 50, 1 000 units, a floor of one pack."""
    needs = {24: 1, 11: 1, 2: 1}
    sharing = share_out(needs, 20, 1)
    assert sharing.level == 562_499
    assert [sharing.share_of(one) for one in needs] == [13, 6, 1]
    assert share_of(24, sharing.level, 1) * 50 == 650


@given(needs_of_all, packs_of_pool, floors)
def test_each_share_is_within_half_a_pack_of_the_part_that_is_served(needs, packs, floor):
    sharing = share_out(Counter(needs), packs, floor)
    for need in needs:
        share, exact = sharing.share_of(need), need * sharing.level / WHOLE
        assert share == min(need, sharing.floor) or abs(share - exact) <= 0.5


def test_a_small_one_loses_nothing_when_little_lacks():
    needs = {2: 1, 100: 1}
    assert [share_out(needs, 101, 1).share_of(one) for one in needs] == [2, 99]
