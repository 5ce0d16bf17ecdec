"""Publish what may be told: each period once, when nothing of it can change any more."""

import json
from datetime import date, datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from common.locks import Lock
from journal.services import record
from steering.models import Release
from steering.open_data.dataset import Dataset
from steering.open_data.files import is_up_to_date, write_files
from steering.open_data.sets import DATASETS


def publish_datasets(now: datetime | None = None) -> int:
    """Publish the periods that are closed and not told yet; say how many.

    The files come after the lines are committed: nothing is told that could be taken back.
    """
    now = now or timezone.now()
    count = sum(_publish_dataset(one, now) for one in DATASETS.values())
    for one in DATASETS.values():
        if not is_up_to_date(one):
            _write_files(one, now)
    return count


@transaction.atomic
def _publish_dataset(one: Dataset, now: datetime) -> int:
    """Two workers at once publish once."""
    if not _is_alone():
        return 0
    known = set(Release.objects.filter(dataset=one.slug).values_list("period", flat=True))
    missing = [day for day in one.periods(now) if day not in known]
    return sum(_publish(one, day, now) for day in missing)


def _publish(one: Dataset, period: date, now: datetime) -> bool:
    """Nothing is told of a period in which nothing happened, nor of a reference unchanged."""
    rows = json.loads(json.dumps([list(row) for row in one.rows(period)], cls=DjangoJSONEncoder))
    if not rows or (one.is_reference and rows == _last_rows(one)):
        return False
    Release.objects.create(dataset=one.slug, period=period, published_at=now, rows=rows)
    secret = [name for name in one.dictionary.names if name == "secret"]
    at = one.dictionary.names.index("secret") if secret else None
    record(
        "steering.open_data_published",
        by=None,
        target=one.title,
        period=period.isoformat(),
        rows=len(rows),
        masked=sum(row[at] for row in rows) if at is not None else 0,
    )
    return True


def _last_rows(one: Dataset) -> object:
    rows = Release.objects.filter(dataset=one.slug).order_by("-period")
    return rows.values_list("rows", flat=True).first()


@transaction.atomic
def _write_files(one: Dataset, now: datetime) -> None:
    if _is_alone():
        write_files(one, now)


def _is_alone() -> bool:
    """Whether no other worker publishes; held until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [Lock.RELEASES])
        return bool(cursor.fetchone()[0])
