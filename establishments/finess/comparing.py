"""Compare what the files say with the directory: a verdict for each number, in a few statements."""

from datetime import date

from django.db import connection

from establishments.finess.report import Report
from establishments.finess.staging import Staging

ENTITY_COLUMNS = (
    "name", "long_name", "address", "postal_code", "town", "department_id", "phone", "siren",
    "legal_status_id", "opened_on",
)  # fmt: skip
SITE_COLUMNS = (
    "name", "long_name", "address", "postal_code", "town", "department_id", "phone", "category_id",
    "siret", "sph_code", "commune_code", "ape_code", "opened_on", "finess_updated_on",
)  # fmt: skip

# An entity that no file describes is made from its first site, until a file describes it
ENTITIES_OF_SITES = """
INSERT INTO staged_entity (file, line, finess, name, department_id, siren, is_closed)
SELECT DISTINCT ON (s.entity_finess) s.file, s.line, s.entity_finess, s.name,
       s.entity_department_id, left(s.siret, 9), false
FROM staged_site s
WHERE NOT EXISTS (SELECT FROM staged_entity e WHERE e.finess = s.entity_finess)
  AND NOT EXISTS (SELECT FROM establishments_legalentity e WHERE e.finess = s.entity_finess)
ORDER BY s.entity_finess, s.is_closed, s.line
"""

# A closed entity where a site is open again is open, unless a file describes it otherwise
REOPENED_BY_SITES = """
INSERT INTO staged_entity (finess, is_closed)
SELECT e.finess, false FROM establishments_legalentity e
WHERE e.closed_on IS NOT NULL
  AND NOT EXISTS (SELECT FROM staged_entity s WHERE s.finess = e.finess)
  AND EXISTS (SELECT FROM staged_site s WHERE s.entity_finess = e.finess AND NOT s.is_closed)
"""

# A number that was refused is in the file all the same: it is not closed
MISSING = """
INSERT INTO staged_{kind} (finess, is_closed)
SELECT t.finess, true FROM {table} t
WHERE t.closed_on IS NULL AND NOT t.is_fictitious
  AND NOT EXISTS (SELECT FROM staged_{kind} s WHERE s.finess = t.finess)
  AND NOT EXISTS (SELECT FROM staged_remark r WHERE r.is_refusal AND r.finess = t.finess)
"""

# An entity absent from the files stays open as long as one of its sites does
STILL_AT_WORK = """
  AND NOT EXISTS (
      SELECT FROM establishments_establishment x LEFT JOIN staged_site s ON s.finess = x.finess
      WHERE x.legal_entity_id = t.id AND NOT coalesce(s.is_closed, x.closed_on IS NOT NULL))
  AND NOT EXISTS (SELECT FROM staged_site s WHERE s.entity_finess = t.finess AND NOT s.is_closed)
"""

VERDICTS = """
CREATE TEMP TABLE {kind}_verdict AS
SELECT s.finess, coalesce(d.region_id, t.region_id) AS region_id,
       CASE WHEN t.id IS NULL THEN 'created'
            WHEN t.closed_on IS NOT NULL AND NOT s.is_closed THEN 'reopened'
            WHEN t.closed_on IS NULL AND s.is_closed THEN 'closed'
            WHEN t.is_fictitious OR {differs} THEN 'changed'
            ELSE 'unchanged' END AS verdict
FROM staged_{kind} s
LEFT JOIN {table} t ON t.finess = s.finess
LEFT JOIN establishments_department d ON d.code = s.department_id
{joins}
"""

COUNTS = """
SELECT 'site', region_id, verdict, count(*) FROM site_verdict GROUP BY 2, 3
UNION ALL
SELECT 'entity', region_id, verdict, count(*) FROM entity_verdict GROUP BY 2, 3
UNION ALL
SELECT 'site', region_id, 'refused', count(*) FROM staged_remark WHERE is_refusal GROUP BY 2
"""

KNOWN = """
SELECT (SELECT count(*) FROM establishments_establishment
        WHERE closed_on IS NULL AND NOT is_fictitious),
       (SELECT count(*) FROM establishments_legalentity
        WHERE closed_on IS NULL AND NOT is_fictitious),
       (SELECT count(*) FROM staged_remark WHERE NOT is_refusal)
"""


def compare(staging: Staging) -> Report:
    """Give each number its verdict, in tables that ``merge`` reads, and count them."""
    with connection.cursor() as cursor:
        if any(file.layout.has_sites for file in staging.files):
            cursor.execute(ENTITIES_OF_SITES)
            cursor.execute(REOPENED_BY_SITES)
            cursor.execute(MISSING.format(kind="site", table="establishments_establishment"))
        if any(file.layout.has_entities for file in staging.files):
            missing = MISSING.format(kind="entity", table="establishments_legalentity")
            cursor.execute(missing + STILL_AT_WORK)
        for statement in (_entity_verdicts(), _site_verdicts()):
            cursor.execute(statement)
        report = Report(staging.files)
        cursor.execute(COUNTS)
        for kind, region, verdict, count in cursor.fetchall():
            report.add(kind, region, verdict, count)
        cursor.execute(KNOWN)
        report.open_before, report.entities_open_before, report.remarks = cursor.fetchone()
    return report


def forget_verdicts() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS entity_verdict, site_verdict")


def day_of(staging: Staging) -> date | None:
    """Date of the most recent file: what it no longer names is closed since that day."""
    return max(filter(None, (file.made_on for file in staging.files)), default=None)


def _entity_verdicts() -> str:
    return VERDICTS.format(
        kind="entity",
        table="establishments_legalentity",
        differs=_differs(ENTITY_COLUMNS),
        joins="",
    )


def _site_verdicts() -> str:
    return VERDICTS.format(
        kind="site",
        table="establishments_establishment",
        differs=f"coalesce(s.entity_finess, e.finess) <> e.finess OR {_differs(SITE_COLUMNS)}",
        joins="LEFT JOIN establishments_legalentity e ON e.id = t.legal_entity_id",
    )


def _differs(columns: tuple[str, ...]) -> str:
    """Tell a known row that the file would change; what the file does not carry is kept."""
    told = ", ".join(f"coalesce(s.{column}, t.{column})" for column in (*columns, "closed_on"))
    known = ", ".join(f"t.{column}" for column in (*columns, "closed_on"))
    return f"({told}) IS DISTINCT FROM ({known})"
