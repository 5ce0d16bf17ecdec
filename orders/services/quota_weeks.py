"""Write the quotas and the regional pools of a week from a share-out, in one statement.

What was ordered already stays: a quota never goes under what it served. The extras stand too.
"""

from typing import Any

from django.db import connection

from orders.models import Allocation
from orders.quotas.stock import state_stock

WRITE = """
WITH extra AS (
    SELECT q.beneficiary_id, sum(x.quantity - x.returned) AS units
      FROM orders_quotaextra x JOIN orders_quota q ON q.id = x.quota_id
     WHERE q.week = %(week)s AND q.item_id = %(item)s
     GROUP BY q.beneficiary_id
), written AS (
    INSERT INTO orders_quota AS held (week, beneficiary_id, item_id, allocation_id, granted, used)
    SELECT %(week)s, s.beneficiary_id, %(item)s, s.allocation_id,
           s.granted_packs * %(pack)s + COALESCE(extra.units, 0), 0
      FROM orders_share s LEFT JOIN extra ON extra.beneficiary_id = s.beneficiary_id
     WHERE s.allocation_id = %(allocation)s
    ON CONFLICT (week, beneficiary_id, item_id) DO UPDATE
       SET granted = GREATEST(EXCLUDED.granted, held.used), allocation_id = EXCLUDED.allocation_id
    RETURNING granted
), left_out AS (
    UPDATE orders_quota held
       SET granted = GREATEST(held.used, COALESCE((SELECT units FROM extra
                                 WHERE extra.beneficiary_id = held.beneficiary_id), 0)),
           allocation_id = %(allocation)s
     WHERE held.week = %(week)s AND held.item_id = %(item)s
       AND NOT EXISTS (SELECT FROM orders_share s WHERE s.allocation_id = %(allocation)s
                          AND s.beneficiary_id = held.beneficiary_id)
    RETURNING granted
), pool AS (
    SELECT p.key AS region_id, p.value::int * %(pack)s AS units
      FROM orders_allocation a, jsonb_each_text(a.pools) p WHERE a.id = %(allocation)s
), pools_written AS (
    INSERT INTO orders_regionalpool AS held
           (week, region_id, item_id, allocation_id, granted, used)
    SELECT %(week)s, region_id, %(item)s, %(allocation)s, units, 0 FROM pool
    ON CONFLICT (week, region_id, item_id) DO UPDATE
       SET granted = GREATEST(EXCLUDED.granted, held.used), allocation_id = EXCLUDED.allocation_id
    RETURNING granted
), pools_left_out AS (
    UPDATE orders_regionalpool held
       SET granted = held.used, allocation_id = %(allocation)s
     WHERE held.week = %(week)s AND held.item_id = %(item)s
       AND NOT EXISTS (SELECT FROM pool WHERE pool.region_id = held.region_id)
    RETURNING granted
)
SELECT (SELECT count(*) FROM written),
       (SELECT COALESCE(sum(granted), 0)::bigint
          FROM (SELECT granted FROM written UNION ALL SELECT granted FROM left_out) AS shares),
       (SELECT COALESCE(sum(granted), 0)::bigint
          FROM (SELECT granted FROM pools_written UNION ALL SELECT granted FROM pools_left_out)
            AS pools)
"""


def write_week(allocation: Allocation) -> dict[str, Any]:
    """Make a share-out that of its week; what is left becomes the reserve of the extras."""
    parameters: dict[str, Any] = {
        "week": allocation.starts_on,
        "item": allocation.item_id,
        "allocation": allocation.pk,
        "pack": allocation.pack,
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, parameters)
        beneficiaries, quotas, pools = cursor.fetchone()
    held = min(allocation.pool, state_stock(allocation.item_id, allocation.starts_on))
    allocation.reserve = max(0, held - quotas - pools)
    allocation.save(update_fields=["reserve"])
    return {"beneficiaries": beneficiaries, "quotas": quotas, "pools": pools,
            "reserve": allocation.reserve}  # fmt: skip
