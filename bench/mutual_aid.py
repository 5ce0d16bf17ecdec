"""The solver of mutual aid beside a greedy sharing, on 50 needs and 500 donors.

    python bench/mutual_aid.py [--rounds 5]

The greedy serves the needs one after the other, each by its nearest donors: what one would do by
hand. Ratios of the time, of the units left unmet, and of the distance for each unit served.
"""

import argparse
import random
import statistics
import time
from math import hypot

from common.flow import Donor, Gift, Need, Plan, Route, share

NEEDS, DONORS = 50, 500
ASKED, GIVEN = 40, 10  # units
REACHES = {"tout le territoire": 2.0, "un cinquième du territoire": 0.2}  # of a donor
GOAL_SECONDS = 2.0

Instance = tuple[list[Need], list[Donor], list[Route]]


def instance(seed: int, reach: float) -> Instance:
    """A square country; what donors may give is about what is asked, each within its reach."""
    chance = random.Random(seed)
    needs = [Need((n,), chance.randint(1, 2 * ASKED), n % 3) for n in range(NEEDS)]
    donors = [Donor((n,), chance.randint(0, GIVEN)) for n in range(DONORS)]
    places = [(chance.random(), chance.random()) for _ in range(NEEDS + DONORS)]
    routes = []
    for need, (x, y) in zip(needs, places[:NEEDS], strict=True):
        for donor, (u, v) in zip(donors, places[NEEDS:], strict=True):
            away = hypot(x - u, y - v)
            if away < reach:
                routes.append(Route(donor.key, need.key, round(1000 * away)))
    return needs, donors, routes


def greedy(needs: list[Need], donors: list[Donor], routes: list[Route]) -> Plan:
    """The urgent first, each by its nearest donors."""
    left = {donor.key: donor.available for donor in donors}
    gifts, unmet = [], {}
    for need in sorted(needs, key=lambda one: (one.rank, one.key)):
        short = need.quantity
        for route in sorted((one for one in routes if one.need == need.key), key=lambda r: r.cost):
            quantity = min(short, left[route.donor])
            if quantity:
                gifts.append(Gift(route.donor, need.key, quantity, route.cost))
                left[route.donor] -= quantity
                short -= quantity
        if short:
            unmet[need.key] = short
    return Plan(tuple(gifts), unmet)


def timed(solve, problem: Instance) -> tuple[Plan, float]:
    start = time.process_time()
    plan = solve(*problem)
    return plan, time.process_time() - start


def told(plans: list[Plan]) -> tuple[int, float]:
    """Units unmet, and the mean distance of a unit served."""
    served = sum(gift.quantity for plan in plans for gift in plan.gifts)
    unmet = sum(short for plan in plans for short in plan.unmet.values())
    return unmet, sum(plan.cost for plan in plans) / served


def compare(reach: float, rounds: int) -> None:
    problems = [instance(seed, reach) for seed in range(rounds)]
    solved = [timed(share, problem) for problem in problems]
    by_hand = [timed(greedy, problem) for problem in problems]
    seconds, quick = (statistics.median(spent for _, spent in found) for found in (solved, by_hand))
    unmet, away = told([plan for plan, _ in solved])
    left, far = told([plan for plan, _ in by_hand])
    print(
        f"  résoudre : {seconds:.2f} s (but < {GOAL_SECONDS:.0f}), {seconds / quick:.0f} × glouton"
    )
    print(f"  unités manquantes : {unmet}, glouton {left} (but : pas plus que lui)")
    print(f"  distance d’une unité servie : {far / away:.2f} fois plus loin par le glouton")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    for name, reach in REACHES.items():
        routes = len(instance(0, reach)[2])
        print(f"entraide, {NEEDS} besoins × {DONORS} donneurs, {name} ({routes} trajets)")
        compare(reach, rounds)


if __name__ == "__main__":
    main()
