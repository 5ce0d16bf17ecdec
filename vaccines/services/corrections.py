"""Lines moved, created, taken away, put back: by an agency, an OMEDIT or the national cell [000].

Nothing is lost: the need, the plan and the receptions stay with the line, and each state is in its
history. What each line recalls is worked out again at each correction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pghistory
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from common.locks import Lock
from establishments.models import Establishment
from journal.services import entry_of, record_all
from pui.models import Pui
from vaccines.corrections.letters import tell_pharmacies
from vaccines.corrections.places import place_of, stale_sentence
from vaccines.corrections.planning import (
    MOST_AT_ONCE,
    NO_PHARMACY,
    CorrectionError,
    Pair,
    Planned,
    Target,
    around,
    pharmacy_for,
    planned_move,
    planned_removal,
    planned_return,
    reached_lines,
    require_reach,
    settled,
    weighed,
)
from vaccines.models import SupplyLine, Wave

Seen = Mapping[int, str]  # where each line was on screen, by number: see ``place_of``
SHORTEST: Final = 5  # characters of a reason
OUT_OF_REACH: Final = "Une de ces lignes n’est pas de votre région\u00a0: rien n’est changé."
ONE_ALREADY: Final = (
    "{} a déjà une ligne dans cette vague{}\u00a0: rien n’est changé. Déplacez-la, s’il le faut."
)
PLACED = ("recipient", "pui", "recalled")
REMOVED = ("removed_at", "removed_by", "removal", "removal_reason", "recalled")


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line that was missing; without a pharmacy, that which serves the recipient."""

    wave: Wave
    recipient: Establishment
    flow: str
    pivot: Pui | None = None
    pui: Pui | None = None


@transaction.atomic
def move_lines(*, by: User, seen: Seen, target: Target, reason: str) -> list[SupplyLine]:
    """Give lines to another recipient, another pharmacy, or both; journaled, pharmacies mailed.

    All of them or none. Raise ``CorrectionError`` when one of the ends is not of the person's
    region, when what was on screen changed, or when a delivery around forbids it.
    """
    reason = required(reason)
    goal = settled(by, target, timezone.localdate())
    lines = locked_lines(by, seen, [goal.recipient] if goal.recipient else [])
    planned = whole(planned_move(lines, goal))
    _write(by, planned, PLACED, reason)
    _tell(by, "vaccines.line_moved", planned.done, reason)
    return [one.after for one in planned.done]


@transaction.atomic
def remove_lines(
    *, by: User, seen: Seen, removal: str, reason: str = "", now: datetime | None = None
) -> list[SupplyLine]:
    """Take lines away: a community pharmacy serves the recipient, or another reason in words."""
    if removal not in SupplyLine.Removal.values:
        raise CorrectionError("Dites pourquoi la ligne est supprimée.")
    kept = reason.strip() if removal == SupplyLine.Removal.OFFICINE else required(reason)
    lines = locked_lines(by, seen)
    planned = whole(planned_removal(lines, removal, kept[:250], now or timezone.now(), by))
    said = " – ".join(filter(None, (str(SupplyLine.Removal(removal).label), kept)))
    _write(by, planned, REMOVED, said)
    _tell(by, "vaccines.line_removed", planned.done, said)
    return [one.after for one in planned.done]


@transaction.atomic
def restore_lines(*, by: User, seen: Seen, reason: str) -> list[SupplyLine]:
    """Put lines back where they were, with all that they held."""
    reason = required(reason)
    planned = whole(planned_return(locked_lines(by, seen)))
    _write(by, planned, REMOVED, reason)
    _tell(by, "vaccines.line_restored", planned.done, reason)
    return [one.after for one in planned.done]


@transaction.atomic
def create_line(*, by: User, new: NewLine, reason: str) -> SupplyLine:
    """Add a line that was missing from a wave; it recalls the last delivery of its recipient."""
    reason = required(reason)
    pui = new.pui or pharmacy_for(new.recipient, timezone.localdate())
    if pui is None:
        raise CorrectionError(NO_PHARMACY.format(new.recipient))
    require_reach(by, new.recipient, pui)
    _require_origin(new)
    lock_chains([new.recipient.pk])
    with pghistory.context(user=by.pk, reason=reason):
        line = _added(new, pui)
        pair = Pair(line, line)
        planned = whole(
            weighed({line.pk: pair}, around([(new.recipient.pk, new.wave.vaccine_id)]), {})
        )
        _save(planned, ("recalled",))
    _tell(by, "vaccines.line_created", [pair], reason)
    return line


