"""No secret figure is published, nor can be computed from those that are."""

from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pui.open_data.masking import (
    FEWEST_ENTITIES,
    Held,
    masked_regions,
    may_be_told,
    merged,
    total,
)

REGIONS = ("11", "24", "28", "32", "44")


def cell(*stocks, first=1):
    return {first + rank: Held(1, Decimal(one), Decimal(1)) for rank, one in enumerate(stocks)}


# what a few entities hold; some have pharmacies in several regions: numbers overlap
drawn = st.tuples(
    st.integers(1, 20), st.lists(st.sampled_from([0, 1, 10, 100, 5000]), min_size=1, max_size=8)
)
countries = st.dictionaries(st.sampled_from(REGIONS), drawn, min_size=1).map(
    lambda found: {code: cell(*stocks, first=first) for code, (first, stocks) in found.items()}
)


def published(country):
    """What a reader sees: sets of regions whose sum is known."""
    is_total_told = may_be_told(merged(country.values()))
    masked = masked_regions(country, is_total_told=is_total_told)
    known = [{code} for code in country if code not in masked]
    return masked, known + ([set(country)] if is_total_told else [])


def rank_of(vectors):
    """By elimination, in fractions: nothing is rounded."""
    rows, rank = [list(map(Fraction, one)) for one in vectors], 0
    for column in range(len(REGIONS)):
        pivot = next((row for row in rows[rank:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(rank, pivot)
        for row in rows[rank + 1 :]:
            factor = row[column] / pivot[column]
            row[:] = [one - factor * other for one, other in zip(row, pivot, strict=True)]
        rank += 1
    return rank


def can_be_computed(wanted, known):
    """Whether the sum of ``wanted`` follows from the known ones, by any additions whatever."""
    vectors = [[int(code in one) for code in REGIONS] for one in known]
    return rank_of([*vectors, [int(code in wanted) for code in REGIONS]]) == rank_of(vectors)


@given(countries)
def test_whatever_can_be_computed_may_be_told(country):
    """Every group of regions whose sum follows from what is published hides who is in it."""
    _, known = published(country)
    for size in range(1, len(country) + 1):
        for group in map(set, combinations(sorted(country), size)):
            if can_be_computed(group, known):
                assert may_be_told(merged(country[code] for code in group))


@given(countries)
def test_no_masked_region_can_be_computed(country):
    masked, known = published(country)
    assert [code for code in masked if can_be_computed({code}, known)] == []


@given(countries)
def test_what_may_be_told_is_masked_only_to_protect_another(country):
    masked, _ = published(country)
    if all(may_be_told(one) for one in country.values()):
        assert masked == set()


@given(countries)
def test_the_country_is_the_sum_of_its_regions(country):
    whole = total(merged(country.values()))
    parts = [total(one) for one in country.values()]
    assert whole.puis == sum(one.puis for one in parts)
    assert whole.stock == sum(one.stock for one in parts)


def test_subtraction_alone_would_find_the_only_small_region():
    """The control: masking the small one alone gives its figure away."""
    country = {"24": cell(1, 2), "11": cell(*[10] * 6, first=10), "32": cell(*[10] * 8, first=30)}
    assert {code for code, one in country.items() if not may_be_told(one)} == {"24"}
    assert can_be_computed({"24"}, [{"11"}, {"32"}, set(country)])
    masked, _ = published(country)
    assert masked == {"24", "11"}, "the smallest of the others hides it"


def test_two_small_regions_hide_each_other_only_when_there_are_enough_of_them():
    large = {"11": cell(*[10] * 9, first=50)}
    assert published(large | {"24": cell(1, 2), "28": cell(3, 4, 5, first=10)})[0] == {"24", "28"}
    assert published(large | {"24": cell(1, 2), "28": cell(3, 4, first=10)})[0] == {
        "24",
        "28",
        "11",
    }


@pytest.mark.parametrize(
    ("stocks", "told"),
    [
        ([10] * (FEWEST_ENTITIES - 1), False),
        ([10] * FEWEST_ENTITIES, True),
        ([0] * FEWEST_ENTITIES, True),
        ([850, 50, 50, 25, 25], True),
        ([851, 50, 50, 25, 24], False),
    ],
)
def test_five_entities_none_above_the_share(stocks, told):
    assert may_be_told(cell(*stocks)) is told


def test_one_that_consumes_nearly_all_is_hidden_too():
    group = cell(*[10] * 6) | {99: Held(1, Decimal(10), Decimal(900))}
    assert not may_be_told(group)


def test_an_entity_of_two_regions_is_one_contributor():
    whole = merged([cell(1, 2), cell(3, 4, first=2)])
    assert len(whole) == 3
    assert whole[2] == Held(2, Decimal(5), Decimal(2))
