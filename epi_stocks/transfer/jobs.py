"""What the task worker does of a large file: read it, then apply it once it is confirmed.

Both may be killed at any moment and started again: what is declared goes in one transaction, which
also writes the new state. Its progress is told by a second connection, so that it shows meanwhile.
"""

from collections.abc import Callable
from time import monotonic

from django.utils import timezone

from accounts.denials import VERB as DENIED
from accounts.models import User
from common.background import connection_beside, long_silent
from common.tabular import TabularError
from epi_stocks.models import InventoryImport
from epi_stocks.transfer.applying import RightLostError, TransferError, declare
from epi_stocks.transfer.preview import ImportPreview, read_import
from epi_stocks.transfer.report import report_of
from establishments.perimeter import Action
from journal.services import record

State = InventoryImport.State
SECONDS = 1.0  # between two signs of life
ALIVE = """UPDATE epi_stocks_inventoryimport SET progress = %s, seen_at = clock_timestamp()
            WHERE id = %s AND state = %s"""


class AbandonedError(Exception):
    """The import is no longer in the state this job works on: cancelled, or done by another."""


def read_job(import_id: int) -> None:
    """Read and compare, so that the person may decide."""
    work_on(import_id, State.READING, read)


def apply_job(import_id: int) -> None:
    """Declare what was shown and confirmed, all of it or nothing, by the rights held now."""
    work_on(import_id, State.APPLYING, apply)


def work_on(import_id: int, state: str, work: Callable[[InventoryImport], None]) -> None:
    """Do nothing of an import that is elsewhere; a failure is said, then left to the log."""
    row = InventoryImport.objects.select_related("by").filter(pk=import_id, state=state).first()
    if row is None:
        return
    try:
        tell(row, 0)
        work(row)
    except AbandonedError:
        return
    except Exception:
        say_stopped(row)
        raise


def read(row: InventoryImport) -> None:
    try:
        with row.path.open("rb") as file:
            preview = read_import(
                by=person_of(row),
                file=file,
                week=row.week,
                filename=row.filename,
                progress=lambda count: tell(row, count),
            )
    except (TabularError, TransferError) as refusal:
        move(row, State.REFUSED, message=str(refusal))
    else:
        conclude(row, preview)
    row.path.storage.delete(row.path.name)


def conclude(row: InventoryImport, preview: ImportPreview) -> None:
    """Keep what the file says; only what may be applied as it is waits for a confirmation."""
    if preview.already:
        move(row, State.REFUSED, message=preview.already)
    elif len(preview.errors):
        move(row, State.REFUSED, report=report_of(preview))
    elif preview.changes:
        move(row, State.READY, report=report_of(preview), changes=preview.cells)
    else:
        move(row, State.UNCHANGED, report=report_of(preview))


def apply(row: InventoryImport) -> None:
    told = monotonic()

    def say(count: int) -> None:
        nonlocal told
        if monotonic() - told < SECONDS:
            return
        told = monotonic()
        with beside.cursor() as cursor:
            cursor.execute(ALIVE, [count, row.pk, State.APPLYING])

    try:
        with connection_beside() as beside:
            declare(row, by=person_of(row), profile_id=row.profile_id, progress=say)
    except TransferError as refusal:
        move(row, State.REFUSED, message=str(refusal), changes=[], report={})
        if isinstance(refusal, RightLostError):
            record(DENIED, by=row.by, target=f"import {row.filename}", reason=str(refusal))


def person_of(row: InventoryImport) -> User:
    """The person with the rights they hold now, under the profile of their confirmation."""
    row.by.chosen_profile_id = row.profile_id
    if not (row.by.is_active and row.by.may(Action.EPI_WRITE)):
        raise RightLostError(
            "Aucun de vos profils ne permet plus de remplir un inventaire. Rien n’a été importé."
        )
    return row.by


def tell(row: InventoryImport, count: int) -> None:
    """Give a sign of life, or stop: somebody abandoned the file meanwhile."""
    alive = InventoryImport.objects.filter(pk=row.pk, state=row.state)
    if not alive.update(progress=count, seen_at=timezone.now()):
        raise AbandonedError


def move(row: InventoryImport, after: str, **fields: object) -> None:
    """Change the state only from the one expected: two workers on one import conclude once."""
    mine = InventoryImport.objects.filter(pk=row.pk, state=row.state)
    if not mine.update(state=after, seen_at=timezone.now(), **({"message": ""} | fields)):
        raise AbandonedError


def say_stopped(row: InventoryImport) -> None:
    InventoryImport.objects.filter(pk=row.pk, state=row.state).update(
        seen_at=long_silent(),
        message="Le traitement s’est interrompu. Rien n’a été écrit : vous pouvez le relancer.",
    )
