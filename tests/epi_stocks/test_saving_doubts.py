"""A value that looks odd is saved, told, and confirmed by who may type it."""

from datetime import timedelta

import pytest

from common.weeks import shift
from epi_stocks.models import CentralCoverage, InventoryLine
from epi_stocks.services.saving import SavingError, confirm_doubt
from journal.models import Entry
from tests.builders import make_establishment, make_line, make_person
from tests.epi_stocks.cells import WEEK, save

pytestmark = pytest.mark.django_db


def test_a_doubt_is_stored_said_and_confirmed(person, place):
    make_line(place, shift(WEEK, -1), 1, stock=9400)
    result = save(person, place, (1, "stock", 94000, None))
    assert result.cells[0].doubt == "10 fois la dernière valeur déclarée (9\u202f400)"
    assert InventoryLine.objects.get(week=WEEK).doubts == 1
    same = {"by": person, "week": WEEK, "establishment_id": place.pk}
    assert not confirm_doubt(**same, item_id=1, measure="stock", value=5)
    assert confirm_doubt(**same, item_id=1, measure="stock", value=94000)
    assert InventoryLine.objects.get(week=WEEK).doubts == 8
    save(person, place, (1, "stock", 9500, 94000))
    assert InventoryLine.objects.get(week=WEEK).doubts == 0


def test_a_stock_without_consumption_is_to_check_whatever_is_typed_first(person, place):
    save(person, place, (1, "daily", 0, None))
    assert InventoryLine.objects.get().doubts == 0
    save(person, place, (1, "stock", 100, None))
    assert InventoryLine.objects.get().doubts == 2


def confirm(person, place, week=WEEK):
    return confirm_doubt(
        by=person, week=week, establishment_id=place.pk, item_id=1, measure="stock", value=5
    )


def test_who_confirmed_is_journaled_once(person, place):
    make_line(place, WEEK, 1, stock=5, doubts=1)
    assert [confirm(person, place), confirm(person, place)] == [True, False]
    entry = Entry.objects.get(verb="epi_stocks.doubt_confirmed")
    assert (entry.by, entry.finess, entry.details["value"]) == (person, place.finess, 5)


def test_only_who_may_write_confirms(place):
    make_line(place, WEEK, 1, stock=5, doubts=1)
    with pytest.raises(SavingError) as refusal:
        confirm(make_person("ARL", domain="epi_stock"), place)
    assert refusal.value.code == "right"
    assert InventoryLine.objects.get().doubts == 1


def test_nothing_is_confirmed_where_nothing_may_be_typed(person, place):
    closed_week = shift(WEEK, -5)
    for week in (closed_week, shift(WEEK, -1), WEEK):
        make_line(place, week, 1, stock=5, doubts=1)
    main = make_establishment(place.legal_entity)
    CentralCoverage.objects.create(
        declaring=main, covered=place, first_week=shift(WEEK, -1), last_week=shift(WEEK, -1)
    )
    place.closed_on = WEEK - timedelta(days=1)
    place.save()
    codes = []
    for week in (closed_week, shift(WEEK, -1), WEEK):
        with pytest.raises(SavingError) as refusal:
            confirm(person, place, week)
        codes.append(refusal.value.code)
    assert codes == ["closed", "covered", "closed_establishment"]
    assert set(InventoryLine.objects.values_list("doubts", flat=True)) == {1}
