"""The lines that count on a Monday: one for each establishment and item [domain §7].

Of this week and those that the calendar lets carry over (two), the latest line with something in
it; the sites that another declares for are left out, so that nothing counts twice. Gloves by size
come added up.
"""
# ruff: noqa: S608 - fragments of our own put together; every value is a parameter

from datetime import date
from typing import Any

from common.cover import level_sql
from common.weeks import shift
from epi_stocks.calendar import WeekCalendar, calendar_of
from epi_stocks.indicators import THRESHOLDS_SQL

EVERYWHERE = ""

LEVEL_BY_ITEM_SQL = level_sql(
    "line.stock",
    "line.daily",
    *(f"days.{name}[line.item_id]" for name in ("shortage", "critical", "tense")),
)
FILLED_SQL = "num_nonnulls(line.stock, line.daily, line.supply) > 0"


def counts_for_itself_sql(week: str = "week") -> str:
    """Whether ``site`` is open in the week so named, and no other site declares for it."""
    return f"""(site.opened_on IS NULL OR site.opened_on < %({week})s::date + 7)
   AND (site.closed_on IS NULL OR site.closed_on > %({week})s::date)
   AND site.id NOT IN (
       SELECT cover.covered_id FROM epi_stocks_centralcoverage AS cover
        WHERE cover.first_week <= %({week})s
          AND (cover.last_week IS NULL OR cover.last_week >= %({week})s))"""


def lines_parameters(
    week: date, items: list[int], calendar: WeekCalendar | None = None
) -> dict[str, Any]:
    """``earlier``: the Mondays whose values the figure of ``week`` may take when it has none."""
    return {
        "week": week,
        "before": shift(week, -1),
        "earlier": (calendar or calendar_of(week)).carried[1:],
        "items": items,
    }


def lines_sql(within: str = EVERYWHERE) -> str:
    """Select what counts: keys, values, ``source_week``, ``is_carried``, ``is_doubtful``.

    ``within`` is a condition on ``site``, an establishment. Parameters: ``lines_parameters``. The
    earlier weeks are read for those alone who miss an item; NOT IN is always hashed, whatever the
    planner expects. The site is joined last, and left out of a plan that asks nothing of it.
    """
    places = _places_sql(within)
    return f"""
WITH {places} own AS MATERIALIZED (
    SELECT line.* FROM epi_stocks_effectiveline AS line
     WHERE line.week = %(week)s AND {_asked_sql(within and "SELECT place.id FROM place")}
), earlier AS (
    SELECT DISTINCT ON (line.establishment_id, line.item_id) line.*
      FROM epi_stocks_effectiveline AS line
     WHERE line.week = ANY(%(earlier)s) AND {_asked_sql(_incomplete_sql(within))}
       AND (line.establishment_id, line.item_id) NOT IN (
           SELECT own.establishment_id, own.item_id FROM own)
     ORDER BY line.establishment_id, line.item_id, line.week DESC
)
SELECT line.establishment_id, line.item_id, line.stock, line.daily, line.supply, line.saved_at,
       line.week AS source_week, line.week <> %(week)s::date AS is_carried,
       (line.doubts & 7 & ~(line.doubts >> 3)) <> 0 AS is_doubtful,
       site.department_id, site.category_id
  FROM (SELECT * FROM own UNION ALL SELECT * FROM earlier) AS line
  LEFT JOIN establishments_establishment AS site ON site.id = line.establishment_id
 WHERE {"true" if within else counts_for_itself_sql()}
"""


def _places_sql(within: str) -> str:
    """When told where: the places that count."""
    if not within:
        return ""
    return f"""place AS MATERIALIZED (
    SELECT site.id FROM establishments_establishment AS site
     WHERE ({within}) AND {counts_for_itself_sql()}
),"""


def _incomplete_sql(within: str) -> str:
    """The places that have not every item in the week, and may have had it in an earlier one."""
    places = """SELECT header.establishment_id FROM epi_stocks_weeklyinventory AS header
            WHERE header.week = ANY(%(earlier)s)"""
    return f"""{"SELECT place.id FROM place" if within else places}
           EXCEPT
           SELECT own.establishment_id FROM own GROUP BY own.establishment_id
           HAVING count(*) = cardinality(%(items)s::int[])"""


def _asked_sql(places: str) -> str:
    """Lines with something in them; the places as literal ids: the key goes on with them."""
    asked = f"line.item_id = ANY(%(items)s) AND {FILLED_SQL}"
    return f"{asked} AND line.establishment_id = ANY(ARRAY({places}))" if places else asked


def measured_sql(within: str = EVERYWHERE) -> str:
    """The same lines with their level and their days of cover in tenths, rounded down.

    OFFSET 0: the level is worked out once a line, however often a list ranks and shows it.
    """
    return f"""
SELECT line.*, {LEVEL_BY_ITEM_SQL} AS level,
       CASE WHEN line.daily > 0 AND line.stock IS NOT NULL
            THEN least(line.stock * 10 / line.daily, 32767)::int2 END AS cover
  FROM ({lines_sql(within)}) AS line
 CROSS JOIN ({_thresholds_by_item_sql()}) AS days
OFFSET 0
"""


def _thresholds_by_item_sql() -> str:
    """One row of arrays by item, looked into and not joined line by line.

    What national data forgets has the usual thresholds.
    """
    return f"""
SELECT array_agg(coalesce(found.shortage, 1) ORDER BY line.item_id) AS shortage,
       array_agg(coalesce(found.critical, 7) ORDER BY line.item_id) AS critical,
       array_agg(coalesce(found.tense, 21) ORDER BY line.item_id) AS tense
  FROM (SELECT generate_series(1, (SELECT max(asked) FROM unnest(%(items)s::int[]) AS asked))
               AS item_id) AS line
  LEFT JOIN LATERAL ({THRESHOLDS_SQL}) AS found ON true"""
