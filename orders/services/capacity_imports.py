"""What happens to a file of capacities, from its deposit to its conclusion.

A small one is read and written while one waits; a large one by the task worker, followed on a page.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from common.background import digest_of, enqueue_once
from common.tabular import is_longer
from orders.capacities.applying import TransferError, apply_file
from orders.capacities.columns import LIMITS
from orders.capacities.preview import read_file
from orders.models import CapacityImport
from orders.tasks.capacities import apply_capacities, read_capacities

State = CapacityImport.State
READ_AT_ONCE = 60_000  # bytes
LINES_AT_ONCE = 1_500
WRITTEN_AT_ONCE = 4_000
KEPT_FOR = timedelta(days=7)


def deposit_file(file: "UploadedFile[bytes]", *, by: User) -> CapacityImport:
    """Read a small file at once, keep a large one for the worker; the same one sent twice is one.

    Raise ``TabularError`` when it is no readable table.
    """
    forget_old()
    size = file.size or 0
    if size <= LIMITS.max_bytes and (size > READ_AT_ONCE or is_longer(file, LINES_AT_ONCE)):
        return _leave_to_worker(file, by)
    preview = read_file(by=by, file=file, filename=str(file.name))
    row = CapacityImport(
        by=by, profile=by.active_profile, filename=str(file.name)[-200:], digest=preview.digest
    )
    for name, value in preview.fields.items():
        setattr(row, name, value)
    row.save()
    return row


def _leave_to_worker(file: "UploadedFile[bytes]", by: User) -> CapacityImport:
    digest = digest_of(file)
    same = CapacityImport.objects.filter(by=by, digest=digest, state=State.READING)
    if known := same.first():
        return known
    name, file.name = str(file.name), uuid4().hex
    row = CapacityImport(
        by=by, profile=by.active_profile, filename=name[-200:], digest=digest, path=file
    )
    try:
        with transaction.atomic():
            row.save()
            enqueue_once(read_capacities, row.pk, import_id=row.pk)
    except IntegrityError:  # sent by a second click since we looked
        row.path.delete(save=False)
        return same.get()
    return row


@transaction.atomic
def confirm_file(*, by: User, row: CapacityImport) -> None:
    """Write what was shown, at once or by the worker; a second click changes nothing."""
    mine = CapacityImport.objects.filter(pk=row.pk, by=by, state=State.READY)
    fields: dict[str, Any] = {
        "profile": by.active_profile,
        "progress": 0,
        "message": "",
        "seen_at": None,
    }
    if not mine.update(state=State.APPLYING, **fields):
        raise TransferError("Ce fichier n’attend plus de confirmation.")
    row.refresh_from_db()
    if len(row.changes) > WRITTEN_AT_ONCE:
        enqueue_once(apply_capacities, row.pk, import_id=row.pk)
    else:
        apply_file(row, by=by)


@transaction.atomic
def cancel_file(*, by: User, row: CapacityImport) -> None:
    """Give up a file that is not being written."""
    waiting = CapacityImport.objects.filter(
        pk=row.pk, by=by, state__in=(State.READING, State.READY)
    )
    if not waiting.update(state=State.CANCELLED, changes=[], report={}, message=""):
        raise TransferError("Ce fichier ne peut plus être abandonné.")
    if row.path:
        transaction.on_commit(lambda: row.path.delete(save=False))


@transaction.atomic
def restart_file(*, by: User, row: CapacityImport) -> None:
    """Start again the work of a worker that is gone."""
    if not row.is_stopped:
        raise TransferError("Le traitement est en cours\u00a0: attendez qu’il se termine.")
    stopped = CapacityImport.objects.filter(pk=row.pk, by=by, state=row.state)
    stopped.update(seen_at=None, message="", progress=0)
    task = read_capacities if row.state == State.READING else apply_capacities
    enqueue_once(task, row.pk, import_id=row.pk)


def forget_old() -> None:
    """What nobody confirmed goes after a week, with its file."""
    old = CapacityImport.objects.filter(
        created_at__lt=timezone.now() - KEPT_FOR, applied_at__isnull=True
    )
    for row in old.exclude(path="").only("path"):
        row.path.delete(save=False)
    old.delete()
