"""What a home page costs, role by role, and how much of it one meets at first."""

import pytest

from common.home import Card, Kind
from common.weeks import current_week
from config import home, views
from epi_stocks.services.reference import load_epi_reference
from epi_stocks.summaries.refresh import refresh_weeks
from establishments.perimeter import Action
from journal.services import record
from pui.overview import rates_of
from tests.builders import make_establishment, make_legal_entity, make_line, make_person
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_pui

pytestmark = pytest.mark.django_db

# The second time within half a minute, as on Monday morning: queries of the page, login apart.
CEILINGS = {
    "ARA": 62,
    "ARL": 36,
    "NAT": 58,
    "GF": 40,
    "OIE": 30,
    "OCE": 36,
    "APE": 36,
    "OMD": 36,
    "SPF": 26,
    "LPO": 22,
    "AUD": 16,
    "SUP": 20,
    "TEC": 18,
}


@pytest.mark.parametrize("code", CEILINGS)
def test_a_home_page_costs_no_more_than_its_ceiling(client, count_queries, kept, code):
    load_epi_reference()
    site = make_establishment()
    make_pui(on=site)
    person = make_person(code, on=None if code in NOWHERE else place_of(code, site))
    client.force_login(person)
    client.get("/")
    assert count_queries("/") <= CEILINGS[code]


NOWHERE = {"NAT", "SPF", "LPO", "AUD", "SUP", "TEC"}


def place_of(code, site):
    return site.region if code in {"ARA", "ARL", "OMD"} else site


def test_a_home_page_costs_as_much_with_many_tasks_places_and_pharmacies(
    client, count_queries, kept
):
    load_epi_reference()
    site = make_establishment()
    agency = make_person("ARA", on=site.region)
    client.force_login(agency)
    fill(2)
    client.get("/")
    before = count_queries("/")
    fill(10)
    assert count_queries("/") <= before


def fill(count):
    for number in range(count):
        place = make_establishment(make_legal_entity(), name=f"EHPAD {number}")
        make_line(place, current_week(), 1, stock=0, daily=10)
        make_pui(on=place)
    refresh_weeks([current_week()])


def test_two_people_of_one_territory_share_what_is_read_of_it(django_assert_num_queries, kept):
    site = make_establishment()
    first, second = (make_person("ARA", on=site.region) for _ in range(2))
    second.perimeter_to(Action.DASH_MED)
    rates_of(first)
    with django_assert_num_queries(0):
        rates_of(second)


def test_the_country_is_not_told_the_figures_of_a_region_that_was_read_before(kept):
    load_epi_reference()
    site = make_establishment()
    make_line(site, current_week(), 1, stock=0, daily=10)
    refresh_weeks([current_week()])
    agency, country = make_person("ARA", on=site.region), make_person("NAT", domain="epi_stock")
    captions = [home.situations(one)[0].table.caption for one in (agency, country)]
    assert captions[0] != captions[1]


class ManyTasks:
    """An app that has much to ask."""

    @staticmethod
    def cards(user):
        late = [Card(Kind.LATE, f"Retard {number}", url="/x") for number in range(2)]
        return [*late, *(Card(Kind.TO_DO, f"Tâche {number}", url="/y") for number in range(10))]


def test_the_least_pressing_tasks_are_folded_and_still_counted(client_for, monkeypatch):
    monkeypatch.setattr(home, "_homes", lambda: [ManyTasks])
    response = client_for("OIE").get("/")
    assert_sound_html(response)
    page = response.content.decode()
    shown, folded = page.split("<details", 1)
    assert "2 tâches en retard, 10 à faire." in shown
    assert shown.count("fr-badge--sm") == views.MOST_DUE
    assert "7 autres tâches, moins pressantes&nbsp;: 7 à faire" in folded
    assert "Tâche 9" in folded
    assert "Retard 1" in shown


def test_one_task_more_than_the_most_is_not_folded_alone(client_for, monkeypatch):
    few = [Card(Kind.TO_DO, f"Tâche {number}", url="/y") for number in range(views.MOST_DUE + 1)]
    monkeypatch.setattr(home, "cards", lambda user: few)
    page = client_for("OIE").get("/").content.decode()
    assert "moins pressantes" not in page
    assert few[-1].title in page


def test_the_home_page_shows_the_four_latest_changes_and_where_all_are(client_for):
    site = make_establishment()
    client = client_for("GF", on=site)
    for number in range(7):
        record("pui.onboarding_line_validated", by=None, target=f"PUI {number}", place=site)
    page = client.get("/").content.decode()
    assert page.count("<time ") == 4
    assert "PUI 6" in page
    assert "PUI 2<" not in page
    assert "Voir tout (7)" in page
