"""Weeks of plausible inventories, generated in the database: trends, tensions, holes, late sites.

Every figure is drawn from a hash of the place, the item and the week: the same world each time,
whatever its size, without sending a row over the wire.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connection, transaction

from common.weeks import current_week, shift, weeks_back
from config.demo.country import SMALL_EHPAD, VAL_DE_BRENNE
from epi_stocks.models import CentralCoverage, InventoryLine, WeeklyInventory
from establishments.models import Establishment

# numbers between 0 and 1, always the same: drawn from text, from a seed and the week
DRAW = "((hashtextextended({}, 42) & 2147483647) / 2147483648.0::float8)"
WEEKLY_DRAW = (
    "((hashint8extended({}, %(week)s::date - DATE '2000-01-03') & 2147483647)"
    " / 2147483648.0::float8)"
)

# what a place of each category uses, relative to the others
SIZES = {"101": 300, "355": 60, "128": 25, "500": 12, "362": 8, "354": 4, "156": 2, "127": 6}
OTHER_SIZE = 4

# code: units a day for a size of 1, days of cover twelve weeks ago and today
HABITS = {
    "masques-chirurgicaux": (10.0, 32, 34),
    "masques-ffp2": (1.2, 30, 14),
    "masques-gp": (1.0, 40, 40),
    "gants": (14.0, 28, 24),
    "surblouses": (0.8, 22, 9),
    "tabliers": (1.5, 30, 26),
    "protection-chevelure": (1.0, 45, 42),
}
GLOVE_SHARES = {
    "gants-medicaux-xs": 0.05,
    "gants-medicaux-s": 0.25,
    "gants-medicaux-m": 0.38,
    "gants-medicaux-l": 0.22,
    "gants-medicaux-xl": 0.10,
    # sterile gloves: only where people operate, save at the national size
    "gants-chirurgicaux-5-5": 0.002,
    "gants-chirurgicaux-6": 0.004,
    "gants-chirurgicaux-6-5": 0.006,
    "gants-chirurgicaux-7": 0.008,
    "gants-chirurgicaux-7-5": 0.006,
    "gants-chirurgicaux-8": 0.004,
    "gants-chirurgicaux-8-5": 0.002,
    "gants-chirurgicaux-9": 0.001,
}

PLACE_ITEMS = f"""
CREATE TEMPORARY TABLE demo_place_item AS
WITH place AS (
    SELECT e.id, e.finess, e.department_id, e.region_id,
           e.category_id IN ('101', '128', '355') AS operates,
           COALESCE(size.units, {OTHER_SIZE}) * (0.5 + {DRAW.format("e.finess")}) AS size,
           {DRAW.format("e.finess || 'sizes'")} < %(by_size)s AS by_size
      FROM establishments_establishment e
      LEFT JOIN unnest(%(categories)s::text[], %(units)s::float8[]) size(code, units)
             ON size.code = e.category_id
     WHERE e.is_fictitious AND e.closed_on IS NULL AND e.region_id IS NOT NULL
       AND {DRAW.format("e.finess || 'never'")} > 0.01
), habit AS (
    SELECT i.id AS item_id, i.rank, i.parent_id, i.size_kind = 'surgical' AS is_surgical, h.*
      FROM unnest(%(items)s::text[], %(shares)s::float8[], %(daily)s::float8[],
                  %(before)s::float8[], %(after)s::float8[])
                  h(code, share, daily, cover_before, cover_after)
      JOIN epi_stocks_epiitem i USING (code)
)
SELECT p.id, h.item_id, h.rank, p.size * h.daily * h.share AS daily,
       h.cover_before,
       h.cover_after * (0.4 + 1.2 * {DRAW.format("p.region_id || h.code")}) AS cover_after,
       (0.35 + 1.3 * {DRAW.format("p.department_id || h.code")})
         * (0.4 + 1.2 * {DRAW.format("p.finess || h.code")}) AS ease,
       {DRAW.format("p.finess || h.code || 'out'")} < 0.012 AS may_run_out,
       {DRAW.format("p.finess || h.code || 'blank'")} < 0.04 AS is_blank,
       hashtextextended(p.finess, 1) AS place_seed,
       hashtextextended(p.finess || h.code, 2) AS cell_seed
  FROM place p CROSS JOIN habit h
 WHERE (h.code <> 'gants' OR NOT p.by_size)
   AND (h.parent_id IS NULL OR p.by_size)
   AND (NOT h.is_surgical OR p.operates OR %(by_size)s = 1)
 ORDER BY p.id, h.item_id
