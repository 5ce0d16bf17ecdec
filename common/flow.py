"""Who gives how much to whom: the plan that leaves the fewest needs short, then costs the least.

A minimum-cost flow, solved by networkx. Everything is a whole number: units, and the cost of
carrying one unit along a route. What no donor can give stays unmet: that is an answer, never an
error. See ``docs/decisions`` for the choice and its figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import networkx

from common.numbers import format_integer

MOST_ROUTES = 25_000
SOURCE = 0

Key = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """Units asked. Rank 0 goes first: a later rank takes nothing that an earlier one could use."""

    key: Key
    quantity: int
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Donor:
    """Units that may be given in all: what the donor keeps for itself is already taken off."""

    key: Key
    available: int


@dataclass(frozen=True, slots=True)
class Route:
    """This donor may serve this need, at so much a unit. A pair without route never meets."""

    donor: Key
    need: Key
    cost: int
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Gift:
    """Units that go from a donor to a need; ``cost`` is that of one unit."""

    donor: Key
    need: Key
    quantity: int
    cost: int


@dataclass(frozen=True, slots=True)
class Plan:
    """``unmet`` holds only the needs left short; ``cost`` is that of the gifts alone."""

    gifts: tuple[Gift, ...]
    unmet: dict[Key, int]

    @property
    def cost(self) -> int:
        return sum(gift.quantity * gift.cost for gift in self.gifts)

    def for_need(self, key: Key) -> tuple[Gift, ...]:
        return tuple(gift for gift in self.gifts if gift.need == key)


def in_order(costs: Sequence[tuple[int, ...]], units: int) -> list[int]:
    """One whole number for each cost told term by term, the term that decides first.

    Of two plans of ``units`` units at most, the one with the smaller total of first terms costs
    less; the next terms only part those that are equal.
    """
    weights: list[int] = []
    below = 0  # the most that the terms after can add up to, for one unit
    for column in reversed(list(zip(*costs, strict=True))):
        weight = 1 + units * below
        below += weight * max(column)
        weights.insert(0, weight)
    return [sum(w * term for w, term in zip(weights, one, strict=True)) for one in costs]


class TooManyRoutesError(ValueError):
    """More pairs than are solved while a person waits. The message is written for that person."""

    def __init__(self, routes: int):
        super().__init__(
            f"{format_integer(routes)} trajets à comparer, {format_integer(MOST_ROUTES)} au plus "
            f"à la fois. "
            f"Traitez moins de besoins ensemble, ou moins de donneurs par besoin."
        )


def share(needs: Sequence[Need], donors: Sequence[Donor], routes: Sequence[Route]) -> Plan:
    """Solve exactly; the order of the arguments changes nothing.

    First the fewest units short at rank 0, then at rank 1 and so on; then the least total cost.
    Raises ``TooManyRoutesError``, or ``ValueError`` when the figures make no sense.
    """
    _check(needs, donors, routes)
    problem = _Problem(needs, donors, routes)
    _, flow = networkx.network_simplex(problem.graph)
    return problem.plan(flow)


class _Problem:
    """The network: a source feeds the donors, and the needs themselves at a prohibitive cost.

    Nodes are numbered in the order of the keys, so that ties are always broken alike.
    """

    def __init__(self, needs: Sequence[Need], donors: Sequence[Donor], routes: Sequence[Route]):
        self.needs = sorted(needs, key=lambda one: one.key)
        self.routes = sorted(routes, key=lambda one: (one.donor, one.need))
        self.need_nodes = {need.key: node for node, need in enumerate(self.needs, SOURCE + 1)}
        first = SOURCE + 1 + len(needs)
        givers = sorted(donors, key=lambda one: one.key)
        self.donor_nodes = {donor.key: node for node, donor in enumerate(givers, first)}
        self.graph: networkx.DiGraph[int] = networkx.DiGraph()
        self._add_needs()
        for donor in givers:
            self.graph.add_edge(
                SOURCE, self.donor_nodes[donor.key], capacity=donor.available, weight=0
            )
        for route in self.routes:
            self._add_route(route)

    def _add_needs(self) -> None:
        """Tell apart the ranks: one step outweighs any way of carrying one unit.

        To serve one more unit, a plan changes at most one route into each need, so its cost rises
        by less than ``step``: never a reason to leave a unit unmet, or to serve a later rank.
        """
        step = 1 + len(self.needs) * max((route.cost for route in self.routes), default=0)
        ranks = sorted({need.rank for need in self.needs}, reverse=True)
        penalty = {rank: step * place for place, rank in enumerate(ranks, 1)}
        self.graph.add_node(SOURCE, demand=-sum(need.quantity for need in self.needs))
        for need in self.needs:
            node = self.need_nodes[need.key]
            self.graph.add_node(node, demand=need.quantity)
            self.graph.add_edge(SOURCE, node, capacity=need.quantity, weight=penalty[need.rank])

    def _add_route(self, route: Route) -> None:
        limit = {} if route.at_most is None else {"capacity": route.at_most}
        self.graph.add_edge(
            self.donor_nodes[route.donor], self.need_nodes[route.need], weight=route.cost, **limit
        )

    def plan(self, flow: dict[int, dict[int, int]]) -> Plan:
        given = (
            Gift(route.donor, route.need, quantity, route.cost)
            for route in self.routes
            if (quantity := flow[self.donor_nodes[route.donor]][self.need_nodes[route.need]])
        )
        unmet = {key: flow[SOURCE][node] for key, node in self.need_nodes.items()}
        return Plan(
            gifts=tuple(sorted(given, key=lambda one: (one.need, one.cost, one.donor))),
            unmet={key: short for key, short in unmet.items() if short},
        )


def _check(needs: Sequence[Need], donors: Sequence[Donor], routes: Sequence[Route]) -> None:
    if len(routes) > MOST_ROUTES:
        raise TooManyRoutesError(len(routes))
    asking = {need.key for need in needs}
    giving = {donor.key for donor in donors}
    pairs = {(route.donor, route.need) for route in routes}
    if (len(asking), len(giving), len(pairs)) != (len(needs), len(donors), len(routes)):
        raise ValueError("a need, a donor or a pair is named twice")
    if any(route.need not in asking or route.donor not in giving for route in routes):
        raise ValueError("a route joins an unknown need or donor")
    if any(need.quantity <= 0 for need in needs):
        raise ValueError("a need asks for at least one unit")
    if any(donor.available < 0 for donor in donors):
        raise ValueError("a donor gives no negative quantity")
    if any(route.cost < 0 or (route.at_most or 0) < 0 for route in routes):
        raise ValueError("a route costs, and carries, no negative quantity")
