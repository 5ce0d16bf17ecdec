"""The main site: proposed where unknown, chosen by a person, one an entity."""

from datetime import date

import pytest

from establishments.models import Establishment
from establishments.services.main_site import MainSiteError, proposed_main_site, set_main_site
from journal.models import Entry
from tests.builders import make_category, make_establishment, make_legal_entity, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def entity():
    return make_legal_entity()


def test_a_hospital_is_proposed_before_an_older_site_then_the_oldest_hospital(entity):
    home = make_category("500", "EHPAD", aggregate_code="4401")
    hospital = make_category(aggregate_code="1102")
    make_establishment(entity, category=home, opened_on=date(1901, 1, 1))
    make_establishment(entity, category=hospital)
    oldest = make_establishment(entity, category=hospital, opened_on=date(1950, 1, 1))
    make_establishment(entity, category=hospital, closed_on=date(2020, 1, 1))
    assert proposed_main_site(entity) == oldest


def test_the_chosen_site_wins_over_the_proposal(entity):
    make_establishment(entity, opened_on=date(1901, 1, 1))
    chosen = set_main_site(make_establishment(entity), by=make_user())
    assert proposed_main_site(entity) == chosen


def test_an_entity_without_open_site_has_none(entity):
    make_establishment(entity, closed_on=date(2020, 1, 1))
    assert proposed_main_site(entity) is None


def test_a_new_choice_replaces_the_former_and_is_journaled(entity):
    person = make_user()
    first, second = make_establishment(entity), make_establishment(entity)
    set_main_site(first, by=person)
    set_main_site(second, by=person)
    assert Establishment.objects.get(is_main=True) == second
    entry = Entry.objects.first()
    assert (entry.by, entry.finess) == (person, second.finess)
    assert entry.details == {"before": first.finess, "after": second.finess}


def test_choosing_the_same_site_again_writes_nothing(entity):
    site = make_establishment(entity)
    set_main_site(site, by=make_user())
    set_main_site(site, by=make_user())
    assert Entry.objects.count() == 1


def test_a_closed_site_cannot_be_the_main_one(entity):
    site = make_establishment(entity, closed_on=date(2020, 1, 1))
    with pytest.raises(MainSiteError, match="est fermé"):
        set_main_site(site, by=make_user())
