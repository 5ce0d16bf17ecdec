"""The figures of one due day, computed from the lines: one statement writes the three summaries.

A line counts when it is the last of its product and pharmacy among a due day and the two before,
from a pharmacy open that day. The lines of maPUI and those of the UCDs that they stand for never
count together: the later of the two stands, the UCDs when they are of the same day. A pharmacy
declared a due day as ``pui.dues.declares`` says. While a list follows nothing, nobody is expected.
"""
# ruff: noqa: S608 - fragments of our own put together; every value is a parameter

from common.cover import level_sql

# what ``Sums.level`` says, of columns that bear the names of its own
LEVEL = level_sql(
    "CASE WHEN ratio_lines > 0 THEN ratio_stock ELSE stock END",
    "CASE WHEN ratio_lines > 0 THEN ratio_daily END",
    "%(shortage)s",
    "%(critical)s",
    "%(tense)s",
)

LINES = """
sent AS MATERIALIZED (
    SELECT pui_id, due_on FROM pui_transmission
     WHERE monitored_list_id = %(list)s AND due_on = ANY(%(days)s)
       AND state IN ('confirmed', 'replaced')
     GROUP BY pui_id, due_on HAVING min(confirmed_at) <= %(until)s
), declared AS MATERIALIZED (
    SELECT pui_id, min(confirmed_at) AS first_at FROM pui_transmission
     WHERE monitored_list_id = %(list)s AND state IN ('confirmed', 'replaced')
       AND (due_on = %(due_on)s OR due_on = %(next_on)s AND confirmed_at < %(closes_at)s)
     GROUP BY pui_id HAVING min(confirmed_at) <= %(until)s
), pharmacy AS MATERIALIZED (
    SELECT pui.id, coalesce(site.region_id, '') AS region_code,
           coalesce(site.department_id, '') AS department_code
      FROM pui_pui pui JOIN establishments_establishment site ON site.id = pui.establishment_id
     WHERE (pui.closed_on IS NULL OR pui.closed_on >= %(due_on)s)
       AND (pui.opened_on IS NULL OR pui.opened_on <= %(due_on)s)
       AND (pui.reopened_on IS NULL OR pui.reopened_on <= %(due_on)s
            OR pui.last_closed_on >= %(due_on)s)
       AND cardinality(%(products)s::bigint[]) > 0
), followed AS MATERIALIZED (
    SELECT product.id, product.reference_id, product.kind = 'virtual' AS is_virtual,
           coalesce(product.substance_id, reference.substance_id, -product.id) AS substance_id,
           product.id = ANY(%(watched)s) AS is_watched
      FROM medications_product product
      LEFT JOIN medications_referenceproduct reference ON reference.id = product.reference_id
     WHERE product.id = ANY(%(products)s)
), last AS MATERIALIZED (
    SELECT DISTINCT ON (line.pui_id, line.product_id)
           line.pui_id, line.product_id, line.due_on, line.stock, line.daily,
           followed.reference_id, followed.is_virtual, followed.substance_id, followed.is_watched
      FROM pui_stockline line
      JOIN sent ON sent.pui_id = line.pui_id AND sent.due_on = line.due_on
      JOIN followed ON followed.id = line.product_id
     WHERE line.due_on = ANY(%(days)s)
     ORDER BY line.pui_id, line.product_id, line.due_on DESC
), settled AS MATERIALIZED (
    SELECT pui_id, reference_id, max(due_on) FILTER (WHERE is_virtual) AS virtual_on,
           max(due_on) FILTER (WHERE NOT is_virtual) AS own_on
      FROM last
     WHERE reference_id IN (SELECT reference_id FROM followed WHERE is_virtual)
     GROUP BY pui_id, reference_id HAVING bool_or(is_virtual)
), counted AS MATERIALIZED (
    SELECT last.*, pharmacy.region_code, pharmacy.department_code
      FROM last JOIN pharmacy ON pharmacy.id = last.pui_id
      LEFT JOIN settled
             ON settled.pui_id = last.pui_id AND settled.reference_id = last.reference_id
     WHERE settled.pui_id IS NULL
        OR CASE WHEN last.is_virtual THEN coalesce(settled.own_on < last.due_on, true)
                ELSE last.due_on >= settled.virtual_on END
)"""

SCALES = """
       CASE WHEN GROUPING(department_code) = 0 THEN 'department'
            WHEN GROUPING(region_code) = 0 THEN 'region' ELSE 'country' END AS scale,
       coalesce(region_code, '') AS region_code,
       CASE WHEN GROUPING(department_code) = 0 THEN department_code
            ELSE coalesce(region_code, '') END AS code"""
SETS = "GROUPING SETS (({0}), ({0}, region_code), ({0}, region_code, department_code))"


