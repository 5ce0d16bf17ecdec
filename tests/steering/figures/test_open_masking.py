"""Two levels of totals: nothing secret is told, nor can be worked out from what is told."""

from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from pui.open_data.masking import FEWEST_ENTITIES, Held, may_be_told, merged
from steering.open_data.masking import moved, regions_of, secret_of

PLACES = [("24", "45"), ("24", "18"), ("24", "37"), ("53", "35"), ("53", "29"), ("11", "75")]


def cell(*stocks, first=1):
    return {first + rank: Held(1, Decimal(one), Decimal(1)) for rank, one in enumerate(stocks)}


def told_sums(cells, earlier=()):
    """What a reader knows: each told figure, as the set of departments that it sums."""
    secret = secret_of(cells, earlier)
    known = []
    if not secret.country:
        known.append(frozenset(cells))
    for region in regions_of(cells):
        if region not in secret.regions:
            known.append(frozenset(place for place in cells if place[0] == region))
    return known + [frozenset([place]) for place in cells if place not in secret.departments]


def in_span(vectors, target):
    """Whether additions and subtractions of what is told give exactly this."""
    rows = [[Fraction(x) for x in one] for one in vectors]
    left = [Fraction(x) for x in target]
    for at in range(len(target)):
        pivot = next((row for row in rows if row[at] and not any(row[:at])), None)
        if pivot is None:
            rows, pivot = reduced(rows, at)
        if pivot is None:
            continue
        factor = left[at] / pivot[at]
        left = [a - factor * b for a, b in zip(left, pivot, strict=True)]
    return not any(left)


def reduced(rows, at):
    """Put the rows in echelon form up to this column; the row that begins there, if any."""
    found, rest = [], [list(row) for row in rows]
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rest if row[column]), None)
        if pivot is None:
            continue
        rest.remove(pivot)
        rest = [
            [a - row[column] / pivot[column] * b for a, b in zip(row, pivot, strict=True)]
            for row in rest
        ]
        found.append(pivot)
    return found, next((row for row in found if row[at] and not any(row[:at])), None)


def deduced(cells, earlier=()):
    """Every group of departments whose sum a reader can work out."""
    places = sorted(cells)
    known = [[int(place in one) for place in places] for one in told_sums(cells, earlier)]
    return [
        group
        for size in range(1, len(places) + 1)
        for group in combinations(places, size)
        if in_span(known, [int(place in group) for place in places])
    ]


def cells_of(drawn):
    """A place where nobody has anything is not counted."""
    return {place: cell(*stocks, first=first) for place, (stocks, first) in drawn.items() if stocks}


held = st.lists(st.integers(1, 60), min_size=0, max_size=9)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(PLACES), st.tuples(held, st.integers(1, 14)), min_size=1))
def test_every_sum_that_can_be_worked_out_may_be_told(drawn):
    cells = cells_of(drawn)
    for group in deduced(cells):
        assert may_be_told(merged(cells[place] for place in group)), group


def may_be_worked_out(group, *weeks):
    """What is known of a group in two weeks tells nothing of the few that changed in between."""
    changed = {who for place in group for who in moved(*weeks).get(place, ())}
    return not changed or len(changed) >= FEWEST_ENTITIES


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(PLACES), st.tuples(held, st.integers(1, 14)), min_size=1),
    st.lists(st.tuples(st.sampled_from(PLACES), st.integers(1, 20), st.integers(0, 90))),
)
def test_the_difference_of_two_weeks_tells_nothing_of_the_few_that_changed(drawn, changes):
    before = cells_of(drawn)
    now = {place: dict(one) for place, one in before.items()}
    for place, entity, stock in changes:  # none left: it is not counted any more
        now.setdefault(place, {})[entity] = Held(1, Decimal(stock), Decimal(1))
        if not stock:
            del now[place][entity]
    now = {place: one for place, one in now.items() if one}
    for group in deduced(now, [before]):
        assert may_be_worked_out(group, now, before), group


def two_weeks(*, leaves=(), changes=()):
    """Three departments of eight; who leaves is not counted any more, who changes has 99."""
    before = {
        ("24", "45"): cell(*[10] * 8, first=1),
        ("24", "18"): cell(*[20] * 8, first=50),
        ("53", "35"): cell(*[30] * 8, first=90),
    }
    now = {
        place: {
            entity: Held(1, Decimal(99), Decimal(1)) if entity in changes else one
            for entity, one in told.items()
            if entity not in leaves
        }
        for place, told in before.items()
    }
    return now, [before]


def test_the_one_that_is_not_counted_any_more_is_not_told_by_the_difference():
    """Eight then seven, the same seven: the eighth would be the difference."""
    secret = secret_of(*two_weeks(leaves={1}))
    assert ("24", "45") in secret.departments
    assert "24" in secret.regions
    assert secret.country


def test_the_one_that_alone_changed_is_hidden_too():
    secret = secret_of(*two_weeks(changes={1}))
    assert ("24", "45") in secret.departments


def test_a_week_in_which_nobody_or_enough_of_them_changed_hides_nothing():
    assert secret_of(*two_weeks()) == secret_of(two_weeks()[0])
    assert not secret_of(*two_weeks(changes={1, 2, 3, 4, 5, 6})).departments


def test_a_place_whose_last_ones_have_left_takes_another_with_it():
    now, (before,) = two_weeks(changes={*range(1, 9), *range(50, 58)})
    before[("24", "37")] = cell(10, 10, first=200)
    secret = secret_of(now, [before])
    assert {("24", "37"), ("24", "18")} <= secret.departments or (
        {("24", "37"), ("24", "45")} <= secret.departments
    )


def test_the_departments_of_a_masked_region_are_all_masked():
    """Bretagne is masked to hide Île-de-France: its departments would give it back."""
    cells = {
        ("24", "45"): cell(*[10] * 20, first=1),
        ("53", "35"): cell(*[10] * 6, first=100),
        ("53", "29"): cell(*[10] * 6, first=200),
        ("11", "75"): cell(10, 10, first=300),
    }
    secret = secret_of(cells)
    assert secret.regions == {"11", "53"}
    assert {("53", "35"), ("53", "29")} <= secret.departments
    assert ("24", "45") not in secret.departments


def test_a_single_small_department_takes_another_with_it():
    cells = {
        ("24", "45"): cell(*[10] * 8, first=1),
        ("24", "18"): cell(*[10] * 7, first=50),
        ("24", "37"): cell(10, 10, first=90),
    }
    secret = secret_of(cells)
    assert not secret.country
    assert secret.regions == frozenset()
    assert secret.departments == {("24", "37"), ("24", "18")}
