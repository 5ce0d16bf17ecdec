"""What is planned and shipped: by whoever delivers, never over what another wrote, told once."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from establishments.perimeter import Action, Perimeter
from journal.models import Entry
from tests.builders import make_body, make_person
from tests.vaccines.builders import make_line, make_wave
from tests.vaccines.wave_world import world as _world
from vaccines.models import Reception, SupplyLine
from vaccines.services.deliveries import Delivery, DeliveryError, write_deliveries
from vaccines.states import State, state_of
from vaccines.vials import packed, total, with_vials
from vaccines.waves import letters
from vaccines.waves.board import counted, for_list, in_state, whole
from vaccines.waves.plan import from_file, from_needs, pack, unpack, vials_of
from vaccines.waves.reach import is_deliverer, lines_operated, operates

world = _world
DAY = date(2021, 2, 9)


@pytest.fixture
def wave(world):
    """Four lines of flow A, two of flow B from the hospital of Blois."""
    made = make_wave(world.day(), vaccine=world.vaccine)
    for place in world.places[:4]:
        make_line(made, pui=world.first, recipient=place, first_doses=7, second_doses=0)
    for place in world.places[4:]:
        make_line(made, pui=world.first, recipient=place, pivot=world.second)
    return made


@pytest.fixture
def pivot(world):
    return make_person("GF", on=world.second.establishment)


def write(by, wave, typed, seen=None):
    lines = {line.pk: delivery for line, delivery in typed.items()}
    marks = seen or {line.pk: Delivery.of(line).mark for line in typed}
    return write_deliveries(by=by, wave=wave, typed=lines, seen=marks)


def of_flow(wave, flow):
    return list(wave.lines.filter(flow=flow).order_by("pk"))


def test_letter_f_is_the_operator_or_the_hospital_never_a_place_of_others(world, pivot):
    body = make_body("spf")
    expected = Perimeter(operator_ids=frozenset({body.pk}))
    for action in (Action.VAC_READ, Action.VAC_DELIV, Action.VAC_WAVE):
        assert world.spf.perimeter_to(action) == expected
    assert world.spf.perimeter_to(Action.PUI_READ) == Perimeter()
    held = pivot.perimeter_to(Action.VAC_DELIV)
    assert held == Perimeter(establishment_ids=frozenset({world.second.establishment_id}))


def test_spf_delivers_flow_a_and_the_pivot_hospital_its_own_flow_b(world, wave, pivot):
    assert set(lines_operated(world.spf)) == set(of_flow(wave, "A"))
    assert set(lines_operated(pivot)) == set(of_flow(wave, "B"))
    assert lines_operated(world.national).count() == 6
    other = make_person("GF", on=world.first.establishment)
    assert (operates(other), is_deliverer(pivot)) == (False, True)
    assert not is_deliverer(world.national)


def test_a_delivery_is_written_by_whoever_delivers_it_alone(world, wave, pivot):
    a, b = of_flow(wave, "A")[0], of_flow(wave, "B")[0]
    other = make_person("GF", on=world.first.establishment)
    for by, line in ((pivot, a), (world.spf, b), (world.national, a), (other, a), (other, b)):
        with pytest.raises(DeliveryError, match="pas toutes celles que vous livrez"):
            write(by, wave, {line: Delivery(DAY, 7)})
    assert write(world.spf, wave, {a: Delivery(DAY, 7)}) == 1
    assert write(pivot, wave, {b: Delivery(DAY, 12)}) == 1
    a.refresh_from_db()
    assert (a.expected_on, a.planned_doses, a.planned_by) == (DAY, 7, world.spf)


def test_blank_is_not_zero_and_shipped_goes_with_its_day(world, wave):
    line = of_flow(wave, "A")[0]
    for wanted, why in (
        (Delivery(None, 7), "donnez la date prévue"),
        (Delivery(DAY, 7, DAY), "un jour et un nombre de doses"),
        (Delivery(DAY, None, DAY, 7), "écrivez la livraison prévue avant"),
        (Delivery(DAY, 7, world.day(), 7), "dans l’avenir"),
    ):
        with pytest.raises(DeliveryError) as refusal:
            write(world.spf, wave, {line: wanted})
        assert why in refusal.value.refusals[0]
    assert write(world.spf, wave, {line: Delivery(DAY, None)}) == 1


def test_all_or_nothing(world, wave):
    good, wrong = of_flow(wave, "A")[:2]
    with pytest.raises(DeliveryError):
        write(world.spf, wave, {good: Delivery(DAY, 7), wrong: Delivery(None, 7)})
    good.refresh_from_db()
    assert good.planned_doses is None


def test_what_a_colleague_wrote_meanwhile_is_shown_with_what_was_wanted(world, wave):
    mine, theirs = of_flow(wave, "A")[:2]
    seen = {line.pk: Delivery.of(line).mark for line in (mine, theirs)}
    write(make_person("SPF", domain="dispostock"), wave, {theirs: Delivery(DAY, 9)})
    untouched = {mine: Delivery(DAY, 7), theirs: Delivery()}
    assert write(world.spf, wave, untouched, seen) == 1, "what one did not touch is left alone"
    with pytest.raises(DeliveryError) as refusal:
        write(world.spf, wave, {theirs: Delivery(DAY, 7)}, seen)
    assert "9 doses" in refusal.value.refusals[0]
    assert "vous vouliez le 09/02/2021, 7 doses" in refusal.value.refusals[0]


def test_twice_writes_once(world, wave):
    line = of_flow(wave, "A")[0]
    seen = {line.pk: Delivery.of(line).mark}
    assert write(world.spf, wave, {line: Delivery(DAY, 7)}, seen) == 1
    assert write(world.spf, wave, {line: Delivery(DAY, 7)}, seen) == 0
    assert Entry.objects.filter(verb="vaccines.delivery_planned").count() == 1


def test_received_doses_are_never_more_than_what_was_sent_afterwards(world, wave):
    line = of_flow(wave, "A")[0]
    write(world.spf, wave, {line: Delivery(DAY, 7, DAY, 7)})
    line.refresh_from_db()
    Reception.objects.create(line=line, received_on=DAY, doses=5, told_by=world.spf)
    with pytest.raises(DeliveryError) as refusal:
        write(world.spf, wave, {line: Delivery(DAY, 7, DAY, 4)})
    assert "5 doses sont déjà reçues" in refusal.value.refusals[0]
    SupplyLine.objects.filter(pk=line.pk).update(received_whole_at=timezone.now())
    with pytest.raises(DeliveryError) as refusal:
        write(world.spf, wave, {line: Delivery(DAY, 7, DAY, 6)})
    assert "la réception est terminée" in refusal.value.refusals[0]


def test_a_change_of_what_was_shown_is_told_once_and_the_first_plan_is_not(
    world, wave, monkeypatch
):
    line = of_flow(wave, "A")[0]
    write(world.spf, wave, {line: Delivery(DAY, 7)})
    jobs = ProcrastinateJob.objects.filter(task_name__endswith="announce_deliveries")
    assert not jobs.exists()
    line.refresh_from_db()
    write(world.spf, wave, {line: Delivery(DAY + timedelta(days=2), 6)})
    [job] = jobs
    sent = []
    monkeypatch.setattr(letters, "queue_written", lambda *words: sent.append(words))
    assert letters.queue_changes(job.args["before"]) == 1
    [(subject, text, to)] = sent
    assert to == "pui.orleans@sante.example"
    assert "le 11/02/2021, 6 doses (avant\u00a0: le 09/02/2021, 7 doses)" in text
    assert "1 livraison modifiée" in subject
    [entry] = Entry.objects.filter(verb="vaccines.delivery_changed")
    assert entry.details["before"]["planned_doses"] == 7
    assert entry.finess == world.first.establishment.finess


def test_what_leaves_as_announced_is_told_as_shipped(world, wave, monkeypatch):
    line = of_flow(wave, "A")[0]
    today = timezone.localdate()
    write(world.spf, wave, {line: Delivery(today, 7)})
    line.refresh_from_db()
    before = letters.delivery_text(line)
    write(world.spf, wave, {line: Delivery(today, 7, today, 7)})
    sent = []
    monkeypatch.setattr(letters, "queue_written", lambda *words: sent.append(words))
    letters.queue_changes({str(line.pk): before})
    assert "1 livraison expédiée" in sent[0][0]
    assert "avant" not in sent[0][1]
    write(world.spf, wave, {line: Delivery(today, 7, today, 6)}, {line.pk: f"{today}|7|{today}|7"})
    letters.queue_changes({str(line.pk): f"{before}, expédiées le {today:%d/%m/%Y}\u00a0: 7"})
    assert "1 livraison modifiée" in sent[1][0]


def test_the_mail_of_new_lines_is_one_for_all_the_lines_of_an_address(world, wave, monkeypatch):
    sent = []
    monkeypatch.setattr(letters, "queue_written", lambda *words: sent.append(words))
    assert letters.queue_lines(wave.pk, [world.first.pk, world.second.pk]) == 1
    assert "besoins à saisir pour 6 destinataires" in sent[0][0]
    assert sent[0][1].count("\n- ") == 6


def test_the_proposal_takes_the_needs_typed_that_nobody_planned(world, wave):
    planned, zero = of_flow(wave, "A")[:2]
    write(world.spf, wave, {planned: Delivery(DAY, 7)})
    SupplyLine.objects.filter(pk=zero.pk).update(first_doses=0)
    plan = from_needs(lines_operated(world.spf).filter(wave=wave), wave.delivers_on)
    assert {line.pk for line in plan.lines} == {one.pk for one in of_flow(wave, "A")[2:]}
    vials = vials_of(plan, world.vaccine)
    assert (plan.doses, vials.vials, vials.overfill) == (14, 4, 10)
    typed, seen = unpack(pack(plan))
    assert (typed, seen) == (plan.typed, plan.seen)
    assert write_deliveries(by=world.spf, wave=wave, typed=typed, seen=seen) == 2


def test_a_file_changes_what_it_fills_and_names_what_it_cannot(world, wave):
    rows = lines_operated(world.spf).filter(wave=wave).standing()
    one, two = of_flow(wave, "A")[:2]
    foreign = of_flow(wave, "B")[0]
    content = (
        "FINESS destinataire;Date prévue;Doses prévues;Expédiée le\n"
        f"{one.recipient.finess};09/02/2021;7;\n"
        f"{two.recipient.finess};bientôt;7;\n"
        f"{foreign.recipient.finess};09/02/2021;7;\n"
        f"{one.recipient.finess};10/02/2021;7;\n"
    )
    plan = from_file(BytesIO(content.encode()), "plan.csv", rows)
    assert plan.typed == {one.pk: Delivery(DAY, 7)}
    assert len(plan.errors) == 3
    write(world.spf, wave, {one: Delivery(DAY, 7)})
    blank = f"FINESS;Doses prévues\n{one.recipient.finess};\n"
    again = from_file(BytesIO(blank.encode()), "plan.csv", rows)
    assert (again.typed, again.same) == ({}, 1)


def test_the_vials_in_the_database_are_those_of_the_rule(world, wave):
    world.vaccine.vials.create(starts_on=world.day(20), doses=7)
    late = of_flow(wave, "A")[0]
    write(world.spf, wave, {late: Delivery(world.day(20), 66)})  # the very day it changes
    for line in with_vials(SupplyLine.objects.filter(wave=wave)):
        doses = line.planned_doses if line.planned_doses is not None else line.doses
        if doses is None:
            assert line.vials is None
            continue
        per_vial = world.vaccine.doses_per_vial(line.expected_on or wave.delivers_on)
        expected = packed(doses, per_vial)
        assert (line.vials, line.overfill) == (expected.vials, expected.overfill)
    assert with_vials(SupplyLine.objects.filter(pk=late.pk)).get().vials == 10


def test_vials_that_nobody_can_count_are_said_unknown_and_never_0(world, wave):
    world.vaccine.vials.all().delete()
    sums = whole(lines_operated(world.spf).filter(wave=wave))
    assert (sums["doses"], sums["vials_needed"], sums["unknown"]) == (28, None, 4)
    plan = from_needs(lines_operated(world.spf).filter(wave=wave), wave.delivers_on)
    assert vials_of(plan, world.vaccine) is None
    SupplyLine.objects.update(first_doses=None)
    assert whole(SupplyLine.objects.all())["doses"] is None


def test_each_recipient_is_rounded_up_then_the_pharmacy_added_up(world, wave):
    own = lines_operated(world.spf).filter(wave=wave)
    [row] = counted(own, "pui")
    expected = total(packed(7, 6) for _ in range(4))
    assert (row["doses"], row["vials_needed"], row["beyond"]) == (28, 8, 20)
    assert row["vials_needed"] == expected.vials
    assert whole(own)["told"] == whole(own)["lines"] == 4
    assert whole(SupplyLine.objects.filter(wave=wave))["told"] == 4


def test_the_states_of_the_database_are_those_of_each_line(world, wave):
    a = of_flow(wave, "A")
    now, today = timezone.now(), timezone.localdate()
    write(world.spf, wave, {a[0]: Delivery(today, 7), a[1]: Delivery(world.day(), 7)})
    SupplyLine.objects.filter(pk=a[2].pk).update(received_whole_at=now)
    SupplyLine.objects.filter(pk=a[3].pk).update(removed_at=now, removal="other")
    past = make_wave(DAY, vaccine=world.vaccine)
    make_line(past, recipient=world.places[0])
    for line in for_list(SupplyLine.objects.all()):
        found = [one for one in State if SupplyLine.objects.filter(in_state(one, now), pk=line.pk)]
        assert found == [state_of(line, now)]