def _sums(key: str) -> str:
    """What the lines that count say, by the column ``key`` of their product."""
    return f"""
    SELECT {SCALES}, {key}, sum(stock) AS stock, sum(daily) AS daily,
           coalesce(sum(stock) FILTER (WHERE daily IS NOT NULL), 0) AS ratio_stock,
           coalesce(sum(daily) FILTER (WHERE stock IS NOT NULL), 0) AS ratio_daily,
           count(*) AS lines,
           count(*) FILTER (WHERE stock IS NOT NULL AND daily IS NOT NULL) AS ratio_lines,
           count(*) FILTER (WHERE due_on < %(due_on)s) AS carried
      FROM counted GROUP BY {SETS.format(key)}"""


# the worst level of a pharmacy, over the DCIs that are watched
PHARMACIES = f"""
    SELECT {SCALES}, count(*) AS expected,
           count(*) FILTER (WHERE first_at IS NOT NULL) AS declared,
           count(*) FILTER (WHERE first_at <= %(due_at)s) AS on_time,
           count(*) FILTER (WHERE worst IS NOT NULL) AS counted,
           count(*) FILTER (WHERE worst = 1) AS shortage,
           count(*) FILTER (WHERE worst = 2) AS critical
      FROM (SELECT pharmacy.*, declared.first_at, held.worst
              FROM pharmacy
              LEFT JOIN declared ON declared.pui_id = pharmacy.id
              LEFT JOIN (
                  SELECT pui_id, min(CASE {LEVEL} WHEN 'rupture' THEN 1 WHEN 'critique' THEN 2
                                     ELSE 3 END) AS worst
                    FROM (SELECT pui_id, substance_id, sum(stock) AS stock,
                                 sum(stock) FILTER (WHERE daily IS NOT NULL) AS ratio_stock,
                                 sum(daily) FILTER (WHERE stock IS NOT NULL) AS ratio_daily,
                                 count(*) FILTER (WHERE stock IS NOT NULL AND daily IS NOT NULL)
                                   AS ratio_lines
                            FROM counted WHERE is_watched GROUP BY pui_id, substance_id) by_dci
                   GROUP BY pui_id) held ON held.pui_id = pharmacy.id) told
     GROUP BY GROUPING SETS ((), (region_code), (region_code, department_code))"""

KEY = "monitored_list_id = %(list)s AND due_on = %(due_on)s AND is_same_hour = %(same_hour)s"
STOCK_VALUES = ("stock", "daily", "ratio_stock", "ratio_daily", "lines", "ratio_lines", "carried")
PHARMACY_VALUES = ("expected", "declared", "on_time", "counted", "shortage", "critical")


def _kept(table: str, computed: str, keys: tuple[str, ...], values: tuple[str, ...]) -> str:
    """Make the rows of a due day those of ``computed``, writing only what changed."""
    same = " AND ".join(f"fresh.{key} = kept.{key}" for key in keys)
    columns = ", ".join((*keys, *values))
    old = ", ".join(f"kept.{name}" for name in values)
    new = ", ".join(f"excluded.{name}" for name in values)
    return f"""
{computed}_gone AS (
    DELETE FROM {table} kept
     WHERE {KEY} AND NOT EXISTS (SELECT FROM {computed} fresh WHERE {same})
), {computed}_kept AS (
    INSERT INTO {table} AS kept (monitored_list_id, due_on, is_same_hour, {columns})
    SELECT %(list)s, %(due_on)s, %(same_hour)s, {columns} FROM {computed}
    ON CONFLICT (monitored_list_id, due_on, is_same_hour, {", ".join(keys)})
    DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in values)}
     WHERE ({old}) IS DISTINCT FROM ({new})
)"""


TERRITORY = ("scale", "region_code", "code")
REFRESH = f"""
WITH {LINES},
stocks AS MATERIALIZED ({_sums("product_id")}),
substances AS MATERIALIZED ({_sums("substance_id")}),
pharmacies AS MATERIALIZED ({PHARMACIES}),
{_kept("pui_stocksummary", "stocks", (*TERRITORY, "product_id"), STOCK_VALUES)},
{_kept("pui_substancesummary", "substances", (*TERRITORY, "substance_id"), STOCK_VALUES)},
{_kept("pui_pharmacysummary", "pharmacies", TERRITORY, PHARMACY_VALUES)}
INSERT INTO pui_summariseddue AS kept (monitored_list_id, due_on, is_same_hour, refreshed_at)
VALUES (%(list)s, %(due_on)s, %(same_hour)s, %(now)s)
ON CONFLICT (monitored_list_id, due_on, is_same_hour)
DO UPDATE SET refreshed_at = excluded.refreshed_at
"""
