"""What the task worker does of a file handed over on screen: read it, then apply it.

Both may be killed at any moment and started again: nothing is written before the last transaction,
which also writes the new state. Progress is written between two batches, outside any transaction.
"""

from pathlib import Path

from django.db import connection
from django.utils import timezone

from common.background import long_silent
from establishments.finess.importing import Inspect, TooManyClosuresError, import_files
from establishments.finess.records import FinessFileError, Progress
from establishments.finess.report import Report
from establishments.finess.staging import Staging
from establishments.models import FinessImport, FinessRemark

State = FinessImport.State
REMARKS = """
INSERT INTO {table} (finess_import_id, file, line, finess, is_refusal, reason)
SELECT %s, left(file, 200), line, finess, is_refusal, reason FROM staged_remark
ORDER BY is_refusal DESC, line
"""


class AbandonedError(Exception):
    """The import is no longer in the state this job works on: somebody cancelled it."""


class DirectoryChangedError(Exception):
    """The directory is no longer what the preview compared the file with."""

    def __init__(self, report: Report, staging: Staging) -> None:
        self.report = report
        super().__init__(
            "L’annuaire a changé depuis l’aperçu : un autre fichier a été importé. "
            "Rien n’a été écrit. Relisez les nouveaux nombres avant de confirmer."
        )


def read_job(import_id: int) -> None:
    """Read and compare, so that the person may decide."""
    row = FinessImport.objects.get(pk=import_id)

    def keep(report: Report, staging: Staging) -> None:
        _move(row, State.READING, State.READY, report=report.as_dict(), message="")
        row.remarks.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(REMARKS.format(table=FinessRemark._meta.db_table), [row.pk])

    _run(row, State.READING, apply=False, inspect=keep)


def apply_job(import_id: int) -> None:
    """Compare again and, if that is still what was previewed, write it all or nothing."""
    row = FinessImport.objects.get(pk=import_id)

    def check(report: Report, staging: Staging) -> None:
        finished = {"finished_at": timezone.now(), "message": ""}
        _move(row, State.APPLYING, State.DONE, **finished)
        told = report.as_dict()
        if any(told[key] != row.report.get(key) for key in ("sites", "entities")):
            raise DirectoryChangedError(report, staging)

    _run(row, State.APPLYING, apply=True, inspect=check)


def _run(row: FinessImport, state: str, *, apply: bool, inspect: Inspect) -> None:
    if row.state != state:
        return
    try:
        import_files(
            {row.name: Path(row.path.path)},
            apply=apply,
            by=row.created_by,
            allow_closures=row.allows_closures,
            progress=_progress(row, state),
            inspect=inspect,
        )
    except AbandonedError:
        return
    except FinessFileError as refusal:
        _move(row, state, State.REFUSED, message=str(refusal), finished_at=timezone.now())
    except (DirectoryChangedError, TooManyClosuresError) as refusal:
        told = {"report": refusal.report.as_dict(), "message": str(refusal)}
        _move(row, state, State.READY, **told)
        return
    except Exception:
        _say_stopped(row)
        raise
    if apply or row.state == State.REFUSED:
        row.path.delete(save=False)


def _progress(row: FinessImport, state: str) -> Progress:
    def tell(count: int) -> None:
        alive = FinessImport.objects.filter(pk=row.pk, state=state)
        if not alive.update(progress=count, seen_at=timezone.now()):
            raise AbandonedError

    return tell


def _move(row: FinessImport, before: str, after: str, **fields: object) -> None:
    """Change the state only from the one expected: two workers on one import write once."""
    mine = FinessImport.objects.filter(pk=row.pk, state=before)
    if not mine.update(state=after, seen_at=timezone.now(), **fields):
        raise AbandonedError
    row.state = after


def _say_stopped(row: FinessImport) -> None:
    FinessImport.objects.filter(pk=row.pk).update(
        seen_at=long_silent(),
        message="Le traitement s’est interrompu. Rien n’a été écrit : vous pouvez le relancer.",
    )
