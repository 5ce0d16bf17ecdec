"""What may happen to a transfer, whatever is tried, and what is left to find of a need."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from establishments.redistribution.distance import Point, Source, Spot, distance_between
from establishments.redistribution.states import (
    ENDED,
    LIVE,
    RULES,
    Part,
    Side,
    Standing,
    Step,
    StepError,
    TransferState,
    after,
    is_covered,
    open_steps,
    remaining,
)

TRIES = st.lists(st.tuples(st.sampled_from(Step), st.sampled_from(Side)), max_size=30)
PARTS = st.lists(
    st.builds(
        Part,
        st.sampled_from(TransferState),
        st.integers(1, 1000),
        st.none() | st.integers(0, 2000),
    )
)
NEAR = {"45": Point(47.9, 1.9), "18": Point(47.08, 2.4)}


@given(TRIES)
def test_nothing_leaves_without_both_sides_whatever_is_tried(tries):
    standing = Standing(TransferState.PROPOSED)
    passed = [standing.state]
    for step, side in tries:
        try:
            standing = after(standing, step, side)
        except StepError:
            assert step not in open_steps(standing, [side])
        else:
            passed.append(standing.state)
    if TransferState.SHIPPED in passed:
        assert passed.index(TransferState.CONFIRMED) < passed.index(TransferState.SHIPPED)
        assert standing.accepted == {Side.GIVER, Side.TAKER}
    assert not any(one in ENDED for one in passed[:-1])


@pytest.mark.parametrize("state", ENDED)
def test_what_has_ended_never_moves_again(state):
    assert open_steps(Standing(state), list(Side)) == []


def test_each_step_is_of_some_side_and_some_state():
    assert set(RULES) == set(Step)
    assert all(rule.states and rule.sides for rule in RULES.values())


@given(st.integers(1, 5000), PARTS)
def test_what_is_left_to_find_is_never_negative_nor_forgets_what_failed(needed, parts):
    left = remaining(needed, parts)
    assert 0 <= left <= needed
    failed = [one for one in parts if one.state in (TransferState.REFUSED, TransferState.CANCELLED)]
    assert remaining(needed, [one for one in parts if one not in failed]) == left
    if is_covered(needed, parts):
        assert left == 0
        assert not any(one.state in LIVE for one in parts)


def test_a_short_reception_reopens_the_difference():
    parts = [Part(TransferState.RECEIVED, 100, 90)]
    assert (remaining(100, parts), is_covered(100, parts)) == (10, False)


def test_a_distance_says_how_it_is_known():
    orleans, bourges = (Spot(code, point) for code, point in NEAR.items())
    exact = distance_between(orleans, bourges)
    assert (exact.source, 95 < exact.km < 105) == (Source.COORDINATES, True)
    rough = distance_between(Spot("45"), bourges)
    assert (rough.source, 50 < rough.km < 150) == (Source.DEPARTMENT, True)
    assert "environ" in rough.text
    unknown = distance_between(Spot("974"), bourges)
    assert (unknown.km, unknown.text) == (None, "distance inconnue")
    assert exact.rank < unknown.rank


def test_the_same_department_is_not_nearer_than_a_known_neighbour():
    here, near = Spot("45", NEAR["45"]), Spot("45", Point(47.95, 1.95))
    assert distance_between(here, near).rank < distance_between(here, Spot("45")).rank
    assert distance_between(here, Spot("45")).text == "même département"
