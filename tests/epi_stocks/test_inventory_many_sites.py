"""An entity of two hundred sites: the page stays small, and every site can still be reached."""

import re

import pytest
from django.urls import reverse

from common.weeks import current_week, shift
from epi_stocks.models import CentralCoverage, EpiItem
from epi_stocks.views.inventory_context import MOST_SITES_LISTED, MOST_SITES_OFFERED
from tests.builders import make_establishment, make_line
from tests.epi_stocks.grids import page, text_of
from tests.epi_stocks.truth import expect

pytestmark = pytest.mark.django_db
MANY, LARGEST = 200, 60_000
LONG = "Établissement d’hébergement pour personnes âgées, résidence"


@pytest.fixture
def main():
    main = make_establishment(is_main=True, name="Centre hospitalier régional d’Essai")
    expect(main.category)
    return main


@pytest.fixture
def others(main):
    return [
        make_establishment(main.legal_entity, category=main.category, name=f"{LONG} {number:03d}")
        for number in range(1, MANY)
    ]


@pytest.fixture
def operator(client_for, main):
    return client_for("OIE", on=main)


def options(response):
    found = re.search(r'<select[^>]*id="etab".*?</select>', text_of(response), re.DOTALL)
    return re.findall(r'<option value="([^"]*)"( selected)?>(.*?)</option>', found[0])


def listed(response):
    found = re.search(r'<ul class="app-sites">.*?</ul>', text_of(response), re.DOTALL)
    return re.findall(r"<li><a [^>]*>(.*?)</a>", found[0])


def list_of(site):
    return reverse("epi_stocks:inventory_sites", args=[site.finess, current_week()])


def test_the_page_stays_small_and_asks_no_more(operator, main, others, count_queries, client):
    for item in EpiItem.objects.exclude(code="gants"):
        for week in (shift(current_week(), -1), current_week()):
            make_line(main, week, item_id=item.pk, stock=12000, daily=400, supply=2000)
    CentralCoverage.objects.create(declaring=main, covered=others[0], first_week=current_week())
    client.force_login(operator.user)
    assert len(client.get(page(main)).content) < LARGEST
    assert len(client.get(page(others[-1])).content) < LARGEST
    assert count_queries(page(main)) <= 6


def test_the_lists_keep_the_site_shown_and_those_to_fill(operator, main, others):
    for site in others[:150]:
        CentralCoverage.objects.create(declaring=main, covered=site, first_week=current_week())
    response = operator.get(page(others[149]))
    found = options(response)
    assert len(found) == MOST_SITES_OFFERED
    assert [value for value, selected, _ in found if selected] == [others[149].finess]
    assert ["couvert" in name for _, selected, name in found if not selected] == [False] * 23
    names = listed(response)
    assert len(names) == MOST_SITES_LISTED
    assert others[149].name in names
    assert "Chercher parmi les 200 établissements" in text_of(response)
    assert list_of(others[149]) in text_of(response)


def test_the_next_site_is_found_among_all(operator, main, others):
    for site in others[:-1]:
        CentralCoverage.objects.create(declaring=main, covered=site, first_week=current_week())
    assert f"Site suivant : {others[-1].name}" in text_of(operator.get(page(main)))


def test_any_site_is_found_by_name_or_number(operator, main, others):
    def found(text):
        response = operator.get(list_of(main), {"recherche": text})
        return re.findall(r'<th role="rowheader" scope="row"><a [^>]*>(.*?)</a>', text_of(response))

    assert found("residence agees 117") == [others[116].name]
    assert found(others[20].finess) == [others[20].name]
    assert found("chr") == []
    assert found("centre hosp") == [main.name]
    assert len(found("")) == 50
    address = page(others[116])
    assert address in text_of(operator.get(list_of(main), {"recherche": "117"}))


def test_the_list_is_that_of_the_person(client_for, main, others):
    elsewhere = make_establishment()
    stranger = client_for("OIE", on=elsewhere)
    assert stranger.get(list_of(main)).status_code == 404
    assert others[0].name not in text_of(stranger.get(list_of(elsewhere)))


def test_the_sites_covered_are_chosen_on_a_page_of_their_own(operator, main, others):
    apart = reverse("epi_stocks:inventory_coverage", args=[main.finess, current_week()])
    grid = text_of(operator.get(page(main)))
    assert 'name="couvre"' not in grid
    assert f'href="{apart}"' in grid
    assert text_of(operator.get(apart)).count('name="couvre"') == MANY - 1
    ticked = [str(site.pk) for site in others[100:140]]
    assert "ce tableau couvre aussi 40 autres sites" in text_of(
        operator.post(apart, {"couvre": ticked}, follow=True)
    )
    assert text_of(operator.get(apart)).count(" checked") == 40


def test_a_few_sites_are_all_on_the_page(operator, main):
    sister = make_establishment(main.legal_entity, name="EHPAD La Roseraie")
    response = operator.get(page(main))
    assert len(options(response)) == len(listed(response)) == 2
    assert 'name="couvre"' in text_of(response)
    assert list_of(main) not in text_of(response)
    assert sister.name in text_of(operator.get(list_of(main)))
