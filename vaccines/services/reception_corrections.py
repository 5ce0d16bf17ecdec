"""A mistake in what was received is put right, with its reason; nothing of the past is lost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import pghistory
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from establishments.perimeter import Action
from journal.services import record
from vaccines.models import Reception, SupplyLine
from vaccines.services.receptions import (
    Arrival,
    Vaccinated,
    check_arrival,
    check_difference,
    expected_doses,
    shown,
    vaccinated_refusal,
)
from vaccines.services.refusals import NOT_YOURS, SupplyError, lock_lines

SHORTEST = 5  # characters of a reason


@dataclass(frozen=True, slots=True)
class Corrected:
    """One reception as it should have been typed; taken away when ``doses`` is 0."""

    pk: int
    received_on: date
    doses: int
    lot: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """All the receptions of a line; ``why`` tells the mistake, ``gap`` what still differs.

    ``people`` had their first injection with it; None: nobody knows, which is not 0.
    """

    rows: Sequence[Corrected]
    is_whole: bool
    why: str
    gap: str = ""
    seen: str = ""
    people: int | None = None


def state_of_receptions(line: SupplyLine) -> str:
    """What a correction started from: of two people, the second reads what the first wrote."""
    rows = line.receptions.order_by("pk").values_list("pk", "doses", "received_on", "lot")
    told = [f"{pk}.{doses}.{day:%y%m%d}.{lot}" for pk, doses, day, lot in rows]
    state = "whole" if line.received_whole_at else "open"
    return "|".join([*told, state, shown(line.vaccinated), line.gap_reason])


@transaction.atomic
def correct_receptions(
    *, by: User, line: SupplyLine, correction: Correction, now: datetime | None = None
) -> SupplyLine:
    """Replace what was typed of the receptions of a line; journaled before and after.

    Raise ``SupplyError``: a reason always; the differences follow the rules of a reception.
    """
    now = now or timezone.now()
    locked = lock_lines(by, [line.pk], to=Action.VAC_RECEP).get(line.pk)
    if locked is None or locked.removed_at:
        raise SupplyError(NOT_YOURS)
    if correction.seen != state_of_receptions(locked):
        raise SupplyError(
            "La réception a changé pendant votre saisie\u00a0: relisez-la ci-dessous."
        )
    if len(correction.why.strip()) < SHORTEST:
        raise SupplyError("Dites pourquoi vous corrigez.", "why")
    kept = {one.pk: one for one in locked.receptions.all()}
    before = {"received": _told(list(kept.values())), "vaccinated": locked.vaccinated}
    with pghistory.context(user=by.pk, reason=correction.why.strip()):
        for row in correction.rows:
            _apply(locked, kept.get(row.pk), row, correction, timezone.localdate(now))
        _settle(locked, correction, now)
        _correct_people(by, locked, correction.people, now)
    received = _told(list(locked.receptions.all()))
    record(
        "vaccines.reception_corrected",
        by=by,
        target=locked,
        place=locked.pui.establishment,
        reason=correction.why.strip(),
        before=before,
        after={"received": received, "vaccinated": locked.vaccinated},
    )
    return locked


def _apply(
    line: SupplyLine,
    kept: Reception | None,
    row: Corrected,
    correction: Correction,
    today: date,
) -> None:
    if kept is None:
        raise SupplyError("Une réception a été effacée entre-temps\u00a0: relisez.")
    if row.doses == 0:
        kept.delete()
        return
    arrival = Arrival(row.received_on, row.doses, row.lot, row.expires_on)
    check_arrival(line, replace(arrival, reason=correction.gap), today)
    kept.received_on, kept.doses = row.received_on, row.doses
    kept.lot, kept.expires_on = row.lot.strip(), row.expires_on
    kept.save()


def _settle(line: SupplyLine, correction: Correction, now: datetime) -> None:
    total = sum(one.doses for one in line.receptions.all())
    gap = correction.gap.strip()
    check_difference(line, total, gap, is_whole=correction.is_whole)
    is_whole = correction.is_whole or total == expected_doses(line)
    line.received_whole_at = (line.received_whole_at or now) if is_whole else None
    line.gap_reason = gap if total != expected_doses(line) else ""
    line.save(update_fields=["received_whole_at", "gap_reason"])


def _correct_people(by: User, line: SupplyLine, people: int | None, now: datetime) -> None:
    """They may be more than the doses: only a delivery that did not come has none."""
    if people == line.vaccinated:
        return
    if refusal := vaccinated_refusal(line, Vaccinated(people), timezone.localdate(now)):
        raise SupplyError(refusal, "people")
    line.vaccinated, line.vaccinated_at, line.vaccinated_by = people, now, by
    line.save(update_fields=["vaccinated", "vaccinated_at", "vaccinated_by"])


def _told(rows: list[Reception]) -> str:
    return "\u00a0; ".join(
        f"{one.doses} le {one.received_on:%d/%m/%Y} {one.lot}".strip() for one in rows
    )
