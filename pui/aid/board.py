"""What an agency sees of its open needs: each with its transfers, and why they were proposed."""

from dataclasses import dataclass

from accounts.models import User
from establishments.redistribution.states import Step, TransferState
from pui.aid.explaining import sentence_of, unit_text
from pui.aid.part import WITH_PLACES, needs_to_serve
from pui.aid.rights import Sides, steps_sides, todo, visible_needs, visible_transfers
from pui.models import MedicineNeed, MedicineTransfer
from pui.models.redistribution import MedicineTransferQuerySet


@dataclass(frozen=True, slots=True)
class ShownTransfer:
    """``is_editable``: proposed, and the reader may change or confirm it."""

    row: MedicineTransfer
    quantity: str
    state: TransferState
    sentence: str
    to_do: str
    is_editable: bool


@dataclass(frozen=True, slots=True)
class ShownNeed:
    need: MedicineNeed
    transfers: list[ShownTransfer]

    @property
    def proposed(self) -> int:
        return sum(one.is_editable for one in self.transfers)


def shown_transfers(user: User, rows: MedicineTransferQuerySet) -> list[ShownTransfer]:
    found = list(rows.select_related(*WITH_PLACES).order_by("proposed_at", "pk"))
    sides = Sides(user, found)
    return [_shown(one, sides) for one in found]


def _shown(row: MedicineTransfer, sides: Sides) -> ShownTransfer:
    return ShownTransfer(
        row=row,
        quantity=unit_text(row.quantity, row.explanation.get("unit", "unité")),
        state=TransferState(row.state),
        sentence=sentence_of(row),
        to_do=" et ".join(step.label for step, _ in todo(row, sides)[:1]),
        is_editable=bool(steps_sides(row, Step.CONFIRM, sides)),
    )


def board_of(user: User) -> list[ShownNeed]:
    """Needs with units to find, and those whose proposals wait to be confirmed; urgent first."""
    waiting = {one.pk for one in needs_to_serve(user)}
    proposed = visible_transfers(user).filter(state=TransferState.PROPOSED)
    waiting |= set(proposed.order_by().values_list("need", flat=True))
    rows = visible_needs(user).open().filter(pk__in=waiting)
    needs = rows.select_related("pui__establishment__region", "reference").prefetch_related(
        "transfers"
    )
    found = shown_transfers(user, visible_transfers(user).live().filter(need__in=waiting))
    shown = [
        ShownNeed(need, [one for one in found if one.row.need_id == need.pk]) for need in needs
    ]
    return sorted(shown, key=lambda one: (one.need.urgency_rank, one.need.wanted_on, one.need.pk))