"""  # noqa: S608 – the only texts put in are the constants above

INSERT = f"""
WITH drawn AS (
    SELECT p.*, (p.cover_before + (p.cover_after - p.cover_before) * %(progress)s) * p.ease
                * (0.92 + 0.16 * {WEEKLY_DRAW.format("p.cell_seed")}) AS cover,
           %(declared)s < 0.9 AND {WEEKLY_DRAW.format("p.cell_seed # 2")} < 0.003 AS is_odd
      FROM demo_place_item p
     WHERE ({WEEKLY_DRAW.format("p.place_seed")} < %(declared)s
            OR p.id = ANY(%(skipped)s::bigint[]))
       AND NOT EXISTS (
           SELECT FROM unnest(%(skipped)s::bigint[], %(skip_from)s::date[], %(skip_rank)s::int[])
                       s(id, week, rank)
            WHERE s.id = p.id AND %(week)s >= s.week AND p.rank >= s.rank)
)
INSERT INTO epi_stocks_inventoryline
       (week, establishment_id, item_id, stock, daily, supply, doubts, saved_at)
SELECT %(week)s, id, item_id,
       CASE WHEN may_run_out AND %(progress)s > 0.8 THEN 0
            ELSE round(daily * cover) * CASE WHEN is_odd THEN 12 ELSE 1 END END,
       CASE WHEN is_blank THEN NULL ELSE round(daily) END,
       CASE WHEN is_blank THEN NULL ELSE round(daily * 7 * LEAST(1, 12 / GREATEST(cover, 1))) END,
       CASE WHEN is_odd AND NOT may_run_out THEN 1 ELSE 0 END,
       LEAST(now(), (%(week)s + TIME '08:00') AT TIME ZONE 'Europe/Paris'
             + {WEEKLY_DRAW.format("place_seed # 1")} * INTERVAL '4 days 12 hours')
  FROM drawn
    ON CONFLICT DO NOTHING
"""  # noqa: S608
HEADERS = """
INSERT INTO epi_stocks_weeklyinventory (week, establishment_id, first_saved_at, reason)
SELECT week, establishment_id, min(saved_at), ''
  FROM epi_stocks_inventoryline WHERE week = ANY(%s)
 GROUP BY week, establishment_id
    ON CONFLICT DO NOTHING
"""


def build_history(weeks: int = 12, *, by_size: float = 0.15) -> list[date]:
    """Fill the last ``weeks`` weeks that hold nothing yet; return the weeks that were filled.

    ``by_size`` is the share of places that count their gloves by size.
    """
    wanted = weeks_back(current_week(), weeks)
    missing = [week for week in wanted if not InventoryLine.objects.filter(week=week).exists()]
    _cover(max(wanted))
    with _place_items(by_size):
        for week in missing:
            _fill(week, wanted)
    return missing


@contextmanager
def _place_items(by_size: float) -> Iterator[None]:
    """Draw once, for the time of the weeks, what each place holds of each item."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS demo_place_item")
        cursor.execute(PLACE_ITEMS, _habits() | {"by_size": by_size})
        yield
        cursor.execute("DROP TABLE demo_place_item")


@transaction.atomic
def _fill(week: date, wanted: list[date]) -> None:
    oldest, current = min(wanted), max(wanted)
    parameters = _skips(current) | {
        "week": week,
        "progress": (week - oldest).days / max(1, (current - oldest).days),
        "declared": 0.82 if week == current else 0.93,  # the current week has oddities too
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(INSERT, parameters)
        cursor.execute(HEADERS, [[week]])


def _habits() -> dict:
    rows = [(code, 1.0, *habit) for code, habit in HABITS.items()]
    rows += [(code, share, *HABITS["gants"]) for code, share in GLOVE_SHARES.items()]
    names = ("items", "shares", "daily", "before", "after")
    columns = zip(names, zip(*rows, strict=True), strict=True)
    sizes = {"categories": list(SIZES), "units": list(SIZES.values())}
    return sizes | {name: list(column) for name, column in columns}


def _skips(current: date) -> dict:
    """The scene of the first hospital: one site under way, one blank, one late, one covered."""
    scene = {
        "Hôpital Saint-Aubin": (current, 60),
        "USLD Bel-Air": (current, 0),
        "SSIAD du Val": (shift(current, -2), 0),
        "EHPAD La Roseraie": (shift(current, -6), 0),
        SMALL_EHPAD.sites[0].name: (current, 0),
    }
    sites = _named_sites(list(scene))
    return {
        "skipped": [site.pk for site in sites],
        "skip_from": [scene[site.name][0] for site in sites],
        "skip_rank": [scene[site.name][1] for site in sites],
    }


def _named_sites(names: list[str]) -> list[Establishment]:
    return list(
        Establishment.objects.filter(is_fictitious=True, name__in=names, department_id="45")
    )


def _cover(current: date) -> None:
    """The main hospital declares for one of its EHPAD since six weeks."""
    sites = {site.name: site for site in _named_sites([s.name for s in VAL_DE_BRENNE.sites])}
    if sites and not CentralCoverage.objects.exists():
        CentralCoverage.objects.create(
            declaring=sites["Hôpital Saint-Aubin"],
            covered=sites["EHPAD La Roseraie"],
            first_week=shift(current, -6),
        )


def declared_weeks() -> int:
    """How many weekly inventories there are, for the command's last sentence."""
    return WeeklyInventory.objects.count()
