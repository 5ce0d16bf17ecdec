"""Two share-outs compared: who gains, who loses, why, and what forbids to publish."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from common.weeks import current_week, shift
from orders.models import Allocation, Basis, Doctrine
from orders.services.allocating import compute
from orders.services.publishing import renew_all
from orders.views import comparing
from tests.builders import make_category, make_department, make_line, make_region
from tests.orders.builders import GLOVES, make_item
from tests.orders.quotas.builders import make_draft, make_place, make_rule, set_capacity
from tests.orders.quotas.pages import read

pytestmark = pytest.mark.django_db


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
    assert "à 0 alors qu" in html
    assert "Corriger le brouillon" in html


def test_the_comparison_takes_as_many_queries_whatever_the_beneficiaries(world, cell):
    """Some gain and some lose from the first."""
    a, b = world.publish(), world.draft()
    b.adjustments.create(beneficiary=world.small, factor=3, reason="Foyer")
    b.adjustments.create(beneficiary=world.large, factor="0.5", reason="Stock")
    compute(b)

    def queries():
        with CaptureQueriesContext(connection) as context:
            read(cell, "allocation_compare", a=a.pk, b=b.pk)
        return len(context)

    queries()
    first = queries()
    south = make_department("13", "Bouches-du-Rhône", make_region("93", "Provence"))
    for size in (10, 20, 30):
        make_place(size, department=south)
    compute(b)
    assert queries() == first


def test_the_falls_are_a_file(world, cell):
    a, b = world.publish(), world.draft(pool=1_000)
    url = f"{reverse('orders:allocation_compare_file', args=['xlsx'])}?a={a.pk}&b={b.pk}"
    sheet = load_workbook(io.BytesIO(b"".join(cell.get(url)))).active
    rows = list(sheet.values)
    assert len(rows) == 4
    assert "part du besoin servie" in rows[1][-1]


def test_what_is_in_force_is_compared_as_it_was_computed_last(world, cell):
    """A capacity that the Monday counted already explains no fall of the draft."""
    week = current_week()
    world.publish()
    Allocation.objects.update(starts_on=shift(week, -1))
    set_capacity(world.large.establishment, 40)
    renew_all(week=week)
    b = world.draft(pool=1_000)
    answer = cell.get(reverse("orders:allocation_compare"), {"b": b.pk})
    assert answer.context["a"].renews is not None
    assert "capacité" not in " ".join(str(row) for row in answer.context["moves"][0]["lines"])


def test_an_old_share_out_stays_among_the_choices_when_it_is_compared(world, cell, monkeypatch):
    monkeypatch.setattr(comparing, "MOST_CHOICES", 2)
    first, *_ = drafts = [world.draft() for _ in range(4)]
    answer = cell.get(reverse("orders:allocation_compare"), {"b": first.pk})
    assert answer.context["choices"] == [drafts[3], drafts[2], first]


def test_a_share_out_of_another_item_is_not_compared(world, cell):
    b, other = world.draft(), make_draft(make_item(GLOVES))
    answer = cell.get(reverse("orders:allocation_compare"), {"b": b.pk, "a": other.pk})
    assert answer.context["a"] is None


def test_the_sums_of_both_sides_are_those_of_their_beneficiaries(world, cell):
    a, b = world.publish(), world.draft(pool=1_000)
    found = cell.get(reverse("orders:allocation_compare"), {"a": a.pk, "b": b.pk}).context["found"]
    assert (found.sums.was, found.sums.becomes) == (1_850, 1_000)
    assert (found.sums.more, found.sums.same, found.sums.less) == (0, 0, 3)


def test_who_gains_is_told_too_the_new_ones_last_and_is_a_file(world, cell):
    a = world.publish(pool=1_000)
    new = make_place(10, name="EHPAD neuf")
    b = world.draft()
    answer = cell.get(reverse("orders:allocation_compare"), {"a": a.pk, "b": b.pk})
    falls, gains = answer.context["moves"]
    assert (falls["lines"], gains["count"]) == ([], 4)
    assert "EHPAD neuf" in str(gains["lines"][-1])
    assert "Personne ne reçoit moins." in answer.content.decode()
    url = reverse("orders:allocation_compare_file", args=["csv"])
    file = cell.get(url, {"a": a.pk, "b": b.pk, "sens": "hausses"})
    lines = b"".join(file).decode("utf-8-sig").strip().splitlines()
    assert len(lines) == 5
    assert str(new.finess) in lines[-1]


def compared(cell, a, b, **query):
    found = cell.get(reverse("orders:allocation_compare"), {"a": a.pk, "b": b.pk} | query)
    return found.context["found"].sums


def test_who_stays_short_after_delivery_counts_what_is_held_and_what_is_given(world, cell):
    """Seven days of 100 a day: 700; the large holds 200, and gets 1 200 of A, 300 of B."""
    make_line(world.large.establishment, current_week(), stock=200, daily=100)
    make_line(world.middle.establishment, current_week(), stock=900, daily=100)
    a, b = world.publish(), world.draft()
    b.adjustments.create(beneficiary=world.large, factor="0.25", reason="Stock")
    compute(b)
    sums = compared(cell, a, b)
    assert (sums.short_was, sums.short_becomes) == (0, 1)


def test_a_fall_is_marked_beyond_thirty_percent(world, cell):
    a, b = world.publish(), world.draft()
    b.adjustments.create(beneficiary=world.large, factor="0.75", reason="Stock")
    b.adjustments.create(beneficiary=world.middle, factor="0.5", reason="Stock")
    compute(b)
    sums = compared(cell, a, b)
    assert (sums.less, sums.falls) == (2, 1)


def test_one_group_alone_is_compared_and_downloaded(world, cell):
    make_rule(Doctrine.objects.get(), "355", 20, label="Hôpital", basis=Basis.BED)
    make_place(100, Basis.BED, category=make_category("355"))
    a, b = world.publish(), world.draft(pool=1_000)
    assert compared(cell, a, b).beneficiaries == 4
    assert compared(cell, a, b, groupe="Hôpital").beneficiaries == 1
    url = reverse("orders:allocation_compare_file", args=["csv"])
    file = cell.get(url, {"a": a.pk, "b": b.pk, "groupe": "Hôpital"})
    assert len(b"".join(file).decode().strip().splitlines()) == 2
