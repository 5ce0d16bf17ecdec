"""A pharmacy types its needs: the examples of the guide [000], blanks, deadlines, two people."""

from datetime import timedelta

import pytest
from django.utils import timezone

from journal.models import Entry
from tests.builders import make_person, make_user
from tests.vaccines.builders import delivery_recalled, make_line, make_vaccine, make_wave
from vaccines.models import SupplyLine
from vaccines.needs.recalled import recalled_by_each
from vaccines.recalls import Need
from vaccines.services.needs import TypedNeed, need_of, save_needs, version_of
from vaccines.services.receptions import Vaccinated, save_vaccinated

pytestmark = pytest.mark.django_db
WHY = "Nous avons réussi à vacciner 72 personnes en tout avec les flacons de la 1re livraison."


@pytest.fixture
def vaccine():
    return make_vaccine()


def wave_in(days, vaccine, **more):
    return make_wave(timezone.localdate() + timedelta(days=days), vaccine=vaccine, **more)


@pytest.fixture
def first(pui, tilleuls, vaccine):
    """66 doses ordered and delivered three weeks before the second delivery; 72 vaccinated."""
    line = make_line(wave_in(-5, vaccine), pui=pui, recipient=tilleuls)
    line.first_doses, line.second_doses, line.vaccinated = 66, 0, 72
    line.planned_doses, line.expected_on = 66, line.wave.delivers_on
    line.save()
    return line


@pytest.fixture
def second(pui, tilleuls, vaccine):
    return make_line(wave_in(16, vaccine), pui=pui, recipient=tilleuls)


def save(by, line, *need, **more):
    return save_needs(by=by, typed={line.pk: TypedNeed(Need(*need), **more)})


def kept(line):
    return need_of(SupplyLine.objects.get(pk=line.pk))


def texts(outcome, line):
    return [str(one) for one in outcome.refused[line.pk]]


def test_on_a_first_delivery_only_the_first_injections_are_typed(gf, pui, tilleuls, vaccine):
    line = make_line(wave_in(20, vaccine), pui=pui, recipient=tilleuls)
    save(gf, line, 66, None)
    assert kept(line) == Need(66, 0, "")
    assert "première livraison" in texts(save(gf, line, 66, 3), line)[0]
    assert kept(line) == Need(66, 0, "")


def test_the_example_72_recalls_and_10_new_people_after_66_doses(gf, first, second):
    assert save(gf, second, 10, 72, WHY).saved == [second]
    row = SupplyLine.objects.get(pk=second.pk)
    assert (row.doses, row.recalled, row.need_by) == (82, first, gf)
    entry = Entry.objects.get(verb="vaccines.need_saved")
    assert entry.details["after"] == {"first_doses": 10, "second_doses": 72, "comment": WHY}


def test_recalls_are_never_proposed_and_blank_is_not_0(gf, first, second):
    assert kept(second) == Need(None, None, "")
    save(gf, second, 4, None)
    row = SupplyLine.objects.get(pk=second.pk)
    assert (row.first_doses, row.second_doses, row.doses) == (4, None, None)
    save(gf, second, 4, 0, "Aucun rappel : les familles ont choisi une officine.")
    assert SupplyLine.objects.get(pk=second.pk).doses == 4


def test_a_difference_asks_for_a_comment_and_any_comment_suffices(gf, first, second):
    refused = save(gf, second, 10, 66)
    assert "dites pourquoi" in texts(refused, second)[0]
    assert refused.refused[second.pk][0].field == "comment"
    assert kept(second) == Need(None, None, "")
    save(gf, second, 10, 66, "Six personnes sont parties.")
    assert kept(second).second == 66


def test_the_lines_that_are_right_are_saved_beside_one_refused(gf, pui, vaccine, first, second):
    other = make_line(second.wave, pui=pui)
    typed = {
        second.pk: TypedNeed(Need(10, 60)),
        other.pk: TypedNeed(Need(160, None)),
    }
    outcome = save_needs(by=gf, typed=typed)
    assert (outcome.saved, list(outcome.refused)) == ([other], [second.pk])
    assert kept(other) == Need(160, 0, "")


def test_a_need_stays_open_until_the_deadline_of_the_wave(gf, second):
    due = second.wave.needs_due_at
    one = {second.pk: TypedNeed(Need(5, None))}
    late = save_needs(by=gf, typed=one, now=due)
    assert "se saisissaient avant le" in texts(late, second)[0]
    save_needs(by=gf, typed=one, now=due - timedelta(seconds=1))
    assert kept(second).first == 5


