"""Where a supply line stands, worked out from what was typed: never stored, never out of date."""

from datetime import date, datetime
from enum import StrEnum

from django.utils import timezone

from vaccines.models import SupplyLine


class State(StrEnum):
    """In the order of a line's life; the value stands in addresses."""

    NEED_AWAITED = "besoin-a-saisir"
    NEED_LATE = "besoin-en-retard"
    NEED_TOLD = "besoin-saisi"
    PLANNED = "livraison-prevue"
    AWAITED = "reception-a-saisir"
    RECEIVED = "recue"
    REMOVED = "supprimee"

    @property
    def label(self) -> str:
        return LABELS[self]

    @property
    def badge(self) -> str:
        """The badge of the design system, the same on every page."""
        return BADGES.get(self, "info")


LABELS = {
    State.NEED_AWAITED: "Besoin à saisir",
    State.NEED_LATE: "Besoin en retard",
    State.NEED_TOLD: "Besoin saisi",
    State.PLANNED: "Livraison prévue",
    State.AWAITED: "Réception à saisir",
    State.RECEIVED: "Reçue",
    State.REMOVED: "Supprimée",
}

BADGES = {
    State.NEED_AWAITED: "new",
    State.NEED_LATE: "error",
    State.AWAITED: "new",
    State.RECEIVED: "success",
    State.REMOVED: "warning",
}


def state_of(line: SupplyLine, now: datetime) -> State:
    """The wave is read with the line: ``select_related("wave")``."""
    if line.removed_at:
        return State.REMOVED
    if line.received_whole_at:
        return State.RECEIVED
    if line.planned_doses is not None:
        return State.AWAITED if is_due(line, timezone.localdate(now)) else State.PLANNED
    if line.doses is not None:
        return State.NEED_TOLD
    return State.NEED_LATE if now >= line.wave.needs_due_at else State.NEED_AWAITED


def is_due(line: SupplyLine, today: date) -> bool:
    """Shipped, or expected today or before: the pharmacy may tell what came."""
    return line.shipped_on is not None or (
        line.expected_on is not None and line.expected_on <= today
    )


def is_need_open(line: SupplyLine, now: datetime) -> bool:
    """Until the deadline of the wave, while nothing is shipped and nobody took the line away."""
    return now < line.wave.needs_due_at and not (
        line.removed_at or line.shipped_on or line.received_whole_at
    )


def is_reception_open(line: SupplyLine, today: date) -> bool:
    """Once a delivery exists, and until the pharmacy says that all is there."""
    return bool(
        line.planned_doses is not None
        and is_due(line, today)
        and not (line.removed_at or line.received_whole_at)
    )
