"""The lists of the regions are made from several sources [001]."""

import io
from datetime import date

import pytest

from pui.models import OnboardingLine
from pui.onboarding.sources import Counted, check_sources, counted, read_source
from pui.onboarding.values import typed_of
from pui.services.onboarding import (
    OnboardingError,
)
from pui.services.onboarding_national import Day, set_switch_over
from tests.builders import (
    make_department,
    make_establishment,
    make_legal_entity,
    make_region,
)
from tests.pui.builders import make_pui
from tests.pui.onboarding.steps import ALL, Source, fill, filled, make

pytestmark = pytest.mark.django_db


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


def told_by(text):
    return read_source(io.BytesIO(text.encode()), "source.csv")


def test_a_source_that_names_both_tells_the_site_else_its_entity():
    text = "FINESS EJ;FINESS ET;Nom\n410000001;410000100;CH\n410000002;;Clinique\n"
    assert told_by(text) == [(2, "410000100"), (3, "410000002")]


def test_a_source_of_entities_alone_is_read():
    assert told_by("N° FINESS EJ;Nom\n410000001;CH\n") == [(2, "410000001")]


def test_a_line_without_number_is_refused_and_never_forgotten(nation, hospital):
    told = {Source.ARHGOS: told_by(f"FINESS;Nom\n{hospital.finess};CH\n;Clinique\n")}
    found = check_sources(told, ALL)
    assert [(one.line, one.reason) for one in found.errors] == [(3, "la case est vide")]
    assert len(found.new) == 1


def test_a_number_told_twice_is_counted_once():
    told = {Source.MAPUI: told_by("FINESS;Nom\n41 000 010 0;CH\n410000100;CH\n;Clinique\n")}
    assert counted(told) == [Counted("maPUI.fr", 2, 1)]
