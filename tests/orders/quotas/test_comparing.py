"""Two share-outs compared: who gains, who loses, why, and what forbids to publish."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from tests.builders import make_department, make_region
from tests.orders.quotas.builders import make_place
from tests.orders.quotas.pages import client_of, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def cell(world):
    return client_of(world.first)


def test_the_comparison_tells_who_gains_who_loses_and_why(world, cell):
    a = world.publish()
    b = world.draft(pool=1_000)
    html = read(cell, "allocation_compare", a=a.pk, b=b.pk)
    assert "part du besoin servie 100 % → " in html
    assert "Les plus fortes baisses" in html
    assert "Aucun bénéficiaire à 0" in html
    assert "Proposer à la publication" in html


def test_the_comparison_blocks_what_may_not_be_published(world, cell):
    b = world.draft(pool=100, floor_packs=0)
    html = read(cell, "allocation_compare", b=b.pk)
    assert "seraient à 0" in html
    assert "Corriger le brouillon" in html


def test_the_comparison_takes_as_many_queries_whatever_the_beneficiaries(world, cell):
    a, b = world.publish(), world.draft(pool=1_000)

    def queries():
        with CaptureQueriesContext(connection) as context:
            read(cell, "allocation_compare", a=a.pk, b=b.pk)
        return len(context)

    queries()
    first = queries()
    south = make_department("13", "Bouches-du-Rhône", make_region("93", "Provence"))
    for size in (10, 20, 30):
        make_place(size, department=south)
    b = world.draft(pool=900)
    assert queries() == first


def test_the_falls_are_a_file(world, cell):
    a, b = world.publish(), world.draft(pool=1_000)
    url = f"{reverse('orders:allocation_compare_file', args=['xlsx'])}?a={a.pk}&b={b.pk}"
    sheet = load_workbook(io.BytesIO(b"".join(cell.get(url)))).active
    rows = list(sheet.values)
    assert len(rows) == 4
    assert "part du besoin servie" in rows[1][-1]
