"""What pharmacies report of their lines: to treat first, beside the correction that closes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.urls import reverse

from accounts.models import User
from establishments.perimeter import Action
from vaccines.models import LineReport, SupplyLine

Kind, State = LineReport.Kind, LineReport.State
MOVE, REMOVE, RESTORE = "deplacer", "supprimer", "remettre"  # in addresses
RELATED: Final = (
    "pui__establishment__department",
    "wave",
    "line__wave",
    "line__recipient",
    "line__pui",
    "recipient",
    "told_by",
    "closed_by",
)
CLOSING: Final = {
    Kind.MISSING: "Créer la ligne",
    Kind.MISPLACED: "Déplacer la ligne",
    Kind.OFFICINE: "Supprimer la ligne",
}


def reports_of(user: User, to: Action = Action.VAC_READ) -> QuerySet[LineReport]:
    """Those that wait first, the oldest in front; then the last answered."""
    rows = LineReport.objects.for_user(user, to=to).select_related(*RELATED)
    waits = Case(When(state=State.OPEN, then=Value(0)), default=Value(1))
    oldest = Case(When(state=State.OPEN, then="told_at"))
    found: QuerySet[LineReport] = rows.order_by(waits, oldest, "-closed_at", "pk")
    return found


def reports_about(line_id: int, user: User) -> QuerySet[LineReport]:
    return reports_of(user).filter(Q(line=line_id))


@dataclass(frozen=True, slots=True)
class Closing:
    """What closes a report: where it is done, and its name on the button.

    ``note`` says why it is not the act that the pharmacy asked for.
    """

    label: str
    address: str
    note: str = ""


def closings_of(reports: Sequence[LineReport], user: User) -> dict[int, Closing]:
    """By report; the lines that are not so missing are read in one statement."""
    missing = [one for one in reports if one.kind == Kind.MISSING and one.wave_id]
    rows = SupplyLine.objects.for_user(user, to=Action.VAC_LINE).filter(
        wave__in={one.wave_id for one in missing},
        recipient__in={one.recipient_id for one in missing},
    )
    there = {  # a line taken away, then the one that stands
        (line.wave_id, line.recipient_id): line
        for line in rows.select_related("pui").order_by(F("removed_at").asc(nulls_last=True), "pk")
    }
    return {
        one.pk: _closing(one, there.get((one.wave_id or 0, one.recipient_id or 0)))
        for one in reports
    }


def _closing(report: LineReport, there: SupplyLine | None) -> Closing:
    """What was asked, unless somebody corrected the line meanwhile, or it is not missing."""
    line = report.line
    if line:
        if line.removed_at:
            return _seeing(line, "Cette ligne est déjà supprimée")
        if (line.pui_id, line.recipient_id) != (report.pui_id, report.recipient_id):
            return _seeing(line, f"Déplacée depuis\u00a0: {line.recipient}, {line.pui}")
        act = MOVE if report.kind == Kind.MISPLACED else REMOVE
        return _correcting(CLOSING[Kind(report.kind)], act, line, report)
    if there is None:
        query = urlencode({"signalement": report.pk})
        return Closing(CLOSING[Kind.MISSING], f"{reverse('vaccines:line_create')}?{query}")
    if there.removed_at:
        note = f"Cette ligne existe, supprimée\u00a0: {there.get_removal_display()}."
        return _correcting("Remettre la ligne", RESTORE, there, report, note)
    if there.pui_id == report.pui_id:
        return _seeing(there, f"{there.pui} a déjà cette ligne")
    note = f"Cette ligne existe, à {there.pui}."
    return _correcting("Déplacer la ligne", MOVE, there, report, note)


def _seeing(line: SupplyLine, note: str) -> Closing:
    address = reverse("vaccines:line", args=[line.pk])
    return Closing("Voir la ligne", address, f"{note}\u00a0: répondez sans corriger.")


def _correcting(
    label: str, act: str, line: SupplyLine, report: LineReport, note: str = ""
) -> Closing:
    query = urlencode({"geste": act, "ligne": line.pk, "signalement": report.pk})
    return Closing(label, f"{reverse('vaccines:line_correct')}?{query}", note)


def reason_of(report: LineReport) -> str:
    """What a correction says by itself of where it comes from."""
    said = f"\u00a0: {report.comment}" if report.comment else ""
    return f"Signalé par {report.pui} ({report.get_kind_display()}){said}"[:250]
