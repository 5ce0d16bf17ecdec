"""Who may give to a need, and who gives how much to several needs at once. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from common import among, flow  # noqa: F401 - ``among`` registers the lookup
from establishments.models.position import spots_of
from establishments.perimeter import Action, PerimeterQuerySet
from establishments.redistribution.distance import distance_between
from establishments.redistribution.held import Candidate, Held, Key, Order, order_of
from establishments.redistribution.models import Need
from establishments.redistribution.rights import places_to
from establishments.redistribution.states import NeedState
from establishments.redistribution.trade import Person, Trade

MOST_CANDIDATES: Final = 200  # of a need, the nearest: what the solver takes at ease
OTHER_REGION: Final = 20_000  # beyond any distance: the region gives first


@dataclass(frozen=True, slots=True)
class Move:
    """So many units from a candidate to a need."""

    need: Need
    candidate: Candidate
    quantity: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """``unmet``: units that nobody can give, by need."""

    moves: list[Move]
    unmet: dict[int, int]


def donors(trade: Trade, user: Person, needs: Sequence[Need]) -> PerimeterQuerySet:
    """Those that this agency may commit: of the regions in need, of all for a widened need."""
    rows = places_to(trade, user, Action.AID_PROPOSE)
    if any(one.is_beyond for one in needs):
        return rows
    regions = {trade.site_of(one.place).region_id for one in needs}
    return rows.filter(**{trade.below_site("region__in"): regions})


def candidates_for(
    trade: Trade, user: Person, needs: Sequence[Need], now: datetime
) -> dict[int, list[Candidate]]:
    """By need, the best first; a constant number of statements."""
    rows = donors(trade, user, needs)
    goods = {one.goods_pk for one in needs}
    held = trade.held(rows, goods, now)
    short = _in_need(trade, goods)
    giving = {key: one for key, one in held.items() if one.surplus and key not in short}
    places = _places(trade, rows, {place for place, _ in giving})
    spots = spots_of(
        [trade.site_of(one) for one in (*places.values(), *(need.place for need in needs))]
    )
    today = timezone.localdate(now)
    return {need.pk: _best(trade, need, giving, places, spots, today) for need in needs}


def _best(
    trade: Trade,
    need: Need,
    giving: Mapping[Key, Held],
    places: Mapping[int, Any],
    spots: Mapping[int, Any],
    today: date,
) -> list[Candidate]:
    """The nearest first, those of the region before all others, then the nearest expiry, then the
    largest surplus; nobody whose units would expire before they serve."""
    here = trade.site_of(need.place)
    found = []
    for (pk, goods), held in giving.items():
        if goods != need.goods_pk or not held.serves(need.wanted_on, today):
            continue
        site = trade.site_of(places[pk])
        is_of_region = site.region_id == here.region_id
        if not (is_of_region or need.is_beyond):
            continue
        distance = distance_between(spots[here.pk], spots[site.pk])
        away = distance.rank + (0 if is_of_region else OTHER_REGION)
        order = _order(trade, away, held, today)
        found.append(Candidate(places[pk], held, distance, order))
    found.sort(key=lambda one: (one.order, -one.held.surplus, one.place.pk))
    return found[:MOST_CANDIDATES]


def _order(trade: Trade, away: int, held: Held, today: date) -> Order:
    return order_of(away, held.nearest_expiry, today) if trade.tells_expiry else (away,)


def _places(trade: Trade, rows: PerimeterQuerySet, pks: set[int]) -> dict[int, Any]:
    if trade.site_path:
        rows = rows.select_related(trade.site_path)
    return {one.pk: one for one in rows.filter(pk__among=pks).order_by()}


def _in_need(trade: Trade, goods: set[int]) -> set[Key]:
    """Who lacks a product gives none of it."""
    place, wanted = trade.needs.place_field, trade.needs.goods_field
    rows = trade.needs._default_manager.filter(**{f"{wanted}__in": goods, "state": NeedState.OPEN})
    return set(rows.order_by().values_list(place, wanted))


def solve(
    needs: Sequence[Need],
    remaining: Mapping[int, int],
    candidates: Mapping[int, Sequence[Candidate]],
) -> Proposal:
    """The most urgent first, then the fewest units left unmet, then the best donors in all.

    A donor of two products is two donors; one product promised to two needs is counted once.
    """
    asked = {one.pk: one for one in needs if remaining[one.pk]}
    available: dict[flow.Key, int] = {}
    known: dict[tuple[flow.Key, flow.Key], Candidate] = {}
    for need in asked.values():
        for one in candidates[need.pk]:
            donor, taker = (one.place.pk, need.goods_pk), (need.pk,)
            available[donor] = one.held.surplus
            known[donor, taker] = one
    costs = flow.in_order([one.order for one in known.values()], sum(remaining.values()))
    plan = flow.share(
        [flow.Need((pk,), remaining[pk], one.urgency_rank) for pk, one in asked.items()],
        [flow.Donor(key, most) for key, most in available.items()],
        [flow.Route(*pair, cost) for pair, cost in zip(known, costs, strict=True)],
    )
    moves = [
        Move(asked[gift.need[0]], known[gift.donor, gift.need], gift.quantity)
        for gift in plan.gifts
    ]
    return Proposal(moves, {key[0]: short for key, short in plan.unmet.items()})
