"""The dashboards from their summaries, beside the same figures computed live in the same run.

    DATABASE_ROLE=owner python bench/dashboards.py [--weeks 14] [--establishments 30000]

Works on whatever the database holds; an empty one is filled first, in the database itself.
"""
# ruff: noqa: S608 - fragments of our own put together; every value is a parameter

import argparse
import os
import statistics
import sys
import time
from contextlib import suppress
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.utils import InternalError  # noqa: E402

from common.weeks import current_week, weeks_back  # noqa: E402
from epi_stocks.models import DepartmentSummary, EpiItem, RegionSummary  # noqa: E402
from epi_stocks.models.summary import COUNTRY  # noqa: E402
from epi_stocks.services.reference import load_epi_reference  # noqa: E402
from epi_stocks.summaries.computing import department_figures_sql  # noqa: E402
from epi_stocks.summaries.lines import lines_parameters  # noqa: E402
from epi_stocks.summaries.refresh import refresh_weeks  # noqa: E402
from establishments.models import Department, Establishment, Region  # noqa: E402

ENTITIES = """
INSERT INTO establishments_legalentity
    (finess, name, long_name, address, postal_code, town, department_id, region_id, phone,
     is_fictitious, siren)
SELECT department.finess_code || lpad((number * 7 %% 10000000)::text, 7, '0'),
       'Entité fictive ' || number, '', '', '', 'VILLE', department.code, department.region_id, '',
       true, ''
  FROM generate_series(1, %(entities)s) AS number
  JOIN (SELECT *, row_number() OVER (ORDER BY code) - 1 AS rank FROM establishments_department)
       AS department ON department.rank = number %% (SELECT count(*) FROM establishments_department)
ON CONFLICT DO NOTHING
"""
SITES = """
INSERT INTO establishments_establishment
    (finess, name, long_name, address, postal_code, town, department_id, region_id, phone,
     is_fictitious, siret, sph_code, commune_code, ape_code, is_main, legal_entity_id, category_id)
SELECT left(entity.finess, 2) || lpad((number * 11 %% 10000000)::text, 7, '0'),
       (ARRAY['EHPAD', 'CH', 'IME', 'SSIAD', 'Clinique'])[1 + number %% 5] || ' fictif ' || number,
       '', '', '', 'VILLE', entity.department_id, entity.region_id, '', true, '', '', '', '', false,
       entity.id, category.category_id
  FROM (SELECT number, floor((SELECT count(*) FROM epi_stocks_expectedcategory)
                             * power(random(), 3)) AS drawn
          FROM generate_series(1, %(sites)s) AS number OFFSET 0) AS drawing
  JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS rank FROM establishments_legalentity)
       AS entity ON entity.rank = number %% (SELECT count(*) FROM establishments_legalentity)
  JOIN (SELECT category_id, row_number() OVER (ORDER BY category_id) - 1 AS rank
          FROM epi_stocks_expectedcategory) AS category
       ON category.rank = drawn
ON CONFLICT DO NOTHING
"""
HEADERS = """
INSERT INTO epi_stocks_weeklyinventory (week, establishment_id, first_saved_at, reason)
SELECT week, site.id, least(now(), week + interval '8 hours' + random() * interval '5 days'), ''
  FROM unnest(%(weeks)s::date[]) AS week, establishments_establishment AS site
 WHERE random() < 0.85
ON CONFLICT DO NOTHING
"""
LINES = """
INSERT INTO epi_stocks_inventoryline
    (week, establishment_id, item_id, stock, daily, supply, doubts, saved_at)
SELECT header.week, header.establishment_id, item.id,
       CASE WHEN random() < 0.03 THEN NULL WHEN random() < 0.02 THEN 0
            ELSE (scale.daily * 60 * power(random(), 1.5))::int END,
       CASE WHEN random() < 0.04 THEN NULL WHEN random() < 0.05 THEN 0 ELSE scale.daily END,
       CASE WHEN random() < 0.3 THEN 0 ELSE scale.daily * 7 END,
       CASE WHEN random() < 0.01 THEN 1 ELSE 0 END, header.first_saved_at
  FROM epi_stocks_weeklyinventory AS header
  JOIN LATERAL (SELECT 5 + hashint8(header.establishment_id) & 255 AS daily) AS scale ON true
  JOIN epi_stocks_epiitem AS item ON item.parent_id IS NULL AND item.starts_on IS NOT NULL
 WHERE header.week = %(week)s
ON CONFLICT DO NOTHING
"""


