"""A country of the real size, for benchmarks: 30,000 places, three years, made in the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connection, transaction

from config.demo.history import build_history

PLACES, WEEKS, SITES_PER_ENTITY = 30_000, 156, 3

# numbers begin by 9, which no department uses; the key is not computed: they are fictitious
ENTITIES = """
INSERT INTO establishments_legalentity
       (finess, name, long_name, address, postal_code, town, phone, department_id, region_id, siren,
        legal_status_id, is_fictitious)
SELECT '9L' || lpad(n::text, 7, '0'), 'Entité nationale ' || n, '', '', '', 'BOURG-FICTIF', '',
       d.code, d.region_id, '', CASE WHEN n %% 3 = 0 THEN '13' ELSE '60' END, true
  FROM generate_series(1, %(entities)s) n
  JOIN (SELECT code, region_id, row_number() OVER (ORDER BY code) - 1 AS rank,
               count(*) OVER () AS total
          FROM establishments_department WHERE region_id IS NOT NULL) d
    ON d.rank = n %% d.total
    ON CONFLICT DO NOTHING
"""

SITES = """
INSERT INTO establishments_establishment
       (finess, name, long_name, address, postal_code, town, phone, department_id, region_id, siret,
        sph_code, commune_code, ape_code, is_main, legal_entity_id, category_id, is_fictitious)
SELECT '9S' || lpad(n::text, 7, '0'), 'Site national ' || n, '', '', '', 'BOURG-FICTIF', '',
       e.department_id, e.region_id, '', '', '', '', n %% %(sites)s = 0, e.id,
       (ARRAY['500','500','500','355','183','354','255','437','246','128'])[1 + n %% 10], true
  FROM generate_series(0, %(places)s - 1) n
  JOIN establishments_legalentity e
    ON e.finess = '9L' || lpad((1 + n / %(sites)s)::text, 7, '0')
    ON CONFLICT DO NOTHING
"""

LINES = "epi_stocks_inventoryline"
FOREIGN_KEYS = """
SELECT quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
 WHERE contype = 'f' AND conrelid = %s::regclass
"""


def build_nation(*, places: int = PLACES, weeks: int = WEEKS) -> list[date]:
    """Make the places, then their weeks with gloves counted by size; return the weeks filled."""
    parameters = {
        "entities": -(-places // SITES_PER_ENTITY),
        "sites": SITES_PER_ENTITY,
        "places": places,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(ENTITIES, parameters)
        cursor.execute(SITES, parameters)
    with unguarded_lines():
        return build_history(weeks, by_size=1.0)


@contextmanager
def unguarded_lines() -> Iterator[None]:
    """Take the foreign keys and triggers off the lines, and check all the rows at once after.

    Twice as fast for millions of rows; only the owner of the table may, others do without.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableowner = current_user FROM pg_tables WHERE tablename = %s", [LINES]
        )
        if not cursor.fetchone()[0]:
            yield
            return
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no check left pending by what came before
        cursor.execute(FOREIGN_KEYS, [LINES])
        keys = cursor.fetchall()
        for name, _ in keys:
            cursor.execute(f"ALTER TABLE {LINES} DROP CONSTRAINT {name}")
        cursor.execute(f"ALTER TABLE {LINES} DISABLE TRIGGER USER")
        yield
        cursor.execute(f"ALTER TABLE {LINES} ENABLE TRIGGER USER")
        for name, definition in keys:
            cursor.execute(f"ALTER TABLE {LINES} ADD CONSTRAINT {name} {definition}")
        cursor.execute(f"ANALYZE {LINES}")