def _require_origin(new: NewLine) -> None:
    if new.flow not in SupplyLine.Flow.values:
        raise CorrectionError("Dites d’où viennent les doses\u00a0: flux A ou flux B.")
    if (new.flow == SupplyLine.Flow.B) != (new.pivot is not None):
        raise CorrectionError(
            "Le flux B vient d’un hôpital pivot\u00a0: dites lequel. Le flux A n’en a pas."
        )
    if new.pivot and not new.pivot.is_open:
        raise CorrectionError(f"{new.pivot} est fermée\u00a0: elle ne livre plus.")


def _added(new: NewLine, pui: Pui) -> SupplyLine:
    try:
        with transaction.atomic():
            return SupplyLine.objects.create(
                wave=new.wave, recipient=new.recipient, pui=pui, flow=new.flow, pivot=new.pivot
            )
    except IntegrityError as refusal:
        raise _one_already(refusal, new) from refusal


def _one_already(refusal: IntegrityError, new: NewLine | None = None) -> Exception:
    """Whose line it is; any other refusal of the database is a mistake of ours."""
    if "supply_line_one_a_recipient" not in str(refusal):
        return refusal
    if new is None:
        return CorrectionError(ONE_ALREADY.format("Ce destinataire", ""))
    rows = SupplyLine.objects.standing().filter(wave=new.wave, recipient=new.recipient)
    there = rows.select_related("pui").first()
    where = f", à {there.pui}" if there else ""
    return CorrectionError(ONE_ALREADY.format(new.recipient, where))


def required(reason: str) -> str:
    if len(reason.strip()) < SHORTEST:
        raise CorrectionError("Écrivez le motif\u00a0: la PUI le lit, et l’historique le garde.")
    return reason.strip()[:250]


def lock_chains(recipients: Iterable[int], lines: Iterable[int] = ()) -> None:
    """One correction at a time for a recipient: its deliveries recall one another.

    Their lines too, in the order of everybody: recalls that a pharmacy is typing are read once
    typed. A wave that opens links its lines to those that stand: it waits, and is waited for.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [Lock.SUPPLY_WAVES])
    sites = Establishment.objects.filter(pk__in=set(recipients)).order_by("pk")
    locked = list(sites.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    rows = SupplyLine.objects.filter(Q(recipient__in=locked) | Q(pk__in=list(lines)))
    list(rows.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))


def locked_lines(
    by: User, seen: Seen, recipients: Iterable[Establishment] = ()
) -> list[SupplyLine]:
    """The lines of a correction, locked with those around; as they were on screen, or refused."""
    if not seen or len(seen) > MOST_AT_ONCE:
        raise CorrectionError(f"Cochez de 1 à {MOST_AT_ONCE} lignes.")
    former = SupplyLine.objects.filter(pk__in=list(seen)).values_list("recipient", flat=True)
    lock_chains([*former, *(one.pk for one in recipients)], seen)
    lines = list(reached_lines(by, seen).order_by("pk"))
    if len(lines) < len(seen):
        raise CorrectionError(OUT_OF_REACH)
    for line in lines:
        if seen[line.pk] != place_of(line):
            raise CorrectionError(stale_sentence(line, seen[line.pk]))
    return lines


def whole(planned: Planned) -> Planned:
    """All or nothing: a preview leaves out beforehand what is refused."""
    if planned.refused:
        raise CorrectionError(planned.reasons)
    return planned


def _write(by: User, planned: Planned, fields: Sequence[str], reason: str) -> None:
    with pghistory.context(user=by.pk, reason=reason):
        try:
            with transaction.atomic():
                _save(planned, fields)
        except IntegrityError as refusal:
            raise _one_already(refusal) from refusal


def _save(planned: Planned, fields: Sequence[str]) -> None:
    for pair in planned.done:
        pair.after.save(update_fields=fields)
    for pair in planned.relinked:
        pair.after.save(update_fields=["recalled"])


def _tell(by: User, verb: str, pairs: Sequence[Pair], reason: str) -> None:
    record_all(
        [
            entry_of(
                verb,
                by=by,
                target=pair.after,
                place=pair.before.pui.establishment,
                **_told(verb, pair),
                line=pair.after.pk,
                reason=reason,
            )
            for pair in pairs
        ]
    )
    tell_pharmacies(by, verb, pairs, reason)


def _told(verb: str, pair: Pair) -> dict[str, Any]:
    """Where the line is; for a move, where it was too."""
    if verb == "vaccines.line_moved":
        return {"before": _place(pair.before), "after": _place(pair.after)}
    return dict(_place(pair.after))


def _place(line: SupplyLine) -> dict[str, str]:
    return {"recipient": str(line.recipient), "pharmacy": str(line.pui)}
