"""The two worked examples of the guide [000], to the figure, and the rules of a need."""

from datetime import date

import pytest

from tests.builders import make_establishment
from tests.pui.builders import make_pui
from tests.vaccines.builders import (
    FIRST,
    SECOND,
    delivery_recalled,
    make_line,
    make_vaccine,
    make_wave,
)
from vaccines.models import SupplyLine
from vaccines.recalls import (
    Need,
    flow_refusal,
    gap_of,
    recalled_by,
    refusals_of,
)
from vaccines.vials import packed, total

pytestmark = pytest.mark.django_db
EXPLAINED = "Nous avons réussi à vacciner 72 personnes avec les flacons fournis."


@pytest.fixture
def first():
    """66 doses ordered for 19/01, 72 people vaccinated by making the most of the vials."""
    return make_line(make_wave(FIRST), first_doses=66, second_doses=0, vaccinated=72)


def test_a_first_delivery_recalls_nobody(first):
    assert delivery_recalled(first.recipient, first.wave.vaccine, FIRST) is None
    assert refusals_of(Need(66, 0), None, SECOND) == []
    assert "première livraison" in refusals_of(Need(66, 4), None, SECOND)[0]


def test_the_first_example_72_recalls_and_10_new_after_66_ordered(first):
    recalled = delivery_recalled(first.recipient, first.wave.vaccine, SECOND)
    need = Need(10, 72, EXPLAINED)
    assert recalled == first
    assert (refusals_of(need, recalled, SECOND), gap_of(need, recalled, SECOND)) == ([], 0)


def test_the_second_example_160_first_injections_then_160_recalls():
    before = make_line(make_wave(date(2021, 1, 20)), first_doses=160, second_doses=0)
    before.vaccinated = 160
    assert gap_of(Need(4, 160), before, SECOND) == 0
    assert refusals_of(Need(4, 160), before, SECOND) == []


def deliveries(first, *days):
    """Of the same vaccine to the same recipient, one after the other."""
    return [
        make_line(
            make_wave(day, vaccine=first.wave.vaccine), recipient=first.recipient, pui=first.pui
        )
        for day in days
    ]


def test_deliveries_of_every_week_are_recalled_once_the_interval_has_gone_by(first):
    vaccine, recipient = first.wave.vaccine, first.recipient
    vaccine.interval_days = 21
    second, third, *_ = deliveries(
        first, date(2021, 1, 26), date(2021, 2, 2), SECOND, date(2021, 2, 16)
    )
    assert delivery_recalled(recipient, vaccine, SECOND) == first
    assert delivery_recalled(recipient, vaccine, date(2021, 2, 16)) == second
    assert delivery_recalled(recipient, vaccine, date(2021, 2, 23)) == third


def test_without_an_interval_the_last_delivery_is_recalled(first):
    vaccine, recipient = first.wave.vaccine, first.recipient
    second, _ = deliveries(first, date(2021, 1, 26), SECOND)
    assert delivery_recalled(recipient, vaccine, SECOND) == second


def test_the_people_whose_recalls_are_ordered_are_not_recalled_twice(first):
    vaccine, recipient = first.wave.vaccine, first.recipient
    vaccine.interval_days = 21
    [second] = deliveries(first, SECOND)
    assert delivery_recalled(recipient, vaccine, date(2021, 2, 16)) == first
    second.recalled, second.second_doses = first, 72
    second.save()
    assert delivery_recalled(recipient, vaccine, date(2021, 2, 16)) == second


def test_recalls_ordered_keep_their_delivery_while_it_stands(first):
    [second, third] = deliveries(first, date(2021, 1, 26), SECOND)
    third.recalled = first
    assert recalled_by(third, [first, second]) == second
    third.second_doses = 72
    assert recalled_by(third, [first, second]) == first
    assert recalled_by(third, [second]) == second


def test_no_recall_before_the_interval_has_gone_by_needs_no_comment(first):
    first.wave.vaccine.interval_days = 21
    early = date(2021, 1, 26)
    assert refusals_of(Need(4, 0), first, early) == []
    assert gap_of(Need(4, 0), first, SECOND) == -72
    assert gap_of(Need(4, 70), first, early) == -2


def test_a_difference_asks_for_a_comment_which_always_suffices(first):
    assert gap_of(Need(10, 66), first, SECOND) == -6
    assert "dites pourquoi" in refusals_of(Need(10, 66), first, SECOND)[0]
    assert (
        refusals_of(Need(10, 66, "Six personnes ont été vaccinées ailleurs."), first, SECOND) == []
    )


def test_recalls_left_blank_are_not_none(first):
    line = make_line(make_wave(SECOND, vaccine=first.wave.vaccine), first_doses=4)
    assert line.doses is None
    assert gap_of(Need(4, None), first, SECOND) == 0


def test_a_line_taken_away_is_recalled_by_nobody(first):
    SupplyLine.objects.filter(pk=first.pk).update(removed_at="2021-01-18T09:00Z", removal="other")
    assert delivery_recalled(first.recipient, first.wave.vaccine, SECOND) is None


def test_another_vaccine_or_recipient_is_not_recalled(first):
    other = make_vaccine("Autre vaccin")
    assert delivery_recalled(first.recipient, other, SECOND) is None
    assert delivery_recalled(make_establishment(), first.wave.vaccine, SECOND) is None


def test_what_began_in_flow_b_stays_in_flow_b():
    begun = make_line(make_wave(FIRST), pivot=make_pui("PUI de Montclair"))
    assert "PUI de Montclair" in flow_refusal("A", begun)
    assert flow_refusal("B", begun) == ""
    assert flow_refusal("B", make_line(make_wave(FIRST, vaccine=begun.wave.vaccine))) == ""
    assert flow_refusal("A", None) == ""


def test_vials_are_rounded_up_for_each_recipient_then_added_up():
    """7 and 8 doses in vials of 6: two vials each, though 15 doses would hold in three."""
    assert packed(66, 6).vials == 11
    assert packed(82, 6) == packed(82, 6).__class__(82, 14, 2)
    whole = total([packed(7, 6), packed(8, 6)])
    assert (whole.doses, whole.vials, whole.overfill) == (15, 4, 9)


def test_the_doses_of_a_vial_are_those_of_the_day():
    vaccine = make_vaccine(doses=5)
    vaccine.vials.create(starts_on=date(2021, 1, 8), doses=6)
    assert vaccine.doses_per_vial(date(2021, 1, 7)) == 5
    assert vaccine.doses_per_vial(date(2021, 1, 8)) == 6
    assert vaccine.doses_per_vial(date(2020, 1, 8)) is None
