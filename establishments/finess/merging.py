"""Write the verdicts: two MERGE statements, which PostgreSQL 15 knows, and nothing unchanged.

Then where the sites stand, in a table apart.
"""

from datetime import date

from django.db import connection

from establishments.finess.comparing import ENTITY_COLUMNS, SITE_COLUMNS

NULLABLE = frozenset({"department_id", "legal_status_id", "opened_on", "finess_updated_on"})

SOURCE = """
SELECT s.*, d.region_id, d.code IS NOT NULL AS is_placed, {more}
       CASE WHEN s.is_closed THEN coalesce(s.closed_on, %(day)s::date) END AS closing_day
FROM staged_{kind} s
JOIN {kind}_verdict v ON v.finess = s.finess AND v.verdict <> 'unchanged'
LEFT JOIN establishments_department d ON d.code = s.department_id
{joins}
"""

MERGE = """
MERGE INTO {table} t USING ({source}) s ON t.finess = s.finess
WHEN MATCHED THEN UPDATE SET {updates},
    region_id = CASE WHEN s.is_placed THEN s.region_id ELSE t.region_id END,
    closed_on = CASE WHEN s.is_closed THEN coalesce(s.closed_on, t.closed_on, s.closing_day) END,
    is_fictitious = false
WHEN NOT MATCHED THEN INSERT ({columns}, finess, region_id, closed_on, is_fictitious)
    VALUES ({values}, s.finess, s.region_id, s.closing_day, false)
"""


POSITIONS = """
INSERT INTO establishments_position AS known (establishment_id, latitude, longitude)
SELECT DISTINCT ON (site.id) site.id, s.latitude, s.longitude
  FROM staged_position s JOIN establishments_establishment site ON site.finess = s.finess
 WHERE s.latitude BETWEEN -90 AND 90 AND s.longitude BETWEEN -180 AND 180
 ORDER BY site.id, s.latitude, s.longitude
ON CONFLICT (establishment_id) DO UPDATE
   SET latitude = excluded.latitude, longitude = excluded.longitude
 WHERE (known.latitude, known.longitude) <> (excluded.latitude, excluded.longitude)
"""


def merge_positions() -> None:
    """Write where the sites stand; a file without coordinates changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(POSITIONS)


def merge(day: date) -> None:
    """Write the entities, then the sites that belong to them."""
    entities = _statement("entity", "establishments_legalentity", ENTITY_COLUMNS, {}, "", "")
    sites = _statement(
        "site",
        "establishments_establishment",
        SITE_COLUMNS,
        {"legal_entity_id": "s.legal_entity_id", "is_main": "false"},
        "e.id AS legal_entity_id,",
        "LEFT JOIN establishments_legalentity e ON e.finess = s.entity_finess",
    )
    with connection.cursor() as cursor:
        cursor.execute(entities, {"day": day})
        cursor.execute(sites, {"day": day})


def _statement(
    kind: str, table: str, columns: tuple[str, ...], more: dict[str, str], carried: str, joins: str
) -> str:
    updates = [f"{column} = coalesce(s.{column}, t.{column})" for column in columns]
    if "legal_entity_id" in more:
        updates.append("legal_entity_id = coalesce(s.legal_entity_id, t.legal_entity_id)")
    values = [_inserted(column) for column in columns]
    return MERGE.format(
        table=table,
        source=SOURCE.format(kind=kind, more=carried, joins=joins),
        updates=", ".join(updates),
        columns=", ".join([*columns, *more]),
        values=", ".join([*values, *more.values()]),
    )


def _inserted(column: str) -> str:
    return f"s.{column}" if column in NULLABLE else f"coalesce(s.{column}, '')"
