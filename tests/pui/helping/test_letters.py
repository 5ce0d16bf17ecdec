"""Who has to read a request for help, or its answer, is written to, once."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Profile
from common.weeks import PARIS
from establishments.models import Region
from journal.models import Entry
from pui.helping.letters import TELL, regions_to_tell_again, take_waiting_mail
from pui.models import HelpRequest
from pui.services.helping import (
    Outcome,
    withdraw_request,
)
from pui.tasks.helping import tell_agencies_again
from tests.builders import make_person, make_region
from tests.pui.builders import make_pui
from tests.pui.helping.asking import LIST, WHY, answer, ask, waiting

pytestmark = pytest.mark.django_db
THURSDAY = datetime(2020, 11, 19, 14, tzinfo=PARIS)


def test_the_asker_is_mailed_the_answer(country):
    answer(country, ask(country), Outcome.REFUSED, "Le stock du CHU est au plus bas")
    (sent,) = mail.outbox
    assert sent.to == [country.gf.email]
    assert "refusée" in sent.subject
    assert "«\u00a0Le stock du CHU est au plus bas\u00a0»" in sent.body
    assert f"{LIST}{HelpRequest.objects.get().pk}/" in sent.body
    assert Entry.objects.get(verb="pui.help_answered").details["answer"] == "refusée"


def test_the_pharmacy_reads_the_answer_when_the_asker_left_or_the_agency_asked(country):
    other = make_person("GF", on=country.orleans.establishment)
    row = ask(country)
    row.profile.state = Profile.State.ENDED
    row.profile.save()
    answer(country, row, Outcome.SETTLED)
    told = {one.to[0] for one in mail.outbox}
    assert other.email in told
    assert country.gf.email not in told
    mail.outbox.clear()
    declarant = make_person("GF", on=country.blois.establishment)
    colleague = make_person("ARA", on=make_region())
    answer(country, ask(country, by=country.agent, pui=country.blois), by=colleague)
    assert {country.agent.email, declarant.email} <= {one.to[0] for one in mail.outbox}
    assert colleague.email not in {one.to[0] for one in mail.outbox}


def test_the_agency_is_told_what_waits_in_one_mail(country):
    Region.objects.filter(pk="24").update(mailbox="ars@ars.example")
    ask(country)
    assert waiting() == [({"region": "24"}, True)], "queued a little later, for others to join"
    ask(country, pui=make_pui("PUI Sud", on=country.orleans.establishment))
    assert len(waiting()) == 1
    message = take_waiting_mail("24")
    assert message.to == ["ars@ars.example"]
    assert message.subject.endswith("2 demandes d’aide attendent votre réponse")
    assert "40\u00a0ampoules" in message.body
    assert WHY not in message.body, "people write what they will: it stays on the page"


def test_what_was_answered_or_withdrawn_before_the_mail_leaves_is_not_told(country):
    row, other = ask(country), ask(country, pui=country.blois, by=country.agent)
    answer(country, row)
    assert other.label in take_waiting_mail("24").body
    HelpRequest.objects.update(told_at=None)
    withdraw_request(by=country.agent, request=other)
    assert take_waiting_mail("24") is None


def test_what_is_new_is_told_and_what_was_told_is_only_counted(country):
    ask(country)
    assert take_waiting_mail("24", THURSDAY)
    assert take_waiting_mail("24", THURSDAY) is None, "nothing new"
    ask(country, pui=make_pui("PUI Sud", on=country.orleans.establishment))
    message = take_waiting_mail("24", THURSDAY)
    assert message.subject.endswith("Une demande d’aide attend votre réponse")
    assert "PUI Sud" in message.body
    assert f"ampoules de {country.product.reference.label}, {country.orleans} (" not in message.body
    assert "Une demande déjà signalée attend encore." in message.body


def test_what_nobody_answered_is_told_again_after_three_working_days(country):
    row = ask(country)
    take_waiting_mail("24", THURSDAY)
    tuesday = THURSDAY + timedelta(days=5)
    early, late = tuesday - timedelta(minutes=1), tuesday
    assert (take_waiting_mail("24", early), regions_to_tell_again(early)) == (None, [])
    assert regions_to_tell_again(late) == ["24"]
    message = take_waiting_mail("24", late)
    assert message.subject.endswith("Une demande d’aide attend toujours votre réponse")
    assert "Sans réponse depuis plusieurs jours" in message.body
    assert regions_to_tell_again(late) == [], "told, it waits three days more"
    answer(country, row)
    assert regions_to_tell_again(late + timedelta(days=30)) == []


@pytest.mark.parametrize(
    ("hour", "day", "queued"),
    [(8, 24, 1), (7, 24, 0), (12, 22, 0)],
    ids=["open", "early", "sunday"],
)
def test_agencies_are_told_again_when_offices_are_open(country, monkeypatch, hour, day, queued):
    row = ask(country)
    ProcrastinateJob.objects.filter(task_name=TELL).delete()
    HelpRequest.objects.filter(pk=row.pk).update(told_at=THURSDAY - timedelta(days=14))
    now = datetime(2020, 11, day, hour, tzinfo=PARIS)
    monkeypatch.setattr(timezone, "now", lambda: now)
    tell_agencies_again(0)
    tell_agencies_again(0)
    assert waiting() == [({"region": "24"}, False)] * queued


def test_an_agency_without_mailbox_is_told_by_those_who_administer_it(country):
    ask(country)
    assert take_waiting_mail("24").to == [country.agent.email]


def test_the_agency_is_told_at_once_when_care_is_at_stake(country):
    ask(country, urgency=HelpRequest.Urgency.TODAY)
    assert waiting() == [({"region": "24"}, False)]


def test_an_agency_is_not_told_of_what_it_asks_itself(country):
    ask(country, by=country.agent, pui=country.blois)
    assert waiting() == []
