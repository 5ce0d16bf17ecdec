"""Two people, or two clicks, at the same moment on one message."""

import pytest
from django.utils import timezone

from journal.models import Entry
from steering.models import Mailing, Message, Reading
from steering.services.message_readings import acknowledge
from steering.services.message_rules import MessageChangedError
from steering.services.messages import change_message, send_message
from tests.builders import make_person
from tests.locks import before_another
from tests.steering.messages.conftest import content, draft, sent

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_colleagues_send_it_once(cell, hospital):
    make_person("GF", on=hospital)
    colleague = make_person("NAT", domain="dispostock")
    found = draft(cell, by_mail=True)
    with before_another(lambda: send_message(by=colleague, message=found, seen=1)):
        send_message(by=cell, message=found, seen=1)
    assert Entry.objects.filter(verb="steering.message_sent").count() == 1
    assert Mailing.objects.count() == 1


def test_what_a_colleague_changes_meanwhile_does_not_leave_unread(cell, hospital):
    make_person("GF", on=hospital)
    colleague = make_person("NAT", domain="dispostock")
    found = draft(cell)
    with before_another(
        lambda: send_message(by=colleague, message=found, seen=1), refused=MessageChangedError
    ) as refused:
        change_message(by=cell, message=found, content=content(title="Corrigé"), seen=1)
    assert len(refused) == 1
    assert Message.objects.get().is_draft


def test_two_clicks_take_it_into_account_once(cell, hospital):
    reader = make_person("GF", on=hospital)
    message = sent(cell, nature=Message.Nature.ACTION, apply_on=timezone.localdate())
    message.refresh_from_db()
    with before_another(lambda: acknowledge(by=reader, message=message)):
        acknowledge(by=reader, message=message)
    assert Reading.objects.count() == 1
    assert Entry.objects.filter(verb="steering.message_acknowledged").count() == 1
