"""Makes the summaries of a week equal to its quotas and orders, writing only what changed."""
# ruff: noqa: S608 - fragments of our own put together; every value is a parameter

from collections.abc import Collection
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from common.weeks import current_week, shift, weeks_back
from orders.models.summary import SummarisedOrders

Names = tuple[str, ...]
KEPT = 12  # weeks shown
LIVE = 2  # those whose quotas still change from minute to minute

QUOTAS = """
SELECT quota.week, quota.item_id, coalesce(home.department_id, '') AS department_code,
       home.category_id AS category_code, coalesce(home.region_id, '') AS region_code,
       count(*) AS beneficiaries,
       count(*) FILTER (WHERE quota.granted > 0 AND quota.granted - quota.used < shared.pack)
           AS exhausted,
       sum(quota.granted) AS granted, sum(quota.used) AS used,
       sum(coalesce(share.need_packs::bigint * shared.pack, quota.granted)) AS need,
       sum(greatest(coalesce(share.need_packs::bigint * shared.pack, 0) - quota.granted, 0))
           AS unserved
  FROM orders_quota AS quota
  JOIN orders_beneficiary AS home ON home.id = quota.beneficiary_id
  JOIN orders_allocation AS shared ON shared.id = quota.allocation_id
  LEFT JOIN orders_share AS share
    ON share.allocation_id = quota.allocation_id AND share.beneficiary_id = quota.beneficiary_id
 WHERE quota.week = ANY(%(weeks)s)
 GROUP BY 1, 2, 3, 4, 5
"""
ORDERS = """
SELECT date_trunc('week', sent.submitted_at AT TIME ZONE 'Europe/Paris')::date AS week,
       coalesce(sent.region_id, '') AS region_code, sent.operator_id, sent.kind, sent.state,
       CASE WHEN sent.state = 'delivered' AND coalesce(came.day, told.day) IS NOT NULL
            THEN least(greatest(coalesce(came.day, told.day)
                 - (sent.submitted_at AT TIME ZONE 'Europe/Paris')::date, 0), 32000)
            ELSE -1 END AS delay,
       count(*) AS orders
  FROM orders_order AS sent
  LEFT JOIN (SELECT order_id, (max(delivered_at) AT TIME ZONE 'Europe/Paris')::date AS day
               FROM orders_shipment GROUP BY order_id) AS came ON came.order_id = sent.id
  LEFT JOIN (SELECT order_id, max(received_on) AS day
               FROM orders_reception GROUP BY order_id) AS told ON told.order_id = sent.id
 WHERE sent.submitted_at >= %(first)s::date::timestamp AT TIME ZONE 'Europe/Paris'
   AND sent.submitted_at < (%(last)s::date + 7)::timestamp AT TIME ZONE 'Europe/Paris'
   AND sent.state <> 'draft' AND sent.kind <> 'paid'
 GROUP BY 1, 2, 3, 4, 5, 6
"""
QUOTA_KEYS = ("week", "item_id", "department_code", "category_code")
QUOTA_VALUES = (
    "region_code", "beneficiaries", "exhausted", "granted", "used", "need", "unserved",
)  # fmt: skip
ORDER_KEYS = ("week", "region_code", "operator_id", "kind", "state", "delay")


def refresh_due(now: date | None = None) -> None:
    """The quotas that still change; the orders of all the weeks shown, which move to the end."""
    week = now or current_week()
    known = set(SummarisedOrders.objects.values_list("week", flat=True))
    weeks = weeks_back(week, KEPT)
    live = {*weeks[-LIVE:], shift(week, 1)}
    refresh_weeks([one for one in weeks if one in live or one not in known], orders_since=weeks[0])


def refresh_all(now: date | None = None) -> None:
    weeks = weeks_back(now or current_week(), KEPT)
    refresh_weeks(weeks, orders_since=weeks[0])


@transaction.atomic
def refresh_weeks(weeks: Collection[date], *, orders_since: date) -> None:
    """Rewrite what differs, in two statements, however long the twelve weeks of a country take."""
    if not weeks:
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(
            _merge(
                "orders_quotasummary", QUOTAS, QUOTA_KEYS, QUOTA_VALUES, "week = ANY(%(weeks)s)"
            ),
            {"weeks": list(weeks)},
        )
        cursor.execute(
            _merge(
                "orders_ordersummary",
                ORDERS,
                ORDER_KEYS,
                ("orders",),
                "week BETWEEN %(first)s AND %(last)s",
            ),
            {"first": orders_since, "last": max(weeks)},
        )
    now = timezone.now()
    SummarisedOrders.objects.bulk_create(
        [SummarisedOrders(week=week, refreshed_at=now) for week in weeks],
        update_conflicts=True,
        unique_fields=["week"],
        update_fields=["refreshed_at"],
    )


def _merge(
    table: str, source: str, keys: tuple[str, ...], values: tuple[str, ...], within: str
) -> str:
    names, key = ", ".join((*keys, *values)), ", ".join(keys)
    kept = ", ".join(f"{table}.{one}" for one in values)
    new = ", ".join(f"EXCLUDED.{one}" for one in values)
    changes = ", ".join(f"{one} = EXCLUDED.{one}" for one in values)
    return f"""
WITH fresh AS MATERIALIZED ({source}), gone AS (
    DELETE FROM {table}
     WHERE {within} AND ({key}) NOT IN (SELECT {key} FROM fresh)
)
INSERT INTO {table} ({names}) SELECT {names} FROM fresh
    ON CONFLICT ({key}) DO UPDATE SET {changes}
 WHERE ({kept}) IS DISTINCT FROM ({new})
"""
