"""The fair share, whatever the stocks: the properties that people are promised."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pui.sharing.fair import Claim, share

amounts = st.integers(min_value=0, max_value=500_000).map(lambda cents: Decimal(cents) / 100)
packs = st.sampled_from([1, 1, 5, 10, 25])
quantities = st.integers(min_value=0, max_value=5000)


def claims(least=0):
    """Eight pharmacies at most; one in four is blocked."""
    one = st.tuples(amounts, amounts, st.sampled_from([False, False, False, True]))
    return st.lists(one, min_size=least, max_size=8).map(
        lambda found: [Claim(key, *told) for key, told in enumerate(found)]
    )


def cover(claim, units):
    return Fraction(claim.stock + units) / Fraction(claim.daily)


def one_by_one(quantity, asked, pack):
    """The rule as it is told to people: each pack, one after the other, to the shortest cover."""
    given = {one.key: 0 for one in asked}
    counting = [one for one in asked if one.counts]
    for _ in range(quantity // pack if counting else 0):
        first = min(counting, key=lambda one: (cover(one, given[one.key]), -one.daily, one.key))
        given[first.key] += pack
    return given


@given(quantities, claims(), packs)
def test_never_more_than_the_quantity_and_what_is_left_is_told(quantity, asked, pack):
    found = share(quantity, asked, pack=pack)
    assert found.total + found.remainder == quantity
    assert all(units >= 0 and units % pack == 0 for units in found.given.values())
    if any(one.counts for one in asked):
        assert found.remainder < pack


@given(quantities, claims(), packs)
def test_who_is_blocked_or_consumes_nothing_is_given_nothing(quantity, asked, pack):
    found = share(quantity, asked, pack=pack)
    assert set(found.given) == {one.key for one in asked}
    assert all(found.given[one.key] == 0 for one in asked if not one.counts)


@given(st.integers(min_value=0, max_value=200), claims(), packs)
def test_it_is_the_rule_told_to_people_pack_after_pack(quantity, asked, pack):
    assert share(quantity, asked, pack=pack).given == one_by_one(quantity, asked, pack)


@given(quantities, claims(least=1), packs)
def test_covers_are_equal_to_one_pack_among_those_served(quantity, asked, pack):
    """Nobody stays lower than where another stood before its last pack."""
    found = share(quantity, asked, pack=pack)
    counting = [one for one in asked if one.counts]
    served = [one for one in counting if found.given[one.key]]
    for one in served:
        before_last = cover(one, found.given[one.key] - pack)
        assert all(before_last <= cover(other, found.given[other.key]) for other in counting)


@given(quantities, quantities, claims(), packs)
def test_more_to_share_never_gives_less_to_anybody(quantity, more, asked, pack):
    small, large = (share(one, asked, pack=pack).given for one in (quantity, quantity + more))
    assert all(small[key] <= large[key] for key in small)


@given(quantities, claims(least=1), packs, st.data())
def test_a_smaller_stock_never_gives_less(quantity, asked, pack, data):
    rank = data.draw(st.integers(min_value=0, max_value=len(asked) - 1))
    one = asked[rank]
    cents = data.draw(st.integers(min_value=0, max_value=int(one.stock * 100)))
    poorer = Claim(one.key, Decimal(cents) / 100, one.daily, False)
    former = [*asked[:rank], Claim(one.key, one.stock, one.daily, False), *asked[rank + 1 :]]
    changed = [*asked[:rank], poorer, *asked[rank + 1 :]]
    before, after = (share(quantity, many, pack=pack).given for many in (former, changed))
    assert after[one.key] >= before[one.key]


@given(quantities, claims(), packs)
def test_one_question_has_one_answer(quantity, asked, pack):
    assert share(quantity, asked, pack=pack) == share(quantity, list(asked), pack=pack)


def test_the_level_is_the_cover_that_nobody_is_under_any_more():
    """10 and 30 days for the same consumption: 40 units bring both to 40 days."""
    short, long = Claim("a", Decimal(10), Decimal(1)), Claim("b", Decimal(30), Decimal(1))
    assert share(15, [short, long]).given == {"a": 15, "b": 0}
    found = share(40, [short, long])
    assert (found.given, found.level) == ({"a": 30, "b": 10}, Decimal("40.0"))


def test_of_equals_the_larger_consumption_comes_first_then_the_order_given():
    small, large = Claim("a", Decimal(0), Decimal(1)), Claim("b", Decimal(0), Decimal(2))
    assert share(1, [small, large]).given == {"a": 0, "b": 1}
    twins = [Claim(key, Decimal(0), Decimal(1)) for key in "xyz"]
    assert share(2, twins).given == {"x": 1, "y": 1, "z": 0}


def test_without_anybody_to_serve_everything_remains():
    found = share(100, [Claim("a", Decimal(0), Decimal(5), True)])
    assert (found.given, found.remainder, found.level) == ({"a": 0}, 100, None)


def test_a_country_is_shared_in_a_moment_to_the_last_unit():
    """2,500 pharmacies, a million units: no unit is looked at one by one."""
    many = [Claim(key, Decimal(key % 97), Decimal(1 + key % 31)) for key in range(2500)]
    assert share(1_000_003, many, pack=10).remainder == 3


@pytest.mark.parametrize(("quantity", "pack"), [(-1, 1), (1, 0)])
def test_a_negative_quantity_or_an_empty_pack_means_nothing(quantity, pack):
    with pytest.raises(ValueError, match="not negative"):
        share(quantity, [], pack=pack)
