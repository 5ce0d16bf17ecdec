"""What happened to a transfer and what comes next, for its page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from establishments.redistribution.models import Transfer
from establishments.redistribution.states import TransferState

PEOPLE: Final = (
    "proposed_by",
    "confirmed_by",
    "giver_accepted_by",
    "taker_accepted_by",
    "shipped_by",
    "received_by",
    "ended_by",
)
STEPS: Final = (
    ("proposed", "Proposé"),
    ("confirmed", "Confirmé par l’ARS"),
    ("giver_accepted", "Accepté par le donneur"),
    ("taker_accepted", "Accepté par le receveur"),
    ("shipped", "Expédié"),
    ("received", "Reçu"),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A step; without ``at`` it has not been taken yet."""

    label: str
    at: datetime | None = None
    by: Any = None


def timeline(transfer: Transfer) -> list[Moment]:
    """Every step in order; what a refusal or a cancellation made useless is left out."""
    steps = [
        Moment(label, getattr(transfer, f"{name}_at"), getattr(transfer, f"{name}_by"))
        for name, label in STEPS
    ]
    if transfer.ended_at is None:
        return steps
    label = "Refusé" if transfer.state == TransferState.REFUSED else "Annulé"
    ending = Moment(label, transfer.ended_at, transfer.ended_by)
    return [*(one for one in steps if one.at), ending]
