"""Keep what a file says until the person decides, and let go of what waited for too long."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import IO

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from epi_stocks.models import InventoryImport
from epi_stocks.transfer.preview import ImportPreview, read_import
from epi_stocks.transfer.report import report_of

KEPT_FOR = timedelta(days=1)
FOLLOWED_KEPT_FOR = timedelta(days=7)  # one comes back to it: sent on a Friday, read on a Monday


def preview_import(
    *,
    by: User,
    file: IO[bytes],
    week: date,
    filename: str = "",
    now: datetime | None = None,
) -> ImportPreview:
    """Read a file for a week at once, and keep what it says until it is confirmed.

    Raise ``TabularError`` when it is no readable table.
    """
    preview = read_import(by=by, file=file, week=week, filename=filename, now=now)
    if len(preview.errors) or not preview.changes:
        return preview
    forget_old_imports()
    draft = InventoryImport.objects.create(
        by=by,
        week=week,
        digest=preview.digest,
        filename=filename[-200:],
        changes=preview.cells,
        report=report_of(preview),
    )
    return replace(preview, import_id=draft.pk)


def forget_old_imports() -> None:
    """What nobody confirmed goes after a day; after a week when the page is to be found again."""
    now = timezone.now()
    old = InventoryImport.objects.filter(
        Q(is_followed=False, created_at__lt=now - KEPT_FOR)
        | Q(created_at__lt=now - FOLLOWED_KEPT_FOR),
        applied_at__isnull=True,
    )
    files = [row.path for row in old.exclude(path="").only("path")]
    old.delete()
    for file in files:
        transaction.on_commit(lambda file=file: file.storage.delete(file.name))
