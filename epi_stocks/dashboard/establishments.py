"""The establishments of a page, live: the most urgent first, and those that have not declared."""
# ruff: noqa: S608 - fragments of our own put together; every value is a parameter

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from common.cover import Level, days_of_cover
from common.identifiers import format_finess
from common.reading import reading
from common.weeks import weeks_back
from epi_stocks.dashboard.scope import Scope
from epi_stocks.models import EpiItem
from epi_stocks.summaries.computing import expected_sites_sql
from epi_stocks.summaries.lines import lines_parameters, measured_sql

PER_PAGE = 20
KNOWN_WEEKS = 12  # how far back the last declaration of a late site is looked for

RANK = f"array_position(ARRAY[{', '.join(repr(level.value) for level in Level)}], level)"
URGENCY = f"""{RANK}, CASE WHEN level = 'rupture' THEN -coalesce(daily, 0) END,
              stock::float8 / nullif(daily, 0) NULLS LAST, -coalesce(daily, 0)"""
ORDERS = {
    "urgence": URGENCY,
    "couverture": "stock::float8 / nullif(daily, 0) NULLS LAST",
    "stock": "stock NULLS LAST",
    "conso": "daily DESC NULLS LAST",
    "declare": "saved_at DESC",
}

# looked for from the latest on, and no further than the first one found
LAST_WEEK = """
SELECT known.week
  FROM (SELECT unnest(%(known_weeks)s::date[]) AS week ORDER BY 1 DESC) AS known
 WHERE EXISTS (SELECT FROM epi_stocks_weeklyinventory AS earlier
                WHERE earlier.week = known.week AND earlier.establishment_id = site.id
                  AND earlier.first_saved_at IS NOT NULL)
 ORDER BY known.week DESC
 LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Line:
    """What an establishment holds of the item, its own or carried over from an earlier week."""

    establishment_id: int
    finess: str
    name: str
    department_code: str
    category: str
    stock: int | None
    daily: int | None
    supply: int | None
    level: Level
    saved_at: datetime
    source_week: date
    is_carried: bool
    is_doubtful: bool
    item_id: int
    covers: int

    @property
    def days(self) -> Decimal | None:
        return days_of_cover(self.stock, self.daily)

    @property
    def finess_text(self) -> str:
        return format_finess(self.finess)


@dataclass(frozen=True, slots=True)
class LateSite:
    """An expected establishment that has not declared, and what it last said."""

    establishment_id: int
    finess: str
    name: str
    department_code: str
    category: str
    legal_entity_id: int
    last_week: date | None
    last_daily: int | None

    @property
    def finess_text(self) -> str:
        return format_finess(self.finess)


def urgent_lines(
    scope: Scope,
    *,
    items: Sequence[EpiItem] = (),
    order: str = "urgence",
    limit: int | None = None,
    offset: int = 0,
) -> tuple[list[Line], int]:
    """A page of the establishments in view, and how many there are in all.

    One line each for the item of the page, or for each of ``items``. Names are looked up for the
    lines of the page alone.
    """
    within, places = scope.places_sql
    ranked = f"{ORDERS[order]}, line.establishment_id, line.item_id"
    sql = f"""
SELECT line.establishment_id, site.finess, site.name, coalesce(site.department_id, ''),
       coalesce(nullif(category.short_label, ''), category.label), line.stock, line.daily,
       line.supply, line.level, line.saved_at, line.source_week, line.is_carried,
       line.is_doubtful, line.item_id,
       (SELECT count(*) FROM epi_stocks_centralcoverage AS cover
         WHERE cover.declaring_id = site.id AND cover.first_week <= %(week)s
           AND (cover.last_week IS NULL OR cover.last_week >= %(week)s)), line.whole
  FROM (SELECT line.*, count(*) OVER () AS whole
          FROM ({measured_sql(within)}) AS line
         WHERE {_kept_sql(scope)}
         ORDER BY {ranked} LIMIT %(limit)s OFFSET %(offset)s) AS line
  JOIN establishments_establishment AS site ON site.id = line.establishment_id
  JOIN establishments_establishmentcategory AS category ON category.code = site.category_id
 ORDER BY {ranked}
"""
    rows = _fetch(sql, _parameters(scope, limit, offset, items) | places)
    lines = [Line(*row[:8], Level(row[8]), *row[9:-1]) for row in rows]
    return lines, rows[0][-1] if rows else 0


def _kept_sql(scope: Scope) -> str:
    """What the choice of level keeps of the list; figures above it are not touched."""
    if scope.only_doubtful:
        return "line.is_doubtful"
    if scope.only_left_out:
        return "line.stock IS NULL OR line.daily IS NULL"
    return "line.level = ANY(%(levels)s)" if scope.levels else "true"


def late_sites(
    scope: Scope, *, limit: int | None = None, offset: int = 0
) -> tuple[list[LateSite], int]:
    """A page of those expected that have not declared, the largest known consumption first."""
    within, places = scope.places_sql
    sql = f"""
SELECT site.id, site.finess, site.name, coalesce(site.department_id, ''),
       coalesce(nullif(category.short_label, ''), category.label), site.legal_entity_id,
       header.week, line.daily, count(*) OVER () AS whole
  FROM establishments_establishment AS site
  JOIN establishments_establishmentcategory AS category ON category.code = site.category_id
  LEFT JOIN LATERAL ({LAST_WEEK}) AS header ON true
  LEFT JOIN LATERAL (
       SELECT last.daily FROM epi_stocks_effectiveline AS last
        WHERE last.week = header.week AND last.establishment_id = site.id
          AND last.item_id = ANY(%(items)s)
        LIMIT 1) AS line ON true
 WHERE site.id = ANY(ARRAY(
       SELECT expected.id FROM ({expected_sites_sql("week", within)}) AS expected
        WHERE NOT expected.is_declared))
 ORDER BY line.daily DESC NULLS LAST, site.finess
 LIMIT %(limit)s OFFSET %(offset)s
"""
    rows = _fetch(sql, _parameters(scope, limit, offset) | places)
    return [LateSite(*row[:-1]) for row in rows], rows[0][-1] if rows else 0


def _parameters(
    scope: Scope, limit: int | None, offset: int, items: Sequence[EpiItem] = ()
) -> dict[str, Any]:
    asked = [item.pk for item in items or [scope.item]]
    return lines_parameters(scope.week, asked, scope.calendar) | {
        "known_weeks": weeks_back(scope.previous_week, KNOWN_WEEKS),
        "levels": [level.value for level in scope.levels],
        "limit": limit,
        "offset": offset,
    }


def _fetch(sql: str, parameters: dict[str, Any]) -> list[tuple]:
    with reading.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
