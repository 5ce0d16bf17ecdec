"""Keep the figures of usage, once a day: the public page reads what is kept."""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from common.locks import Lock
from journal.services import record
from steering.figures.counting import count_all
from steering.models import Statistic


@transaction.atomic
def keep_statistics(now: datetime | None = None) -> int:
    """Say how many figures of today are kept; the second time the same day, none."""
    now = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.STATISTICS])
    day = timezone.localdate(now)
    if Statistic.objects.filter(day=day).exists():
        return 0
    found = count_all(now)
    Statistic.objects.bulk_create(
        Statistic(day=day, name=one.name, part=one.part, value=one.value) for one in found
    )
    record("steering.statistics_kept", by=None, target=f"{day:%d/%m/%Y}", rows=len(found))
    return len(found)
