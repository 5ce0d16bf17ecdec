"""The answers that said « we failed »: by page, and one by one with their numbers."""

from datetime import datetime

from django.db import connection

from monitoring.models import Fault

MOST = 50
BY_ROUTE = """
    SELECT name, outcome, count(*), (array_agg(request ORDER BY at DESC))[1]
      FROM monitoring_fault WHERE at >= %s
     GROUP BY name, outcome ORDER BY 3 DESC, 1, 2 LIMIT %s
"""


def latest() -> list[Fault]:
    return list(Fault.objects.order_by("-at", "-pk")[:MOST])


def by_route(since: datetime) -> list[tuple[str, str, int, str]]:
    """Route, status, how many, and the number of the last one."""
    with connection.cursor() as cursor:
        cursor.execute(BY_ROUTE, [since, MOST])
        return cursor.fetchall()
