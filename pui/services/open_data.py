"""Give each due day to the public once it is closed: once, masked, in files that are ready."""

from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from common.locks import Lock
from journal.services import record
from medications.calendar import calendars_of
from medications.models import MonitoredList
from pui.models import OpenStock, Publication
from pui.open_data.files import is_up_to_date, write_files
from pui.open_data.reading import rows_of

BACK: Final = 12  # closed due days looked at: a worker that was away for long leaves no hole


def publish_open_data(now: datetime | None = None) -> int:
    """Publish the closed due days that are not; say how many. Two workers at once publish once.

    The files come after the rows are committed: nothing is told that could be taken back.
    """
    now = now or timezone.now()
    count = _publish_closed(now)
    if not is_up_to_date():
        _write_files(now)
    return count


@transaction.atomic
def _publish_closed(now: datetime) -> int:
    """The last due day past is still open, until the next one is due: nothing is told of it."""
    if not _is_alone():
        return 0
    lists = list(MonitoredList.objects.all())
    calendars = calendars_of(lists)
    known = set(Publication.objects.values_list("monitored_list", "due_on"))
    return sum(
        publish(Publication(monitored_list=one, due_on=day, published_at=now))
        for one in lists
        for day in reversed(calendars[one.pk].past_dues(now, BACK + 1)[1:])
        if (one.pk, day) not in known
    )


@transaction.atomic
def _write_files(now: datetime) -> None:
    if _is_alone():
        write_files(now)


def publish(publication: Publication) -> bool:
    """Nothing is published of a due day that nobody declared."""
    rows = rows_of(publication)
    if not rows:
        return False
    publication.save(force_insert=True)
    OpenStock.objects.bulk_create(rows, batch_size=5_000)
    record(
        "pui.open_data_published",
        by=None,
        target=str(publication.monitored_list),
        list=publication.monitored_list_id,
        due=publication.due_on.isoformat(),
        rows=len(rows),
        masked=sum(row.is_masked for row in rows),
    )
    return True


def _is_alone() -> bool:
    """Whether no other worker publishes; held until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [Lock.PUBLICATION])
        return bool(cursor.fetchone()[0])