def test_nothing_changes_once_the_delivery_left_or_the_line_is_taken_away(gf, second):
    SupplyLine.objects.filter(pk=second.pk).update(shipped_on=timezone.localdate())
    assert "partie" in texts(save(gf, second, 5, None), second)[0]
    SupplyLine.objects.filter(pk=second.pk).update(removed_at=timezone.now(), removal="officine")
    assert "supprimée" in texts(save(gf, second, 5, None), second)[0]
    assert kept(second) == Need(None, None, "")


def test_of_two_colleagues_the_second_reads_both_values_then_decides(gf, pui, first, second):
    seen = version_of(kept(second))
    colleague = make_person("GF", on=pui.establishment, user=make_user(last_name="Benali"))
    save(colleague, second, 12, 72, seen=seen)
    refused = texts(save(gf, second, 10, 72, seen=seen), second)[0]
    assert "Benali" in refused
    assert "12 en 1res, 72 en rappels" in refused
    assert "10 en 1res, 72 en rappels" in refused
    assert kept(second).first == 12
    save(gf, second, 10, 72, seen=version_of(kept(second)))
    assert kept(second).first == 10


def test_what_one_did_not_touch_never_undoes_what_a_colleague_typed(gf, first, second):
    seen = version_of(kept(second))
    save(gf, second, 12, 72)
    untouched = save(gf, second, None, None, seen=seen)
    assert (untouched.saved, dict(untouched.refused)) == ([], {})
    assert kept(second).first == 12


def test_the_same_values_again_write_nothing(gf, second):
    save(gf, second, 12, 0)
    save(gf, second, 12, 0)
    assert Entry.objects.filter(verb="vaccines.need_saved").count() == 1


@pytest.mark.parametrize("code", ["APE", "ARA", "OMD", "NAT", "SPF"])
def test_only_the_pharmacy_types_its_needs(code, pui, second):
    by = make_person(code, on=pui.establishment if code == "APE" else None)
    assert "n’est plus de votre PUI" in texts(save(by, second, 5, None), second)[0]
    assert kept(second) == Need(None, None, "")


def test_another_pharmacy_does_not_reach_the_line(second):
    assert "n’est plus de votre PUI" in texts(save(make_person("GF"), second, 5, 0), second)[0]


def test_the_people_vaccinated_may_be_more_than_the_doses(gf, first, second):
    save_vaccinated(by=gf, typed={first.pk: Vaccinated(80, "72")})
    assert SupplyLine.objects.get(pk=first.pk).vaccinated == 80
    refused = save(gf, second, 10, 72)
    assert refused.refused[second.pk][0].field == "comment"
    entry = Entry.objects.get(verb="vaccines.vaccinated_saved")
    assert (entry.details["before"], entry.details["after"]) == (
        {"vaccinated": 72},
        {"vaccinated": 80},
    )


def test_nobody_is_vaccinated_with_what_did_not_come(gf, second):
    refused = save_vaccinated(by=gf, typed={second.pk: Vaccinated(3)})
    assert "pas arrivée" in texts(refused, second)[0]


def test_of_two_colleagues_the_second_number_of_people_is_not_lost_in_silence(gf, first):
    save_vaccinated(by=gf, typed={first.pk: Vaccinated(75, "72")})
    refused = save_vaccinated(by=gf, typed={first.pk: Vaccinated(70, "72")})
    assert "75" in texts(refused, first)[0]
    assert SupplyLine.objects.get(pk=first.pk).vaccinated == 75


def test_the_lines_of_a_page_recall_as_each_line_does(pui, tilleuls, vaccine, first, second):
    third = make_line(wave_in(40, vaccine), pui=pui, recipient=tilleuls)
    other = make_line(wave_in(41, make_vaccine("Autre")), pui=pui, recipient=tilleuls)
    lines = [first, second, third, other]
    one_by_one = {
        one.pk: delivery_recalled(one.recipient, one.wave.vaccine, one.wave.delivers_on)
        for one in lines
    }
    assert recalled_by_each(lines) == one_by_one
    assert one_by_one[third.pk] == second


def test_recalls_ordered_keep_their_delivery_until_it_is_taken_away(
    pui, tilleuls, vaccine, first, second
):
    between = make_line(wave_in(3, vaccine), pui=pui, recipient=tilleuls)
    second.recalled = first
    assert recalled_by_each([second]) == {second.pk: between}
    second.second_doses = 72
    assert recalled_by_each([second]) == {second.pk: first}
    SupplyLine.objects.filter(pk=first.pk).update(removed_at=timezone.now(), removal="other")
    assert recalled_by_each([second]) == {second.pk: between}
