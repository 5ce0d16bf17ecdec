"""Every quarter of an hour, a look at the whole country; one at a time, all or nothing."""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from common.locks import Lock
from steering.alerts.evaluation import evaluate
from steering.alerts.spread import spread_under_way
from steering.services.alert_mails import tell


@transaction.atomic
def look_at_alerts(now: datetime | None = None) -> int | None:
    """Apply the rules, write to people; how many events. None while another look is under way.

    The mails are queued in the same transaction: cut in the middle, nothing happened.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL jit = off")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [Lock.ALERTS])
        if not cursor.fetchone()[0]:
            return None
    events = evaluate(now or timezone.now())
    spread_under_way.forget()
    tell(events)
    return len(events)
