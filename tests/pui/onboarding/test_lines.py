"""Where a line stands in the flow chart, and what it becomes once validated."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pui.models import OnboardingLine, Pui, ServedEstablishment, SwitchOver
from pui.onboarding.board import progress_of
from pui.onboarding.cards import onboarding_cards
from pui.onboarding.steps import Step
from pui.onboarding.values import Typed
from pui.services.onboarding import (
    LineRefusedError,
    ready_lines,
)
from tests.builders import (
    make_department,
    make_establishment,
    make_legal_entity,
)
from tests.pui.builders import make_pui
from tests.pui.onboarding.steps import (
    Action,
    Source,
    fill,
    filled,
    make,
    make_ape,
    make_gf,
    opened,
    step_of,
    validate,
)

pytestmark = pytest.mark.django_db


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


def test_the_home_page_sees_at_once_a_line_that_moved(agent, onboarding, line, hospital, kept):
    """What is kept half a minute is not what the agency just did."""
    fill(agent, line, filled(hospital))
    validate(agent, onboarding)
    make_ape(hospital)
    make_gf(hospital)
    assert [card.title for card in onboarding_cards(agent)] == [
        "Ouverture des PUI\u00a0: 1 ligne à faire avancer"
    ]
    OnboardingLine.objects.update(pharmacists_told_at=timezone.now())
    assert onboarding_cards(agent) == []


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
