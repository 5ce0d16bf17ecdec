"""A report of a pharmacy, answered: by the correction that it asked for, or in words."""

from collections.abc import Callable
from typing import Final, TypeVar

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from establishments.perimeter import Action
from journal.services import record
from vaccines.corrections.letters import tell_reporter
from vaccines.models import LineReport

Result = TypeVar("Result")
SHORTEST: Final = 5  # characters of an answer
DONE: Final = "La ligne est corrigée."


class ReportAnswerError(Exception):
    """Nothing was written. The message is for the person, in French."""


@transaction.atomic
def settle_report(
    *, by: User, report: LineReport, correct: Callable[[], Result], answer: str = ""
) -> Result:
    """Make a correction and close the report that asked for it: both, or none.

    ``correct`` calls a service of corrections, whose refusal goes through.
    """
    locked = _locked(by, report)
    result = correct()
    _close(by, locked, LineReport.State.DONE, answer.strip() or DONE)
    return result


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
