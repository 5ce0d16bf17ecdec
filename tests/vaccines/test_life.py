"""The life of lines through the services of everybody, in any order: what is always true [000].

Beside the database stands what people were told was done, in plain Python: a service that loses
something, or writes what nobody asked, differs from it.
"""

from collections import Counter
from datetime import timedelta

import pghistory
import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.vaccines.corrections.acts import create, move, remove, restore
from tests.vaccines.life_world import make_life, opening_of
from vaccines.corrections.history import changes_of, events_of
from vaccines.corrections.planning import CorrectionError
from vaccines.models import Reception, SupplyLine
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
from vaccines.states import State, state_of
from vaccines.waves.asked import Asked

DOSES = st.integers(min_value=1, max_value=90)
NUMBER, RANK, PLACE = st.integers(0, 8), st.integers(0, 2), st.integers(0, 2)
FLOWS = st.sampled_from("AAB")
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
    def spf_opens_the_first_wave(self, flow):
        self.open_a_wave(0, {0, 1, 2}, flow)

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

    @rule(rank=RANK, place=PLACE, flow=FLOWS)
    def the_omedit_creates(self, rank, place, flow):
        world = self.world
        wave = next((line.wave for line in self.lines() if line.wave.label == f"Vague {rank}"), None)
        if wave is None:
            return
        pivot = world.pivot if flow == Flow.B else None
        if line := self.correct("create", create, wave, world.places[place], flow, pivot=pivot):
            self.expect_new(line, flow, world.puis[place % 2])

    @any_line
    @rule(number=NUMBER, first=DOSES, second=st.none() | st.integers(0, 90), says=WHY)
    def a_pharmacy_tells_its_need(self, number, first, second, says):
        line = self.line(number)
        typed = {line.pk: TypedNeed(Need(first, second, says))}
        saved = self.by_pharmacy(line, "need", save_needs, typed)
        if saved:
            self.expect(line, "Besoin saisi", first=first, second=saved[0].second_doses, says=says)

    @any_line
    @rule(number=NUMBER, doses=DOSES)
    def a_delivery_is_planned(self, number, doses):
        line = self.line(number)
        wanted = Delivery(line.wave.delivers_on, doses, line.shipped_on, line.shipped_doses)
        self.deliver(line, wanted, "plan", "Livraison prévue", planned=doses)

    @any_line
    @rule(number=NUMBER, gap=st.sampled_from([0, 0, -3, 6]))
    def a_delivery_is_shipped(self, number, gap):
        line = self.line(number)
        doses = max((line.planned_doses or 0) + gap, 0)
        wanted = Delivery(
            line.expected_on, line.planned_doses, timezone.localdate(self.now), doses
        )
        self.deliver(line, wanted, "ship", "Expédition", shipped=doses)

    @any_line
    @rule(number=NUMBER, whole=st.booleans(), doses=DOSES, is_last=st.booleans(), why=WHY)
    def a_pharmacy_receives(self, number, whole, doses, is_last, why):
        line = self.line(number)
        expected = line.planned_doses if line.shipped_doses is None else line.shipped_doses
        doses = (expected or doses) if whole else doses
        arrival = Arrival(timezone.localdate(self.now), doses, "EX1", is_last=is_last, reason=why)
        if self.by_pharmacy(line, "receive", save_receptions, {line.pk: arrival}):
            self.expect(line, "Réception saisie", received=[*self.told[line.pk]["received"], doses])

    @any_line
    @rule(number=NUMBER, doses=DOSES, is_whole=st.booleans(), gap=WHY)
    def a_pharmacy_corrects_its_receptions(self, number, doses, is_whole, gap):
        line = self.line(number)
        rows = list(line.receptions.order_by("pk"))
        if not rows:
            return
        typed = [Corrected(one.pk, one.received_on, one.doses, one.lot) for one in rows[:-1]]
        typed.append(Corrected(rows[-1].pk, rows[-1].received_on, doses, rows[-1].lot))
        correction = Correction(
            typed, is_whole, "Erreur de frappe", gap, state_of_receptions(line)
        )
        by = self.world.gf[line.pui_id]
        kept = self.told[line.pk]["received"]
        if self.act(
            by,
            "put right",
            lambda: correct_receptions(by=by, line=line, correction=correction, now=self.now),
        ):
            what = "Réception corrigée" if doses != kept[-1] else ""
            self.expect(line, what, received=[*kept[:-1], doses])

    @any_line
    @rule(number=NUMBER, people=DOSES)
    def a_pharmacy_counts_its_people(self, number, people):
        line = self.line(number)
        if self.by_pharmacy(line, "people", save_vaccinated, {line.pk: Vaccinated(people)}):
            self.expect(line, "Personnes vaccinées", people=people)

    @any_line
    @rule(number=NUMBER, place=PLACE)
    def the_omedit_moves_to_a_recipient(self, number, place):
        line, to = self.line(number), self.world.places[place]
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
        line = self.line(number)
        if self.correct("remove", remove, line):
            self.expect(line, "Ligne supprimée", removed=True)

    @any_line
    @rule(number=NUMBER)
    def the_omedit_puts_back(self, number):
        line = self.line(number)
        if self.correct("restore", restore, line):
            self.expect(line, "Ligne remise", removed=False)

    @rule(days=st.integers(1, 12))
    def days_go_by(self, days):
        self.now += timedelta(days=days)

    # --- how it is done, and what is then expected ----------------------------------------

    def lines(self):
        related = ("wave", "recipient", "pui", "recalled__wave")
        return list(SupplyLine.objects.select_related(*related).order_by("pk"))

    def line(self, number):
        lines = self.lines()
        return lines[number % len(lines)]

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
        self.told[line.pk] |= told
        if what:
            self.acts[line.pk][what] += 1
        self.touched.add(line.pk)

    def expect_moved(self, lines, to, pui):
        for line in lines:
            self.expect(line, "Ligne déplacée", recipient=to.pk, pui=pui.pk)

    # --- what is always true ----------------------------------------------------------------

    @invariant()
    def no_line_is_lost_and_each_holds_what_was_told(self):
        assert {line.pk: held(line) for line in with_receptions()} == self.told

    @invariant()
    def no_more_is_received_than_shipped_unless_somebody_says_why(self):
        for line in with_receptions():
            expected = line.planned_doses if line.shipped_doses is None else line.shipped_doses
            received = sum(one.doses for one in line.receptions.all())
            assert received <= (expected or 0) or line.gap_reason
            assert not line.received_whole_at or received == expected or line.gap_reason
            assert not (line.removed_at and received)

    @invariant()
    def recalls_are_traceable_to_first_injections(self):
        standing = {one.pk: one for one in SupplyLine.objects.standing().select_related("wave")}
        for line in standing.values():
            step = line
            while step.recalled_id:
                before = standing[step.recalled_id]
                assert before.recipient_id == step.recipient_id
                assert before.wave.vaccine_id == step.wave.vaccine_id
                assert before.wave.delivers_on < step.wave.delivers_on
                assert not (before.flow == Flow.B and step.flow == Flow.A)
                step = before
            assert not step.second_doses

    @invariant()
    def the_history_of_what_changed_is_complete(self):
        names = [one.attname for one in SupplyLine._meta.concrete_fields if one.name != "id"]
        for line in SupplyLine.objects.filter(pk__in=self.touched):
            last = events_of(SupplyLine, pgh_obj=line.pk).last()
            assert [getattr(last, name) for name in names] == [getattr(line, name) for name in names]
            changes = changes_of(line)
            assert all(one.who != "Le système" for one in changes)
            said = Counter(one.what.partition("\u00a0:")[0] for one in changes)
            assert {what: said[what] for what in self.acts[line.pk]} == self.acts[line.pk]
        self.touched.clear()

    @invariant()
    def a_line_stands_somewhere(self):
        for line in SupplyLine.objects.select_related("wave"):
            assert (state_of(line, self.now) is State.REMOVED) == self.told[line.pk]["removed"]


