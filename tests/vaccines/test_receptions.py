"""What came: in parts, lot by lot, with its difference; a mistake put right without losing it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from journal.models import Entry
from tests.builders import make_person, make_user
from tests.vaccines.builders import make_line, make_vaccine, make_wave, planned
from vaccines.models import Reception, SupplyLine
from vaccines.needs.history import receptions_kept
from vaccines.needs.scanning import read_box
from vaccines.services.reception_corrections import (
    Corrected,
    Correction,
    correct_receptions,
    state_of_receptions,
)
from vaccines.services.receptions import (
    Arrival,
    Vaccinated,
    save_receptions,
    save_vaccinated,
    version_of,
)
from vaccines.services.refusals import SupplyError

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
GTIN, OTHER_GTIN = "03400930000120", "03400930000137"
SHORT = "Un flacon cassé à l’ouverture, signalé au transporteur."


@pytest.fixture
def line(pui):
    """40 doses planned for yesterday by the pivot hospital."""
    vaccine = make_vaccine(gtin=GTIN)
    row = make_line(make_wave(TODAY - timedelta(days=1), vaccine=vaccine), pui=pui)
    return planned(row, 40, TODAY - timedelta(days=1))


def receive(by, line, doses, **more):
    arrival = Arrival(**{"received_on": TODAY, "doses": doses} | more)
    outcome = save_receptions(by=by, typed={line.pk: arrival})
    line.refresh_from_db()
    return [str(one) for one in outcome.refused[line.pk]]


def test_all_that_was_planned_ends_the_reception_by_itself(gf, line):
    assert receive(gf, line, 40, lot=" AB12 ", expires_on=date(2027, 6, 30)) == []
    assert line.received_whole_at is not None
    part = line.receptions.get()
    assert (part.lot, part.expires_on, part.told_by) == ("AB12", date(2027, 6, 30), gf)
    entry = Entry.objects.get(verb="vaccines.received")
    assert (entry.details["total"], entry.details["is_whole"]) == (40, True)


def test_a_delivery_comes_in_parts_and_lots(gf, line):
    assert receive(gf, line, 30, lot="A") == []
    assert line.received_whole_at is None
    assert receive(gf, line, 10, lot="B") == []
    assert line.received_whole_at is not None
    assert [one.lot for one in line.receptions.all()] == ["A", "B"]


def test_35_of_40_and_nothing_more_asks_why(gf, line):
    assert receive(gf, line, 35, is_last=True) == [
        "5\u00a0doses de moins que prévu\u00a0: dites pourquoi."
    ]
    assert not line.receptions.exists()
    assert receive(gf, line, 35, is_last=True, reason=SHORT) == []
    assert (line.gap_reason, line.received_whole_at is not None) == (SHORT, True)


def test_more_than_what_left_is_never_received_without_a_reason(gf, line):
    line.shipped_on, line.shipped_doses = TODAY, 38
    line.save()
    assert "2\u00a0doses de plus" in receive(gf, line, 40)[0]
    assert receive(gf, line, 40, reason="Un flacon de plus dans le colis.") == []


def test_nothing_came_at_all_is_told_with_its_reason(gf, line):
    assert "40\u00a0doses de moins" in receive(gf, line, None, is_last=True)[0]
    assert receive(gf, line, None, is_last=True, reason="Colis perdu.") == []
    assert (line.receptions.count(), line.received_whole_at is not None) == (0, True)


def test_a_reception_opens_with_the_delivery(gf, line, pui):
    SupplyLine.objects.filter(pk=line.pk).update(expected_on=TODAY + timedelta(days=1))
    assert "s’ouvre à la livraison" in receive(gf, line, 40)[0]
    SupplyLine.objects.filter(pk=line.pk).update(planned_doses=None, expected_on=None)
    assert "s’ouvre à la livraison" in receive(gf, line, 40)[0]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"received_on": None}, "date de réception"),
        ({"received_on": TODAY + timedelta(days=1)}, "futur"),
        ({"received_on": TODAY - timedelta(days=33)}, "avant la livraison"),
        ({"gtin": OTHER_GTIN}, "n’est pas celui"),
        ({"expires_on": TODAY - timedelta(days=1)}, "périmé"),
    ],
)
def test_what_cannot_be_is_refused(gf, line, more, said):
    assert said in receive(gf, line, 40, **more)[0]
    assert not line.receptions.exists()


def test_nothing_comes_before_it_left(gf, line):
    line.shipped_on, line.shipped_doses = TODAY - timedelta(days=1), 40
    line.save()
    early = receive(gf, line, 40, received_on=TODAY - timedelta(days=2))
    assert f"{line.shipped_on:%d/%m/%Y} au plus tôt" in early[0]
    assert receive(gf, line, 40, received_on=line.shipped_on) == []


def test_twice_the_same_click_is_one_reception(gf, line):
    seen = version_of(line)
    assert receive(gf, line, 20, seen=seen) == []
    assert "a enregistré 20" in receive(gf, line, 20, seen=seen)[0]
    assert line.receptions.count() == 1
    assert receive(gf, line, 20, seen=version_of(line)) == []


@pytest.mark.parametrize("code", ["APE", "ARA", "OMD", "NAT", "SPF", "GF"])
def test_only_the_pharmacy_of_the_line_receives(code, line, pui):
    by = make_person(code, on=pui.establishment if code == "APE" else None)
    assert "n’est plus de votre PUI" in receive(by, line, 40)[0]


def correct(by, line, *rows, is_whole=False, why="Mal compté", gap="", seen=None, people=None):
    seen = state_of_receptions(line) if seen is None else seen
    correction = Correction(rows, is_whole, why, gap, seen, people)
    return correct_receptions(by=by, line=line, correction=correction)


def test_a_mistake_is_put_right_and_stays_in_the_history(gf, line):
    receive(gf, line, 35, lot="A")
    part = line.receptions.get()
    correct(gf, line, Corrected(part.pk, TODAY, 40, "B"))
    line.refresh_from_db()
    part.refresh_from_db()
    assert (part.doses, part.lot, line.received_whole_at is not None) == (40, "B", True)
    assert [(one.what, one.text) for one in receptions_kept(line)] == [
        ("corrigée", f"40\u00a0doses du {TODAY:%d/%m/%Y}, lot B"),
        ("saisie", f"35\u00a0doses du {TODAY:%d/%m/%Y}, lot A"),
    ]
    entry = Entry.objects.get(verb="vaccines.reception_corrected")
    assert entry.details["reason"] == "Mal compté"
    assert entry.details["before"]["received"].startswith("35 le")


def test_the_people_vaccinated_are_put_right_with_a_reason_and_both_numbers_stay(gf, line):
    receive(gf, line, 40)
    part = line.receptions.get()
    save_vaccinated(by=gf, typed={line.pk: Vaccinated(42)})
    line.refresh_from_db()
    correct(gf, line, Corrected(part.pk, TODAY, 40), people=44)
    line.refresh_from_db()
    assert (line.vaccinated, line.vaccinated_by) == (44, gf)
    assert [one.text for one in receptions_kept(line)][:2] == [
        "Personnes vaccinées\u00a0: 44\u00a0personnes",
        "Personnes vaccinées\u00a0: 42\u00a0personnes",
    ]
    entry = Entry.objects.get(verb="vaccines.reception_corrected")
    assert (entry.details["before"]["vaccinated"], entry.details["after"]["vaccinated"]) == (42, 44)


def test_of_two_corrections_of_the_people_the_second_reads_the_first(gf, line):
    receive(gf, line, 40)
    part, seen = line.receptions.get(), state_of_receptions(line)
    save_vaccinated(by=gf, typed={line.pk: Vaccinated(42)})
    with pytest.raises(SupplyError, match="a changé"):
        correct(gf, line, Corrected(part.pk, TODAY, 40), seen=seen, people=None)
    line.refresh_from_db()
    assert line.vaccinated == 42


def test_a_reception_typed_twice_is_taken_away_and_the_delivery_awaited_again(gf, line):
    receive(gf, line, 20)
    receive(gf, line, 20)
    first, second = line.receptions.all()
    correct(gf, line, Corrected(first.pk, TODAY, 20), Corrected(second.pk, TODAY, 0))
    line.refresh_from_db()
    assert (line.receptions.get(), line.received_whole_at) == (first, None)


def test_a_correction_follows_the_rules_of_a_reception(gf, line):
    receive(gf, line, 35)
    part = line.receptions.get()
    for row, more, said in (
        (Corrected(part.pk, TODAY, 41), {}, "de plus"),
        (Corrected(part.pk, TODAY, 30), {"is_whole": True}, "de moins"),
        (Corrected(part.pk, TODAY, 40), {"why": " "}, "Dites pourquoi"),
        (Corrected(part.pk, TODAY, 40), {"seen": "autre"}, "a changé"),
    ):
        with pytest.raises(SupplyError, match=said):
            correct(gf, line, row, **more)
    with pytest.raises(SupplyError, match="n’est plus de votre PUI"):
        correct(make_person("GF", user=make_user()), line, Corrected(part.pk, TODAY, 40))
    assert Reception.objects.get().doses == 35


def scan(line, code):
    return read_box(line, code, TODAY)


def test_the_code_of_the_box_gives_lot_and_expiry(line):
    day = TODAY + timedelta(days=200)
    box = scan(line, f"]d201{GTIN}17{day:%y%m%d}10AB12\x1d21ZX9")
    assert (box.gtin, box.lot, box.expires_on, box.warning) == (GTIN, "AB12", day, "")


def test_an_unknown_or_another_product_is_refused_and_typing_stays_possible(line):
    with pytest.raises(SupplyError, match="n’est pas un vaccin de la campagne"):
        scan(line, f"01{OTHER_GTIN}10AB12")
    make_vaccine("Vaccin protéique", gtin=OTHER_GTIN)
    with pytest.raises(SupplyError, match="Cette boîte est «\u00a0Vaccin protéique"):
        scan(line, f"01{OTHER_GTIN}10AB12")
    with pytest.raises(SupplyError, match="quel est le produit"):
        scan(line, "10AB12")


@pytest.mark.parametrize(("days", "said"), [(-1, "périmé"), (10, "périme bientôt"), (31, "")])
def test_what_expires_is_told_before_it_is_used(line, days, said):
    box = scan(line, f"01{GTIN}17{TODAY + timedelta(days=days):%y%m%d}10A")
    assert said in box.warning
    assert bool(said) == bool(box.warning)
