"""Old minutes become hours, old hours leave: the tables of the measures stay small."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from monitoring.models import Fault, SlowStatement, Traffic
from monitoring.writing import CLASS_SUMS, COLUMNS, GROWN

MINUTES_KEPT = timedelta(hours=48)
HOURS_KEPT = timedelta(days=92)
STATEMENTS_KEPT = timedelta(days=31)

# what is of the first minute of an hour stays where it is and grows by the others
FOLD = f"""
    WITH taken AS (
        DELETE FROM monitoring_traffic
         WHERE at < %(before)s AND at <> date_trunc('hour', at) RETURNING *
    )
    INSERT INTO monitoring_traffic AS kept ({COLUMNS}, at)
    SELECT kind, name, method, outcome, sum(count), sum(millis), sum(statements),
           sum(statement_millis), ARRAY[{CLASS_SUMS}], date_trunc('hour', at)
      FROM taken GROUP BY kind, name, method, outcome, date_trunc('hour', at)
     ORDER BY kind, name, method, outcome, date_trunc('hour', at)
    ON CONFLICT (at, kind, name, method, outcome) DO UPDATE SET {GROWN}
"""  # noqa: S608 - constants


@transaction.atomic
def fold() -> None:
    """Add up by hour the minutes of more than two days, then let go of what is too old."""
    now = timezone.now()
    before = (now - MINUTES_KEPT).replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(FOLD, {"before": before})
    Traffic.objects.filter(at__lt=now - HOURS_KEPT).delete()
    Fault.objects.filter(at__lt=now - HOURS_KEPT).delete()
    SlowStatement.objects.filter(last_at__lt=now - STATEMENTS_KEPT).delete()
