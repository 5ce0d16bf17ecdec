"""What the task worker does of a large file: read it, then apply it once it is confirmed.

Both may be killed at any moment and started again: what is declared goes in one transaction, which
also writes the new state. Its progress is told by a second connection, so that it shows meanwhile.
"""

from accounts.denials import VERB as DENIED
from accounts.models import User
from common.followed import move, tell, told_beside, work_on
from common.tabular import TabularError
from epi_stocks.models import InventoryImport
from epi_stocks.transfer.applying import RightLostError, TransferError, declare
from epi_stocks.transfer.preview import ImportPreview, read_import
from epi_stocks.transfer.report import report_of
from establishments.perimeter import Action
from journal.services import record

State = InventoryImport.State


def read_job(import_id: int) -> None:
    """Read and compare, so that the person may decide."""
    work_on(_row(import_id, State.READING), read)


def apply_job(import_id: int) -> None:
    """Declare what was shown and confirmed, all of it or nothing, by the rights held now."""
    work_on(_row(import_id, State.APPLYING), apply)


def _row(import_id: int, state: str) -> InventoryImport | None:
    """None when it is elsewhere."""
    return InventoryImport.objects.select_related("by").filter(pk=import_id, state=state).first()


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
    try:
        with told_beside(row) as say:
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
