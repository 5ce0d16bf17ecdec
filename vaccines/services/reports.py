"""« Signaler une ligne manquante, mal affectée ou desservie par une officine » [000]."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from accounts.notices.sealed import queue_written
from establishments.models import Establishment
from establishments.perimeter import Action
from journal.services import record
from pui.models import Pui
from vaccines.models import LineReport, SupplyLine, Wave
from vaccines.needs.letters import report_letter, report_readers
from vaccines.services.refusals import SupplyError

Kind = LineReport.Kind


@dataclass(frozen=True, slots=True)
class Reported:
    """A line of one's own, or the recipient whose line is missing, in a wave when one knows it."""

    kind: str
    line: SupplyLine | None = None
    recipient: Establishment | None = None
    wave: Wave | None = None
    comment: str = ""


@transaction.atomic
def report(*, by: User, pui: Pui, reported: Reported) -> LineReport:
    """Tell the agency and the OMEDIT of the region, who correct the lines; journaled, mailed.

    Raise ``SupplyError``: a pharmacy of one's own, once as long as nobody answered.
    """
    own = Pui.objects.for_user(by, to=Action.VAC_REPORT).filter(pk=pui.pk)
    if not list(own.select_for_update(of=("self",), no_key=True).values_list("pk")):
        raise SupplyError("Vous ne pouvez signaler que pour une PUI de votre profil.")
    _check(pui, reported)
    if _open_like(pui, reported):
        raise SupplyError("Vous l’avez déjà signalé\u00a0: votre région n’a pas encore répondu.")
    line = reported.line
    row: LineReport = LineReport.objects.create(
        pui=pui,
        kind=reported.kind,
        line=line,
        recipient=line.recipient if line else reported.recipient,
        wave=line.wave if line else reported.wave,
        comment=reported.comment.strip(),
        told_by=by,
    )
    record(
        "vaccines.line_reported",
        by=by,
        target=row,
        place=pui.establishment,
        report=str(row.get_kind_display()),
        recipient=str(row.recipient),
        comment=row.comment,
    )
    subject, text = report_letter(row)
    for address in report_readers(pui):
        queue_written(subject, text, address)
    return row


def _check(pui: Pui, reported: Reported) -> None:
    if reported.kind not in Kind.values:
        raise SupplyError("Choisissez ce que vous signalez.", "kind")
    if reported.kind == Kind.MISSING:
        if reported.recipient is None:
            raise SupplyError("Dites quel destinataire n’a pas de ligne.", "recipient")
        return
    if reported.line is None or reported.line.pui_id != pui.pk or reported.line.removed_at:
        raise SupplyError("Choisissez la ligne de votre PUI.", "line")


def _open_like(pui: Pui, reported: Reported) -> bool:
    rows = LineReport.objects.filter(pui=pui, kind=reported.kind, state=LineReport.State.OPEN)
    if reported.line:
        return rows.filter(line=reported.line).exists()
    return rows.filter(line=None, recipient=reported.recipient, wave=reported.wave).exists()
