"""What was typed of the receptions of a line, state by state, as the database kept it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import User
from pui.history import events_of
from vaccines.models import Reception, SupplyLine

WORDS = {"insert": "saisie", "update": "corrigée", "delete": "effacée"}


@dataclass(frozen=True, slots=True)
class Kept:
    at: datetime
    who: str
    what: str
    doses: int
    received_on: date
    lot: str
    expires_on: date | None


def receptions_kept(line: SupplyLine) -> list[Kept]:
    """The last first; whoever corrected is in the context of the event."""
    events = list(events_of(Reception, line=line.pk).select_related("pgh_context"))
    people = {one.pk: str(one) for one in User.objects.filter(pk__in=map(_who, events))}
    return [
        Kept(
            one.pgh_created_at,
            people.get(_who(one) or one.told_by_id, ""),
            WORDS.get(one.pgh_label, one.pgh_label),
            one.doses,
            one.received_on,
            one.lot,
            one.expires_on,
        )
        for one in reversed(events)
    ]


def _who(event: Any) -> int | None:
    context = event.pgh_context
    who: int | None = context.metadata.get("user") if context else None
    return who
