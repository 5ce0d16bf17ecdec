"""The statements that cost the most: PostgreSQL's own count where it keeps one, else our sample."""

from dataclasses import dataclass

from django.db import Error, connection, transaction

from common.statements import without_values
from monitoring.models import SlowStatement

MOST = 30
INSTALLED = "SELECT to_regclass('pg_stat_statements') IS NOT NULL"
COUNTED = """
    SELECT query, calls, total_exec_time, max_exec_time
      FROM pg_stat_statements
     WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND userid = (SELECT oid FROM pg_roles WHERE rolname = current_user)
     ORDER BY total_exec_time DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Statement:
    """Durations in milliseconds; ``name`` is the route that last asked for it, when known."""

    text: str
    count: int
    millis: float
    slowest: float
    name: str = ""


def sampled() -> list[Statement]:
    """Those of more than a fifth of a second, as our processes saw them."""
    rows = SlowStatement.objects.order_by("-millis")[:MOST]
    return [Statement(one.text, one.count, one.millis, one.slowest, one.name) for one in rows]


def counted() -> list[Statement] | None:
    """All of them, as PostgreSQL counts them; None where the extension is not there, or silent."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(INSTALLED)
            if not cursor.fetchone()[0]:
                return None
            cursor.execute(COUNTED, [MOST])
            rows = cursor.fetchall()
    except Error:  # there, but not loaded when the server started
        return None
    return [Statement(without_values(query), *others) for query, *others in rows]
