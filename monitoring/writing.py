"""A batch of measures into the database, in one transaction of a few statements."""

from typing import TYPE_CHECKING

from django.db import connection, transaction

from monitoring.histogram import CLASSES

if TYPE_CHECKING:
    from monitoring.recorder import Batch, Cell, Key

COLUMNS = "kind, name, method, outcome, count, millis, statements, statement_millis, buckets"
CLASS_SUMS = ", ".join(f"sum(buckets[{one}])" for one in range(1, CLASSES + 1))
GROWN = """
    count = kept.count + excluded.count,
    millis = kept.millis + excluded.millis,
    statements = kept.statements + excluded.statements,
    statement_millis = kept.statement_millis + excluded.statement_millis,
    buckets = ARRAY(SELECT one.a + one.b
                      FROM unnest(kept.buckets, excluded.buckets) WITH ORDINALITY AS one(a, b, n)
                     ORDER BY one.n)
"""
TOTAL = f"""
    INSERT INTO monitoring_total AS kept ({COLUMNS})
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (kind, name, method, outcome) DO UPDATE SET {GROWN}
"""  # noqa: S608 - constants
TRAFFIC = f"""
    INSERT INTO monitoring_traffic AS kept ({COLUMNS}, at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (at, kind, name, method, outcome) DO UPDATE SET {GROWN}
"""  # noqa: S608 - constants
FAULT = """
    INSERT INTO monitoring_fault (at, request, name, method, outcome, error)
    VALUES (%s, %s, %s, %s, %s, %s)
"""
SLOW = """
    INSERT INTO monitoring_slowstatement AS kept
           (digest, text, name, count, millis, slowest, first_at, last_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (digest) DO UPDATE SET
           name = excluded.name,
           count = kept.count + excluded.count,
           millis = kept.millis + excluded.millis,
           slowest = GREATEST(kept.slowest, excluded.slowest),
           last_at = GREATEST(kept.last_at, excluded.last_at)
"""


@transaction.atomic
def write(batch: "Batch") -> None:
    """Always in the same order of keys: two processes that write at once wait, none is refused."""
    cells = sorted(batch.cells.items(), key=lambda one: (one[0][1], one[0][0]))
    slow = sorted(batch.slow.items())
    with connection.cursor() as cursor:
        cursor.executemany(TOTAL, [row_of(key, cell) for (_, key), cell in cells])
        cursor.executemany(TRAFFIC, [(*row_of(key, cell), at) for (at, key), cell in cells])
        cursor.executemany(
            FAULT,
            [(f.at, f.request, f.name, f.method, f.outcome, f.error) for f in batch.faults],
        )
        cursor.executemany(
            SLOW,
            [
                (digest, s.text, s.name, s.count, s.millis, s.slowest, s.first_at, s.at)
                for digest, s in slow
            ],
        )


def row_of(key: "Key", cell: "Cell") -> tuple:
    return (
        *key,
        cell.count,
        cell.millis,
        cell.statements,
        cell.statement_millis,
        cell.buckets,
    )
