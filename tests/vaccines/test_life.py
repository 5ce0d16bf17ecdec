"""The life of lines, in any order that people may take: what is always true of them [000]."""

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pui.models import ServedEstablishment
from tests.builders import make_establishment, make_person, make_region, make_user
from tests.pui.builders import LONG_AGO, make_pui
from tests.vaccines.builders import FIRST, SECOND, make_vaccine, make_wave
from tests.vaccines.corrections.acts import create, move, remove, restore
from vaccines.corrections.history import changes_of, events_of
from vaccines.corrections.planning import CorrectionError
from vaccines.models import Reception, SupplyLine
from vaccines.recalls import Need, refusals_of
from vaccines.states import State, is_reception_open, state_of

DAYS = (FIRST, SECOND, SECOND.replace(day=28))
DOSES = st.integers(min_value=1, max_value=90)


# --- the steps of a pharmacy and of who delivers, in their shortest form ---------------------


def tell_need(line, first, second, by):
    need = Need(first, second, "Personnes comptées sur place.")
    if (
        line.removed_at
        or line.shipped_on
        or refusals_of(need, line.recalled, line.wave.delivers_on)
    ):
        return False
    line.first_doses, line.second_doses, line.comment = first, second, need.comment
    line.need_at, line.need_by = timezone.now(), by
    line.save()
    return True


def plan(line, doses, by):
    if line.removed_at or line.shipped_on or line.doses is None:
        return False
    line.planned_doses, line.expected_on = doses, line.wave.delivers_on
    line.planned_at, line.planned_by = timezone.now(), by
    line.save()
    return True


def ship(line):
    if line.removed_at or line.shipped_on or line.planned_doses is None:
        return False
    line.shipped_on, line.shipped_doses = line.wave.delivers_on, line.planned_doses
    line.save()
    return True


def received_of(line):
    return sum(one.doses for one in line.receptions.all())


def receive(line, doses, by, why=""):
    """More than what was shipped asks why; the reason stays with the line."""
    if line.shipped_doses is None or not is_reception_open(line, timezone.localdate()):
        return False
    if received_of(line) + doses > line.shipped_doses:
        if not why:
            return False
        line.gap_reason = why
        line.save()
    Reception.objects.create(line=line, doses=doses, received_on=line.shipped_on, told_by=by)
    return True


def finish(line, vaccinated, by):
    """All is there; a difference says why."""
    if not line.receptions.exists() or not is_reception_open(line, timezone.localdate()):
        return False
    if received_of(line) != line.shipped_doses and not line.gap_reason:
        line.gap_reason = "Un flacon cassé."
    line.received_whole_at, line.vaccinated = timezone.now(), vaccinated
    line.vaccinated_at, line.vaccinated_by = timezone.now(), by
    line.save()
    return True


# ---------------------------------------------------------------------------------------------


