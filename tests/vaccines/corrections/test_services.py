"""Lines moved, created, taken away and put back: nothing is lost, recalls stay true."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from journal.models import Entry
from tests.accounts.mailing import deliver
from tests.builders import make_person, make_region
from tests.locks import before_another
from tests.pui.builders import make_pui
from tests.vaccines.builders import make_line, make_wave, planned
from tests.vaccines.corrections.acts import create, move, remove, report, restore, seen
from vaccines.corrections.history import changes_of
from vaccines.corrections.planning import CorrectionError, Target, planned_move
from vaccines.models import LineReport, Reception, SupplyLine
from vaccines.recalls import Need
from vaccines.services.corrections import move_lines
from vaccines.services.needs import TypedNeed, save_needs
from vaccines.services.reception_corrections import (
    Corrected,
    Correction,
    correct_receptions,
    state_of_receptions,
)
from vaccines.services.report_answers import ReportAnswerError, dismiss_report, settle_report
from vaccines.services.waves import Opening, open_wave
from vaccines.waves.asked import Asked

pytestmark = pytest.mark.django_db


def receive(line, doses, by):
    return Reception.objects.create(
        line=line, doses=doses, received_on=line.wave.delivers_on, told_by=by
    )


def test_a_line_moved_keeps_its_need_and_its_plan_and_takes_the_pharmacy_that_serves(two):
    planned(two.one, 66, two.first.delivers_on)
    SupplyLine.objects.filter(pk=two.two.pk).delete()
    move(two.omedit, two.one, to=two.bel_air)
    assert (two.one.recipient, two.one.pui) == (two.bel_air, two.blois)
    assert (two.one.first_doses, two.one.second_doses, two.one.planned_doses) == (66, 0, 66)


def test_the_two_deliveries_moved_together_still_recall_one_another(two):
    move(two.omedit, two.one, two.two, to=two.bel_air)
    assert two.two.recalled == two.one
    assert {two.one.pui, two.two.pui} == {two.blois}


def test_a_delivery_that_others_recall_does_not_leave_alone(two):
    with pytest.raises(CorrectionError, match=re.escape("72\u00a0doses de rappel")):
        move(two.omedit, two.one, to=two.bel_air)
    with pytest.raises(CorrectionError, match="rappel d’aucune livraison"):
        remove(two.omedit, two.one)
    with pytest.raises(CorrectionError, match="rappel d’aucune livraison"):
        move(two.omedit, two.two, to=two.bel_air)
    two.one.refresh_from_db()
    assert two.one.removed_at is None


def test_recalls_stay_traceable_to_first_injections_after_each_correction(two):
    """A line comes between, leaves, and the recalls already ordered keep their delivery."""
    between = create(two.omedit, two.second, two.roseraie)
    assert between.recalled is None
    first = create(two.omedit, two.first, two.roseraie)
    between.refresh_from_db()
    assert between.recalled == first, "nothing typed yet: it recalls the last delivery before"
    remove(two.omedit, first)
    between.refresh_from_db()
    assert between.recalled is None
    restore(two.omedit, first)
    between.refresh_from_db()
    assert between.recalled == first
    two.two.refresh_from_db()
    assert two.two.recalled == two.one


def test_recalls_ordered_keep_their_delivery_when_another_comes_between(two):
    wave = make_wave(two.first.delivers_on.replace(day=26), vaccine=two.vaccine)
    create(two.omedit, wave, two.tilleuls)
    two.two.refresh_from_db()
    assert two.two.recalled == two.one


def test_what_is_received_does_not_move(two):
    receive(two.two, 20, two.gf)
    with pytest.raises(CorrectionError, match="20\u00a0doses"):
        move(two.omedit, two.two, pui=two.blois)
    with pytest.raises(CorrectionError, match="déjà reçues"):
        remove(two.omedit, two.two)
    SupplyLine.objects.filter(pk=two.one.pk).update(received_whole_at=timezone.now())
    two.one.refresh_from_db()
    with pytest.raises(CorrectionError, match="est reçue"):
        move(two.omedit, two.one, two.two, to=two.bel_air)


def test_a_part_received_follows_its_line_to_another_recipient_of_the_same_pharmacy(two):
    part = receive(two.one, 20, two.gf)
    move(two.omedit, two.one, two.two, to=two.roseraie)
    part.refresh_from_db()
    assert (part.line, part.line.recipient) == (two.one, two.roseraie)


def test_people_vaccinated_with_a_delivery_hold_it_at_their_home(two):
    SupplyLine.objects.filter(pk=two.one.pk).update(vaccinated=72)
    with pytest.raises(CorrectionError, match="72 personnes de EHPAD Les Tilleuls"):
        move(two.omedit, two.one, two.two, to=two.roseraie)


def test_what_is_shipped_is_moved_to_who_receives_it_never_taken_away(two):
    SupplyLine.objects.filter(pk=two.two.pk).update(shipped_on=two.second.delivers_on)
    with pytest.raises(CorrectionError, match="expédiée"):
        remove(two.omedit, two.two)
    move(two.omedit, two.two, pui=two.blois)
    assert two.two.pui == two.blois


def test_nobody_crosses_the_border_of_their_region_from_either_side(two):
    far = make_line(two.first, pui=two.lyon, recipient=two.lyonnais)
    for by, line, place in [
        (two.omedit, far, {"to": two.bel_air}),
        (two.omedit, two.two, {"to": two.lyonnais}),
        (two.omedit, two.two, {"pui": two.lyon}),
        (two.omedit, two.two, {"to": two.roseraie, "pui": two.lyon}),
        (two.other_agent, two.two, {"to": two.lyonnais}),
        (two.gf, two.two, {"to": two.roseraie}),
        (make_person("ARL", domain="dispostock"), two.two, {"to": two.roseraie}),
    ]:
        with pytest.raises(CorrectionError, match="région"):
            move(by, line, **place)
    with pytest.raises(CorrectionError, match="région"):
        create(two.omedit, two.second, two.lyonnais)
    with pytest.raises(CorrectionError, match="région"):
        remove(two.other_agent, two.two)
    two.two.refresh_from_db()
    assert (two.two.recipient, two.two.pui) == (two.tilleuls, two.saint_aubin)


def test_the_national_cell_moves_a_line_from_a_region_to_another(two):
    far = make_line(two.first, pui=two.lyon, recipient=two.lyonnais)
    move(two.cell, far, to=two.bel_air)
    assert far.pui == two.blois


def test_a_recipient_has_one_line_in_a_wave(two):
    other = make_line(two.first, pui=two.saint_aubin, recipient=two.roseraie)
    with pytest.raises(CorrectionError, match="a déjà une ligne"):
        move(two.omedit, other, to=two.tilleuls)
    with pytest.raises(CorrectionError, match="a déjà une ligne"):
        create(two.omedit, two.first, two.roseraie)


def test_what_began_in_flow_b_keeps_flow_b(country):
    pivot = make_pui("PUI de Montclair")
    begun = make_line(
        country.first, pui=country.saint_aubin, recipient=country.tilleuls, pivot=pivot
    )
    other = make_line(country.second, pui=country.saint_aubin, recipient=country.roseraie)
    with pytest.raises(CorrectionError, match="garde le flux B"):
        move(country.omedit, other, to=country.tilleuls)
    with pytest.raises(CorrectionError, match="garde le flux B"):
        create(country.omedit, country.second, country.tilleuls)
    kept = create(country.omedit, country.second, country.tilleuls, "B", pivot=pivot)
    assert kept.recalled == begun
    with pytest.raises(CorrectionError, match="hôpital pivot"):
        create(country.omedit, country.second, country.roseraie, "B")


def test_a_line_created_takes_the_pharmacy_that_serves_or_the_one_chosen(country):
    assert create(country.omedit, country.first, country.bel_air).pui == country.blois
    chosen = create(country.omedit, country.second, country.bel_air, pui=country.saint_aubin)
    assert chosen.pui == country.saint_aubin
    alone = country.saint_aubin.establishment
    assert create(country.omedit, country.first, alone).pui == country.saint_aubin
    country.roseraie.serving_puis.all().delete()
    with pytest.raises(CorrectionError, match="Aucune PUI ne dessert"):
        create(country.omedit, country.first, country.roseraie)


def test_a_line_taken_away_is_kept_with_its_cause_and_put_back_whole(two):
    remove(two.omedit, two.two)
    assert (two.two.removal, two.two.removed_by) == ("officine", two.omedit)
    with pytest.raises(CorrectionError, match="déjà supprimée"):
        remove(two.omedit, two.two)
    with pytest.raises(CorrectionError, match="remettez-la"):
        move(two.omedit, two.two, to=two.roseraie)
    restore(two.agent, two.two)
    assert (two.two.removed_at, two.two.second_doses, two.two.recalled) == (None, 72, two.one)
    with pytest.raises(CorrectionError, match="motif"):
        remove(two.omedit, two.two, removal="other", reason=" ")


def test_of_several_a_preview_says_which_cannot_move_and_nothing_is_half_done(two):
    fine = make_line(two.first, pui=two.blois, recipient=two.bel_air)
    target = Target(None, two.saint_aubin)
    SupplyLine.objects.filter(pk=two.one.pk).update(received_whole_at=timezone.now())
    two.one.refresh_from_db()
    read = planned_move([two.one, fine], target)
    assert [pair.after.pk for pair in read.done] == [fine.pk]
    assert list(read.refused) == [two.one.pk]
    with pytest.raises(CorrectionError, match="déjà à cette place"):
        move(two.omedit, two.one, fine, pui=two.saint_aubin)
    fine.refresh_from_db()
    assert fine.pui == two.blois


def test_who_read_an_older_state_is_shown_both(two):
    before = seen(two.two)
    move(two.agent, two.two, pui=two.blois)
    with pytest.raises(CorrectionError) as refusal:
        move_lines(by=two.omedit, seen=before, target=Target(two.roseraie), reason="Mauvais EHPAD")
    said = str(refusal.value)
    assert "(PUI Saint-Aubin)" in said
    assert f"(PUI de Blois), par {two.agent}" in said


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_once_the_second_reads_the_first(two):
    def late():
        move_lines(by=two.agent, seen=before, target=Target(two.roseraie), reason="Mauvais EHPAD")

    before = seen(two.two)
    with before_another(late, refused=(CorrectionError,)) as refusals:
        move(two.omedit, two.two, pui=two.blois)
    assert ["a changé" in str(one) for one in refusals] == [True]
    two.two.refresh_from_db()
    assert (two.two.recipient, two.two.pui) == (two.tilleuls, two.blois)


@pytest.mark.django_db(transaction=True)
def test_recalls_that_a_pharmacy_is_typing_hold_the_delivery_that_they_are_for(two):
    """It leaves neither a recall without first injections, nor a wrong sentence."""
    SupplyLine.objects.filter(pk=two.two.pk).update(second_doses=None, recalled=None)
    two.two.refresh_from_db()

    def late():
        remove(two.agent, two.one)

    before_deadline = two.second.needs_due_at - timedelta(days=1)
    with before_another(late, refused=(CorrectionError,)) as refusals:
        save_needs(
            by=two.gf, typed={two.two.pk: TypedNeed(Need(10, 72, "Comptées"))}, now=before_deadline
        )
    assert ["rappel d’aucune livraison" in str(one) for one in refusals] == [True]
    two.one.refresh_from_db()
    assert two.one.removed_at is None


@pytest.mark.django_db(transaction=True)
def test_a_wave_that_opens_waits_for_a_correction(two):
    """Its lines never recall a delivery that is being taken away."""
    SupplyLine.objects.filter(pk=two.two.pk).delete()
    spf, today = make_person("SPF", domain="dispostock"), timezone.localdate()
    opening = Opening(
        "Vague 3", two.vaccine, today + timedelta(days=9), timezone.now() + timedelta(days=2)
    )

    def late():
        open_wave(by=spf, opening=opening, asked=[Asked(2, two.tilleuls.finess)])

    with before_another(late):
        remove(two.agent, two.one)
    assert SupplyLine.objects.get(wave__label="Vague 3").recalled is None


def test_the_reason_of_a_reception_put_right_is_in_the_history_of_its_line(two):
    planned(two.one, 66, two.first.delivers_on)
    part = receive(two.one, 60, two.gf)
    typed = Corrected(part.pk, part.received_on, 66)
    correction = Correction([typed], False, "Faute de frappe", "", state_of_receptions(two.one))
    correct_receptions(by=two.gf, line=two.one, correction=correction)
    said = [(one.who, one.what.replace("\u00a0", " ")) for one in changes_of(two.one)]
    assert (str(two.gf), "Réception corrigée : 66 doses le 19/01/2021 : Faute de frappe") in said
    assert (str(two.gf), "Réception saisie : 60 doses le 19/01/2021") in said


def test_the_journal_and_the_history_say_who_what_and_why(two):
    move(two.omedit, two.one, two.two, to=two.bel_air)
    told = Entry.objects.filter(verb="vaccines.line_moved").order_by("pk")
    assert [one.details["before"]["pharmacy"] for one in told] == ["PUI Saint-Aubin"] * 2
    assert told[0].details["after"]["recipient"] == str(two.bel_air)
    last = changes_of(two.two)[0]
    assert last.who == str(two.omedit)
    assert last.what == "Ligne déplacée\u00a0: Affectée au mauvais établissement"
    values = {one.label: (one.before, one.after) for one in last.values}
    assert values["PUI"] == ("PUI Saint-Aubin", "PUI de Blois")
    assert values["destinataire final"] == (str(two.tilleuls), str(two.bel_air))


def test_the_pharmacies_are_told_the_one_that_loses_and_the_one_that_gains(two, mailoutbox):
    other = make_person("GF", on=two.blois.establishment)
    move(two.omedit, two.two, pui=two.blois)
    deliver()
    assert {one.to[0] for one in mailoutbox} == {two.gf.email, other.email}
    assert "PUI Saint-Aubin → PUI de Blois" in mailoutbox[0].body


def test_a_report_is_closed_by_the_correction_it_asked_for_and_its_author_told(two, mailoutbox):
    row = report(two, line=two.two)
    settle_report(
        by=two.omedit,
        report=row,
        correct=lambda: move(two.omedit, two.two, pui=two.blois),
        done="Ligne déplacée",
        reason="Blois la dessert.",
    )
    row.refresh_from_db()
    assert (row.state, row.closed_by) == (LineReport.State.DONE, two.omedit)
    assert row.answer == (
        f"Ligne déplacée\u00a0: {two.tilleuls}, Vague 2, PUI de Blois. Blois la dessert."
    )
    deliver()
    assert [one.to for one in mailoutbox if "signalement" in one.subject] == [[two.gf.email]]


def test_a_correction_refused_leaves_the_report_open(two):
    row = report(two, line=two.two)
    with pytest.raises(CorrectionError):
        settle_report(
            by=two.omedit,
            report=row,
            correct=lambda: move(two.omedit, two.two, to=two.bel_air),
            done="Ligne déplacée",
        )
    row.refresh_from_db()
    assert row.state == LineReport.State.OPEN


def test_a_correction_of_something_else_does_not_close_a_report(two):
    row = report(two, line=two.two)
    other = make_line(two.first, pui=two.blois, recipient=two.bel_air)
    with pytest.raises(ReportAnswerError, match="ne concerne pas"):
        settle_report(
            by=two.omedit,
            report=row,
            correct=lambda: move(two.omedit, other, pui=two.saint_aubin),
            done="Ligne déplacée",
        )
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, other.pui) == (LineReport.State.OPEN, two.blois)


def test_a_report_is_dismissed_in_words_once_and_in_its_region(two):
    row = report(two)
    with pytest.raises(ReportAnswerError, match="Écrivez"):
        dismiss_report(by=two.omedit, report=row, answer=" ")
    for stranger in (two.other_agent, two.gf):
        with pytest.raises(ReportAnswerError, match="région"):
            dismiss_report(by=stranger, report=row, answer="Cette ligne est juste")
    dismiss_report(by=two.omedit, report=row, answer="Cette ligne est juste")
    with pytest.raises(ReportAnswerError, match="a déjà répondu"):
        dismiss_report(by=make_person("OMD", on=make_region()), report=row, answer="Sans suite")
