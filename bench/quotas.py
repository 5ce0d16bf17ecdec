"""35,000 beneficiaries × 8 items: share-outs and quotas, beside a raw INSERT of as many rows.

    python bench/quotas.py [--beneficiaries 35000]

In any base (``DATA_DIR``): the world it needs is made, measured and undone in one transaction.
"""

import argparse
import io
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from django.core.management import call_command
from django.db import connection, transaction

import bench.web  # noqa: F401 - sets Django up, before any model
from common.weeks import current_week
from epi_stocks.models import EpiItem
from epi_stocks.services.reference import load_items
from establishments.models import BeneficiaryCategory
from orders.models import Allocation, Doctrine, DoctrineGroup, GroupCategory, Quota, Ratio, Share
from orders.services.allocating import compute
from orders.services.quota_weeks import write_week
from tests.builders import make_category, make_department, make_legal_entity

GOAL = 5.0  # seconds, for the share-outs of all the items
ITEMS = 8
SITES = """
INSERT INTO establishments_establishment
       (finess, name, long_name, address, postal_code, town, phone, department_id, region_id,
        siret, sph_code, commune_code, ape_code, is_main, legal_entity_id, category_id,
        is_fictitious)
SELECT '9Q' || lpad(n::text, 7, '0'), 'EHPAD du banc ' || n, '', '', '', 'BOURG', '',
       %(department)s, %(region)s, '', '', '', '', false, %(entity)s, %(category)s, true
  FROM generate_series(1, %(count)s) n
"""
COUNTED = """
INSERT INTO orders_capacity (establishment_id, basis, quantity, as_of, source)
SELECT id, 'place', 4 + right(finess, 7)::int * 7919 % 600, '2020-01-01', 'banc'
  FROM establishments_establishment WHERE finess LIKE '9Q%%'
"""
LISTED = """
INSERT INTO orders_beneficiary
       (establishment_id, region_id, department_id, category_id, is_listed)
SELECT id, region_id, department_id, category_id, true
  FROM establishments_establishment WHERE finess LIKE '9Q%%'
"""
RAW = """
INSERT INTO orders_quota (week, beneficiary_id, item_id, allocation_id, granted, used)
SELECT week + 70000, beneficiary_id, item_id, allocation_id, granted, 0 FROM orders_quota
 WHERE week = %s AND allocation_id = ANY(%s)
"""


def build(count: int) -> list[Allocation]:
    """The places, a doctrine for them, a share-out an item, short of what is needed."""
    load_items()
    department, category = make_department(), make_category("500", "EHPAD")
    if not BeneficiaryCategory.objects.filter(category=category).exists():
        BeneficiaryCategory.objects.create(category=category, starts_on="2020-01-01")
    entity = make_legal_entity()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_beneficiary SET is_listed = false")
        fields = {"department": department.pk, "region": department.region_id,
                  "entity": entity.pk, "category": category.pk, "count": count}  # fmt: skip
        cursor.execute(SITES, fields)
        # else the foreign keys are checked by the plan of an empty table: minutes
        cursor.execute("ANALYZE establishments_establishment")
        cursor.execute(COUNTED)
        cursor.execute(LISTED)
        cursor.execute("ANALYZE orders_beneficiary, orders_capacity")
    doctrine = Doctrine.objects.create(label="Banc", starts_on="2020-01-01")
    group = DoctrineGroup.objects.create(doctrine=doctrine, label="EHPAD", basis="place")
    GroupCategory.objects.create(doctrine=doctrine, group=group, category=category)
    found = []
    for item in EpiItem.objects.top()[:ITEMS]:
        Ratio.objects.create(group=group, item=item, per_week=3 + item.pk)
        fields = {"pool": count * 700, "pack": 50, "pools_percent": 5, "starts_on": current_week()}
        found.append(Allocation.objects.create(item=item, doctrine=doctrine, **fields))
    return found


def measure(count: int) -> bool:
    with transaction.atomic():
        allocations = build(count)
        begun = time.perf_counter()
        for one in allocations:
            compute(one)
        shared = time.perf_counter() - begun
        begun = time.perf_counter()
        for one in allocations:
            write_week(one)
        written = time.perf_counter() - begun
        rows = Share.objects.filter(allocation__in=allocations).count()
        quotas = Quota.objects.filter(allocation__in=allocations).count()
        begun = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(RAW, [current_week(), [one.pk for one in allocations]])
        raw = time.perf_counter() - begun
        transaction.set_rollback(True)
    print(f"INSERT brut  : {quotas} lignes en {raw:.2f} s")
    print(f"répartitions : {rows} parts en {shared:.2f} s, {shared / raw:.2f} ×, but {GOAL:g} s")
    print(f"contingents  : {quotas} écrits en {written:.2f} s, {written / raw:.2f} ×")
    return shared < GOAL


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beneficiaries", type=int, default=35_000)
    options = parser.parse_args()
    call_command("prepare_database", verbosity=0, stdout=io.StringIO())
    if not measure(options.beneficiaries):
        raise SystemExit("les répartitions prennent plus que prévu")


if __name__ == "__main__":
    main()
