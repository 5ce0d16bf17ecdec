"""The table of a page: places, sites or pharmacies × products grouped as asked, paged in SQL.

Places come from the summaries, pharmacies and their sites from the last lines; all go through one
statement, so that a class, an order or a page cannot differ between them.
"""
# ruff: noqa: S608 - fragments of our own put together; every value is a parameter

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from common.cover import Level
from common.reading import reading
from medications.thresholds import thresholds_of
from pui.models.region import Scale
from pui.region.catalogue import Grain
from pui.region.computing import LEVEL
from pui.region.figures import Sums
from pui.region.filters import Rows
from pui.region.reading import own_code
from pui.region.scope import Scope

PLACES = """
    SELECT summary.code AS place, 0 AS holder_id, asked.rank AS group_rank,
           sum(summary.stock) AS stock, sum(summary.daily) AS daily,
           sum(summary.ratio_stock) AS ratio_stock, sum(summary.ratio_daily) AS ratio_daily,
           sum(summary.lines) AS lines, sum(summary.ratio_lines) AS ratio_lines,
           sum(summary.carried) AS carried, NULL::date AS due_on, NULL::timestamptz AS told_at
      FROM pui_stocksummary summary
      JOIN unnest(%(products)s::bigint[], %(ranks)s::int[]) asked(product_id, rank)
           USING (product_id)
     WHERE summary.monitored_list_id = %(list)s AND summary.due_on = %(due_on)s
       AND NOT summary.is_same_hour AND summary.scale = %(scale)s
       AND (%(region)s = '' OR summary.region_code = %(region)s)
       AND (%(department)s = '' OR summary.code = %(department)s)
     GROUP BY summary.code, asked.rank"""

# grouped, so that the planner knows that a line meets one rank at most; the products of a DCI are
# looked up, those of a whole list are met on the way
LINES = """
      FROM pui_lateststock latest{join}
      JOIN (SELECT product_id, min(rank) AS rank
              FROM unnest(%(products)s::bigint[], %(ranks)s::int[]) one(product_id, rank)
             GROUP BY product_id) asked USING (product_id)
     WHERE latest.pui_id = ANY(%(puis)s) AND latest.due_on >= %(since)s
       AND (%(is_whole_list)s OR latest.product_id = ANY(%(products)s))"""

# what is left out is taken off: few lines are, and adding up all of them twice costs more
ONE_BY_ONE = f"""
    SELECT '' AS place, {{holder}} AS holder_id, asked.rank AS group_rank,
           sum(latest.stock) AS stock, sum(latest.daily) AS daily,
           coalesce(sum(latest.stock)
             - coalesce(sum(latest.stock) FILTER (WHERE latest.daily IS NULL), 0), 0)
             AS ratio_stock,
           coalesce(sum(latest.daily)
             - coalesce(sum(latest.daily) FILTER (WHERE latest.stock IS NULL), 0), 0)
             AS ratio_daily,
           count(*) AS lines,
           count(*) - count(*) FILTER (WHERE latest.stock IS NULL OR latest.daily IS NULL)
             AS ratio_lines,
           count(*) FILTER (WHERE latest.due_on < %(due_on)s) AS carried,
           min(latest.due_on) AS due_on, max(latest.transmitted_at) AS told_at
    {LINES}
     GROUP BY {{holder}}, asked.rank"""
PHARMACIES = ONE_BY_ONE.format(holder="latest.pui_id", join="")
# the stocks of a site with several pharmacies are added up
SITES = ONE_BY_ONE.format(
    holder="pharmacy.establishment_id",
    join="\n      JOIN pui_pui pharmacy ON pharmacy.id = latest.pui_id",
)

# the same where no group holds two products: adding up each line alone would take twice the time;
# the database keeps what orders them (``LatestStock.days_left``)
ALONE = f"""
    SELECT '' AS place, latest.pui_id AS holder_id, asked.rank AS group_rank, latest.stock,
           latest.daily,
           CASE WHEN latest.daily IS NULL THEN 0 ELSE coalesce(latest.stock, 0) END AS ratio_stock,
           CASE WHEN latest.stock IS NULL THEN 0 ELSE coalesce(latest.daily, 0) END AS ratio_daily,
           1 AS lines,
           (latest.stock IS NOT NULL AND latest.daily IS NOT NULL)::int AS ratio_lines,
           (latest.due_on < %(due_on)s)::int AS carried,
           latest.due_on, latest.transmitted_at AS told_at, latest.days_left
    {LINES.format(join="")}"""

KEPT = "%(levels)s = '{}' OR level = ANY(%(levels)s)"
PAGE = """
SELECT place, holder_id, group_rank, stock, daily, ratio_stock, ratio_daily, lines, ratio_lines,
       carried, due_on, told_at, {total} AS total
  FROM (SELECT *, {level} AS level FROM ({source}) summed) ranked
 WHERE {kept}
 ORDER BY {order}, group_rank, place, holder_id
 LIMIT %(limit)s OFFSET %(offset)s
"""
TOTAL = "count(*) OVER ()"
# reading thin lines twice is quicker than keeping them whole to know how many they are
TOTAL_ALONE = f"""(
        SELECT count(*) FROM (SELECT *, {LEVEL} AS level FROM ({ALONE}) counted) ranked
         WHERE {KEPT})"""

