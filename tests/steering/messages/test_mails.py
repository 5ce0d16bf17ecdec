"""One mail a person, by batches, once a day at most, whatever happens to the worker."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from steering.messages import letters
from steering.messages.following import missing, recipients
from steering.models import Mailing, Message
from steering.services.message_mails import (
    FIRST_WAIT,
    MOST_FAILURES,
    MOST_TRIES,
    PATIENCE,
    not_delivered,
    queue_left,
    send_waiting,
)
from steering.services.message_readings import acknowledge, note_reading, remind_late
from steering.services.message_rules import MessageError
from steering.services.messages import correct_message, send_message, withdraw_message
from steering.tasks.messages import send_left
from tests.builders import make_establishment, make_person
from tests.html_rules import assert_sound_html
from tests.steering.messages.conftest import sent

pytestmark = pytest.mark.django_db


def jobs():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s",
            ["steering.tasks.messages.send_batch"],
        )
        return cursor.fetchone()[0]


@pytest.fixture
def readers(centre):
    return [make_person("GF") for _ in range(3)]


def for_action(cell, **fields):
    today = timezone.localdate()
    return sent(cell, nature=Message.Nature.ACTION, due_on=today + timedelta(days=5), **fields)


def late(message, region=None):
    return missing(message, recipients(message, region))


def test_one_mail_a_person_with_several_profiles(cell, readers):
    make_person("GF", on=make_establishment(), user=readers[0])
    message = for_action(cell)
    assert Mailing.objects.count() == 3
    assert send_waiting(message.pk) == 3
    assert sorted(one.to[0] for one in mail.outbox) == sorted(one.email for one in readers)
    assert send_waiting(message.pk) == 0
    first = mail.outbox[0]
    assert first.subject.endswith("pour action\u00a0: Deux transmissions par semaine")
    assert f"/messages/{message.pk}/" in first.body
    assert "À partir de lundi, deux transmissions" in first.body
    assert len({one.extra_headers["Message-ID"] for one in mail.outbox}) == 3


def test_a_message_for_information_is_mailed_only_when_asked(cell, readers):
    sent(cell)
    assert not Mailing.objects.exists()
    assert jobs() == 0
    sent(cell, by_mail=True)
    assert Mailing.objects.count() == 3
    assert jobs() == 1


def test_a_server_that_is_away_loses_nobody_and_is_left_in_peace(cell, readers, monkeypatch):
    message = for_action(cell)
    monkeypatch.setattr(letters.EmailMultiAlternatives, "send", away)
    assert send_waiting(message.pk) == 0
    assert set(Mailing.objects.values_list("tries", "sent_at")) == {(1, None)}
    assert send_waiting(message.pk) == queue_left() == 0
    monkeypatch.undo()
    Mailing.objects.update(next_at=timezone.now() - PATIENCE)
    before = jobs()
    send_left(0)
    assert jobs() == before + 1
    assert send_waiting(message.pk) == 3
    assert queue_left() == 0


def test_a_server_that_takes_nothing_is_not_asked_for_each(cell, monkeypatch):
    for _ in range(MOST_FAILURES + 2):
        make_person("GF")
    message = for_action(cell)
    monkeypatch.setattr(letters.EmailMultiAlternatives, "send", away)
    send_waiting(message.pk)
    assert Mailing.objects.filter(tries=1).count() == MOST_FAILURES


def test_an_address_that_nobody_serves_is_asked_less_and_less_then_left(cell, readers, monkeypatch):
    message = for_action(cell)
    monkeypatch.setattr(letters.EmailMultiAlternatives, "send", away)
    waits, began = [], timezone.now()
    for _ in range(MOST_TRIES):
        Mailing.objects.update(next_at=began)
        send_waiting(message.pk)
        mailing = Mailing.objects.first()
        waits.append(round((mailing.next_at - timezone.now()) / FIRST_WAIT))
    assert waits == [3**tried for tried in range(MOST_TRIES)]
    monkeypatch.undo()
    Mailing.objects.update(next_at=began - PATIENCE)
    assert (queue_left(), send_waiting(message.pk)) == (0, 0)
    assert mail.outbox == []


def test_what_may_still_be_in_the_queue_is_not_queued_again(cell, readers):
    for_action(cell)
    assert queue_left() == 0
    Mailing.objects.update(next_at=timezone.now() - PATIENCE)
    assert queue_left() == 1


def test_a_batch_sends_so_many_and_leaves_the_others(cell, readers):
    message = for_action(cell)
    assert send_waiting(message.pk, most=2) == 2
    assert send_waiting(message.pk, most=2) == 1


def test_mails_given_up_are_told_to_the_sender_with_who_to_reach_otherwise(
    cell, readers, client, centre, brittany
):
    message = for_action(cell)
    lost, again, waiting = Mailing.objects.order_by("pk")
    Mailing.objects.filter(pk__in=[lost.pk, again.pk]).update(tries=MOST_TRIES)
    Mailing.objects.filter(pk=waiting.pk).update(tries=MOST_TRIES - 1)
    yesterday = timezone.localdate() - timedelta(days=1)
    Mailing.objects.create(  # a reminder reached that one
        message=message, profile=again.profile, user=again.user, day=yesterday,
        sent_at=timezone.now(),
    )  # fmt: skip
    assert {one.user for one in not_delivered(message)} == {lost.user}
    client.force_login(cell)
    address = reverse("steering:message_follow", args=[message.pk])
    shown = client.get(address)
    assert_sound_html(shown)
    assert "Courriel non remis</p>" in shown.text
    assert "?etat=non-remis#la-liste" in shown.text
    assert [one.pk for one in client.get(address, {"etat": "non-remis"}).context["page"]] == [
        lost.profile_id
    ]
    client.force_login(make_person("ARA", on=brittany))
    make_person("GF", on=make_establishment(region=brittany))
    assert "Courriel non remis</p>" not in client.get(address).text
    Mailing.objects.update(tries=0)
    client.force_login(cell)
    assert "Courriel non remis</p>" not in client.get(address).text


def away(self):
    raise SMTPServerDisconnected("away")


def test_who_left_since_is_not_written_to(cell, readers):
    message = for_action(cell)
    readers[0].profiles.update(state="ended")
    type(readers[1]).objects.filter(pk=readers[1].pk).update(is_active=False)
    assert send_waiting(message.pk) == 1
    assert [one.to for one in mail.outbox] == [[readers[2].email]]
    assert Mailing.objects.count() == 1


def test_a_withdrawn_message_is_no_longer_mailed(cell, readers):
    message = for_action(cell)
    withdraw_message(by=cell, message=message, reason="Erreur.")
    assert send_waiting(message.pk) == 0
    assert mail.outbox == []
    assert not Mailing.objects.exists()


def test_a_corrected_message_is_no_longer_mailed_nor_reminded(cell, readers):
    message = for_action(cell)
    correction = correct_message(by=cell, message=message)
    assert send_waiting(message.pk, most=1) == 1
    correction.due_on = message.due_on
    correction.save()
    send_message(by=cell, message=correction, seen=1)
    assert send_waiting(message.pk) == 0
    assert send_waiting(correction.pk) == 3
    with pytest.raises(MessageError, match="plus en vigueur"):
        remind_late(by=cell, message=message, profiles=late(message))
    with pytest.raises(MessageError, match="plus d’action"):
        acknowledge(by=readers[0], message=message)


def test_a_message_no_longer_shown_is_not_reminded(cell, readers):
    message = sent(cell, shown_until=timezone.localdate())
    Message.objects.filter(pk=message.pk).update(
        shown_until=timezone.localdate() - timedelta(days=1)
    )
    with pytest.raises(MessageError, match="plus en vigueur"):
        remind_late(by=cell, message=message, profiles=late(message))


def test_a_reminder_goes_to_who_has_not_answered_once_a_day(cell, readers):
    message = for_action(cell)
    for one in readers:
        one.forget_rights()
    note_reading(by=readers[0], message=message, profiles=readers[0].usable_profiles)
    acknowledge(by=readers[1], message=message)
    with pytest.raises(MessageError, match="aujourd’hui"):
        remind_late(by=cell, message=message, profiles=late(message))
    Mailing.objects.update(day=timezone.localdate() - timedelta(days=1), sent_at=timezone.now())
    assert remind_late(by=cell, message=message, profiles=late(message)) == 2
    with pytest.raises(MessageError, match="Personne n’est à relancer"):
        remind_late(by=cell, message=message, profiles=late(message))
    send_waiting(message.pk)
    assert {one.to[0] for one in mail.outbox} == {readers[0].email, readers[2].email}
    assert "Rappel" in mail.outbox[0].subject
    assert "pas encore dit l’avoir pris en compte" in mail.outbox[0].body


def test_what_only_informs_is_reminded_to_who_did_not_open_it(cell, readers):
    message = sent(cell)
    note_reading(by=readers[0], message=message, profiles=readers[0].usable_profiles)
    assert remind_late(by=cell, message=message, profiles=late(message)) == 2


def test_nobody_else_reminds(cell, readers):
    message = sent(cell)
    with pytest.raises(MessageError, match="ne relance pas"):
        remind_late(by=readers[0], message=message, profiles=late(message))
