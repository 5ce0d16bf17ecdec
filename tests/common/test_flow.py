"""The plans of mutual aid: compared with a bound drawn from the dual of the same linear problem.

Any feasible dual bounds every plan from below, fractional ones included: a plan that reaches its
bound is the linear optimum. Everything is in whole numbers, so « equal » means equal.
"""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common import flow
from common.flow import Donor, Gift, Need, Plan, Route, TooManyRoutesError, in_order, share

DEAR = 10**9  # one unit short, for one step of rank


@st.composite
def instances(draw, most=5):
    needs = [
        Need((number,), draw(st.integers(1, 9)), draw(st.integers(0, 2)))
        for number in range(draw(st.integers(1, most)))
    ]
    donors = [
        Donor((1, number), draw(st.integers(0, 9))) for number in range(draw(st.integers(0, most)))
    ]
    routes = [
        Route(donor.key, need.key, draw(st.integers(0, 20)), draw(st.none() | st.integers(0, 5)))
        for donor, need in product(donors, needs)
        if draw(st.booleans())
    ]
    return needs, donors, routes


def penalty(need):
    """Far apart from rank to rank, without the care that the solver takes to keep them small."""
    return DEAR ** (3 - need.rank)


def cost_of(needs, plan):
    return plan.cost + sum(penalty(need) * plan.unmet.get(need.key, 0) for need in needs)


def shortest_from_source(needs, donors, routes, plan):
    """Distances in what the plan leaves free, by Bellman and Ford; a negative circle fails."""
    given = {(gift.donor, gift.need): gift.quantity for gift in plan.gifts}
    arcs = []
    for donor in donors:
        used = sum(gift.quantity for gift in plan.gifts if gift.donor == donor.key)
        arcs.append(("source", donor.key, 0, used, donor.available))
    for need in needs:
        short = plan.unmet.get(need.key, 0)
        arcs.append(("source", need.key, penalty(need), short, need.quantity))
    for route in routes:
        most = 10**6 if route.at_most is None else route.at_most
        used = given.get((route.donor, route.need), 0)
        arcs.append((route.donor, route.need, route.cost, used, most))
    steps = [(start, end, cost) for start, end, cost, used, most in arcs if used < most]
    steps += [(end, start, -cost) for start, end, cost, used, _ in arcs if used]
    far = 4 * DEAR**3
    reach = dict.fromkeys([one.key for one in (*needs, *donors)], far) | {"source": 0}
    for _ in range(len(reach) + 1):
        before = dict(reach)
        for start, end, cost in steps:
            reach[end] = min(reach[end], reach[start] + cost)
        if before == reach:
            return reach
    pytest.fail("a circle of exchanges would make the plan cheaper")


def dual_bound(needs, donors, routes, plan):
    reach = shortest_from_source(needs, donors, routes, plan)
    value = sum(need.quantity * min(reach[need.key], penalty(need)) for need in needs)
    for donor in donors:
        value -= donor.available * max(reach[donor.key], 0)
    for route in routes:
        if route.at_most is not None:
            over = min(reach[route.need], DEAR**3) - max(reach[route.donor], 0) - route.cost
            value -= route.at_most * max(over, 0)
    return value


@settings(deadline=None)  # the machine may be busy
@given(instances())
def test_a_plan_is_the_linear_optimum(instance):
    needs, _donors, _routes = instance
    plan = share(*instance)
    assert cost_of(needs, plan) == dual_bound(*instance, plan)


@settings(deadline=None)  # the machine may be busy
@given(instances(most=2))
def test_no_whole_plan_of_all_those_possible_costs_less(instance):
    needs, donors, routes = instance
    stock = {donor.key: donor.available for donor in donors}
    asked = {need.key: need.quantity for need in needs}
    most = [min(route.at_most or 0, 3) for route in routes]
    routes = [
        Route(one.donor, one.need, one.cost, limit) for one, limit in zip(routes, most, strict=True)
    ]
    costs = []
    for quantities in product(*(range(limit + 1) for limit in most)):
        left, short = dict(stock), dict(asked)
        for route, quantity in zip(routes, quantities, strict=True):
            left[route.donor] -= quantity
            short[route.need] -= quantity
        if min([*left.values(), *short.values()]) >= 0:
            gifts = tuple(
                Gift(route.donor, route.need, quantity, route.cost)
                for route, quantity in zip(routes, quantities, strict=True)
            )
            costs.append(cost_of(needs, Plan(gifts, short)))
    assert cost_of(needs, share(needs, donors, routes)) == min(costs)


terms = st.tuples(st.integers(0, 4), st.integers(0, 30), st.integers(0, 9))


def totals(plan, costs):
    """What a plan costs, term by term."""
    told = [[gift.quantity * term for term in costs[gift.donor, gift.need]] for gift in plan.gifts]
    return tuple(map(sum, zip(*told, strict=True))) or (0, 0, 0)