BLANK = {
    "first": None,
    "second": None,
    "says": "",
    "planned": None,
    "shipped": None,
    "people": None,
    "removed": False,
    "received": [],
}


def with_receptions():
    return SupplyLine.objects.prefetch_related("receptions")


def held(line):
    return {
        "flow": line.flow,
        "recipient": line.recipient_id,
        "pui": line.pui_id,
        "first": line.first_doses,
        "second": line.second_doses,
        "says": line.comment,
        "planned": line.planned_doses,
        "shipped": line.shipped_doses,
        "people": line.vaccinated,
        "removed": line.removed_at is not None,
        "received": [one.doses for one in sorted(line.receptions.all(), key=lambda one: one.pk)],
    }


EVERYTHING = {
    "open", "create", "need", "plan", "ship", "receive", "put right", "people",
    "move", "give", "move all", "remove", "restore",
}  # fmt: skip


@pytest.mark.django_db
def test_whatever_people_do_a_line_stays_true(monkeypatch):
    monkeypatch.setattr(Life, "world", make_life())
    monkeypatch.setattr(Life, "done", Counter())
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=25,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # to shrink takes minutes
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert set(Life.done) == EVERYTHING, "a service that refuses everything proves nothing"
    assert not Reception.objects.aggregate(all=Sum("doses"))["all"]
