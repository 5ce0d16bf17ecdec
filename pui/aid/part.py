"""The list of needs and transfers of medicines, as ``config`` shows it under ``/entraide/``."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from establishments.perimeter import Action
from establishments.redistribution.parts import PER_PAGE, NeedRow, Rows, Shown, TransferRow
from establishments.redistribution.states import (
    ENDED,
    LIVE,
    NeedState,
    Step,
    TransferState,
    Urgency,
)
from pui.aid.explaining import unit_text
from pui.aid.rights import Sides, may, puis_to, todo, visible_needs, visible_transfers
from pui.models import MedicineNeed, MedicineTransfer

ACTIONS: Final = (Action.AID_ASK, Action.AID_PROPOSE, Action.AID_ACCEPT)
TO_DO: Final = {
    Step.CONFIRM: "À confirmer",
    Step.ACCEPT: "À accepter",
    Step.SHIP: "À expédier",
    Step.RECEIVE: "À réceptionner",
}
WITH_PLACES: Final = ("giver__establishment", "need__pui__establishment", "need__reference")


class Medicines:
    """Keeps to ``establishments.redistribution.parts.Part``."""

    key = "medicaments"
    label = "Médicaments"

    def is_shown_to(self, user: User) -> bool:
        return any(may(user, action) for action in ACTIONS)

    def open_url(self, user: User) -> str:
        return reverse("aid_medicines:open") if may(user, Action.AID_ASK) else ""

    def propose_url(self, user: User) -> str:
        return reverse("aid_medicines:propose") if may(user, Action.AID_PROPOSE) else ""

    def waiting(self, user: User) -> int:
        """Transfers that wait for a step of this person, and needs with units to find."""
        steps = len(waiting_transfers(user))
        return steps + len(needs_to_serve(user))

    def needs_for(self, user: User, shown: Shown, offset: int = 0) -> Rows[NeedRow]:
        rows = visible_needs(user)
        rows = rows.open() if shown is Shown.CURRENT else rows.ended()
        page = with_places(rows)[offset : offset + PER_PAGE]
        serves = may(user, Action.AID_PROPOSE)
        mine = proposed_puis(user, page)
        return Rows([need_row(one, serves and one.pui_id in mine) for one in page], rows.count())

    def transfers_for(self, user: User, shown: Shown, offset: int = 0) -> Rows[TransferRow]:
        states = LIVE if shown is Shown.CURRENT else ENDED
        rows = visible_transfers(user).filter(state__in=states)
        ordered = rows.select_related(*WITH_PLACES).order_by("-proposed_at", "-pk")
        page = list(ordered[offset : offset + PER_PAGE])
        sides = Sides(user, page)
        return Rows([transfer_row(one, sides) for one in page], rows.count())


PART: Final = Medicines()


def with_places(rows: QuerySet[MedicineNeed]) -> QuerySet[MedicineNeed]:
    return rows.select_related("pui__establishment__region", "reference").prefetch_related(
        "transfers"
    )


def proposed_puis(user: User, needs: Iterable[MedicineNeed]) -> set[int]:
    """The pharmacies in need whose agency the person is."""
    rows = puis_to(user, Action.AID_PROPOSE).filter(pk__in=[one.pui_id for one in needs])
    return set(rows.order_by().values_list("pk", flat=True))


def waiting_transfers(user: User) -> list[MedicineTransfer]:
    """Those that wait for a step of this person."""
    rows = visible_transfers(user).live().select_related(*WITH_PLACES)
    page = list(rows.order_by("proposed_at", "pk")[: 4 * PER_PAGE])
    sides = Sides(user, page)
    return [one for one in page if todo(one, sides)]


def needs_to_serve(user: User) -> list[MedicineNeed]:
    """Open needs with units to find: an ARS's own; for the national cell, those widened to it."""
    if not may(user, Action.AID_PROPOSE):
        return []
    rows = MedicineNeed.objects.open().filter(
        pui__in=puis_to(user, Action.AID_PROPOSE).order_by().values("pk")
    )
    if user.perimeter_to(Action.AID_PROPOSE).is_national:
        rows = rows.filter(is_beyond=True)
    return [one for one in with_places(rows)[: 4 * PER_PAGE] if one.remaining]


def need_row(need: MedicineNeed, is_agency: bool) -> NeedRow:
    site, remaining = need.pui.establishment, need.remaining
    return NeedRow(
        url=reverse("aid_medicines:need", args=[need.pk]),
        what=need.reference.label,
        place=need.pui.label,
        place_detail=f"{site.name}, {site.region.name}" if site.region else site.name,
        quantity=unit_text(need.quantity, "unité"),
        remaining=unit_text(remaining, "unité"),
        urgency=Urgency(need.urgency),
        wanted_on=need.wanted_on,
        state=NeedState(need.state),
        opened_at=need.opened_at,
        to_do="Donneurs à trouver" if is_agency and need.is_open and remaining else "",
    )


def transfer_row(transfer: MedicineTransfer, sides: Sides) -> TransferRow:
    waiting = [TO_DO[step] for step, _ in todo(transfer, sides)]
    return TransferRow(
        url=reverse("aid_medicines:transfer", args=[transfer.pk]),
        what=transfer.need.reference.label,
        giver=transfer.giver.label,
        taker=transfer.need.pui.label,
        quantity=unit_text(transfer.quantity, transfer.explanation.get("unit", "unité")),
        state=TransferState(transfer.state),
        moved_at=moved_at(transfer),
        to_do=waiting[0] if waiting else "",
    )


def moved_at(transfer: MedicineTransfer) -> datetime:
    """When its last step was taken."""
    told = (
        transfer.ended_at,
        transfer.received_at,
        transfer.shipped_at,
        transfer.taker_accepted_at,
        transfer.giver_accepted_at,
        transfer.confirmed_at,
    )
    return max(filter(None, told), default=transfer.proposed_at)
