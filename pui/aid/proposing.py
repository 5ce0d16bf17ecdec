"""Several needs, many donors: who gives how much to whom. Nothing is written here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from common.flow import Donor, Need, Plan, Route, share
from pui.aid.donors import Candidate
from pui.models import MedicineNeed


@dataclass(frozen=True, slots=True)
class Move:
    """So many units from a candidate to a need."""

    need: MedicineNeed
    candidate: Candidate
    quantity: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """``unmet``: units that nobody can give, by need."""

    moves: list[Move]
    unmet: dict[int, int]


def solve(
    needs: Sequence[MedicineNeed],
    remaining: Mapping[int, int],
    candidates: Mapping[int, Sequence[Candidate]],
) -> Proposal:
    """The most urgent first, then the fewest units left unmet, then the shortest roads.

    A donor of two products is two donors; one product promised to two needs is counted once.
    """
    asked = [one for one in needs if remaining[one.pk]]
    donors: dict[tuple[int, int], int] = {}
    routes: list[Route] = []
    known: dict[tuple[tuple[int, int], int], Candidate] = {}
    for need in asked:
        for one in candidates[need.pk]:
            key = (one.pui.pk, need.reference_id)
            donors[key] = one.held.surplus
            routes.append(Route(key, (need.pk,), one.cost))
            known[key, need.pk] = one
    plan: Plan = share(
        [Need((one.pk,), remaining[one.pk], one.urgency_rank) for one in asked],
        [Donor(key, available) for key, available in donors.items()],
        routes,
    )
    by_pk = {one.pk: one for one in asked}
    moves = [
        Move(
            by_pk[gift.need[0]], known[(gift.donor[0], gift.donor[1]), gift.need[0]], gift.quantity
        )
        for gift in plan.gifts
    ]
    return Proposal(moves, {key[0]: short for key, short in plan.unmet.items()})
