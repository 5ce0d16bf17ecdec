"""Cells are saved one by one: nothing typed is lost, nothing typed by another is overwritten."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from accounts.models import Habilitation, Profile
from common.weeks import PARIS, monday_of, shift
from epi_stocks.models import (
    CentralCoverage,
    EffectiveLine,
    InventoryLine,
    ReplacedLine,
    WeeklyInventory,
)
from epi_stocks.services.other_values import load_other_values
from epi_stocks.services.saving import SavingError, confirm_doubt, save_cells
from establishments.models import Establishment
from establishments.perimeter import Action
from journal.models import Entry
from tests.builders import (
    grant,
    make_department,
    make_establishment,
    make_line,
    make_person,
    make_profile,
    make_region,
    make_user,
)
from tests.epi_stocks.cells import WEEK, held, other_thread, save, verdicts
from tests.locks import wait_until_somebody_waits_for_a_lock

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_establishment()


@pytest.fixture
def person(place):
    return make_person("OIE", on=place)


def test_one_cell_is_saved_in_one_statement(person, place, django_assert_num_queries):
    with django_assert_num_queries(1):
        result = save(person, place, (1, "stock", 44500, None))
    assert verdicts(result) == {(1, "stock"): "saved"}
    assert held(place) == (44500, None, None)
    assert result.filled == 1


def test_blank_and_zero_stay_different(person, place):
    save(person, place, (1, "stock", 0, None), (1, "daily", None, None))
    assert held(place) == (0, None, None)
    assert verdicts(save(person, place, (1, "stock", None, 0))) == {(1, "stock"): "saved"}
    assert held(place) == (None, None, None)


def test_blank_is_not_taken_for_zero_when_comparing_with_what_was_seen(person, place):
    save(person, place, (1, "stock", 0, None))
    assert verdicts(save(person, place, (1, "stock", 5, None))) == {(1, "stock"): "conflict"}


def test_two_columns_of_a_new_row_at_once(person, place):
    save(person, place, (1, "stock", 10, None), (1, "supply", 5, None))
    assert held(place) == (10, None, 5)


def test_two_people_on_two_columns_of_a_row_meet_no_conflict(person, place):
    colleague = make_person("OIE", on=place)
    save(person, place, (1, "stock", 10, None))
    result = save(colleague, place, (1, "daily", 3, None))
    assert verdicts(result) == {(1, "daily"): "saved"}
    assert held(place) == (10, 3, None)


def test_a_conflict_keeps_the_other_value_and_says_who_and_when(place, person):
    nadia = make_person("OIE", on=place, user=make_user(first_name="Nadia", last_name="Benali"))
    at = datetime(2026, 11, 18, 9, 40, tzinfo=PARIS)
    week = monday_of(at)
    save(nadia, place, (5, "stock", 640, None), week=week, now=at)
    later = at + timedelta(minutes=1)
    save(person, place, (5, "daily", 60, None), week=week, now=later)
    result = save(person, place, (5, "stock", 700, None), week=week, now=later)
    (cell,) = result.conflicts
    assert (cell.value, cell.other_by, cell.other_at) == (640, "Nadia Benali", at)
    assert cell.sentence == "Nadia Benali a saisi 640 à 9\u00a0h\u00a040."
    assert held(place, 5, week) == (640, 60, None)
    other = load_other_values(week, place.pk, [(5, "daily")])[5, "daily"]
    assert (other.value, other.by) == (60, str(person))


def test_a_retry_after_a_lost_answer_is_not_a_conflict(person, place):
    save(person, place, (1, "stock", 10, None))
    before = InventoryLine.objects.get(establishment=place).saved_at
    assert verdicts(save(person, place, (1, "stock", 10, None))) == {(1, "stock"): "kept"}
    assert InventoryLine.objects.get(establishment=place).saved_at == before


def test_a_block_saves_what_it_can_and_reports_its_conflicts(person, place):
    save(make_person("OIE", on=place), place, (2, "daily", 7, None))
    result = save(
        person,
        place,
        (1, "stock", 1, None),
        (2, "stock", 2, None),
        (2, "daily", 3, None),
        (999, "stock", 3, None),
    )
    assert verdicts(result) == {
        (1, "stock"): "saved",
        (2, "stock"): "saved",
        (2, "daily"): "conflict",
        (999, "stock"): "not_counted",
    }
    assert held(place, 2) == (2, 7, None)


def test_each_replaced_value_is_kept_with_its_author(person, place):
    save(person, place, (1, "stock", 10, None))
    save(person, place, (1, "stock", 12, 10))
    kept = ReplacedLine.objects.get(establishment=place)
    assert (kept.stock, kept.saved_by) == (10, person)


def test_the_first_value_of_the_week_dates_the_declaration(person, place):
    first = datetime.now(PARIS)
    save(person, place, (1, "stock", None, None), now=first)
    assert WeeklyInventory.objects.get(establishment=place).first_saved_at is None
    save(person, place, (1, "stock", 0, None), now=first + timedelta(hours=1))
    save(person, place, (2, "stock", 4, None), now=first + timedelta(hours=2))
    header = WeeklyInventory.objects.get(establishment=place)
    assert header.first_saved_at == first + timedelta(hours=1)


# Rights


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


# Gloves by size


def test_a_size_blanks_the_typed_total_which_history_keeps(person, place):
    save(person, place, (4, "stock", 500, None), (4, "daily", 20, None))
    result = save(person, place, (401, "stock", 30, None))
    assert result.total_blanked
    assert held(place, 4) == (None, None, None)
    assert ReplacedLine.objects.get(item=4).stock == 500
    total = next(row for row in result.rows if row.item_id == 4)
    assert (total.stock, total.is_total) == (30, True)


def test_a_total_is_refused_while_sizes_are_filled(person, place):
    save(person, place, (401, "stock", 30, None))
    result = save(person, place, (4, "stock", 500, None))
    assert verdicts(result) == {(4, "stock"): "sizes"}
    assert "somme des tailles" in result.cells[0].sentence
    assert held(place, 4) is None


def test_total_and_sizes_pasted_together_keep_the_sizes(person, place):
    result = save(person, place, (4, "stock", 500, None), (402, "stock", 30, None))
    assert verdicts(result) == {(4, "stock"): "sizes", (402, "stock"): "saved"}


def test_sizes_add_up_column_by_column_and_blank_sizes_are_ignored(person, place):
    make_line(place, WEEK, 4, stock=999, daily=999, supply=999)
    save(person, place, (401, "stock", 30, None), (402, "stock", 5, None), (402, "daily", 0, None))
    line = EffectiveLine.objects.of(WEEK).get(establishment=place)
    assert (line.item_id, line.stock, line.daily, line.supply) == (4, 35, 0, None)


def test_blank_sizes_leave_the_typed_total(person, place):
    make_line(place, WEEK, 401)
    save(person, place, (4, "stock", 500, None))
    line = EffectiveLine.objects.of(WEEK).get(establishment=place, item=4)
    assert (line.stock, line.by_size) == (500, False)


# Doubts


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


# At the same moment


@pytest.mark.django_db(transaction=True)
def test_a_size_and_a_total_typed_at_the_same_moment_never_both_stay():
    place = make_establishment()
    first, second = (make_person("OIE", on=place) for _ in range(2))
    results = []
    with transaction.atomic():
        save(first, place, (401, "stock", 30, None))
        thread = other_thread(lambda: results.append(save(second, place, (4, "stock", 9, None))))
        wait_until_somebody_waits_for_a_lock()
    thread.join()
    assert verdicts(results[0]) == {(4, "stock"): "sizes"}
    assert EffectiveLine.objects.of(WEEK).get(establishment=place).stock == 30


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_people_on_one_cell_meets_the_conflict():
    place = make_establishment()
    first, second = (make_person("OIE", on=place) for _ in range(2))
    results = []
    with transaction.atomic():
        save(first, place, (1, "stock", 640, None))
        thread = other_thread(lambda: results.append(save(second, place, (1, "stock", 700, None))))
        wait_until_somebody_waits_for_a_lock()
    thread.join()
    assert [cell.value for cell in results[0].conflicts] == [640]
    assert held(place) == (640, None, None)


@pytest.mark.django_db(transaction=True)
def test_four_people_filling_one_grid_at_once_lose_nothing():
    place = make_establishment()
    people = [make_person("OIE", on=place) for _ in range(4)]
    cells = [(item, one) for item in (1, 2, 3, 5, 6, 7) for one in ("stock", "daily", "supply")]
    conflicts = []

    def fill(number):
        for item, measure in cells[number::4]:
            result = save(people[number], place, (item, measure, number + 1, None))
            conflicts.extend(result.conflicts)

    for thread in [other_thread(lambda number=number: fill(number)) for number in range(4)]:
        thread.join()
    lines = InventoryLine.objects.filter(week=WEEK, establishment=place)
    assert sum(None not in (line.stock, line.daily, line.supply) for line in lines) == 6
    assert conflicts == []
