"""A report of a pharmacy, answered: by the correction that it asked for, or in words."""

from collections.abc import Callable, Sequence
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from establishments.perimeter import Action
from journal.services import record
from vaccines.corrections.letters import about, tell_reporter
from vaccines.models import LineReport, SupplyLine

SHORTEST: Final = 5  # characters of an answer
NOT_ABOUT: Final = (
    "Cette correction ne concerne pas le signalement de {} ({})\u00a0: rien n’est changé. "
    "Corrigez la ligne signalée, ou faites cette correction à part."
)


class ReportAnswerError(Exception):
    """Nothing was written. The message is for the person, in French."""


@transaction.atomic
def settle_report(
    *,
    by: User,
    report: LineReport,
    correct: Callable[[], Sequence[SupplyLine]],
    done: str,
    reason: str = "",
) -> Sequence[SupplyLine]:
    """Make a correction and close the report that asked for it: both, or none.

    ``correct`` calls a service of corrections, whose refusal goes through. The pharmacy reads what
    was ``done`` of its line (« Ligne déplacée »), and why when it says more than the report.
    """
    locked = _locked(by, report)
    lines = correct()
    found = next((one for one in lines if is_about(locked, one)), None)
    if found is None:
        raise ReportAnswerError(NOT_ABOUT.format(locked.pui, about(locked)))
    said = f"{done}\u00a0: {found.recipient}, {found.wave}, {found.pui}."
    _close(by, locked, LineReport.State.DONE, " ".join(filter(None, [said, reason.strip()])))
    return lines


def is_about(report: LineReport, line: SupplyLine) -> bool:
    """The line that was named, or any of the recipient that misses its own."""
    if report.line_id:
        return report.line_id == line.pk
    return report.recipient_id == line.recipient_id and report.wave_id in (None, line.wave_id)


@transaction.atomic
def dismiss_report(*, by: User, report: LineReport, answer: str) -> LineReport:
    """Close a report without a correction: the pharmacy reads why."""
    if len(answer.strip()) < SHORTEST:
        raise ReportAnswerError("Écrivez votre réponse\u00a0: la PUI la reçoit par courriel.")
    return _close(by, _locked(by, report), LineReport.State.DISMISSED, answer.strip())


def _locked(by: User, report: LineReport) -> LineReport:
    """Open, of one's region; of two colleagues, the second reads the first's answer."""
    rows = LineReport.objects.for_user(by, to=Action.VAC_LINE).select_for_update(of=("self",))
    related = ("pui__establishment", "wave", "line__wave", "line__recipient", "recipient")
    locked: LineReport | None = (
        rows.select_related(*related, "told_by", "closed_by").filter(pk=report.pk).first()
    )
    if locked is None:
        raise ReportAnswerError("Ce signalement n’est pas de votre région.")
    if locked.state != LineReport.State.OPEN:
        raise ReportAnswerError(
            f"{locked.closed_by} a déjà répondu à ce signalement "
            f"({locked.get_state_display()})\u00a0: «\u00a0{locked.answer}\u00a0»"
        )
    return locked


def _close(by: User, report: LineReport, state: str, answer: str) -> LineReport:
    report.state, report.answer = state, answer
    report.closed_at, report.closed_by = timezone.now(), by
    report.save(update_fields=["state", "answer", "closed_at", "closed_by"])
    record(
        "vaccines.report_answered",
        by=by,
        target=report,
        place=report.pui.establishment,
        report=report.pk,
        state=str(report.get_state_display()),
        answer=answer,
    )
    tell_reporter(by, report)
    return report