def fill(weeks: int, sites: int) -> None:
    """Make a fictitious country; the triggers of ordinary saves are not wanted here."""
    if not Department.objects.exists():
        call_command("load_territories", verbosity=0)
    if not EpiItem.objects.exists():
        load_epi_reference()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("ALTER TABLE epi_stocks_inventoryline DISABLE TRIGGER USER")
        cursor.execute(ENTITIES, {"entities": max(1, sites // 3)})
        cursor.execute(SITES, {"sites": sites})
        mondays = weeks_back(current_week(), weeks)
        cursor.execute(HEADERS, {"weeks": mondays})
        for week in mondays:
            cursor.execute(LINES, {"week": week})
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE epi_stocks_inventoryline ENABLE TRIGGER USER")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def milliseconds(work, times: int) -> tuple[float, float]:
    """Median and 95th percentile of ``work``."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append(1000 * (time.perf_counter() - start))
    return statistics.median(spent), sorted(spent)[max(0, int(0.95 * len(spent)) - 1)]


def live(within: str, item: EpiItem, weeks) -> None:
    """The figures of the page, from the lines themselves."""
    with connection.cursor() as cursor:
        for week in weeks:
            cursor.execute(
                f"SELECT department_code, sum(ratio_stock), sum(ratio_daily)"
                f"  FROM ({department_figures_sql(within)}) AS found GROUP BY 1",
                lines_parameters(week, [item.pk]),
            )
            cursor.fetchall()


def compare(title: str, kept, computed, times: int) -> None:
    kept_median, kept_p95 = milliseconds(kept, 30)
    live_median, _ = milliseconds(computed, times)
    print(
        f"{title} : résumés {kept_median:.1f} ms (p95 {kept_p95:.1f}), "
        f"en direct {live_median:.0f} ms, rapport {live_median / kept_median:.0f}"
    )


def run() -> None:
    item = EpiItem.objects.get(code="masques-ffp2")
    week, weeks = current_week(), weeks_back(current_week(), 12)
    region = Region.objects.order_by("code").last()
    codes = list(region.departments.values_list("code", flat=True))
    names = ", ".join(f"'{code}'" for code in codes)

    def kept_region(mondays):
        list(
            DepartmentSummary.objects.filter(
                week__in=mondays, item=item, department_code__in=codes
            ).values("week", "department_code", "ratio_stock", "ratio_daily")
        )

    def kept_country(mondays):
        list(RegionSummary.objects.filter(week__in=mondays, item=item).exclude(region_code=COUNTRY))

    refresh, _ = milliseconds(lambda: refresh_weeks([week]), 3)
    print(f"Rafraîchir une semaine : {refresh:.0f} ms")
    within = f"site.department_id IN ({names})"
    compare("Région", lambda: kept_region([week]), lambda: live(within, item, [week]), 5)
    compare("Pays", lambda: kept_country([week]), lambda: live("true", item, [week]), 3)
    compare("Pays, 12 semaines", lambda: kept_country(weeks), lambda: live("true", item, weeks), 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=14)
    parser.add_argument("--establishments", type=int, default=30_000)
    options = parser.parse_args()
    with suppress(InternalError), connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    if not Establishment.objects.exists():
        fill(options.weeks, options.establishments)
        for week in weeks_back(current_week(), options.weeks):
            refresh_weeks([week])
    run()


if __name__ == "__main__":
    main()
