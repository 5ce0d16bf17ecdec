"""A tension of one region is news there and for the country; one of the country, for all."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.changes import changes_for
from config.news import since_of, title_of
from establishments.models import Region
from orders.services.tensions import Declared, declare_tension
from steering.models import Visit
from tests.builders import make_department, make_establishment, make_person, make_region
from tests.orders.builders import make_item, serve

pytestmark = pytest.mark.django_db


def told(person):
    found = changes_for(person, timezone.now() - timedelta(hours=1), {})
    return [str(one.text) for one in found if "Tension" in str(one.text)]


def declare(region):
    for served in Region.objects.all():
        serve(served)
    typed = Declared(make_item(1), region, timezone.localdate())
    declare_tension(by=make_person("NAT", domain="distrilog"), typed=typed)


@pytest.fixture
def brittany():
    return make_department("35", "Ille-et-Vilaine", make_region("53", "Bretagne"))


@pytest.mark.parametrize("code", ["OCE", "ARA"])
def test_a_tension_of_another_region_is_not_news_here(brittany, code):
    here, far = make_establishment(), make_establishment(department=brittany)
    declare(brittany.region)
    places = [here, far] if code == "OCE" else [here.region, far.region]
    own, other = (told(make_person(code, on=place)) for place in places)
    assert own == []
    assert len(other) == 1


def test_the_country_is_told_of_a_tension_wherever_it_is(brittany):
    reader = make_person("NAT", domain="distrilog")
    declare(brittany.region)
    assert len(told(reader)) == 1


def test_a_tension_of_the_country_is_told_to_all(brittany):
    here, far = make_establishment(), make_establishment(department=brittany)
    declare(None)
    assert [len(told(make_person("OCE", on=place))) for place in (here, far)] == [1, 1]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (1, "depuis hier"),
        (2, "depuis votre visite du"),
        (31, "ces trente derniers jours"),
    ],
)
def test_the_title_says_since_when(days, said):
    visit = Visit(before_at=timezone.now() - timedelta(days=days))
    title = title_of(visit, since_of(visit))
    assert said in title
    assert ("hier" in title) == (days == 1)


def test_a_first_visit_is_told_of_a_week():
    assert title_of(Visit(), since_of(Visit())) == "Ce qui a changé ces sept derniers jours"
    assert timezone.now() - since_of(Visit()) < timedelta(days=7, minutes=1)
