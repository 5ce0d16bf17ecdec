"""Reminders that leave by themselves: only to the late, one mail a person, once, until it comes."""

import threading
from datetime import time, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from journal.models import Entry
from medications.calendar import calendar_of
from pui.models import (
    Pui,
    Reminder,
    ReminderRound,
    ReminderTimetable,
    ServedEstablishment,
    SwitchOver,
)
from pui.models.reminding import Step
from pui.reminders.late import late_lists, step_after
from pui.reminders.letters import agency_mail, reminder_mail
from pui.services import rounds
from pui.services.reminding import RemindingError, send_reminders
from pui.services.rounds import SEND, TELL, make_rounds
from tests.builders import make_body, make_establishment, make_person
from tests.pui.builders import (
    make_followed,
    make_list,
    make_product,
    make_pui,
    make_transmission,
)
from tests.pui.region.conftest import NOW

pytestmark = pytest.mark.django_db
MOMENT = NOW.replace(hour=14, minute=2)  # Tuesday 24 November 2020
WEEK = timedelta(days=7)


@pytest.fixture
def centre(world):
    """The region of Orléans and Bourges writes on Tuesdays at 14 h; Lyon's never today."""
    region = world.orleans.establishment.region
    ReminderTimetable.objects.create(region=region, weekdays=[2], at=time(14), patience=2)
    ReminderTimetable.objects.create(region=None, weekdays=[5], at=time(9))
    return region


@pytest.fixture
def gf(world, centre):
    return make_person("GF", on=world.orleans.establishment)


def jobs(task=SEND):
    return [one.args for one in ProcrastinateJob.objects.filter(task_name=task).order_by("id")]


def deliver():
    """Send what waits, as the worker would, and forget it."""
    for one in jobs():
        if message := reminder_mail(one["reminders"], one["profile"], one["pui"]):
            message.send()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    sent, mail.outbox = mail.outbox, []
    return sent


def test_at_its_hour_a_region_writes_to_its_late_pharmacies(world, gf):
    (row,) = make_rounds(MOMENT)
    (sent,) = deliver()
    assert sent.to == [gf.email]
    assert sent.subject.endswith("Stock autres médicaments à transmettre\u00a0: PUI de Orléans")
    assert f"/dispostock/medicaments/transmission/?pui={world.orleans.pk}" in sent.body
    assert (row.late, row.reminded, row.mails, row.unreachable) == (2, 1, 1, 1)
    entry = Entry.objects.get(verb="pui.reminded")
    assert (entry.by, entry.finess) == (None, world.orleans.establishment.finess)


@pytest.mark.parametrize("moment", [NOW, MOMENT + timedelta(hours=4), MOMENT + timedelta(days=1)])
def test_neither_before_its_hour_nor_too_late_nor_another_day(world, gf, moment):
    assert make_rounds(moment) == []
    assert jobs() == []


