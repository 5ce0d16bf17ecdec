"""The life of lines through the services of everybody, in any order: what is always true [000].

Beside the database stands what people were told was done, in plain Python: a service that loses
something, or writes what nobody asked, differs from it.
"""

from collections import Counter
from datetime import timedelta

import pghistory
import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import Phase
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from tests.machines import live
from tests.vaccines.corrections.acts import create, move, remove, restore
from tests.vaccines.life_truths import (
    BLANK,
    held,
    nothing_more_is_received_than_shipped_unless_somebody_says_why,
    recalls_are_traceable_to_first_injections,
    the_history_is_complete,
)
from tests.vaccines.life_world import make_life, opening_of
from vaccines.corrections.planning import CorrectionError
from vaccines.models import SupplyLine
from vaccines.recalls import Need
from vaccines.services.deliveries import Delivery, DeliveryError, write_deliveries
from vaccines.services.needs import TypedNeed, save_needs
from vaccines.services.reception_corrections import (
    Corrected,
    Correction,
    correct_receptions,
    state_of_receptions,
)
from vaccines.services.receptions import Arrival, Vaccinated, save_receptions, save_vaccinated
from vaccines.services.refusals import SupplyError
from vaccines.services.waves import WaveError, open_wave
from vaccines.states import State, is_need_open, is_reception_open, state_of
from vaccines.waves.asked import Asked

DOSES = st.integers(min_value=1, max_value=90)
NUMBER = st.sampled_from([0, 0, 0, 0, 1, 2, 3])
RANK, PLACE = st.integers(0, 2), st.integers(0, 2)
FLOWS = st.sampled_from("AAB")
GAPS = st.sampled_from([0, 0, -3, 6])
WHY = st.sampled_from(["", "Un carton de plus."])
Flow = SupplyLine.Flow
any_line = precondition(lambda self: self.told)


