"""Who may give to a need: fresh, with a surplus, of the region first, the nearest first.

Pharmacies declare no expiry: nobody can be preferred for it, the giver tells it when shipping.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone

from accounts.models import User
from establishments.models.position import spots_of
from establishments.perimeter import Action
from establishments.redistribution.distance import Distance, distance_between
from pui.aid.rights import puis_to
from pui.aid.stocks import Held, PuiReference, catalogue_today, held_by
from pui.models import MedicineNeed, Pui
from pui.models.register import PuiQuerySet

MOST_CANDIDATES: Final = 200  # of a need, the nearest: what the solver takes at ease
OTHER_REGION: Final = 20_000  # beyond any distance: the region gives first


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pharmacy that could give to a need, and what it would cost to carry one unit."""

    pui: Pui
    held: Held
    distance: Distance
    is_of_region: bool

    @property
    def cost(self) -> int:
        return self.distance.rank + (0 if self.is_of_region else OTHER_REGION)


def donor_puis(user: User, needs: Sequence[MedicineNeed], now: datetime) -> PuiQuerySet:
    """Those that this agency may commit: of the regions in need, of all for a widened need."""
    rows = puis_to(user, Action.AID_PROPOSE).open_on(timezone.localdate(now))
    if not any(one.is_beyond for one in needs):
        regions = {one.pui.establishment.region_id for one in needs}
        rows = rows.filter(establishment__region__in=regions)
    return rows.select_related("establishment__department")


def candidates_for(
    user: User, needs: Sequence[MedicineNeed], now: datetime
) -> dict[int, list[Candidate]]:
    """By need, the best first; a constant number of statements."""
    references = {one.reference.label for one in needs}
    puis = {one.pk: one for one in donor_puis(user, needs, now)}
    held = held_by(catalogue_today(now), references, puis, now)
    giving = {key: one for key, one in held.items() if one.surplus}
    short = _in_need(references)
    places = [puis[pk].establishment for pk, _ in giving]
    spots = spots_of([*places, *(one.pui.establishment for one in needs)])
    found: dict[int, list[Candidate]] = {}
    for need in needs:
        here = spots[need.pui.establishment_id]
        offers = [
            Candidate(
                pui,
                one,
                distance_between(here, spots[pui.establishment_id]),
                pui.establishment.region_id == need.pui.establishment.region_id,
            )
            for (pk, reference), one in giving.items()
            for pui in [puis[pk]]
            if reference == need.reference.label and (pk, reference) not in short
        ]
        allowed = [one for one in offers if need.is_beyond or one.is_of_region]
        found[need.pk] = sorted(allowed, key=lambda one: (one.cost, -one.held.surplus, one.pui.pk))[
            :MOST_CANDIDATES
        ]
    return found


def _in_need(references: Collection[str]) -> set[PuiReference]:
    """Who lacks a product gives none of it."""
    rows = MedicineNeed.objects.open().filter(reference__label__in=references)
    return set(rows.order_by().values_list("pui", "reference__label"))
