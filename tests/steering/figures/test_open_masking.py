"""Two levels of totals: nothing secret is told, nor can be worked out from what is told."""

from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from pui.open_data.masking import Held, may_be_told, merged
from steering.open_data.masking import regions_of, secret_of

PLACES = [("24", "45"), ("24", "18"), ("24", "37"), ("53", "35"), ("53", "29"), ("11", "75")]


def cell(*stocks, first=1):
    return {first + rank: Held(1, Decimal(one), Decimal(1)) for rank, one in enumerate(stocks)}


def told_sums(cells):
    """What a reader knows: each told figure, as the set of departments that it sums."""
    secret = secret_of(cells)
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


def deduced(cells):
    """Every group of departments whose sum a reader can work out."""
    places = sorted(cells)
    known = [[int(place in one) for place in places] for one in told_sums(cells)]
    return [
        group
        for size in range(1, len(places) + 1)
        for group in combinations(places, size)
        if in_span(known, [int(place in group) for place in places])
    ]


held = st.lists(st.integers(1, 60), min_size=0, max_size=9)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(PLACES), st.tuples(held, st.integers(1, 14)), min_size=1))
def test_every_sum_that_can_be_worked_out_may_be_told(drawn):
    cells = {place: cell(*stocks, first=first) for place, (stocks, first) in drawn.items()}
    for group in deduced(cells):
        assert may_be_told(merged(cells[place] for place in group)), group


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
