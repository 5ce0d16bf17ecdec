"""The situation on the home page: one's territory, the most urgent places first, as in the view."""

import pytest

from common.weeks import current_week
from epi_stocks.dashboard.overview import situation_of
from epi_stocks.summaries.refresh import refresh_due_weeks
from tests.builders import (
    make_department,
    make_establishment,
    make_line,
    make_person,
    make_region,
)
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
FFP2 = 2


@pytest.fixture
def two_departments():
    """One department nearly out of masks, one well provided."""
    poor, rich = make_department("41", "Loir-et-Cher"), make_department("45", "Loiret")
    for department, stock in ((poor, 30), (rich, 400)):
        place = make_establishment(department=department)
        make_line(place, current_week(), FFP2, stock=stock, daily=10)
    refresh_due_weeks()


def names(situation):
    return [row[0] for row in situation.table.rows]


def test_the_most_urgent_department_comes_first(two_departments):
    person = make_person("ARL", domain="epi_stock", on=make_region())
    assert names(situation_of(person))[:2] == ["Loir-et-Cher (41)", "Loiret (45)"]


def test_a_department_alone_is_not_told_of_departments(client, two_departments):
    person = make_person("DEP", on=make_department("41"))
    assert situation_of(person).table.caption == "Situation du département"
    client.force_login(person)
    assert "Couverture du département, en jours" in client.get("/epi-stocks/visu/").text
    several = make_person("ARL", domain="epi_stock", on=make_region())
    assert situation_of(several).table.caption == "Situation des départements, par urgence"


def test_another_region_does_not_see_these_departments(two_departments):
    elsewhere = make_region("53", "Bretagne")
    person = make_person("ARL", domain="epi_stock", on=elsewhere)
    assert "Loiret (45)" not in names(situation_of(person))


def test_the_home_of_an_ars_shows_its_situation_and_is_sound(client, two_departments):
    client.force_login(make_person("ARL", domain="epi_stock", on=make_region()))
    response = client.get("/")
    assert_sound_html(response)
    assert "Loir-et-Cher (41)" in response.content.decode()


def test_an_establishment_has_its_tasks_and_no_territory(client_for, two_departments):
    assert "Loir-et-Cher (41)" not in client_for("OIE").get("/").content.decode()
