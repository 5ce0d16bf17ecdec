"""What was measured, as the operator reads it: by route, by task, what failed, what was slow."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from monitoring.histogram import percentile
from monitoring.writing import CLASS_SUMS

BY_NAME = f"""
    SELECT name, sum(count), sum(count) FILTER (WHERE outcome >= '500' AND outcome < '600'
                                                   OR outcome = 'failed'),
           sum(millis), sum(statements), sum(statement_millis),
           {CLASS_SUMS}
      FROM monitoring_traffic
     WHERE at >= %(since)s AND kind = %(kind)s
     GROUP BY name ORDER BY sum(millis) DESC, name
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Measures:
    """What one route, or one task, did over a period; durations in milliseconds."""

    name: str
    count: int
    failed: int
    millis: float
    statements: int
    statement_millis: float
    buckets: tuple[int, ...]

    @property
    def p50(self) -> float | None:
        return percentile(self.buckets, 0.5)

    @property
    def p95(self) -> float | None:
        return percentile(self.buckets, 0.95)

    @property
    def p99(self) -> float | None:
        return percentile(self.buckets, 0.99)


def by_name(kind: str, since: datetime) -> list[Measures]:
    """Those that took the most time in all, first."""
    with connection.cursor() as cursor:
        cursor.execute(BY_NAME, {"since": since, "kind": kind})
        rows = cursor.fetchall()
    return [
        Measures(
            name,
            int(count),
            int(failed or 0),
            millis,
            int(statements),
            statement_millis,
            tuple(int(one) for one in buckets),
        )
        for name, count, failed, millis, statements, statement_millis, *buckets in rows
    ]