class Life(RuleBasedStateMachine):
    """Three waves, three recipients of two pharmacies, a pivot hospital, and the days that go by.

    ``told`` is what each line must hold, ``acts`` what its history must say, by number;
    ``touched`` are those of the last step; ``done`` counts what was not refused.
    """

    world = None
    done = Counter()

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.told, self.acts, self.touched = {}, {}, set()
        self.now = self.world.started

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    # --- what people do -----------------------------------------------------------------

    @initialize(flow=FLOWS)
    def spf_opens_two_waves(self, flow):
        self.open_a_wave(0, {0, 1}, flow)
        self.open_a_wave(1, {0}, flow)

    @rule(rank=RANK, places=st.sets(PLACE, min_size=1), flow=FLOWS)
    def spf_opens_or_extends_a_wave(self, rank, places, flow):
        self.open_a_wave(rank, places, flow)

    def open_a_wave(self, rank, places, flow):
        world = self.world
        pivot = world.pivot.establishment.finess if flow == Flow.B else ""
        chosen = sorted(places)
        asked = [Asked(n, world.places[n].finess, flow=flow, pivot=pivot) for n in chosen]
        known = set(self.told)
        if self.act(
            world.spf,
            "open",
            lambda: open_wave(by=world.spf, opening=opening_of(world, rank), asked=asked),
        ):
            for line in SupplyLine.objects.exclude(pk__in=known):
                self.expect_new(line, flow, world.puis[world.places.index(line.recipient) % 2])

    @rule(place=PLACE, flow=FLOWS)
    def a_wave_comes_before_another(self, place, flow):
        self.open_a_wave(2, {place}, Flow.A)
        self.open_a_wave(1, {place}, flow)

    @any_line
    @rule(number=NUMBER)
    def a_wave_opens_once_a_line_is_taken_away(self, number):
        line = self.line(number)
        self.take_away(line)
        self.open_a_wave(2, {self.world.places.index(line.recipient)}, line.flow)

    @rule(rank=RANK, place=PLACE, flow=FLOWS)
    def the_omedit_creates(self, rank, place, flow):
        world = self.world
        wave = next(
            (line.wave for line in self.lines() if line.wave.label == f"Vague {rank}"), None
        )
        if wave is None:
            return
        pivot = world.pivot if flow == Flow.B else None
        if line := self.correct("create", create, wave, world.places[place], flow, pivot=pivot):
            self.expect_new(line, flow, world.puis[place % 2])

    @any_line
    @rule(number=NUMBER, doses=DOSES, gap=GAPS, why=WHY, until=st.integers(1, 4))
    def a_delivery_goes_on(self, number, doses, gap, why, until):
        """As most do: planned, received in one part or two, its people counted; often shipped."""
        line = self.line(number, lambda one: is_need_open(one, self.now))
        self.need(line, doses, 30 if line.recalled_id else None, why)
        self.plan(line, doses, is_at_once=True)
        if gap or until == 4:
            self.ship(line, gap)
        self.receive(line, doses // 2 + 1, is_last=False, why=why)
        if until > 1:
            self.receive(line, doses - doses // 2 - 1, is_last=bool(gap), why=why)
        if until > 2:
            self.count(line, doses)

    @any_line
    @rule(number=NUMBER, doses=DOSES)
    def somebody_insists_on_a_line_taken_away(self, number, doses):
        line = self.line(number, lambda one: not one.shipped_on)
        self.plan(line, doses, is_at_once=True)
        self.take_away(line)
        self.need(line, doses, None, "Il en faut.")
        self.plan(line, doses, is_at_once=True)
        self.ship(line, 0)
        self.receive(line, doses, is_last=False, why="")
        self.count(line, doses)

    @any_line
    @rule(number=NUMBER, first=DOSES, second=st.sampled_from([None, 0, 30]), says=WHY)
    def a_pharmacy_tells_its_need(self, number, first, second, says):
        line = self.line(number, lambda one: is_need_open(one, self.now))
        self.need(line, first, second, says)

    def need(self, line, first, second, says):
        line.refresh_from_db()
        typed = Need(first, second, says)
        saved = self.by_pharmacy(line, "need", save_needs, {line.pk: TypedNeed(typed)})
        if saved:
            self.expect(line, "Besoin saisi", first=first, second=saved[0].second_doses, says=says)

    @any_line
    @rule(number=NUMBER, doses=DOSES, is_at_once=st.booleans())
    def a_delivery_is_planned(self, number, doses, is_at_once):
        self.plan(self.line(number, self.is_received_in_part), doses, is_at_once)

    def plan(self, line, doses, is_at_once):
        day = timezone.localdate(self.now) if is_at_once else line.wave.delivers_on
        line.refresh_from_db()
        wanted = Delivery(day, doses, line.shipped_on, line.shipped_doses)
        self.deliver(line, wanted, "plan", "Livraison prévue", planned=doses)

    @any_line
    @rule(number=NUMBER, gap=st.sampled_from([0, -3, -60, 6]))
    def a_delivery_is_shipped(self, number, gap):
        self.ship(self.line(number, self.is_received_in_part), gap)

    def ship(self, line, gap):
        line.refresh_from_db()
        doses, today = max((line.planned_doses or 0) + gap, 0), timezone.localdate(self.now)
        wanted = Delivery(line.expected_on, line.planned_doses, today, doses)
        self.deliver(line, wanted, "ship", "Expédition", shipped=doses)

    @any_line
    @rule(number=NUMBER, doses=DOSES, is_last=st.booleans(), why=WHY)
    def a_pharmacy_receives(self, number, doses, is_last, why):
        today = timezone.localdate(self.now)
        self.receive(
            self.line(number, lambda one: is_reception_open(one, today)), doses, is_last, why
        )

    def receive(self, line, doses, is_last, why):
        today = timezone.localdate(self.now)
        arrival = Arrival(today, doses, "EX1", is_last=is_last, reason=why)
        saved = self.by_pharmacy(line, "receive", save_receptions, {line.pk: arrival})
        if saved and doses:
            self.expect(line, "Réception saisie", received=[*self.told[line.pk]["received"], doses])
        elif saved:
            self.expect(line, "")

    @any_line
    @rule(number=NUMBER, doses=DOSES, is_whole=st.booleans(), gap=WHY)
    def a_pharmacy_corrects_its_receptions(self, number, doses, is_whole, gap):
        line = self.line(number, lambda one: one.receptions.exists())
        rows = list(line.receptions.order_by("pk"))
        if not rows:
            return
        typed = [Corrected(one.pk, one.received_on, one.doses, one.lot) for one in rows[:-1]]
        typed.append(Corrected(rows[-1].pk, rows[-1].received_on, doses, rows[-1].lot))
        seen, by = state_of_receptions(line), self.world.gf[line.pui_id]
        people = line.vaccinated
        correction = Correction(typed, is_whole, "Erreur de frappe", gap, seen, people)
        kept = self.told[line.pk]["received"]

        def put_right():
            correct_receptions(by=by, line=line, correction=correction, now=self.now)

        if self.act(by, "put right", put_right):
            what = "Réception corrigée" if doses != kept[-1] else ""
            self.expect(line, what, received=[*kept[:-1], doses])

    @any_line
    @rule(number=NUMBER, people=DOSES)
    def a_pharmacy_counts_its_people(self, number, people):
        self.count(self.line(number, lambda one: one.shipped_on), people)

    def count(self, line, people):
        if self.by_pharmacy(line, "people", save_vaccinated, {line.pk: Vaccinated(people)}):
            self.expect(line, "Personnes vaccinées", people=people)

    @any_line
    @rule(number=NUMBER, place=PLACE)
    def the_omedit_moves_to_a_recipient(self, number, place):
        line = self.line(number, lambda one: one.received_whole_at)
        to = self.world.places[place]
        if self.correct("move", move, line, to=to):
            self.expect_moved([line], to, self.world.puis[place % 2])

    @any_line
    @rule(number=NUMBER, rank=st.integers(0, 1))
    def the_omedit_moves_to_a_pharmacy(self, number, rank):
        line, pui = self.line(number), self.world.puis[rank]
        if self.correct("give", move, line, pui=pui):
            self.expect_moved([line], line.recipient, pui)

    @any_line
    @rule(number=NUMBER, place=PLACE)
    def the_omedit_moves_all_of_a_recipient(self, number, place):
        recipient, to = self.line(number).recipient, self.world.places[place]
        lines = [one for one in self.lines() if one.recipient == recipient and not one.removed_at]
        if lines and self.correct("move all", move, *lines, to=to):
            self.expect_moved(lines, to, self.world.puis[place % 2])

    @any_line
    @rule(number=NUMBER)
    def the_omedit_takes_away(self, number):
        self.take_away(self.line(number, self.is_received_in_part))

    def take_away(self, line):
        if self.correct("remove", remove, line):
            self.expect(line, "Ligne supprimée", removed=True)

    @any_line
    @rule(number=NUMBER)
    def the_omedit_puts_back(self, number):
        line = self.line(number, lambda one: one.removed_at)
        if self.correct("restore", restore, line):
            self.expect(line, "Ligne remise", removed=False)

    @rule(days=st.integers(1, 5))
    def days_go_by(self, days):
        self.now += timedelta(days=days)

    # --- how it is done, and what is then expected ----------------------------------------

    def lines(self):
        related = ("wave", "recipient", "pui", "recalled__wave")
        return list(SupplyLine.objects.select_related(*related).order_by("pk"))

    def line(self, number, likely=None):
        """Rather one that the act suits; any other too, which refuses it."""
        lines = sorted(self.lines(), key=lambda one: not (likely and likely(one)))
        return lines[number % len(lines)]

    def is_received_in_part(self, line):
        return self.told[line.pk]["received"] and not line.received_whole_at

    def act(self, by, name, do):
        """What was done, or None: refused, it changed nothing, as the invariants see."""
        try:
            with pghistory.context(user=by.pk):  # as the middleware does
                found = do()
        except (CorrectionError, DeliveryError, SupplyError, WaveError):
            return None
        self.done[name] += 1
        return found or True

    def by_pharmacy(self, line, name, service, typed):
        by = self.world.gf[line.pui_id]
        with pghistory.context(user=by.pk):
            saved = service(by=by, typed=typed, now=self.now).saved
        self.done[name] += bool(saved)
        return saved

    def correct(self, name, service, *args, **kwargs):
        by = self.world.omedit
        return self.act(by, name, lambda: service(by, *args, **kwargs))

    def deliver(self, line, wanted, name, what, **told):
        by = self.world.spf if line.flow == Flow.A else self.world.hospital
        seen = {line.pk: Delivery.of(line).mark}

        def write():
            return write_deliveries(
                by=by, wave=line.wave, typed={line.pk: wanted}, seen=seen, now=self.now
            )

        if Delivery.of(line) != wanted and self.act(by, name, write):
            self.expect(line, what, **told)

    def expect_new(self, line, flow, pui):
        recipient = line.recipient_id
        self.told[line.pk] = {"flow": flow, "recipient": recipient, "pui": pui.pk} | dict(BLANK)
        self.acts[line.pk] = Counter()
        self.expect(line, "Ligne créée")

    def expect(self, line, what, **told):
        assert "removed" in told or not self.told[line.pk]["removed"], "it is left alone"
        self.told[line.pk] |= told
        if what:
            self.acts[line.pk][what] += 1
        self.touched.add(line.pk)

    def expect_moved(self, lines, to, pui):
        """What was read before: a delivery that came stays with those who received it."""
        for line in lines:
            before = self.told[line.pk]
            assert not line.received_whole_at
            assert not before["received"] or before["pui"] == pui.pk
            assert before["people"] is None or before["recipient"] == to.pk
            self.expect(line, "Ligne déplacée", recipient=to.pk, pui=pui.pk)

    # --- what is always true ----------------------------------------------------------------

    @invariant()
    def everything_is_true(self):
        """The rows are read once for all that is asked of them."""
        rows = SupplyLine.objects.select_related("wave").prefetch_related("receptions")
        lines = {line.pk: line for line in rows}
        assert {pk: held(line) for pk, line in lines.items()} == self.told, "no line is lost"
        for line in lines.values():
            nothing_more_is_received_than_shipped_unless_somebody_says_why(line)
            assert (state_of(line, self.now) is State.REMOVED) == self.told[line.pk]["removed"]
        recalls_are_traceable_to_first_injections(lines)
        for pk in self.touched:
            the_history_is_complete(lines[pk], self.acts[pk])
        self.touched.clear()


@pytest.fixture
def life(db, monkeypatch):
    monkeypatch.setattr(Life, "world", make_life())
    monkeypatch.setattr(Life, "done", Counter())
    return Life


def test_whatever_people_do_a_line_stays_true(life):
    live(
        life,
        examples=18,
        steps=32,
        derandomize=True,
        phases=[Phase.generate],  # to shrink takes minutes
        database=None,
    )


def test_each_act_of_a_life_can_be_done(life):
    """Services that refused everything would prove nothing."""
    one = life()
    steps = [
        lambda: one.spf_opens_two_waves("A"),
        lambda: one.a_delivery_goes_on(0, 66, 0, "", 4),
        lambda: one.a_pharmacy_counts_its_people(0, 72),
        lambda: one.need(one.line(2), 10, 72, "72 personnes vaccinées."),
        lambda: one.the_omedit_creates(1, 2, "A"),
        lambda: one.the_omedit_moves_to_a_pharmacy(3, 1),
        lambda: one.the_omedit_moves_to_a_recipient(1, 2),
        lambda: one.the_omedit_takes_away(3),
        lambda: one.somebody_insists_on_a_line_taken_away(0, 6),
        lambda: one.the_omedit_puts_back(0),
        lambda: one.the_omedit_moves_all_of_a_recipient(3, 1),
        lambda: one.a_pharmacy_corrects_its_receptions(0, 60, False, "Un flacon cassé."),
    ]
    for step in steps:
        step()
        one.everything_is_true()
    one.teardown()
    assert set(one.done) == {
        "open", "create", "need", "plan", "ship", "receive", "put right", "people",
        "move", "give", "move all", "remove", "restore",
    }  # fmt: skip
