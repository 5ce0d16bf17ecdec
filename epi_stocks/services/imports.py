"""What happens to a large file of inventories, from its deposit to its conclusion.

Below these sizes a file is read and declared while one waits, in about a second each; a workbook of
50 KB holds some 1,400 lines, a CSV 1,000.
"""

from datetime import date
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from accounts.models import User
from common.background import digest_of, enqueue_once
from common.tabular import Limits, is_longer
from epi_stocks.models import InventoryImport
from epi_stocks.tasks import apply_inventory, read_inventory
from epi_stocks.transfer import TransferError, forget_old_imports
from journal.services import record

State = InventoryImport.State
READ_AT_ONCE = 50_000  # bytes
LINES_AT_ONCE = 1_500  # a workbook that repeats itself packs many more in as few bytes
APPLIED_AT_ONCE = 6_000  # cells: 2,000 lines


def is_read_by_worker(file: "UploadedFile[bytes]") -> bool:
    """One too large to be read at all is refused at once."""
    size = file.size or 0
    is_large = size > READ_AT_ONCE or is_longer(file, LINES_AT_ONCE)
    return size <= Limits().max_bytes and is_large


def is_applied_by_worker(row: InventoryImport) -> bool:
    return row.is_followed or row.report.get("cells", 0) > APPLIED_AT_ONCE


def deposit_import(file: "UploadedFile[bytes]", *, by: User, week: date) -> InventoryImport:
    """Keep the file and have it read; the same file sent again meanwhile is that one import."""
    digest = digest_of(file)
    if known := _under_way(by, digest, week):
        return known
    name, file.name = str(file.name), uuid4().hex
    row = InventoryImport(
        by=by,
        week=week,
        digest=digest,
        filename=name[-200:],
        path=file,
        state=State.READING,
        is_followed=True,
    )
    try:
        with transaction.atomic():
            forget_old_imports()
            row.save()
            record("epi_stocks.import_deposited", by=by, target=row, digest=digest)
            enqueue_once(read_inventory, row.pk, import_id=row.pk)
    except IntegrityError:  # sent by a second click since we looked
        row.path.delete(save=False)
        if known := _under_way(by, digest, week):
            return known
        raise
    return row


@transaction.atomic
def confirm_import(*, by: User, import_id: int, profile_id: int | None = None) -> None:
    """Have what was shown declared by the worker. A second click finds it already under way."""
    held = [one.pk for one in by.usable_profiles if one.pk == profile_id]
    mine = InventoryImport.objects.filter(pk=import_id, by=by)
    changed = mine.filter(state=State.READY).update(
        state=State.APPLYING,
        is_followed=True,
        profile=held[0] if held else None,
        progress=0,
        message="",
        seen_at=None,
    )
    if not changed:
        raise TransferError("Cet import n’attend plus de confirmation.")
    row = mine.defer("changes").get()
    record(
        "epi_stocks.import_confirmed",
        by=by,
        target=row,
        week=row.week.isoformat(),
        cells=row.report.get("cells"),
        establishments=row.report.get("establishments"),
    )
    enqueue_once(apply_inventory, row.pk, import_id=row.pk)


@transaction.atomic
def cancel_import(row: InventoryImport, *, by: User) -> None:
    """Give up a file that is not being declared; nothing of it stays but its line."""
    waiting = InventoryImport.objects.filter(pk=row.pk, state__in=(State.READING, State.READY))
    if not waiting.update(state=State.CANCELLED, changes=[], report={}, message=""):
        raise TransferError("Cet import ne peut plus être abandonné.")
    record("epi_stocks.import_cancelled", by=by, target=row)
    if row.path:
        transaction.on_commit(lambda: row.path.delete(save=False))


@transaction.atomic
def restart_import(row: InventoryImport, *, by: User) -> None:
    """Start again the work of a worker that is gone."""
    if not row.is_stopped:
        raise TransferError("Cet import est en cours : attendez qu’il se termine.")
    stopped = InventoryImport.objects.filter(pk=row.pk, state=row.state)
    stopped.update(seen_at=None, message="", progress=0)
    record("epi_stocks.import_restarted", by=by, target=row)
    task = read_inventory if row.state == State.READING else apply_inventory
    enqueue_once(task, row.pk, import_id=row.pk)


def _under_way(by: User, digest: str, week: date) -> InventoryImport | None:
    states = (State.READING, State.APPLYING)
    same = InventoryImport.objects.filter(by=by, digest=digest, week=week, state__in=states)
    return same.first()
