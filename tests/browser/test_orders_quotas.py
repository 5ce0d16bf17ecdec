"""A share-out, from the draft that one person compares to the publication by another."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from common.weeks import current_week
from orders.models import Allocation, Quota
from orders.services.allocations import version_of
from orders.services.publishing import propose, publish
from tests.browser.axe import axe
from tests.builders import make_person
from tests.orders.builders import make_item, make_product, make_stock
from tests.orders.quotas.builders import make_doctrine_with, make_draft, make_place

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cells(transactional_db):
    return [make_person("NAT", domain="distrilog") for _ in range(2)]


@pytest.fixture
def homes(transactional_db):
    make_item()
    make_stock(make_product(), available=1_000_000)
    make_doctrine_with(c500=15)
    return [make_place(size, name=f"EHPAD de {size} places") for size in (80, 34, 4)]


@pytest.fixture
def published(cells, homes):
    draft = make_draft(pool=2_200, pools_percent=5)
    draft.refresh_from_db()
    proposal = propose(by=cells[0], draft=draft, seen=version_of(draft))
    return publish(by=cells[1], proposal=proposal)


@pytest.mark.long
def test_one_person_compares_and_proposes_another_publishes(cells, published, open_page):
    page = open_page(user=cells[0])
    page.goto(reverse("orders:allocations"))
    axe(page)
    page.get_by_role("link", name="Nouvelle répartition").first.click()
    axe(page)
    page.get_by_label("Quantité par semaine, en unités").fill("1 000")
    page.get_by_label("À partir de la semaine").select_option(current_week().isoformat())
    page.get_by_role("button", name="Enregistrer et calculer").click()
    expect(page.get_by_text("Le brouillon est enregistré et calculé.")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Comparer à celle en vigueur").click()
    expect(page.get_by_role("heading", name="comparer deux répartitions")).to_be_visible()
    expect(page.get_by_text("part du besoin servie").first).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Proposer à la publication").click()
    expect(page.get_by_text("Vous l’avez proposée").first).to_be_visible()
    draft = Allocation.objects.latest("pk")
    other = open_page(user=cells[1])
    other.goto(reverse("orders:allocation", args=[draft.pk]))
    axe(other)
    other.get_by_role("button", name="Publier").click()
    expect(other.get_by_text("La répartition est publiée.")).to_be_visible()
    assert set(Quota.objects.values_list("allocation", flat=True)) == {draft.pk}


def test_an_operator_reads_why_this_quota(homes, published, open_page):
    operator = make_person("OCE", on=homes[0].establishment)
    page = open_page(user=operator)
    page.goto(reverse("orders:quota_list"))
    axe(page)
    page.get_by_role("link", name="Masques chirurgicaux").click()
    expect(page.get_by_text("80 places × 15 masques chirurgicaux")).to_be_visible()
    expect(page.get_by_role("link", name="Questions sur le contingentement")).to_be_visible()
    axe(page)


def test_an_extra_is_given_to_one_establishment(cells, homes, published, open_page):
    page = open_page(user=cells[0])
    quota = Quota.objects.get(beneficiary=homes[2])
    page.goto(reverse("orders:quota", args=[quota.pk]))
    page.get_by_label("Quantité de plus, en unités").fill("50")
    page.get_by_label("Motif").fill("Foyer de cas")
    page.get_by_role("button", name="Accorder").click()
    expect(page.get_by_text("Le contingent est augmenté.")).to_be_visible()
    expect(page.get_by_text("à titre exceptionnel")).to_be_visible()
    axe(page)
