"""What pharmacies report of their lines: to treat first, beside the correction that closes it."""

from typing import Final
from urllib.parse import urlencode

from django.db.models import Case, Q, QuerySet, Value, When
from django.urls import reverse

from accounts.models import User
from establishments.perimeter import Action
from vaccines.models import LineReport

Kind, State = LineReport.Kind, LineReport.State
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


def closing_label(report: LineReport) -> str:
    """« Choisir la ligne » when the pharmacy could not name it."""
    kind = Kind(report.kind)
    if kind is not Kind.MISSING and report.line_id is None:
        return "Choisir la ligne"
    return CLOSING[kind]


def closing_address(report: LineReport) -> str:
    """The correction that closes a report, prefilled."""
    asked: dict[str, object] = {"signalement": report.pk}
    kind = Kind(report.kind)
    if kind is Kind.MISSING:
        return f"{reverse('vaccines:line_create')}?{urlencode(asked)}"
    if report.line_id is None:
        named = report.recipient.finess if report.recipient else ""
        query = {"recherche": named, **({"vague": report.wave_id} if report.wave_id else {})}
        return f"{reverse('vaccines:followed')}?{urlencode(query | asked)}"
    act = "deplacer" if kind is Kind.MISPLACED else "supprimer"
    query = {"geste": act, "ligne": report.line_id}
    return f"{reverse('vaccines:line_correct')}?{urlencode(query | asked)}"


def reason_of(report: LineReport) -> str:
    """What a correction says by itself of where it comes from."""
    said = f"\u00a0: {report.comment}" if report.comment else ""
    return f"Signalé par {report.pui} ({report.get_kind_display()}){said}"[:250]