def test_once_a_day_however_often_the_worker_looks(world, gf):
    assert len(make_rounds(MOMENT)) == 1
    assert make_rounds(MOMENT + timedelta(minutes=5)) == []
    assert len(jobs()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_once(world, gf):
    made = []

    def other_worker():
        made.append(make_rounds(MOMENT))
        connection.close()

    with transaction.atomic():
        assert len(make_rounds(MOMENT)) == 1
        thread = threading.Thread(target=other_worker)
        thread.start()
        thread.join()
    assert made == [[]]
    assert make_rounds(MOMENT) == []
    assert len(jobs()) == 1


def test_without_the_lock_the_database_still_keeps_one_round_a_day(world, gf, monkeypatch):
    """The second looked before the first had written."""
    make_rounds(MOMENT)
    seen = {"24": (world.orleans.establishment.region, MOMENT)}
    monkeypatch.setattr(rounds, "due_regions", lambda now: seen)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_rounds(MOMENT)
    assert len(jobs()) == 1


def test_one_mail_a_person_for_all_their_pharmacies_and_lists(world, centre):
    entity = world.orleans.establishment.legal_entity
    make_pui("PUI annexe", on=make_establishment(entity))
    make_followed(make_product("VACCIN GRIPPAL"), slug="grippe")
    gf = make_person("GF", on=entity)
    make_person("GF", on=world.orleans.establishment, user=gf)
    make_rounds(MOMENT)
    (sent,) = deliver()
    assert sent.to == [gf.email]
    assert "4 stocks de pharmacie à transmettre" in sent.subject
    assert sent.body.count("Transmettre") == 4
    assert Reminder.objects.count() == 4


def test_who_declared_is_left_alone(world, gf):
    world.declare(world.orleans, {world.cis: (5, 1)}, back=1)
    make_rounds(MOMENT)
    assert jobs() == []


def test_who_declares_before_the_mail_leaves_receives_none(world, gf):
    make_rounds(MOMENT)
    world.declare(world.orleans, {world.cis: (5, 1)}, back=1)
    assert deliver() == []


def test_what_still_lacks_is_in_the_mail_without_what_came(world, gf):
    make_followed(make_product("VACCIN GRIPPAL"), slug="grippe")
    make_rounds(MOMENT)
    world.declare(world.orleans, {world.cis: (5, 1)}, back=1)
    (sent,) = deliver()
    assert "vaccin grippe" in sent.subject
    assert "autres médicaments" not in sent.body


def test_closed_or_served_nobody_is_written_to(world, gf):
    served = make_establishment()
    make_person("GF", on=served)
    ServedEstablishment.objects.create(pui=world.lyon, establishment=served, starts_on="2020-01-01")
    Pui.objects.filter(pk=world.orleans.pk).update(closed_on="2020-11-22")
    make_rounds(MOMENT)
    assert jobs() == []


def test_a_region_that_has_not_left_mapui_is_not_written_to(world, gf, centre):
    switch = SwitchOver.objects.create(region=centre, switches_on="2020-11-25")
    assert make_rounds(MOMENT) == []
    assert late_lists([centre], MOMENT) == []
    switch.switches_on = "2020-11-24"
    switch.save()
    assert len(make_rounds(MOMENT)) == 1


def test_a_list_that_follows_nothing_is_not_asked_for(world, gf):
    make_list("covid")
    make_rounds(MOMENT)
    assert set(Reminder.objects.values_list("monitored_list", flat=True)) == {"autres"}


def test_paused_nothing_leaves(world, gf, centre):
    ReminderTimetable.objects.filter(region=centre).update(is_paused=True)
    assert make_rounds(MOMENT) == []


def test_one_that_an_agent_reminded_this_morning_is_left_alone(world, gf):
    ask = {"monitored_list": make_list(), "pui_ids": [world.orleans.pk]}
    send_reminders(by=make_person("ARA"), now=NOW, **ask)
    (row,) = make_rounds(MOMENT)
    assert (row.reminded, row.mails, jobs()) == (0, 0, [])


def test_an_agent_cannot_remind_again_what_left_today(world, gf):
    make_rounds(MOMENT)
    with pytest.raises(RemindingError):
        send_reminders(
            by=make_person("ARA"),
            monitored_list=make_list(),
            pui_ids=[world.orleans.pk],
            now=MOMENT + timedelta(hours=1),
        )


@pytest.mark.parametrize(
    ("missed", "step"),
    [
        (0, Step.DECLARANTS),
        (1, Step.DECLARANTS),
        (2, Step.ADMINISTRATORS),
        (3, Step.ADMINISTRATORS),
        (4, Step.AGENCY),
        (9, Step.AGENCY),
    ],
)
def test_the_next_people_are_written_to_after_two_reminders_without_an_answer(missed, step):
    assert step_after(missed, 2) is step


def test_the_administrators_then_the_ars_are_told(world, gf, centre):
    ape = make_person("APE", on=world.orleans.establishment)
    body = make_body("ars", region=centre)
    body.mailbox = "ars-pui@ars.example"
    body.save()
    reached = []
    for week in range(6):
        make_rounds(MOMENT + week * WEEK)
        told = [one["puis"] for one in jobs(TELL)]
        sent = deliver()
        reached.append(({one.to[0] for one in sent}, told))
    both = {gf.email, ape.email}
    assert [people for people, _ in reached] == [{gf.email}] * 2 + [both] * 4
    assert [told for _, told in reached] == [[], [], [], [], [[world.orleans.pk]], []], "told once"
    assert "4 relances sans réponse" in sent[0].body.replace("5 relances", "4 relances")
    assert "L’ARS en est informée" in sent[0].body
    message = agency_mail("24", [world.orleans.pk])
    assert message.to == ["ars-pui@ars.example"]
    assert gf.email in message.body


def test_a_declaration_starts_again_from_the_first_step(world, gf, centre):
    ape = make_person("APE", on=world.orleans.establishment)
    for week in range(3):
        make_rounds(MOMENT + week * WEEK)
    assert ape.email in {one.to[0] for one in deliver()}
    last = MOMENT + 2 * WEEK
    send_declaration(world, gf, Reminder.objects.latest("due_on").due_on, last)
    make_rounds(last + 2 * WEEK)
    assert {one.to[0] for one in deliver()} == {gf.email}


def send_declaration(world, gf, due_on, now):
    make_transmission(world.orleans, {world.cis: (5, 1)}, by=gf, due_on=due_on, now=now)


def test_without_gf_the_pharmacy_itself_is_written_to(world, centre):
    Pui.objects.filter(pk=world.bourges.pk).update(contact_email="pui@ch.example")
    make_rounds(MOMENT)
    assert [one.to for one in deliver()] == [["pui@ch.example"]]


def test_who_left_meanwhile_receives_nothing(world, gf):
    make_rounds(MOMENT)
    type(gf).objects.filter(pk=gf.pk).update(is_active=False)
    assert deliver() == []


def test_a_pharmacy_without_region_follows_the_country(world, centre):
    site = make_establishment(name="Hôpital de Sia")
    site.region = site.department = None
    site.save()
    pui = make_pui("PUI de Sia", on=site)
    gf = make_person("GF", on=site)
    ReminderTimetable.objects.filter(region=None).update(weekdays=[2], at=time(14))
    found = {one.region_id: one for one in make_rounds(MOMENT)}
    assert found[None].reminded == 1
    assert [one.to for one in deliver()] == [[gf.email]]
    assert Reminder.objects.get(pui=pui).round == found[None]


def test_the_number_of_statements_is_that_of_the_lists(world, gf, centre):
    def count():
        with CaptureQueriesContext(connection) as queries:
            late_lists([centre], MOMENT)
        return len(queries)

    with_two = count()
    for number in range(5):
        make_pui(f"PUI {number}", on=make_establishment())
    assert count() == with_two


def test_the_number_of_statements_is_not_that_of_the_regions(world, gf, centre):
    def count(regions):
        with CaptureQueriesContext(connection) as queries:
            late_lists(regions, MOMENT)
        return len(queries)

    assert count([centre, world.lyon.establishment.region, None]) == count([centre])


def test_late_for_two_lists_a_pharmacy_keeps_what_it_declared_of_each(world, gf, centre):
    make_followed(make_product("VACCIN"), "grippe")
    world.declare(world.orleans, {world.cis: (50, 10)}, back=3)
    late = [one for one in late_lists([centre], MOMENT) if one.pui == world.orleans]
    found = {one.monitored_list.pk: one for one in late}
    assert found["autres"].late.freshness.declared_on == calendar_of("autres").past_dues(NOW, 3)[2]
    assert found["grippe"].late.freshness.declared_on is None
    assert all(gf.email in one.late.recipients for one in late)


def test_a_reminder_is_of_a_person_or_of_a_round(world, centre):
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(
            pui=world.orleans,
            monitored_list=make_list(),
            due_on="2020-11-20",
            day="2020-11-24",
            recipients=1,
        )
    assert not ReminderRound.objects.exists()
