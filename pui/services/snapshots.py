"""The daily snapshot of stocks for the dashboards of the ARS [001]: made once a day, kept a while.

One file a region; who follows a region reads its own, the country all of them.
"""

import json
import shutil
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from common.locks import Lock
from common.weeks import PARIS
from establishments.models import Region
from journal.services import record
from pui.feeds.files import forget_unfinished, new_folder, write_lines
from pui.feeds.lines import followed_products, lines_of, open_pharmacies, pharmacy_text
from pui.feeds.snapshots import SCHEMA, filename_of, folder_of, root, schema
from pui.models import SnapshotPart

FROM_HOUR: Final = 5  # Paris time: before the offices open


def snapshot_is_due(now: datetime) -> bool:
    """Whether the snapshot of today should exist and does not."""
    local = now.astimezone(PARIS)
    return local.hour >= FROM_HOUR and not SnapshotPart.objects.filter(day=local.date()).exists()


def make_snapshot(now: datetime | None = None) -> int | None:
    """Write the files of today and say how many lines; nothing when they are, or are under way.

    The rows are the truth: a folder that they do not tell of is what a worker left when it was
    killed, and is written again.
    """
    now = now or timezone.now()
    day = timezone.localdate(now)
    with transaction.atomic():
        if not _is_alone() or SnapshotPart.objects.filter(day=day).exists():
            return None
        forget_unfinished(root())
        parts = write_parts(day, now)
        if not parts:
            return None
        SnapshotPart.objects.bulk_create(parts)
        lines = sum(one.lines for one in parts)
        record("pui.snapshot_made", by=None, target=f"Relevé du {day:%d/%m/%Y}", rows=lines)
    return lines


def _is_alone() -> bool:
    """Whether no other worker makes it; held until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [Lock.SNAPSHOT])
        return bool(cursor.fetchone()[0])


def write_parts(day: date, now: datetime) -> list[SnapshotPart]:
    """Every region has its file, even empty; those without region have one when there are some."""
    by_region: dict[str, dict[int, str]] = {one.pk: {} for one in Region.objects.all()}
    for pui in open_pharmacies(day):
        code = pui.establishment.region_id or ""
        by_region.setdefault(code, {})[pui.pk] = pharmacy_text(pui)
    products = followed_products(now)
    with new_folder(folder_of(day)) as folder:
        (folder / SCHEMA).write_text(json.dumps(schema(), ensure_ascii=False, indent=2))
        return [
            write_part(folder, code, lines_of(puis, products, day), day, now)
            for code, puis in sorted(by_region.items())
        ]


def write_part(
    folder: Path, code: str, lines: Iterable[str], day: date, now: datetime
) -> SnapshotPart:
    path = folder / filename_of(code)
    count = write_lines(path, lines)
    return SnapshotPart(
        day=day, region_code=code, lines=count, size=path.stat().st_size, made_at=now
    )


@transaction.atomic
def forget_old_snapshots(now: datetime | None = None) -> int:
    """Remove those older than ``SNAPSHOT_DAYS`` and say how many days; rows first, files after."""
    last = timezone.localdate(now) - timedelta(days=settings.SNAPSHOT_DAYS)
    old = SnapshotPart.objects.filter(day__lt=last)
    days = set(old.values_list("day", flat=True))
    old.delete()
    transaction.on_commit(lambda: remove_folders(days))
    return len(days)


def remove_folders(days: Iterable[date]) -> None:
    for day in days:
        shutil.rmtree(folder_of(day), ignore_errors=True)
