"""What the inventory page tells of the other sites of its entity."""

import re
from datetime import date

import pytest
from django.urls import reverse

from common.weeks import current_week
from epi_stocks.models import CentralCoverage, ExpectedCategory
from epi_stocks.services.coverage import coverage_of
from epi_stocks.services.saving import CellChange, save_cells
from tests.builders import make_establishment

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return make_establishment(is_main=True)


@pytest.fixture
def operator(client_for, site):
    return client_for("OIE", on=site)


def declare(user, site):
    changes = [CellChange(1, "stock", 0, None)]
    save_cells(by=user, week=current_week(), establishment_id=site.pk, changes=changes)


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


def test_the_main_site_tells_how_many_sites_are_declared_and_names_the_others(operator, site):
    week = current_week()
    ExpectedCategory.objects.get_or_create(category=site.category, starts_on=date(2020, 1, 6))
    covered, typed, silent = (
        make_establishment(legal_entity=site.legal_entity, category=site.category, name=name)
        for name in ("EHPAD La Roseraie", "USLD Bel-Air", "SSR Les Pins")
    )
    CentralCoverage.objects.create(declaring=site, covered=covered, first_week=week)
    declare(operator.user, typed)

    def told(shown):
        page = operator.get(reverse("epi_stocks:inventory", args=[shown.finess, week]))
        found = re.search("<p[^>]* data-coverage=[^>]*>(.*?)</p>", text_of(page))
        return found and found[1]

    assert told(site) == (
        "2 sites sur 4 couverts par une déclaration, la leur ou celle d’un autre site. "
        f"Sans déclaration : {site.name}, SSR Les Pins."
    )
    assert told(silent) is None
    for one in (site, silent):
        declare(operator.user, one)
    assert told(site) == (
        "4 sites sur 4 couverts par une déclaration, la leur ou celle d’un autre site."
    )
    assert coverage_of(site.legal_entity_id, week).sentence == "4 sites sur 4 couverts"
