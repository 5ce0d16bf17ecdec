"""A pharmacy says how many doses each of its recipients needs, until the deadline of the wave."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zlib import crc32

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from establishments.perimeter import Action
from journal.services import record
from vaccines.models import SupplyLine
from vaccines.needs.recalled import recalled_by_each
from vaccines.needs.texts import doses_text, moment
from vaccines.recalls import Need, gap_of, refusals_of
from vaccines.services.refusals import NOT_YOURS, Outcome, SupplyError, lock_lines
from vaccines.states import is_need_open


@dataclass(frozen=True, slots=True)
class TypedNeed:
    """``seen`` is the need that was on screen, as ``version_of`` writes it."""

    need: Need
    seen: str | None = None


def version_of(need: Need) -> str:
    """What a form carries: typed again the same, nothing was typed; else nobody wrote meanwhile."""
    numbers = ("" if one is None else str(one) for one in (need.first, need.second))
    return "/".join([*numbers, str(crc32(need.comment.encode()))])


@transaction.atomic
def save_needs(*, by: User, typed: Mapping[int, TypedNeed], now: datetime | None = None) -> Outcome:
    """Save the needs of several lines at once, by line: what is refused does not hold the rest.

    On a first delivery the recalls are 0. Blank is not 0: the line then orders nothing yet. Each
    change is journaled.
    """
    now, outcome = now or timezone.now(), Outcome()
    lines = lock_lines(by, typed, to=Action.VAC_NEED)
    recalled = recalled_by_each(list(lines.values()))
    for pk, one in typed.items():
        if (line := lines.get(pk)) is None:
            outcome.refused[pk].append(SupplyError(NOT_YOURS))
            continue
        need = settled(one.need, recalled[pk])
        if need == need_of(line) or version_of(need) == one.seen:
            continue
        refused = _refusals(line, recalled[pk], need, one.seen, now)
        if refused:
            outcome.refused[pk] += refused
        else:
            _write(by, line, recalled[pk], need, now)
            outcome.saved.append(line)
    return outcome


def need_of(line: SupplyLine) -> Need:
    return Need(line.first_doses, line.second_doses, line.comment)


def settled(need: Need, recalled: SupplyLine | None) -> Need:
    """A first delivery recalls nobody: its 0 is not typed; it comes with the first doses."""
    comment = need.comment.replace("\r\n", "\n").strip()
    second = need.second
    if recalled is None and second is None:
        second = None if need.first is None else 0
    return replace(need, second=second, comment=comment)


def _refusals(
    line: SupplyLine, recalled: SupplyLine | None, need: Need, seen: str | None, now: datetime
) -> list[SupplyError]:
    if not is_need_open(line, now):
        return [SupplyError(_closed(line))]
    if seen is not None and seen != version_of(need_of(line)):
        return [SupplyError(_written_meanwhile(line, need))]
    day = line.wave.delivers_on
    at = "comment" if gap_of(need, recalled, day) else "second"
    return [SupplyError(text, at) for text in refusals_of(need, recalled, day)]


def _closed(line: SupplyLine) -> str:
    if line.removed_at:
        return "Cette ligne a été supprimée par votre ARS ou votre OMEDIT."
    if line.shipped_on or line.received_whole_at:
        return "La livraison est partie\u00a0: le besoin ne change plus."
    return (
        f"Les besoins de cette vague se saisissaient avant le {moment(line.wave.needs_due_at)}"
        "\u00a0: appelez votre ARS ou le support."
    )


def _written_meanwhile(line: SupplyLine, need: Need) -> str:
    """Both values, so that one may choose."""
    return (
        f"{line.need_by} a saisi {_shown(need_of(line))} le {moment(line.need_at)}, pendant que "
        f"vous saisissiez {_shown(need)}. Relisez, puis enregistrez pour remplacer sa saisie."
    )


def _shown(need: Need) -> str:
    first, second = doses_text(need.first), doses_text(need.second)
    return f"«\u00a0{first} en 1res, {second} en rappels\u00a0»"


def _write(
    by: User, line: SupplyLine, recalled: SupplyLine | None, need: Need, now: datetime
) -> None:
    before = need_of(line)
    line.recalled = recalled
    line.first_doses, line.second_doses, line.comment = need.first, need.second, need.comment
    line.need_at, line.need_by = now, by
    line.save(
        update_fields=[
            "recalled",
            "first_doses",
            "second_doses",
            "comment",
            "need_at",
            "need_by",
        ]
    )
    record(
        "vaccines.need_saved",
        by=by,
        target=line,
        place=line.pui.establishment,
        before=_told(before),
        after=_told(need),
    )


def _told(need: Need) -> dict[str, object]:
    return {"first_doses": need.first, "second_doses": need.second, "comment": need.comment}