@settings(deadline=None)  # the machine may be busy
@given(st.data())
def test_of_the_plans_that_serve_as_much_the_first_term_decides_then_the_next(data):
    needs = [Need((1,), data.draw(st.integers(1, 3))), Need((2,), data.draw(st.integers(1, 3)))]
    donors = [Donor((9, rank), data.draw(st.integers(0, 3))) for rank in range(2)]
    pairs = [(donor.key, need.key) for donor, need in product(donors, needs)]
    costs = {pair: data.draw(terms) for pair in pairs}
    units = sum(need.quantity for need in needs)
    folded = in_order(list(costs.values()), units)
    routes = [Route(*pair, cost) for pair, cost in zip(pairs, folded, strict=True)]
    plan = share(needs, donors, routes)
    best = []
    for quantities in product(range(4), repeat=len(pairs)):
        gifts = [Gift(*pair, one, 0) for pair, one in zip(pairs, quantities, strict=True) if one]
        given_by = [sum(one.quantity for one in gifts if one.donor == d.key) for d in donors]
        taken_by = [sum(one.quantity for one in gifts if one.need == n.key) for n in needs]
        over = [one - most.available for one, most in zip(given_by, donors, strict=True)]
        over += [one - most.quantity for one, most in zip(taken_by, needs, strict=True)]
        if max(over) <= 0:
            best.append((units - sum(taken_by), totals(Plan(tuple(gifts), {}), costs)))
    assert (sum(plan.unmet.values()), totals(plan, costs)) == min(best)


def test_one_term_alone_is_its_own_cost():
    assert in_order([(3,), (0,), (20,)], 10**6) == [3, 0, 20]
    assert in_order([], 10) == []


@settings(deadline=None)  # the machine may be busy
@given(instances())
def test_nothing_is_made_up_and_nobody_gives_more_than_they_can(instance):
    needs, donors, routes = instance
    plan = share(*instance)
    limits = {(route.donor, route.need): route for route in routes}
    for need in needs:
        received = sum(gift.quantity for gift in plan.for_need(need.key))
        assert received + plan.unmet.get(need.key, 0) == need.quantity
    for donor in donors:
        assert (
            sum(gift.quantity for gift in plan.gifts if gift.donor == donor.key) <= donor.available
        )
    for gift in plan.gifts:
        route = limits[gift.donor, gift.need]
        assert gift.quantity > 0
        assert gift.cost == route.cost
        assert route.at_most is None or gift.quantity <= route.at_most


@settings(deadline=None)  # the machine may be busy
@given(instances(), st.randoms(use_true_random=False))
def test_the_order_in_which_things_are_told_changes_nothing(instance, chance):
    shuffled = [chance.sample(part, len(part)) for part in instance]
    assert share(*shuffled) == share(*instance)


def test_the_urgent_is_served_first_however_far():
    needs = [Need((1,), 10, rank=1), Need((2,), 10, rank=0)]
    routes = [Route((9,), (1,), 0), Route((9,), (2,), 1_000_000)]
    plan = share(needs, [Donor((9,), 12)], routes)
    assert plan.gifts == (Gift((9,), (1,), 2, 0), Gift((9,), (2,), 10, 1_000_000))
    assert plan.unmet == {(1,): 8}


def test_the_nearest_gives_way_when_another_has_nobody_else():
    """One by one, the first need would take its nearest donor and leave the second with nothing."""
    needs = [Need((1,), 10), Need((2,), 10)]
    donors = [Donor((8,), 10), Donor((9,), 10)]
    routes = [Route((8,), (1,), 1), Route((9,), (1,), 5), Route((8,), (2,), 2)]
    plan = share(needs, donors, routes)
    assert plan.unmet == {}
    assert {(gift.donor, gift.need) for gift in plan.gifts} == {((9,), (1,)), ((8,), (2,))}


def test_a_need_without_donor_is_unmet_not_an_error():
    assert share([Need((1,), 3)], [], []) == Plan((), {(1,): 3})
    assert share([], [Donor((1,), 3)], []) == Plan((), {})


def test_at_most_so_much_goes_along_a_route():
    plan = share([Need((1,), 9)], [Donor((2,), 9)], [Route((2,), (1,), 1, at_most=4)])
    assert (plan.gifts, plan.unmet) == ((Gift((2,), (1,), 4, 1),), {(1,): 5})


@pytest.mark.parametrize(
    "wrong",
    [
        ([Need((1,), 0)], [], []),
        ([Need((1,), 1), Need((1,), 1)], [], []),
        ([], [Donor((1,), -1)], []),
        ([], [Donor((1,), 1), Donor((1,), 1)], []),
        ([Need((1,), 1)], [Donor((2,), 1)], [Route((2,), (1,), -1)]),
        ([Need((1,), 1)], [Donor((2,), 1)], [Route((2,), (1,), 1, -1)]),
        ([Need((1,), 1)], [Donor((2,), 1)], [Route((2,), (1,), 1), Route((2,), (1,), 2)]),
        ([Need((1,), 1)], [], [Route((2,), (1,), 1)]),
        ([], [Donor((2,), 1)], [Route((2,), (1,), 1)]),
    ],
)
def test_figures_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match=r"^a"):
        share(*wrong)


def test_too_many_routes_are_refused_with_a_sentence(monkeypatch):
    monkeypatch.setattr(flow, "MOST_ROUTES", 1)
    needs, donors = [Need((1,), 1), Need((2,), 1)], [Donor((3,), 1)]
    with pytest.raises(TooManyRoutesError, match="2 trajets à comparer, 1 au plus"):
        share(needs, donors, [Route((3,), (1,), 1), Route((3,), (2,), 1)])


def test_fifty_needs_among_five_hundred_donors_are_within_the_limit():
    needs = [Need((one,), 20 + 7919 * one % 381, one % 3) for one in range(50)]
    donors = [Donor((1, one), 104_729 * one % 51) for one in range(500)]
    routes = [
        Route(donor.key, need.key, (donor.key[1] * 1_299_709 + need.key[0] * 15_485_863) % 900)
        for donor in donors
        for need in needs
    ]
    plan = share(needs, donors, routes)
    assert cost_of(needs, plan) == dual_bound(needs, donors, routes, plan)
