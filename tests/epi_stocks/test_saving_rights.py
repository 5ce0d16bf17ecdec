"""Who may type a cell, for which establishments and in which weeks."""

from datetime import datetime, timedelta

import pytest
import time_machine

from accounts.models import Habilitation, Profile
from common.weeks import PARIS, shift
from epi_stocks.models import CentralCoverage, InventoryLine, WeeklyInventory
from epi_stocks.services.saving import SavingError, save_cells
from establishments.models import Establishment
from establishments.perimeter import Action
from tests.builders import (
    grant,
    make_department,
    make_establishment,
    make_person,
    make_profile,
    make_region,
)
from tests.epi_stocks.cells import WEEK, held, save

pytestmark = pytest.mark.django_db


def test_an_item_off_is_not_counted_and_says_so(person, place):
    result = save(person, place, (8, "stock", 5, None))
    assert result.cells[0].sentence.startswith("Cet équipement n’est pas compté")
    assert held(place, 8) is None


@pytest.mark.parametrize(
    "code", ["OIE", "APE", "GF", "OCE", "ARA", "ARL", "DEP", "NAT", "NAL", "SUP", "USR"]
)
def test_the_statement_grants_exactly_what_the_matrix_grants(code, place):
    """For each role, on the site, its sister, and a site elsewhere."""
    elsewhere = make_establishment(
        department=make_department("75", "Paris", make_region("11", "Île-de-France"))
    )
    sister = make_establishment(place.legal_entity)
    on = place if code in ("OIE", "APE", "GF", "OCE") else None
    person = make_person(code, on=on)
    for site in (place, sister, elsewhere):
        reach = Establishment.objects.for_user(person, to=Action.EPI_WRITE)
        may = reach.filter(pk=site.pk).exists()
        if may:
            assert save(person, site, (1, "stock", 1, None)).cells[0].is_saved
        else:
            with pytest.raises(SavingError) as refusal:
                save(person, site, (1, "stock", 1, None))
            assert refusal.value.code == "right"
            assert held(site) is None


def test_every_profile_counts_and_the_granting_one_is_stored(person, place):
    other = make_establishment()
    profile = make_profile(person, other.legal_entity)
    grant(profile, "epi_stock", "inventory_operator")
    save(person, other, (1, "stock", 1, None), profile_id=person.usable_profiles[0].pk)
    assert InventoryLine.objects.get(establishment=other).saved_profile == profile


def test_the_profile_of_the_form_is_preferred_when_it_grants_the_right(person, place):
    second = make_profile(person, place.legal_entity)
    grant(second, "epi_stock", "inventory_operator")
    save(person, place, (1, "stock", 1, None), profile_id=second.pk)
    assert InventoryLine.objects.get(establishment=place).saved_profile == second


@pytest.mark.parametrize(
    "lose",
    [
        lambda: Habilitation.objects.update(state="revoked"),
        lambda: Habilitation.objects.update(ends_on=WEEK - timedelta(days=30)),
        lambda: Habilitation.objects.update(starts_on=WEEK + timedelta(days=30)),
        lambda: Profile.objects.update(state="suspended"),
    ],
)
def test_a_right_lost_stops_at_the_next_cell(lose, person, place):
    save(person, place, (1, "stock", 1, None))
    lose()
    with pytest.raises(SavingError, match="Aucun de vos profils"):
        save(person, place, (1, "stock", 2, 1))
    assert held(place) == (1, None, None)


def test_an_establishment_that_does_not_exist(person):
    with pytest.raises(SavingError) as refusal:
        save_cells(by=person, week=WEEK, establishment_id=0, changes=[])
    assert refusal.value.code == "unknown"


# Weeks


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        (datetime(2026, 11, 29, 23, 59, 59, tzinfo=PARIS), True),
        (datetime(2026, 11, 30, 0, 0, tzinfo=PARIS), False),
    ],
)
def test_a_week_closes_at_midnight_after_its_second_sunday(now, is_open, person, place):
    week = datetime(2026, 11, 16, tzinfo=PARIS).date()
    with time_machine.travel(now, tick=False):
        if is_open:
            assert save(person, place, (1, "stock", 1, None), week=week).cells[0].is_saved
        else:
            with pytest.raises(SavingError, match=r"est clôturé\. Pour le corriger"):
                save(person, place, (1, "stock", 1, None), week=week)


def test_a_week_to_come_cannot_be_typed(person, place):
    with pytest.raises(SavingError, match="n’a pas commencé"):
        save(person, place, (1, "stock", 1, None), week=shift(WEEK, 1))


def test_a_reopened_week_is_typed_until_its_end(person, place):
    week, now = shift(WEEK, -6), datetime.now(PARIS)
    header = WeeklyInventory.objects.create(
        week=week, establishment=place, reopened_until=now + timedelta(hours=1)
    )
    save(person, place, (1, "stock", 1, None), week=week)
    header.reopened_until = now - timedelta(hours=1)
    header.save()
    with pytest.raises(SavingError) as refusal:
        save(person, place, (1, "stock", 2, 1), week=week)
    assert refusal.value.code == "closed"


def test_a_covered_site_does_not_declare(person, place):
    main = make_establishment(place.legal_entity)
    CentralCoverage.objects.create(declaring=main, covered=place, first_week=WEEK)
    with pytest.raises(SavingError, match="compté deux fois"):
        save(person, place, (1, "stock", 1, None))
    assert save(person, place, (1, "stock", 1, None), week=shift(WEEK, -1)).cells[0].is_saved


def test_an_establishment_closed_before_the_week_has_nothing_to_declare(person, place):
    place.closed_on = WEEK - timedelta(days=1)
    place.save()
    with pytest.raises(SavingError) as refusal:
        save(person, place, (1, "stock", 1, None))
    assert refusal.value.code == "closed_establishment"
