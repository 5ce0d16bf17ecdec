"""The file that an agency fills, and the day of its switch-over."""

from datetime import date

import pytest

from common.tabular import Row
from journal.models import Entry
from pui.models import OnboardingLine, SwitchOver
from pui.onboarding.file import check_rows
from pui.services.onboarding import (
    ListChangedError,
    OnboardingError,
    apply_file,
    state_of,
)
from pui.services.onboarding_national import Day, seen_of, set_switch_over
from tests.builders import (
    make_department,
    make_establishment,
    make_region,
)
from tests.pui.onboarding.steps import (
    Action,
    Source,
    apply,
    fill,
    filled,
    make,
    row_of,
)

pytestmark = pytest.mark.django_db


def test_the_file_fills_adds_and_deletes(agent, onboarding, line, hospital):
    new = make_establishment()
    rows = [
        row_of(line, action="A supprimer"),
        Row(3, {"action": "à créer", "site": new.finess, "label": "PUI neuve", "ipe": "7"}),
    ]
    apply(agent, onboarding, rows)
    line.refresh_from_db()
    added = onboarding.lines.exclude(pk=line.pk).get()
    assert line.action == Action.DELETE
    assert (added.site, added.legal_entity, added.ipe) == (new, new.legal_entity, "7")
    assert Entry.objects.get(verb="pui.onboarding_file_applied").details["count"] == 2


def test_the_same_file_a_second_time_changes_nothing(agent, onboarding, line, hospital):
    rows = [
        row_of(line, site=hospital.finess, label="PUI CH Blois"),
        Row(3, {"action": "A créer", "site": hospital.finess, "label": "PUI 2", "ipe": None}),
    ]
    assert len(apply(agent, onboarding, rows).changes) == 2
    assert apply(agent, onboarding, rows).changes == []
    assert onboarding.lines.count() == 2


def test_a_line_untouched_in_the_file_keeps_what_was_typed_on_screen_since(
    agent, onboarding, line, hospital
):
    rows = [row_of(line)]
    fill(agent, line, filled(hospital))
    assert apply(agent, onboarding, rows).changes == []
    line.refresh_from_db()
    assert line.label == "PUI CH Blois"


def test_a_line_changed_on_both_sides_is_refused(agent, onboarding, line, hospital):
    row = row_of(line, site=hospital.finess, label="PUI du fichier")
    fill(agent, line, filled(hospital))
    checked = check_rows([row], onboarding)
    assert [one.reason[:16] for one in checked.errors] == ["modifiée depuis,"]


def test_one_refused_line_and_nothing_is_written(agent, onboarding, line):
    rows = [row_of(line, action="A supprimer"), Row(3, {"action": "A créer"})]
    checked = check_rows(rows, onboarding)
    assert sorted(one.column for one in checked.errors) == [
        "FINESS géographique",
        "Libellé de la PUI",
    ]
    with pytest.raises(OnboardingError):
        apply(agent, onboarding, rows)
    line.refresh_from_db()
    assert line.action == Action.KEEP


def test_a_mark_of_another_region_is_refused(agent, nation, onboarding, line):
    paris = make_department("75", "Paris", region=make_region("11", "Île-de-France"))
    far = make_establishment(department=paris)
    make(nation, {Source.ARHGOS: [far.finess]}, frozenset({"11"}))
    theirs = OnboardingLine.objects.get(establishment=far)
    checked = check_rows([row_of(theirs, action="A supprimer")], onboarding)
    assert [one.column for one in checked.errors] == ["Repère (ne pas modifier)"]


def test_a_line_whose_mark_was_erased_is_told_so(agent, onboarding, line, hospital):
    """Not « A créer » : a second line of the same establishment is not what the ARS meant."""
    cells = {"site": hospital.finess, "label": "PUI CH Blois", "mark": None}
    lost = row_of(line, finess=hospital.finess_text, **cells)
    checked = check_rows([lost], onboarding)
    [error] = checked.errors
    assert (error.column, error.reason) == (
        "Repère (ne pas modifier)",
        "cette ligne est de la liste, mais son repère a été effacé",
    )
    again = row_of(line, finess=hospital.finess, **cells, action="A créer")
    assert not check_rows([again], onboarding).errors


def test_a_list_that_moved_since_the_preview_is_shown_again(agent, onboarding, line, hospital):
    seen = state_of(onboarding)
    new = {"action": "A créer", "site": hospital.finess, "label": "PUI 2", "ipe": None}
    fill(agent, line, filled(hospital))
    with pytest.raises(ListChangedError):
        apply_file(by=agent, onboarding=onboarding, rows=[Row(2, new)], seen=seen)
    assert onboarding.lines.count() == 1


def test_the_day_of_a_region_is_journaled_and_two_people_do_not_overwrite_each_other(nation):
    region = make_region()
    day = Day(None, date(2020, 11, 2), None, is_pilot=True)
    set_switch_over(by=nation, region=region, day=day, seen="")
    assert Entry.objects.get(verb="pui.switch_over_set").region_code == "24"
    later = Day(None, date(2020, 11, 9), None, is_pilot=False)
    with pytest.raises(ListChangedError):
        set_switch_over(by=nation, region=region, day=later, seen="")
    switch = SwitchOver.objects.get()
    set_switch_over(by=nation, region=region, day=later, seen=seen_of(switch))
    assert SwitchOver.objects.get().switches_on == date(2020, 11, 9)


def test_mapui_does_not_end_before_the_switch_over(nation):
    day = Day(None, date(2020, 11, 9), date(2020, 11, 2), is_pilot=False)
    with pytest.raises(OnboardingError):
        set_switch_over(by=nation, region=make_region(), day=day, seen="")
