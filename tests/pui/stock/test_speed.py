"""Three years of a pharmacy are not read to draw twelve due days."""

import re

import pytest
from django.db import connection

from pui.stock.reading import PAST

pytestmark = pytest.mark.django_db


def test_the_due_days_of_a_trend_are_read_by_the_key_of_the_lines(pui, due_days):
    asked = {"days": due_days, "puis": [pui.pk], "products": [1, 2]}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # the table of a test is small
        cursor.execute(f"EXPLAIN {PAST}", asked)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    condition = re.search(r"pui_stockline_pkey.*\n.*Index Cond: (.*)", plan)
    assert condition, plan
    assert all(column in condition[1] for column in ("due_on", "pui_id", "product_id")), plan
