"""Compute a share-out: the needs from the directory of the day, one statement; the shares, another.

The arithmetic is that of ``orders.quotas.sharing``; the two statements repeat its rounding, and a
test computes every share again in Python.
"""

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from orders.models import Allocation, Share
from orders.quotas.sharing import WHOLE, Plan, Pool, plan
from orders.rules import regions_in_tension
from orders.services.quota_errors import AllocationError

# a site of an entity counts when it is open and of a beneficiary category; ``need`` is in packs
NEEDS = """
CREATE TEMPORARY TABLE orders_need ON COMMIT DROP AS
WITH place AS (
    SELECT b.id AS beneficiary_id, e.id AS establishment_id, e.category_id
      FROM orders_beneficiary b
      JOIN establishments_establishment e ON e.id = b.establishment_id
     WHERE b.is_listed AND (%(regions)s::text[] IS NULL OR b.region_id = ANY(%(regions)s))
    UNION ALL
    SELECT b.id, e.id, e.category_id
      FROM orders_beneficiary b
      JOIN establishments_establishment e ON e.legal_entity_id = b.legal_entity_id
     WHERE b.is_listed AND (%(regions)s::text[] IS NULL OR b.region_id = ANY(%(regions)s))
       AND (e.closed_on IS NULL OR e.closed_on > %(on)s)
       AND EXISTS (SELECT FROM establishments_beneficiarycategory c
                    WHERE c.category_id = e.category_id AND c.starts_on <= %(on)s
                      AND (c.ends_on IS NULL OR c.ends_on >= %(on)s))
), rule AS (
    SELECT gc.category_id, g.id AS group_id, g.basis, r.per_week
      FROM orders_groupcategory gc
      JOIN orders_doctrinegroup g ON g.id = gc.group_id
      LEFT JOIN orders_ratio r ON r.group_id = g.id AND r.item_id = %(item)s
     WHERE gc.doctrine_id = %(doctrine)s
), site AS (
    SELECT place.beneficiary_id, c.quantity * rule.per_week AS units,
           jsonb_build_array(place.establishment_id, place.category_id, c.quantity, rule.basis,
                             rule.per_week::text, rule.group_id, c.as_of, c.source) AS told
      FROM place
      LEFT JOIN rule ON rule.category_id = place.category_id
      LEFT JOIN orders_capacity c
        ON c.establishment_id = place.establishment_id AND c.basis = rule.basis
     ORDER BY place.beneficiary_id, place.establishment_id
), beneficiary AS (
    SELECT beneficiary_id, COALESCE(sum(units), 0) AS units, jsonb_agg(told) AS sites
      FROM site GROUP BY beneficiary_id
), adjusted AS (
    SELECT n.beneficiary_id, b.region_id, n.sites, rf.factor AS region, a.factor AS adjustment,
           a.reason, n.units * %(item_factor)s * COALESCE(rf.factor, 1) * COALESCE(a.factor, 1)
               AS units
      FROM beneficiary n
      JOIN orders_beneficiary b ON b.id = n.beneficiary_id
      LEFT JOIN orders_regionfactor rf
        ON rf.allocation_id = %(decision)s AND rf.region_id = b.region_id
      LEFT JOIN orders_adjustment a
        ON a.allocation_id = %(decision)s AND a.beneficiary_id = n.beneficiary_id
)
SELECT beneficiary_id, region_id,
       (div(units, %(pack)s) + (mod(units, %(pack)s) > 0)::int)::bigint AS packs,
       jsonb_strip_nulls(jsonb_build_object('region', region::text, 'adjustment', adjustment::text,
                                            'reason', reason))
           || jsonb_build_object('sites', sites) AS inputs
  FROM adjusted
"""
SHARES = """
INSERT INTO orders_share (allocation_id, beneficiary_id, need_packs, granted_packs, inputs)
SELECT %(allocation)s, beneficiary_id, packs,
       GREATEST(LEAST(packs, %(floor)s), (2 * packs * %(level)s + %(whole)s) / (2 * %(whole)s)),
       inputs
  FROM orders_need
"""
BY_NEED = "SELECT packs, count(*) FROM orders_need GROUP BY packs"
BY_REGION = (
    "SELECT region_id, sum(packs)::bigint FROM orders_need WHERE region_id IS NOT NULL GROUP BY 1"
)
LARGEST_NEED = 2_000_000_000  # packs of one beneficiary: what the column holds


@transaction.atomic
def compute(allocation: Allocation, *, on: date | None = None) -> Plan:
    """Write the shares again from the capacities and the directory of a day; return the plan."""
    decision = allocation.renews or allocation
    allocation.regions = regions_in_tension(allocation.item_id, allocation.starts_on)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS orders_need")
        cursor.execute(
            NEEDS,
            {
                "on": on or timezone.localdate(),
                "item": allocation.item_id,
                "doctrine": allocation.doctrine_id,
                "decision": decision.pk,
                "item_factor": allocation.item_factor,
                "pack": allocation.pack,
                "regions": allocation.regions or None,
            },
        )
        result = plan(_pool_of(allocation), _needs(cursor), _rows(cursor, BY_REGION))
        _write_shares(cursor, allocation, result)
        cursor.execute("DROP TABLE orders_need")
    _keep(allocation, result)
    return result


def _pool_of(allocation: Allocation) -> Pool:
    percent = int(allocation.pools_percent * 100)
    kept = int(allocation.reserve_percent * 100)
    return Pool(allocation.pool, allocation.pack, allocation.floor_packs, percent, kept)


def _needs(cursor: Any) -> dict[int, int]:
    needs = _rows(cursor, BY_NEED)
    if any(need > LARGEST_NEED for need in needs):
        raise AllocationError(
            "Un besoin dépasse ce qui peut être réparti\u00a0: vérifiez les coefficients et les "
            "capacités."
        )
    return needs


def _rows(cursor: Any, statement: str) -> dict[Any, int]:
    cursor.execute(statement)
    return dict(cursor.fetchall())


def _write_shares(cursor: Any, allocation: Allocation, result: Plan) -> None:
    Share.objects.filter(allocation=allocation)._raw_delete(using=Share.objects.db)
    cursor.execute(
        SHARES,
        {
            "allocation": allocation.pk,
            "floor": result.sharing.floor,
            "level": result.sharing.level,
            "whole": WHOLE,
        },
    )


def _keep(allocation: Allocation, result: Plan) -> None:
    allocation.level = result.sharing.level
    allocation.floor_served = result.sharing.floor
    allocation.pools = result.pools
    allocation.reserve = result.reserve
    allocation.computed_at = timezone.now()
    allocation.save(
        update_fields=["level", "floor_served", "pools", "reserve", "regions", "computed_at"]
    )
