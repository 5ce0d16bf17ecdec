"""A country of the real size, for benchmarks, made in the database: 30,000 places, 2,500 pharmacies
that declare 200 products, three years of both.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connection, transaction

from config.demo.history import build_history
from config.demo.pharmacies import DUE_DAYS, Habits, declare, open_pharmacies
from medications.models import MonitoredList
from pui.models import Pui
from pui.region.refreshing import refresh_all

PLACES, WEEKS, SITES_PER_ENTITY = 30_000, 156, 3
PHARMACIES, PRODUCTS = 2_500, 200
OTHERS = MonitoredList.Slug.OTHERS
EVERYTHING = Habits(held_first=1, held=1, declared=1)  # every product, at every due day

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

# the list of the project is half as long as that of the country: each product gets sisters
MORE_PRODUCTS = """
WITH followed AS (
    SELECT product.*, monitoring.priority, monitoring.starts_on,
           row_number() OVER (ORDER BY product.code) - 1 AS rank, count(*) OVER () AS total
      FROM medications_monitoring monitoring
      JOIN medications_product product ON product.id = monitoring.product_id
     WHERE monitoring.monitored_list_id = %(list)s AND monitoring.ends_on IS NULL
), added AS (
    INSERT INTO medications_product
           (code, kind, label, substance_id, reference_id, atc, form, strength, unit, laboratory,
            is_fictitious, source, updated_at)
    SELECT (9950000 + n)::text, twin.kind, twin.label || ', fabrication ' || n, twin.substance_id,
           twin.reference_id, twin.atc, twin.form, twin.strength, twin.unit, 'Laboratoire national',
           true, twin.source, now()
      FROM followed twin
      JOIN generate_series(1, %(products)s - (SELECT count(*) FROM followed)) n
           ON twin.rank = n %% twin.total
        ON CONFLICT DO NOTHING
    RETURNING id, label, reference_id
)
INSERT INTO medications_monitoring (monitored_list_id, product_id, priority, starts_on)
SELECT %(list)s, added.id, twin.priority, twin.starts_on
  FROM added JOIN followed twin ON starts_with(added.label, twin.label || ', fabrication ')
"""

EQUIPMENT_LINES, MEDICINE_LINES = "epi_stocks_inventoryline", "pui_stockline"
FOREIGN_KEYS = """
SELECT quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
 WHERE contype = 'f' AND conrelid = %s::regclass
"""


def build_places(places: int = PLACES) -> None:
    parameters = {
        "entities": -(-places // SITES_PER_ENTITY),
        "sites": SITES_PER_ENTITY,
        "places": places,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(ENTITIES, parameters)
        cursor.execute(SITES, parameters)


def build_nation(*, places: int = PLACES, weeks: int = WEEKS) -> list[date]:
    """Make the places, then their weeks with gloves counted by size; return the weeks filled."""
    build_places(places)
    with unguarded(EQUIPMENT_LINES):
        return build_history(weeks, by_size=1.0)


def build_national_pharmacies(
    *, pharmacies: int = PHARMACIES, products: int = PRODUCTS, due_days: int = WEEKS
) -> int:
    """Each declares every product of « autres médicaments » at every due day; the other lists have
    the due days of a demonstration. Say how many pharmacies there are.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MORE_PRODUCTS, {"list": OTHERS, "products": products})
    open_pharmacies(pharmacies)
    with unguarded(MEDICINE_LINES):
        declare(MonitoredList.objects.get(pk=OTHERS), due_days, EVERYTHING)
        for monitored_list in MonitoredList.objects.exclude(pk=OTHERS):
            declare(monitored_list, min(due_days, DUE_DAYS))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    refresh_all()
    return Pui.objects.count()


@contextmanager
def unguarded(table: str) -> Iterator[None]:
    """Take the foreign keys and triggers off a table, and check all its rows at once after.

    Twice as fast for millions of rows; only the owner of the table may, others do without.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableowner = current_user FROM pg_tables WHERE tablename = %s", [table]
        )
        if not cursor.fetchone()[0]:
            yield
            return
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no check left pending by what came before
        cursor.execute(FOREIGN_KEYS, [table])
        keys = cursor.fetchall()
        for name, _ in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for name, definition in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        cursor.execute(f"ANALYZE {table}")
