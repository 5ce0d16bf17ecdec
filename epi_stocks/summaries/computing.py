"""What the summaries of a week must be, computed from its lines and from the directory."""
# ruff: noqa: S608 - fragments of our own put together; every value is a parameter

from datetime import date
from typing import Any

from common.cover import Level
from epi_stocks.models import EpiItem
from epi_stocks.models.summary import COUNTRY
from epi_stocks.summaries.lines import (
    EVERYWHERE,
    counts_for_itself_sql,
    lines_parameters,
    measured_sql,
)

COUNTED = {
    "shortage": Level.SHORTAGE,
    "critical": Level.CRITICAL,
    "tense": Level.TENSE,
    "sufficient": Level.SUFFICIENT,
    "unused": Level.NO_USE,
    "unknown": Level.UNKNOWN,
}
COLUMNS = (
    *("lines", "stock", "daily", "supply", "ratio_lines", "ratio_stock", "ratio_daily"),
    *COUNTED,
    *("carried", "doubtful"),
)
REPORTING_COLUMNS = ("expected", "declared", "on_time", "expected_before", "declared_before")


def week_parameters(week: date) -> dict[str, Any]:
    """What one refresh of a week reads: every item that its weeks count."""
    parameters = lines_parameters(week, [])
    items = EpiItem.objects.top().on(week, *parameters["earlier"])
    return parameters | {"items": list(items.order_by("pk").values_list("pk", flat=True))}


def department_figures_sql(within: str = EVERYWHERE) -> str:
    """One row for each item, department and category that has lines."""
    both = "measured.stock IS NOT NULL AND measured.daily IS NOT NULL"
    counts = ", ".join(
        f"count(*) FILTER (WHERE measured.level = '{level.value}')::int AS {name}"
        for name, level in COUNTED.items()
    )
    return f"""
SELECT %(week)s::date AS week, measured.item_id,
       coalesce(measured.department_id, '') AS department_code,
       measured.category_id AS category_code,
       coalesce(min(department.region_id), '') AS region_code,
       count(*)::int AS lines,
       sum(measured.stock)::bigint AS stock, sum(measured.daily)::bigint AS daily,
       sum(measured.supply)::bigint AS supply,
       count(*) FILTER (WHERE {both})::int AS ratio_lines,
       coalesce(sum(measured.stock) FILTER (WHERE {both}), 0)::bigint AS ratio_stock,
       coalesce(sum(measured.daily) FILTER (WHERE {both}), 0)::bigint AS ratio_daily,
       {counts},
       count(*) FILTER (WHERE measured.is_carried)::int AS carried,
       count(*) FILTER (WHERE measured.is_doubtful)::int AS doubtful,
       coalesce(array_agg(measured.cover ORDER BY measured.cover)
                FILTER (WHERE measured.cover IS NOT NULL), '{{}}')::int2[] AS covers
  FROM ({measured_sql(within)}) AS measured
  LEFT JOIN establishments_department AS department ON department.code = measured.department_id
 GROUP BY measured.item_id, measured.department_id, measured.category_id
"""


def region_figures_sql() -> str:
    """Sums of the department summaries of the week, refreshed just before; the country besides."""
    sums = ", ".join(f"sum(part.{name})::bigint AS {name}" for name in COLUMNS)
    return f"""
SELECT totals.*, middle.median
  FROM (SELECT %(week)s::date AS week, part.item_id, {_region_code("part")}, {sums}
          FROM epi_stocks_departmentsummary AS part
         WHERE part.week = %(week)s
         GROUP BY part.item_id, GROUPING SETS ((part.region_code), ())) AS totals
  LEFT JOIN (SELECT part.item_id, {_region_code("part")},
                    percentile_disc(0.5) WITHIN GROUP (ORDER BY cover) AS median
               FROM epi_stocks_departmentsummary AS part, unnest(part.covers) AS cover
              WHERE part.week = %(week)s
              GROUP BY part.item_id, GROUPING SETS ((part.region_code), ())) AS middle
       ON middle.item_id = totals.item_id AND middle.region_code = totals.region_code
"""


def _region_code(table: str) -> str:
    column = f"{table}.region_code"
    return f"CASE WHEN grouping({column}) = 1 THEN '{COUNTRY}' ELSE {column} END AS region_code"


def reporting_figures_sql(within: str = EVERYWHERE) -> str:
    """Expected, declared and on time by department and category, beside the week before.

    The week before is taken as it stood at the same hour; for a past week, as it ended.
    """
    counts = ", ".join(f"coalesce({name}, 0)::int AS {name}" for name in REPORTING_COLUMNS)
    return f"""
SELECT %(week)s::date AS week, department_code, category_code,
       coalesce(department.region_id, '') AS region_code, {counts}
  FROM (SELECT coalesce(department_id, '') AS department_code, category_id AS category_code,
               count(*) AS expected, count(*) FILTER (WHERE is_declared) AS declared,
               count(*) FILTER (WHERE is_declared AND first_saved_at <= {_due_sql()}) AS on_time
          FROM ({expected_sites_sql("week", within)}) AS now_
         GROUP BY 1, 2) AS current
  FULL JOIN (SELECT coalesce(department_id, '') AS department_code, category_id AS category_code,
                    count(*) AS expected_before,
                    count(*) FILTER (WHERE is_declared
                        AND first_saved_at <= now() - interval '7 days') AS declared_before
               FROM ({expected_sites_sql("before", within)}) AS before_
              GROUP BY 1, 2) AS earlier USING (department_code, category_code)
  LEFT JOIN establishments_department AS department ON department.code = department_code
"""


def expected_sites_sql(week: str, within: str = EVERYWHERE) -> str:
    """The sites expected in the week so named, and whether each has declared: a cell, even 0.

    The lines are asked for by the week itself: by the header's, a plan may read all the weeks.
    OFFSET 0: looked for once a site, however often the answer is then used. IS TRUE: the categories
    are hashed, and not looked up once a site, however few sites the planner expects.
    """
    filled = "num_nonnulls(line.stock, line.daily, line.supply) > 0"
    return f"""
SELECT site.id, site.department_id, site.category_id, header.first_saved_at,
       header.first_saved_at IS NOT NULL AND EXISTS (
           SELECT FROM epi_stocks_inventoryline AS line
            WHERE line.week = %({week})s AND line.establishment_id = site.id AND {filled}
       ) AS is_declared
  FROM establishments_establishment AS site
  LEFT JOIN epi_stocks_weeklyinventory AS header
       ON header.week = %({week})s AND header.establishment_id = site.id
 WHERE {counts_for_itself_sql(week)} AND ({within or "true"})
   AND (site.category_id IN (
       SELECT expected.category_id FROM epi_stocks_expectedcategory AS expected
        WHERE expected.starts_on <= %({week})s
          AND (expected.ends_on IS NULL OR expected.ends_on >= %({week})s))) IS TRUE
OFFSET 0
"""


def _due_sql() -> str:
    """Until when a declaration of the week is on time, by the rule in force then."""
    return """(%(week)s::date + coalesce((
           SELECT make_interval(days => expected_weekday) + expected_time::interval
             FROM epi_stocks_declarationrule
            WHERE starts_on <= %(week)s AND (ends_on IS NULL OR ends_on >= %(week)s)
            ORDER BY starts_on DESC LIMIT 1),
           interval '4 days 18 hours'))::timestamp AT TIME ZONE 'Europe/Paris'"""
