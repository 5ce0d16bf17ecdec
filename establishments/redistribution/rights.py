"""Who does what in mutual aid."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from establishments.perimeter import Action, PerimeterQuerySet
from establishments.redistribution.models import Need, NeedQuerySet, Transfer, TransferQuerySet
from establishments.redistribution.states import Side, Step, TransferState, sides_for
from establishments.redistribution.trade import Person, Trade

AWAITED = {
    TransferState.PROPOSED: Step.CONFIRM,
    TransferState.CONFIRMED: Step.ACCEPT,
    TransferState.ACCEPTED: Step.SHIP,
    TransferState.SHIPPED: Step.RECEIVE,
}


def may(trade: Trade, user: Person, action: Action) -> bool:
    """Whether the person does this somewhere, for these goods."""
    return user.may(action) and any(user.may(one) for one in trade.together[action])


def kept_to(
    trade: Trade, user: Person, action: Action, rows: PerimeterQuerySet
) -> PerimeterQuerySet:
    """Those of ``rows``, which are places, for which the person does this."""
    domain = Q(pk__in=[])
    for one in trade.together[action]:
        perimeter = user.perimeter_to(one)
        if perimeter.is_national:
            return rows.for_user(user, to=action)
        domain |= perimeter.as_q(trade.site_path)
    return rows.for_user(user, to=action).filter(domain)


def places_to(trade: Trade, user: Person, action: Action) -> PerimeterQuerySet:
    """The places of today for which the person does this."""
    return kept_to(trade, user, action, trade.places())


def _all_places_to(trade: Trade, user: Person, action: Action) -> Any:
    """The keys of those of the past too: what they once asked and gave stays to be seen."""
    model = trade.places().model
    return kept_to(trade, user, action, model._default_manager.all()).order_by().values("pk")


def visible_needs(trade: Trade, user: Person) -> NeedQuerySet:
    """Those of the places that the person asks for, or whose agency the person is."""
    rows: NeedQuerySet = trade.needs._default_manager.all()  # type: ignore[assignment]
    place = f"{trade.needs.place_field}__in"
    return rows.filter(
        Q(**{place: _all_places_to(trade, user, Action.AID_ASK)})
        | Q(**{place: _all_places_to(trade, user, Action.AID_PROPOSE)})
    )


def agency_needs(trade: Trade, user: Person) -> NeedQuerySet:
    """Those of the places whose agency the person is."""
    rows: NeedQuerySet = trade.needs._default_manager.all()  # type: ignore[assignment]
    proposing = _all_places_to(trade, user, Action.AID_PROPOSE)
    return rows.filter(**{f"{trade.needs.place_field}__in": proposing})


def visible_transfers(trade: Trade, user: Person) -> TransferQuerySet:
    """A place sees what it gives and takes once confirmed; an agency also what is proposed."""
    rows: TransferQuerySet = trade.transfers._default_manager.all()  # type: ignore[assignment]
    taker = f"need__{trade.needs.place_field}__in"
    proposing = _all_places_to(trade, user, Action.AID_PROPOSE)
    own = _all_places_to(trade, user, Action.AID_ACCEPT)
    told = Q(giver__in=own) | Q(**{taker: own})
    return rows.filter(
        Q(giver__in=proposing) | Q(**{taker: proposing}) | (told & Q(confirmed_at__isnull=False))
    )


def is_agency(trade: Trade, user: Person, need: Need) -> bool:
    return bool(_all_places_to(trade, user, Action.AID_PROPOSE).filter(pk=need.place_pk).exists())


def is_asking(trade: Trade, user: Person, need: Need) -> bool:
    return bool(_all_places_to(trade, user, Action.AID_ASK).filter(pk=need.place_pk).exists())


class Sides:
    """For which sides a person acts on some transfers; two statements, whatever their number."""

    def __init__(self, trade: Trade, user: Person, transfers: Iterable[Transfer]) -> None:
        rows = list(transfers)
        pks = {one.giver_id for one in rows} | {one.need.place_pk for one in rows}
        self.proposed = _among(trade, user, Action.AID_PROPOSE, pks)
        self.accepted = _among(trade, user, Action.AID_ACCEPT, pks)

    def of(self, transfer: Transfer) -> list[Side]:
        taker, giver = transfer.need.place_pk, transfer.giver_id
        held = {
            Side.AGENCY: taker in self.proposed,
            Side.GIVER: giver in self.accepted,
            Side.TAKER: taker in self.accepted,
        }
        return [side for side, is_held in held.items() if is_held]

    def may(self, transfer: Transfer, step: Step, side: Side) -> bool:
        """An ARS commits the places of its region alone; beyond, the national cell does."""
        if side not in self.of(transfer):
            return False
        return step is not Step.CONFIRM or transfer.giver_id in self.proposed

    def able(self, transfer: Transfer, step: Step) -> list[Side]:
        """For which sides the person may take ``step`` now."""
        from_state = sides_for(transfer.standing, step, self.of(transfer))
        return [side for side in from_state if self.may(transfer, step, side)]

    def awaited(self, transfer: Transfer) -> Step | None:
        """The step that waits for this person; refusals and cancellations wait for nobody."""
        step = AWAITED.get(TransferState(transfer.state))
        return step if step and self.able(transfer, step) else None


def _among(trade: Trade, user: Person, action: Action, pks: set[int]) -> set[int]:
    if not pks:
        return set()
    rows = _all_places_to(trade, user, action).filter(pk__in=pks)
    return {row["pk"] for row in rows}
