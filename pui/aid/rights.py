"""Who does what in mutual aid between pharmacies.

The actions of mutual aid have no domain: an inventory operator holds them too. Each is therefore
kept to those who also write, read or follow the stocks of medicines of the same place.
"""

from collections.abc import Iterable
from typing import Final

from django.db.models import Q

from accounts.models import User
from establishments.perimeter import Action
from establishments.redistribution.states import Side, Step, TransferState, sides_for
from pui.models import MedicineNeed, MedicineTransfer, Pui
from pui.models.redistribution import MedicineNeedQuerySet, MedicineTransferQuerySet
from pui.models.register import PuiQuerySet

TOGETHER: Final = {
    Action.AID_ASK: Action.MED_READ,
    Action.AID_PROPOSE: Action.DASH_MED,
    Action.AID_ACCEPT: Action.MED_WRITE,
}


def may(user: User, action: Action) -> bool:
    """Whether the person does this somewhere, for medicines."""
    return user.may(action) and user.may(TOGETHER[action])


def puis_to(user: User, action: Action) -> PuiQuerySet:
    """The pharmacies for which the person does this."""
    rows: PuiQuerySet = Pui.objects.for_user(user, to=action)
    return rows.within(user.perimeter_to(TOGETHER[action]))


def visible_needs(user: User) -> MedicineNeedQuerySet:
    """Those of the pharmacies that the person asks for, or whose agency the person is."""
    rows: MedicineNeedQuerySet = MedicineNeed.objects.all()
    asking = puis_to(user, Action.AID_ASK).order_by().values("pk")
    proposing = puis_to(user, Action.AID_PROPOSE).order_by().values("pk")
    return rows.filter(Q(pui__in=asking) | Q(pui__in=proposing))


def visible_transfers(user: User) -> MedicineTransferQuerySet:
    """A pharmacy sees what it gives and takes once confirmed; an agency also what is proposed."""
    rows: MedicineTransferQuerySet = MedicineTransfer.objects.all()
    proposing = puis_to(user, Action.AID_PROPOSE).order_by().values("pk")
    own = puis_to(user, Action.AID_ACCEPT).order_by().values("pk")
    told = Q(giver__in=own) | Q(need__pui__in=own)
    return rows.filter(
        Q(giver__in=proposing) | Q(need__pui__in=proposing) | (told & Q(confirmed_at__isnull=False))
    )


class Sides:
    """For which sides a person acts on some transfers; two statements, whatever their number."""

    def __init__(self, user: User, transfers: Iterable[MedicineTransfer]) -> None:
        rows = list(transfers)
        pks = {one.giver_id for one in rows} | {one.need.pui_id for one in rows}
        self.proposed = _among(puis_to(user, Action.AID_PROPOSE), pks)
        self.accepted = _among(puis_to(user, Action.AID_ACCEPT), pks)

    def of(self, transfer: MedicineTransfer) -> list[Side]:
        taker, giver = transfer.need.pui_id, transfer.giver_id
        held = {
            Side.AGENCY: taker in self.proposed,
            Side.GIVER: giver in self.accepted,
            Side.TAKER: taker in self.accepted,
        }
        return [side for side, is_held in held.items() if is_held]

    def may(self, transfer: MedicineTransfer, step: Step, side: Side) -> bool:
        """An ARS commits the pharmacies of its region alone; beyond, the national cell does."""
        if side not in self.of(transfer):
            return False
        return step is not Step.CONFIRM or transfer.giver_id in self.proposed


def _among(puis: PuiQuerySet, pks: set[int]) -> set[int]:
    return set(puis.filter(pk__in=pks).order_by().values_list("pk", flat=True)) if pks else set()


def todo(transfer: MedicineTransfer, sides: Sides) -> list[tuple[Step, Side]]:
    """The steps that wait for this person, refusals and cancellations left aside."""
    awaited = {
        TransferState.PROPOSED: Step.CONFIRM,
        TransferState.CONFIRMED: Step.ACCEPT,
        TransferState.ACCEPTED: Step.SHIP,
        TransferState.SHIPPED: Step.RECEIVE,
    }
    step = awaited.get(TransferState(transfer.state))
    if step is None:
        return []
    return [(step, side) for side in steps_sides(transfer, step, sides)]


def steps_sides(transfer: MedicineTransfer, step: Step, sides: Sides) -> list[Side]:
    """For which sides the person may take ``step`` now."""
    from_state = sides_for(transfer.standing, step, sides.of(transfer))
    return [side for side in from_state if sides.may(transfer, step, side)]
