"""What was typed of the receptions of a line, state by state, as the database kept it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from pui.history import events_of
from vaccines.models import Reception, SupplyLine
from vaccines.needs.texts import doses_counted, people_counted

WORDS = {"insert": "saisie", "update": "corrigée", "delete": "effacée"}


@dataclass(frozen=True, slots=True)
class Kept:
    """« 35 doses du 27/01/2021, lot AB12 », « Corrigée » by whom and when."""

    at: datetime
    who: str
    what: str
    text: str


def receptions_kept(line: SupplyLine) -> list[Kept]:
    """The last first."""
    receptions = events_of(Reception, line=line.pk)
    told = [(one, _who(one), _reception(one)) for one in receptions]
    told += _people(line)
    people = User.objects.filter(pk__in=[who for _, who, _ in told if who])
    names: dict[int | None, str] = {one.pk: str(one) for one in people}
    kept = [Kept(one.pgh_created_at, names.get(who, ""), *said) for one, who, said in told]
    return sorted(reversed(kept), key=lambda one: one.at, reverse=True)


def _reception(event: Any) -> tuple[str, str]:
    lot = f", lot {event.lot}" if event.lot else ""
    expiry = f", péremption {event.expires_on:%d/%m/%Y}" if event.expires_on else ""
    text = f"{doses_counted(event.doses)} du {event.received_on:%d/%m/%Y}{lot}{expiry}"
    return WORDS.get(event.pgh_label, event.pgh_label), text


def _people(line: SupplyLine) -> Iterator[tuple[Any, int | None, tuple[str, str]]]:
    """The states where the number of people changed."""
    before = None
    for one in events_of(SupplyLine, pgh_obj=line.pk):
        if one.vaccinated != before:
            what = WORDS["insert" if before is None else "update"]
            said = "aucun nombre" if one.vaccinated is None else people_counted(one.vaccinated)
            yield one, one.vaccinated_by_id, (what, f"Personnes vaccinées\u00a0: {said}")
        before = one.vaccinated


def _who(event: Any) -> int | None:
    """Whoever typed it; of a correction, whose request it was."""
    if event.pgh_label == "insert" or not event.pgh_context:
        typed: int = event.told_by_id
        return typed
    who: int | None = event.pgh_context.metadata.get("user")
    return who