COVER = "ratio_stock / nullif(ratio_daily, 0)"
# no stock is no day left, whatever is used
DAYS_LEFT = f"CASE WHEN ratio_lines = 0 AND stock = 0 THEN 0 ELSE {COVER} END"
URGENCY = (
    f"array_position(%(every_level)s::text[], level), {DAYS_LEFT} NULLS LAST, daily DESC NULLS LAST"
)
URGENCY_ALONE = "days_left, daily DESC NULLS LAST"  # it tells the levels apart by itself
USUAL = "urgence"
ORDERS = {
    USUAL: URGENCY,
    "produit": "group_rank",
    "couverture": f"{COVER} NULLS LAST",
    "stock": "stock NULLS LAST",
    "conso": "daily DESC NULLS LAST",
}
CHUNK = 2_000
SCALES = {Rows.REGION: Scale.REGION, Rows.DEPARTMENT: Scale.DEPARTMENT}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: a place, a site or a pharmacy, a group of products, their sums.

    ``holder_id`` is the number of the site or of the pharmacy; 0 where a line is a place.
    """

    place: str
    holder_id: int
    group: str
    unit: str
    sums: Sums
    due_on: date | None = None
    told_at: datetime | None = None


def read_rows(
    scope: Scope, order: str = USUAL, *, limit: int | None = None, offset: int = 0
) -> tuple[list[Row], int]:
    """The lines of a page and how many there are in all; without ``limit``, all of them."""
    if scope.is_too_wide:
        return [], 0
    groups = groups_of(scope)
    sql = statement_of(scope, groups, order)
    with reading.cursor() as cursor:
        cursor.execute(sql, _parameters(scope, groups) | {"limit": limit, "offset": offset})
        found = cursor.fetchall()
    return [_row(scope, groups, one) for one in found], found[0][-1] if found else 0


def every_row(scope: Scope, order: str = USUAL) -> Iterator[Row]:
    """All the lines, for a file: read by parts, never held together."""
    if scope.is_too_wide:
        return
    groups = groups_of(scope)
    sql = statement_of(scope, groups, order)
    with reading.chunked_cursor() as cursor:
        cursor.execute(sql, _parameters(scope, groups) | {"limit": None, "offset": 0})
        while found := cursor.fetchmany(CHUNK):
            yield from (_row(scope, groups, one) for one in found)


def statement_of(scope: Scope, groups: Sequence[tuple[str, list[int]]], order: str) -> str:
    source = source_of(scope, groups)
    total, orders = TOTAL, ORDERS
    if source is ALONE:
        total, orders = TOTAL_ALONE, ORDERS | {USUAL: URGENCY_ALONE}
    chosen = orders.get(order, orders[USUAL])
    return PAGE.format(level=LEVEL, source=source, kept=KEPT, order=chosen, total=total)


def source_of(scope: Scope, groups: Sequence[tuple[str, list[int]]]) -> str:
    if not scope.is_one_by_one:
        return PLACES
    if scope.rows == Rows.SITE:
        return SITES
    return PHARMACIES if any(len(products) > 1 for _, products in groups) else ALONE


def groups_of(scope: Scope) -> list[tuple[str, list[int]]]:
    """The groups of products in view, in order of name, with the products of each."""
    found: dict[str, list[int]] = {}
    for pk in scope.product_ids:
        found.setdefault(scope.catalogue.items[pk].group(scope.grain), []).append(pk)
    return sorted(found.items())


def _parameters(scope: Scope, groups: Sequence[tuple[str, list[int]]]) -> dict[str, Any]:
    pairs = [(pk, rank) for rank, (_, products) in enumerate(groups) for pk in products]
    return {
        "products": [pk for pk, _ in pairs],
        "ranks": [rank for _, rank in pairs],
        "list": scope.monitored_list.pk,
        "due_on": scope.period.due_on,
        "since": scope.since,
        "scale": SCALES.get(scope.rows, Scale.REGION).value,
        "region": scope.territory.region_code,
        "department": own_code(scope) if scope.department and scope.rows == Rows.DEPARTMENT else "",
        "is_whole_list": not scope.substance,
        "puis": _numbers_of_puis(scope),
        "levels": [level.value for level in scope.levels],
        "every_level": [level.value for level in Level],
        **thresholds_of(scope.period.due_on)._asdict(),
    }


def _numbers_of_puis(scope: Scope) -> list[int]:
    return list(scope.puis().order_by().values_list("pk", flat=True)) if scope.is_one_by_one else []


def _row(scope: Scope, groups: Sequence[tuple[str, list[int]]], found: Sequence[Any]) -> Row:
    place, holder_id, rank, *numbers, due_on, told_at, _ = found
    name, products = groups[rank]
    unit = "" if scope.grain is Grain.SUBSTANCE else scope.catalogue.units(products)
    lines, ratio_lines, carried = (int(number) for number in numbers[4:])
    sums = Sums(*numbers[:4], lines, ratio_lines, carried, scope.period.due_on)
    return Row(place, holder_id, name, unit, sums, due_on, told_at)
