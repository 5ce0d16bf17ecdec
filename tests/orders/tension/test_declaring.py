"""Declaring a tension, saying its end, taking it back: by the national cell alone, never twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.notices import aid
from journal.models import Entry
from orders.models import ServedRegion, Tension
from orders.rules import tensions_on
from orders.services.errors import OrderingError
from orders.services.tensions import (
    ChangedMeanwhileError,
    cancel_tension,
    set_end,
    state_of,
)
from tests.builders import make_region
from tests.locks import before_another
from tests.orders.builders import GLOVES, MASKS, serve

DAY = timedelta(days=1)


@pytest.fixture
def mails(monkeypatch):
    """The addresses of the mails queued, with what they say."""
    sent = []
    monkeypatch.setattr(aid, "queue_written", lambda subject, text, to: sent.append((to, text)))
    return sent


def test_a_tension_holds_from_its_first_day_to_its_last_both_included(world):
    world.declare(starts_on=world.today + DAY, ends_on=world.today + 3 * DAY)
    days = [MASKS in tensions_on(world.today + count * DAY) for count in range(5)]
    assert days == [False, True, True, True, False]


def test_a_tension_of_a_region_is_of_that_region_alone(world):
    world.declare(region=world.lyon)
    assert MASKS in tensions_on(world.today, world.lyon.pk)
    assert MASKS not in tensions_on(world.today, world.centre.pk)


def test_it_is_written_in_the_journal_with_its_days_and_its_message(world):
    world.declare(message="Aux soins des malades d’abord.", ends_on=world.today + DAY)
    entry = Entry.objects.get(verb="orders.tension_declared")
    assert entry.by == world.cell
    assert entry.details["message"] == "Aux soins des malades d’abord."
    assert entry.details["ends_on"] == f"{world.today + DAY:%Y-%m-%d}"


def test_the_ars_of_each_region_served_reads_a_mail(world, mails):
    make_region("04", "La Réunion", is_overseas=True, mailbox="ars-oi@sante.example")
    world.declare(message="Réservez-les aux soins.")
    assert {to for to, _ in mails} == {"ars-centre@sante.example", "ars-lyon@sante.example"}
    assert all("Réservez-les aux soins." in text for _, text in mails)


def test_of_a_regional_tension_only_its_ars_reads_a_mail(world, mails):
    world.declare(region=world.lyon)
    assert [to for to, _ in mails] == ["ars-lyon@sante.example"]


def test_nobody_but_the_national_cell_declares(world):
    with pytest.raises(OrderingError, match="Seule la cellule nationale"):
        world.declare(by=world.agent)
    assert not Tension.objects.exists()


def test_a_tension_is_not_declared_for_the_past_nor_ends_before_it_begins(world):
    with pytest.raises(OrderingError, match="à partir d’aujourd’hui"):
        world.declare(starts_on=world.today - DAY)
    with pytest.raises(OrderingError, match="finit avant de commencer"):
        world.declare(starts_on=world.today + 2 * DAY, ends_on=world.today + DAY)


def test_a_region_that_is_not_served_is_refused(world):
    with pytest.raises(OrderingError, match="ne sert pas Guadeloupe"):
        world.declare(region=make_region("01", "Guadeloupe", is_overseas=True))


def test_the_same_equipment_on_the_same_days_is_refused_with_the_days_of_the_other(world):
    world.declare(ends_on=world.today + 9 * DAY)
    with pytest.raises(OrderingError, match=f"au {world.today + 9 * DAY:%d/%m/%Y}"):
        world.declare(starts_on=world.today + 9 * DAY)
    world.declare(starts_on=world.today + 10 * DAY)
    world.declare(world.gloves)
    assert Tension.objects.count() == 3


def test_the_country_and_a_region_are_in_tension_together_and_the_region_reads_its_message(world):
    world.declare(message="Pour tous.")
    world.declare(region=world.lyon, message="Pour Lyon.")
    assert tensions_on(world.today, world.lyon.pk)[MASKS].message == "Pour Lyon."
    assert tensions_on(world.today, world.centre.pk)[MASKS].message == "Pour tous."


def test_the_end_is_said_by_its_last_day(world, mails):
    tension = world.declare()
    mails.clear()
    set_end(by=world.cell, tension=tension, ends_on=world.today)
    assert MASKS in tensions_on(world.today)
    assert MASKS not in tensions_on(world.today + DAY)
    assert len(mails) == 2
    entry = Entry.objects.get(verb="orders.tension_ended")
    assert entry.details["before"] == {"ends_on": None}


def test_the_end_is_told_to_the_ars_of_a_region_served_since(world, mails):
    serve(make_region("52", "Pays de la Loire", mailbox="ars-pdl@sante.example"))
    ServedRegion.objects.filter(region="52").update(starts_on=world.today)
    tension = world.declare()
    Tension.objects.update(starts_on=world.today - 9 * DAY)
    mails.clear()
    set_end(by=world.cell, tension=tension, ends_on=world.today)
    assert "ars-pdl@sante.example" in {to for to, _ in mails}


def test_the_end_may_be_put_off_but_not_over_another_tension(world):
    first = world.declare(ends_on=world.today + 2 * DAY)
    world.declare(starts_on=world.today + 9 * DAY)
    set_end(by=world.cell, tension=first, ends_on=world.today + 8 * DAY)
    with pytest.raises(OrderingError, match="relisez la liste"):
        set_end(by=world.cell, tension=first, ends_on=world.today + 9 * DAY)


def test_an_end_in_the_past_or_before_the_beginning_is_refused(world):
    now, later = world.declare(), world.declare(world.gloves, starts_on=world.today + 5 * DAY)
    with pytest.raises(OrderingError, match="pas pour le passé"):
        set_end(by=world.cell, tension=now, ends_on=world.today - DAY)
    with pytest.raises(OrderingError, match="annulez-la"):
        set_end(by=world.cell, tension=later, ends_on=world.today)


def test_only_a_tension_that_has_not_begun_is_taken_back(world):
    later, now = world.declare(starts_on=world.today + DAY), world.declare(world.gloves)
    cancel_tension(by=world.cell, tension=later)
    with pytest.raises(OrderingError, match="a commencé"):
        cancel_tension(by=world.cell, tension=now)
    assert [one.item_id for one in Tension.objects.all()] == [GLOVES]
    assert Entry.objects.filter(verb="orders.tension_cancelled").count() == 1


def test_who_decides_on_what_a_colleague_changed_is_told(world):
    tension = world.declare()
    seen = state_of(tension)
    set_end(by=world.cell, tension=tension, ends_on=world.today + DAY, seen=seen)
    with pytest.raises(ChangedMeanwhileError):
        set_end(by=world.cell, tension=tension, ends_on=world.today, seen=seen)
    assert Tension.objects.get().ends_on == world.today + DAY


@pytest.mark.django_db(transaction=True)
def test_two_who_declare_at_once_make_one_tension(world):
    with before_another(world.declare, refused=(OrderingError,)) as refusals:
        world.declare()
    assert Tension.objects.count() == 1
    assert "vient d’être déclarée" in str(refusals[0])


@pytest.mark.django_db(transaction=True)
def test_of_two_who_end_a_tension_at_once_the_second_reads_it_again(world):
    tension = world.declare()
    seen = state_of(tension)

    def later():
        set_end(by=world.cell, tension=tension, ends_on=world.today + 7 * DAY, seen=seen)

    with before_another(later, refused=(ChangedMeanwhileError,)) as refusals:
        set_end(by=world.cell, tension=tension, ends_on=timezone.localdate(), seen=seen)
    assert len(refusals) == 1
    assert Tension.objects.get().ends_on == timezone.localdate()


def test_nobody_but_the_national_cell_ends_or_takes_back(world):
    now, later = world.declare(), world.declare(world.gloves, starts_on=world.today + DAY)
    with pytest.raises(OrderingError, match="Seule la cellule nationale"):
        set_end(by=world.agent, tension=now, ends_on=world.today)
    with pytest.raises(OrderingError, match="Seule la cellule nationale"):
        cancel_tension(by=world.agent, tension=later)
    assert Tension.objects.filter(ends_on=None).count() == 2


def test_the_same_last_day_said_twice_changes_nothing_and_sends_no_mail(world, mails):
    tension = world.declare(ends_on=world.today + DAY)
    mails.clear()
    with pytest.raises(OrderingError, match="Rien ne change"):
        set_end(by=world.cell, tension=tension, ends_on=world.today + DAY)
    assert mails == []
