"""A closed week opens again only with a reason, for a time, by who may; it is written down."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common.weeks import current_week, shift
from epi_stocks.services.reopening import ReopeningError, end_reopening, reopen_week
from epi_stocks.services.saving import CellChange, SavingError, save_cells
from journal.models import Entry
from tests.builders import (
    make_department,
    make_establishment,
    make_person,
    make_region,
)

pytestmark = pytest.mark.django_db
CLOSED = shift(current_week(), -6)


@pytest.fixture
def place():
    return make_establishment()


def reopen(by, place, week=CLOSED, reason="Stock recompté", days=3):
    until = timezone.now() + timedelta(days=days)
    return reopen_week(by=by, establishment=place, week=week, reason=reason, until=until)


def type_in(place):
    change = CellChange(1, "stock", 5, None)
    person = make_person("OIE", on=place)
    return save_cells(by=person, week=CLOSED, establishment_id=place.pk, changes=[change])


def test_an_ars_reopens_a_week_of_its_region_which_is_journaled(place):
    ars = make_person("ARA")
    header = reopen(ars, place)
    assert (header.reopened_by, header.reason) == (ars, "Stock recompté")
    assert type_in(place).cells[0].is_saved
    entry = Entry.objects.get(verb="epi_stocks.week_reopened")
    assert (entry.finess, entry.details["reason"]) == (place.finess, "Stock recompté")


def test_a_reopening_ended_closes_at_once(place):
    ars = make_person("ARA")
    reopen(ars, place)
    assert end_reopening(by=ars, establishment=place, week=CLOSED)
    assert not end_reopening(by=ars, establishment=place, week=CLOSED)
    with pytest.raises(SavingError):
        type_in(place)
    assert Entry.objects.filter(verb="epi_stocks.reopening_ended").count() == 1


def test_the_national_cell_reopens_anywhere(place):
    assert reopen(make_person("NAT", domain="epi_stock"), place)


@pytest.mark.parametrize("code", ["OIE", "APE", "ARL", "NAL", "USR"])
def test_others_do_not_reopen(code, place):
    person = make_person(code, on=place if code in ("OIE", "APE") else None)
    with pytest.raises(ReopeningError, match="Seuls l’ARS"):
        reopen(person, place)


def test_an_ars_does_not_reopen_elsewhere():
    paris = make_department("75", "Paris", make_region("11", "Île-de-France"))
    with pytest.raises(ReopeningError, match="Seuls l’ARS"):
        reopen(make_person("ARA", on=make_region()), make_establishment(department=paris))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"reason": "  "}, "motif"),
        ({"days": 40}, "31 jours"),
        ({"days": -1}, "passé"),
        ({"week": current_week()}, "encore ouverte"),
    ],
)
def test_a_reopening_has_a_reason_an_end_and_a_closed_week(options, sentence, place):
    with pytest.raises(ReopeningError, match=sentence):
        reopen(make_person("ARA"), place, **options)
    assert not Entry.objects.exists()


def test_a_week_is_not_reopened_until_the_end_of_time(client_for, place):
    address = reverse("epi_stocks:inventory_reopen", args=[place.finess, CLOSED])
    response = client_for("ARA").post(address, {"last_day": "9999-12-31", "reason": "Erreur"})
    assert response.status_code == 422
    assert "31\u00a0jours" in response.context["form"].errors["last_day"][0]
