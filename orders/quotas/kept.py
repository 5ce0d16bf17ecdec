"""What a week would keep above a new calculation: its extras, and what was ordered already."""

from datetime import date

from django.db import connection

from orders.models import Allocation

KEPT = """
WITH extra AS (
    SELECT x.quota_id, sum(x.quantity - x.returned) AS units
      FROM orders_quotaextra x JOIN orders_quota q ON q.id = x.quota_id
     WHERE q.week = %(week)s AND q.item_id = %(item)s
     GROUP BY x.quota_id
), quota AS (
    SELECT COALESCE(s.granted_packs, 0)::bigint * %(pack)s AS share,
           COALESCE(extra.units, 0) AS extra, q.used
      FROM orders_quota q
      LEFT JOIN orders_share s
        ON s.allocation_id = %(allocation)s AND s.beneficiary_id = q.beneficiary_id
      LEFT JOIN extra ON extra.quota_id = q.id
     WHERE q.week = %(week)s AND q.item_id = %(item)s
       AND (q.used > 0 OR extra.units IS NOT NULL)
), pool AS (
    SELECT COALESCE((a.pools ->> r.region_id)::bigint, 0) * %(pack)s AS share, r.used
      FROM orders_regionalpool r JOIN orders_allocation a ON a.id = %(allocation)s
     WHERE r.week = %(week)s AND r.item_id = %(item)s
)
SELECT (SELECT COALESCE(sum(GREATEST(share + extra, used) - share), 0)::bigint FROM quota)
     + (SELECT COALESCE(sum(GREATEST(share, used) - share), 0)::bigint FROM pool)
"""


def kept_above(allocation: Allocation, week: date) -> int:
    """Units: a quota or a pool never goes under what it served."""
    with connection.cursor() as cursor:
        cursor.execute(
            KEPT,
            {"week": week, "item": allocation.item_id, "allocation": allocation.pk,
             "pack": allocation.pack},
        )  # fmt: skip
        found: int = cursor.fetchone()[0]
    return found
