"""Three years of a pharmacy are not read to draw twelve due days."""

import re

import pytest
from django.db import connection

from pui.stock.reading import PAST

pytestmark = [pytest.mark.django_db, pytest.mark.explain]

# Hides the table of the same name until the end of the test: three years of fifty pharmacies.
FILLED = """
CREATE TEMPORARY TABLE pui_stockline (LIKE pui_stockline INCLUDING INDEXES) ON COMMIT DROP;
INSERT INTO pui_stockline (due_on, pui_id, product_id, stock, transmission_id)
SELECT %(last)s::date - 7 * week, pui, product, 1, 1
  FROM generate_series(0, 155) week, generate_series(1, 50) pui, generate_series(1, 10) product;
ANALYZE pui_stockline
"""


def test_the_due_days_of_a_trend_are_read_by_the_key_of_the_lines(due_days):
    with connection.cursor() as cursor:
        cursor.execute(FILLED, {"last": due_days[0]})
        cursor.execute(f"EXPLAIN {PAST}", {"days": due_days, "puis": [1], "products": [1, 2]})
        plan = "\n".join(line for (line,) in cursor.fetchall())
    condition = re.search(r"pui_stockline_pkey.*\n.*Index Cond: (.*)", plan)
    assert condition, plan
    assert all(column in condition[1] for column in ("due_on", "pui_id", "product_id")), plan
