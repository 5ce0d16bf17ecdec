"""The opening of the pharmacies [001]: lists, steps, file, and the register that follows."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Domain, Role
from common.tabular import Row
from establishments.perimeter import Action as Right
from journal.models import Entry
from pui.models import OnboardingLine, OnboardingList, Pui, ServedEstablishment, SwitchOver
from pui.onboarding.board import lines_of, progress_of, situations_of
from pui.onboarding.file import check_rows
from pui.onboarding.sources import check_sources
from pui.onboarding.steps import Step
from pui.onboarding.values import Typed, typed_of
from pui.services.onboarding import (
    LineRefusedError,
    ListChangedError,
    OnboardingError,
    add_line,
    apply_file,
    fill_line,
    marks_of,
    ready_lines,
    state_of,
    validate_lines,
)
from pui.services.onboarding_national import Day, make_lists, seen_of, set_switch_over
from tests.builders import (
    grant,
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_profile,
    make_region,
    make_user,
)
from tests.pui.builders import make_pui

pytestmark = pytest.mark.django_db
Action, Source = OnboardingLine.Action, OnboardingLine.Source
ALL = frozenset({"24"})


@pytest.fixture
def nation():
    return make_person("NAT", domain=Domain.DISPOSTOCK)


@pytest.fixture
def agent():
    return make_person("ARA")


@pytest.fixture
def hospital():
    return make_establishment(name="CH de Blois")


@pytest.fixture
def onboarding(nation, hospital):
    make(nation, {Source.ARHGOS: [hospital.finess]})
    return OnboardingList.objects.get()


@pytest.fixture
def line(onboarding):
    return onboarding.lines.get()


def make(nation, told, codes=ALL):
    numbered = {name: list(enumerate(rows, start=2)) for name, rows in told.items()}
    return make_lists(by=nation, told=numbered, region_codes=codes)


def step_of(line):
    return situations_of([lines_of(OnboardingLine.objects.all()).get(pk=line.pk)])[0].step


def filled(site, label="PUI CH Blois", action=Action.KEEP, ipe=""):
    return Typed(action, site.finess, label, ipe)


def fill(agent, line, typed):
    return fill_line(by=agent, line=line, typed=typed, seen=typed_of(line).mark)


def validate(agent, onboarding):
    ready = ready_lines(onboarding)
    return validate_lines(by=agent, onboarding=onboarding, seen=marks_of(ready))


def opened(agent, onboarding, line, site):
    """A line validated, at the step of its people."""
    fill(agent, line, filled(site))
    validate(agent, onboarding)
    line.refresh_from_db()
    return line


def make_ape(site):
    user = make_user()
    grant(make_profile(user, site), Domain.ADMINISTRATION, Role.ADMINISTRATOR)
    return user


def make_gf(site, logged_in=None):
    user = make_user(last_login=logged_in)
    grant(make_profile(user, site), Domain.DISPOSTOCK, Role.DECLARANT)
    return user


# the three sources


def test_an_establishment_of_several_sources_has_one_line_that_names_them(nation, hospital):
    make(nation, {Source.ARHGOS: [hospital.finess], Source.MAPUI: [hospital.finess]})
    assert OnboardingLine.objects.get().sources == ["arhgos", "mapui"]


def test_the_entity_of_a_named_site_adds_its_source_and_no_line(nation, hospital):
    entity = hospital.legal_entity.finess
    make(nation, {Source.ARHGOS: [hospital.finess], Source.SURVEY: [entity]})
    assert OnboardingLine.objects.get().sources == ["arhgos", "enquete"]


def test_an_entity_alone_means_its_only_open_site_else_itself(nation):
    alone, several = make_establishment(), make_legal_entity()
    make_establishment(several)
    make_establishment(several)
    make(nation, {Source.MAPUI: [alone.legal_entity.finess, several.finess]})
    places = {one.legal_entity: one.establishment for one in OnboardingLine.objects.all()}
    assert places == {alone.legal_entity: alone, several: None}


def test_made_again_from_the_same_files_a_list_does_not_change(nation, agent, hospital, line):
    fill(agent, line, filled(hospital))
    found = make(nation, {Source.ARHGOS: [hospital.finess, hospital.legal_entity.finess]})
    assert (found.new, found.more) == ([], [])
    assert typed_of(OnboardingLine.objects.get()) == filled(hospital)


def test_a_later_source_completes_the_line_without_touching_what_the_ars_filled(
    nation, agent, hospital, line
):
    fill(agent, line, filled(hospital))
    make(nation, {Source.MAPUI: [hospital.finess]})
    line.refresh_from_db()
    assert line.sources == ["arhgos", "mapui"]
    assert typed_of(line) == filled(hospital)


def test_numbers_unknown_closed_or_elsewhere_are_told_and_left_out(hospital):
    closed = make_establishment(closed_on=date(2020, 1, 1))
    far = make_establishment(
        department=make_department("75", "Paris", region=make_region("11", "Île-de-France"))
    )
    told = {Source.ARHGOS: [(2, closed.finess), (3, "990000009"), (4, "x"), (5, far.finess)]}
    found = check_sources(told, ALL)
    assert [one.line for one in found.errors] == [2, 3, 4]
    assert (found.new, found.elsewhere) == ([], 1)


def test_a_pharmacy_already_in_the_register_fills_its_line(nation, hospital):
    pui = make_pui("PUI CH Blois", on=hospital, ipe="IPE7")
    make(nation, {Source.ARHGOS: [hospital.finess]})
    line = OnboardingLine.objects.get()
    assert (line.pui, typed_of(line)) == (pui, filled(hospital, ipe="IPE7"))


def test_an_ars_makes_no_list_and_sets_no_day(agent, hospital):
    with pytest.raises(OnboardingError):
        make(agent, {Source.ARHGOS: [hospital.finess]})
    day = Day(None, date(2020, 11, 2), None, is_pilot=True)
    with pytest.raises(OnboardingError):
        set_switch_over(by=agent, region=hospital.region, day=day, seen="")


# the flow chart


def test_a_line_goes_through_the_flow_chart(agent, onboarding, line, hospital):
    assert step_of(line) == Step.CHECK
    fill(agent, line, filled(hospital))
    assert step_of(line) == Step.ADD
    validate(agent, onboarding)
    assert step_of(line) == Step.APE
    make_ape(hospital)
    assert step_of(line) == Step.GF
    gf = make_gf(hospital)
    assert step_of(line) == Step.TELL
    OnboardingLine.objects.update(pharmacists_told_at=timezone.now())
    assert step_of(line) == Step.LOGIN
    gf.last_login = timezone.now()
    gf.save()
    assert step_of(line) == Step.FINE


def test_the_people_of_the_entity_count_for_its_sites(agent, onboarding, line, hospital):
    opened(agent, onboarding, line, hospital)
    make_ape(hospital.legal_entity)
    make_gf(hospital.legal_entity, logged_in=timezone.now())
    assert step_of(line) == Step.FINE


def test_those_of_a_sister_site_do_not_count(agent, onboarding, line, hospital):
    opened(agent, onboarding, line, hospital)
    make_ape(make_establishment(hospital.legal_entity))
    assert step_of(line) == Step.APE


def test_a_line_marked_then_validated_is_gone_and_creates_nothing(
    agent, onboarding, line, hospital
):
    fill(agent, line, Typed(Action.DELETE, "", "", ""))
    assert step_of(line) == Step.DELETE
    validate(agent, onboarding)
    assert step_of(line) == Step.GONE
    assert not Pui.objects.exists()


def test_a_served_establishment_is_never_late(line, hospital):
    today = timezone.localdate()
    SwitchOver.objects.create(region=hospital.region, switches_on=today - timedelta(days=9))
    assert progress_of([hospital.region])[0].late == 1
    other = make_pui("PUI CH Tours")
    ServedEstablishment.objects.create(pui=other, establishment=hospital, starts_on=today)
    progress = progress_of([hospital.region])[0]
    assert step_of(line) == Step.SERVED
    assert (progress.late, progress.expected) == (0, 0)


def test_nobody_is_late_before_the_switch_over(line, hospital):
    tomorrow = timezone.localdate() + timedelta(days=1)
    SwitchOver.objects.create(region=hospital.region, switches_on=tomorrow)
    assert progress_of([hospital.region])[0].late == 0


# the register follows


def test_a_validated_line_creates_its_pharmacy_at_the_site(agent, onboarding, line, hospital):
    fill(agent, line, filled(hospital, ipe="IPE7"))
    validate(agent, onboarding)
    pui = Pui.objects.get()
    assert (pui.establishment, pui.label, pui.ipe) == (hospital, "PUI CH Blois", "IPE7")
    line.refresh_from_db()
    assert (line.pui, line.validated_by) == (pui, agent)


def test_a_pharmacy_created_meanwhile_by_its_declarant_is_not_created_twice(
    agent, onboarding, line, hospital
):
    pui = make_pui("pui ch blois", on=hospital)
    opened(agent, onboarding, line, hospital)
    line.refresh_from_db()
    assert Pui.objects.get() == line.pui == pui


def test_a_deleted_line_closes_the_pharmacy_of_the_register(agent, onboarding, line, hospital):
    opened(agent, onboarding, line, hospital)
    fill(agent, line, filled(hospital, action=Action.DELETE))
    assert step_of(line) == Step.DELETE
    validate(agent, onboarding)
    assert Pui.objects.get().closed_on == timezone.localdate()
    assert step_of(line) == Step.GONE


def test_a_pharmacy_that_its_declarant_entered_since_is_told_and_closed_with_its_line(
    agent, onboarding, line, hospital
):
    """The list was made before it, so that nothing links the line to it."""
    pui = make_pui("Pharmacie de Blois", on=hospital)
    fill(agent, line, filled(hospital, action=Action.DELETE, label=""))
    [situation] = ready_lines(onboarding)
    assert situation.registered == [pui]
    validate(agent, onboarding)
    pui.refresh_from_db()
    line.refresh_from_db()
    assert (pui.closed_on, line.pui) == (timezone.localdate(), pui)


def test_the_nation_brings_a_pharmacy_up_to_date_as_the_ars_does(nation, hospital):
    pui = make_pui("PUI CH Blois", on=hospital)
    make(nation, {Source.ARHGOS: [hospital.finess]})
    line = OnboardingLine.objects.get()
    fill(nation, line, filled(hospital, "PUI du CH de Blois"))
    validate(nation, line.onboarding)
    pui.refresh_from_db()
    assert pui.label == "PUI du CH de Blois"


def test_a_pharmacy_that_moves_inside_its_entity_is_delivered_at_its_new_site(nation, agent):
    entity = make_legal_entity(department=make_department())
    former, new = (
        make_establishment(entity, address=street, postal_code="41000", town="Blois")
        for street in ("1 mail du Nord", "2 mail du Sud")
    )
    address = {"address": "1 mail du Nord", "postal_code": "41000", "town": "Blois"}
    pui = make_pui("PUI CH Blois", on=former, **address)
    make(nation, {Source.ARHGOS: [former.finess]})
    line = OnboardingLine.objects.get()
    fill(agent, line, filled(new))
    validate(agent, line.onboarding)
    pui.refresh_from_db()
    assert (pui.establishment, pui.address) == (new, "2 mail du Sud")


def test_a_pharmacy_of_the_register_does_not_go_to_the_entity_of_a_group(nation, agent, hospital):
    """Refused where it is typed: one line that cannot be validated would hold all the others."""
    make_pui("PUI CH Blois", on=hospital)
    make(nation, {Source.ARHGOS: [hospital.finess]})
    line, group = OnboardingLine.objects.get(), make_establishment(name="GCS PUI de Blois")
    with pytest.raises(LineRefusedError, match="d’une autre entité juridique"):
        fill(agent, line, filled(group))


def test_the_entity_comes_back_with_the_site_that_is_taken_away(agent, line, hospital):
    group = make_establishment(name="GCS PUI de Blois")
    fill(agent, line, filled(group))
    line.refresh_from_db()
    assert line.legal_entity == group.legal_entity
    fill(agent, line, Typed("", "", "PUI CH Blois", ""))
    line.refresh_from_db()
    assert line.legal_entity == hospital.legal_entity


def test_lines_are_validated_all_or_none(agent, onboarding, line, hospital):
    other = add_line(
        by=agent, onboarding=onboarding, typed=filled(hospital, "PUI 2", Action.CREATE)
    )
    fill(agent, line, filled(hospital))
    ready = ready_lines(onboarding)
    hospital.closed_on = date(2020, 1, 1)
    hospital.save()
    with pytest.raises(OnboardingError, match="fermé"):
        validate_lines(by=agent, onboarding=onboarding, seen=marks_of(ready))
    assert not Pui.objects.exists()
    other.refresh_from_db()
    assert other.validated_at is None


def test_the_entity_is_that_of_the_site(agent, line):
    group = make_establishment(name="GCS PUI de Blois")
    fill(agent, line, filled(group, "PUI du GCS"))
    line.refresh_from_db()
    assert line.legal_entity == group.legal_entity


# two people at once, and what is refused


def test_the_second_of_two_people_is_told_and_nothing_is_lost(agent, line, hospital):
    seen = typed_of(line).mark
    fill_line(by=agent, line=line, typed=filled(hospital, "PUI A"), seen=seen)
    with pytest.raises(ListChangedError):
        fill_line(by=agent, line=line, typed=filled(hospital, "PUI B"), seen=seen)
    line.refresh_from_db()
    assert line.label == "PUI A"


def test_what_was_validated_is_what_was_seen(agent, onboarding, line, hospital):
    fill(agent, line, filled(hospital, "PUI A"))
    seen = marks_of(ready_lines(onboarding))
    line.refresh_from_db()
    fill(agent, line, filled(hospital, "PUI B"))
    with pytest.raises(ListChangedError):
        validate_lines(by=agent, onboarding=onboarding, seen=seen)
    assert not Pui.objects.exists()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"finess": "990000009"}, "aucun établissement"),
        ({"action": Action.CREATE}, "déjà dans la liste"),
    ],
)
def test_a_line_refuses_what_cannot_be(agent, line, hospital, change, reason):
    values = {"action": Action.KEEP, "finess": hospital.finess, "label": "PUI", "ipe": ""}
    with pytest.raises(LineRefusedError, match=reason):
        fill(agent, line, Typed(**values | change))


def test_a_site_of_another_region_is_refused(agent, line):
    far = make_establishment(
        department=make_department("75", "Paris", region=make_region("11", "Île-de-France"))
    )
    with pytest.raises(LineRefusedError, match="pas dans la région"):
        fill(agent, line, filled(far))


def test_a_site_and_a_label_are_of_one_line(agent, onboarding, line, hospital):
    fill(agent, line, filled(hospital))
    with pytest.raises(LineRefusedError, match="une autre ligne"):
        add_line(
            by=agent, onboarding=onboarding, typed=filled(hospital, "pui ch BLOIS", Action.CREATE)
        )


def test_a_validated_line_is_only_deleted(agent, onboarding, line, hospital):
    opened(agent, onboarding, line, hospital)
    with pytest.raises(LineRefusedError, match="déjà validée"):
        fill(agent, line, filled(hospital, "Autre libellé"))


@pytest.mark.parametrize("code", ["ARL", "NAL", "OMD", "GF", "APE"])
def test_others_fill_nothing(line, hospital, code):
    person = make_person(code, on=hospital if code in ("GF", "APE") else None)
    assert not person.perimeter_to(Right.ONB_WRITE)
    with pytest.raises(OnboardingError):
        fill(person, line, filled(hospital))


def test_an_ars_fills_its_own_region(line, hospital):
    stranger = make_person("ARA", on=make_region("11", "Île-de-France"))
    with pytest.raises(OnboardingError):
        fill(stranger, line, filled(hospital))


# the file


def row_of(line, **cells):
    typed = typed_of(line)
    values = {
        "action": None,
        "site": typed.finess or None,
        "label": typed.label or None,
        "ipe": typed.ipe or None,
        "mark": f"{line.pk}-{typed.mark}",
    }
    return Row(2, values | cells)


def apply(agent, onboarding, rows):
    return apply_file(by=agent, onboarding=onboarding, rows=rows, seen=state_of(onboarding))


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


# the calendar


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
