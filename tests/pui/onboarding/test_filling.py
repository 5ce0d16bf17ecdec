"""What an agency fills on screen, and what is refused."""

from datetime import date

import pytest

from establishments.perimeter import Action as Right
from pui.models import Pui
from pui.onboarding.values import Typed, typed_of
from pui.services.onboarding import (
    LineRefusedError,
    ListChangedError,
    OnboardingError,
    add_line,
    fill_line,
    marks_of,
    ready_lines,
    validate_lines,
)
from tests.builders import (
    make_department,
    make_establishment,
    make_person,
    make_region,
)
from tests.pui.onboarding.steps import (
    Action,
    fill,
    filled,
    opened,
)

pytestmark = pytest.mark.django_db


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