class Life(RuleBasedStateMachine):
    """Three waves of a vaccine, three recipients of two pharmacies, and what people do."""

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.kept = {}  # what each line must still hold, by number
        self.moves = {}

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @initialize()
    def open_the_waves(self):
        vaccine, opener = make_vaccine(), make_user()
        self.waves = [make_wave(day, vaccine=vaccine, opened_by=opener) for day in DAYS]
        self.omedit, self.gf = make_person("OMD", on=make_region()), make_user()
        self.puis = [make_pui("PUI Saint-Aubin"), make_pui("PUI de Blois")]
        names = ("Les Tilleuls", "La Roseraie", "Bel-Air")
        self.places = [make_establishment(name=f"EHPAD {name}") for name in names]
        for rank, place in enumerate(self.places):
            ServedEstablishment.objects.create(
                pui=self.puis[rank % 2], establishment=place, starts_on=LONG_AGO
            )

    def line(self, number):
        pks = sorted(self.kept)
        rows = SupplyLine.objects.select_related("wave", "recalled__wave", "recipient", "pui")
        return rows.get(pk=pks[number % len(pks)])

    def keep(self, line):
        line.refresh_from_db()
        self.kept[line.pk] = held(line)

    def corrected(self, act, *args, **kwargs):
        """Whether it was done: refused, it changed nothing, as the invariants see."""
        try:
            act(self.omedit, *args, **kwargs)
        except CorrectionError:
            return False
        return True

    @rule(wave=st.integers(0, 2), place=st.integers(0, 2))
    def create(self, wave, place):
        try:
            line = create(self.omedit, self.waves[wave], self.places[place])
        except CorrectionError:
            return
        self.moves[line.pk] = 0
        self.keep(line)

    @precondition(lambda self: self.kept)
    @rule(number=st.integers(0, 8), first=DOSES, second=st.integers(0, 90))
    def need(self, number, first, second):
        line = self.line(number)
        if tell_need(line, first, second if line.recalled_id else 0, self.gf):
            self.keep(line)

    @precondition(lambda self: self.kept)
    @rule(number=st.integers(0, 8), doses=DOSES)
    def plan(self, number, doses):
        line = self.line(number)
        if plan(line, doses, self.omedit):
            self.keep(line)

    @precondition(lambda self: self.kept)
    @rule(number=st.integers(0, 8))
    def ship(self, number):
        line = self.line(number)
        if ship(line):
            self.keep(line)

    @precondition(lambda self: self.kept)
    @rule(number=st.integers(0, 8), doses=DOSES, why=st.sampled_from(["", "Un carton de plus."]))
    def receive(self, number, doses, why):
        line = self.line(number)
        if receive(line, doses, self.gf, why):
            self.keep(line)

    @precondition(lambda self: self.kept)
    @rule(number=st.integers(0, 8), people=DOSES)
    def finish(self, number, people):
        line = self.line(number)
        if finish(line, people, self.gf):
            self.keep(line)

    @precondition(lambda self: self.kept)
    @rule(number=st.integers(0, 8), place=st.integers(0, 2))
    def move_to_a_recipient(self, number, place):
        line = self.line(number)
        if self.corrected(move, line, to=self.places[place]):
            self.moves[line.pk] += 1

    @precondition(lambda self: self.kept)
    @rule(number=st.integers(0, 8), pui=st.integers(0, 1))
    def move_to_a_pharmacy(self, number, pui):
        line = self.line(number)
        if self.corrected(move, line, pui=self.puis[pui]):
            self.moves[line.pk] += 1

    @precondition(lambda self: len(self.kept) > 1)
    @rule(place=st.integers(0, 2))
    def move_all_of_a_recipient(self, place):
        first = self.line(0)
        lines = list(
            SupplyLine.objects.standing()
            .filter(recipient=first.recipient)
            .select_related("wave", "recipient", "pui")
        )
        if lines and self.corrected(move, *lines, to=self.places[place]):
            for line in lines:
                self.moves[line.pk] += 1

    @precondition(lambda self: self.kept)
    @rule(number=st.integers(0, 8))
    def take_away(self, number):
        self.corrected(remove, self.line(number))

    @precondition(lambda self: self.kept)
    @rule(number=st.integers(0, 8))
    def put_back(self, number):
        self.corrected(restore, self.line(number))

    @invariant()
    def no_line_is_lost_and_each_keeps_what_it_holds(self):
        assert {line.pk: held(line) for line in SupplyLine.objects.all()} == self.kept

    @invariant()
    def no_more_is_received_than_shipped_unless_somebody_says_why(self):
        for line in SupplyLine.objects.prefetch_related("receptions"):
            received = received_of(line)
            assert received <= (line.shipped_doses or 0) or line.gap_reason
            if line.removed_at:
                assert received == 0

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
                step = before
            assert not step.second_doses

    @invariant()
    def each_history_is_complete(self):
        for line in SupplyLine.objects.all():
            last = events_of(SupplyLine, pgh_obj=line.pk).last()
            fields = [one.attname for one in SupplyLine._meta.concrete_fields if one.name != "id"]
            assert {name: getattr(last, name) for name in fields} == {
                name: getattr(line, name) for name in fields
            }
            told = [one.what for one in changes_of(line)]
            assert told[-1].startswith("Ligne créée")
            moved = [one for one in told if one.startswith("Ligne déplacée")]
            assert len(moved) == self.moves[line.pk]

    @invariant()
    def a_line_stands_somewhere(self):
        for line in SupplyLine.objects.select_related("wave"):
            assert (state_of(line, timezone.now()) is State.REMOVED) == bool(line.removed_at)


def held(line):
    """What no correction changes."""
    return (
        line.wave_id,
        line.first_doses,
        line.second_doses,
        line.comment,
        line.planned_doses,
        line.shipped_doses,
        line.vaccinated,
        sorted(line.receptions.values_list("doses", "lot")),
    )


@pytest.mark.django_db
def test_whatever_people_do_a_line_stays_true():
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
