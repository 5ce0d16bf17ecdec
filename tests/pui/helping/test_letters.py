"""Who has to read a request for help, or its answer, is written to, once."""

import pytest
from django.core import mail

from accounts.models import Profile
from establishments.models import Region
from journal.models import Entry
from pui.helping.letters import waiting_mail
from pui.models import HelpRequest
from pui.services.helping import (
    Outcome,
    withdraw_request,
)
from tests.builders import make_person, make_region
from tests.pui.builders import make_pui
from tests.pui.helping.asking import LIST, WHY, answer, ask, waiting

pytestmark = pytest.mark.django_db


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
    row = ask(country)
    assert waiting() == [({"region": "24"}, True)], "queued a little later, for others to join"
    ask(country, pui=make_pui("PUI Sud", on=country.orleans.establishment))
    assert len(waiting()) == 1
    message = waiting_mail("24")
    assert message.to == ["ars@ars.example"]
    assert message.subject.endswith("2 demandes d’aide attendent votre réponse")
    assert "40\u00a0ampoules" in message.body
    assert WHY not in message.body, "people write what they will: it stays on the page"
    answer(country, row)
    assert "Une demande d’aide attend" in waiting_mail("24").subject
    withdraw_request(by=country.gf, request=HelpRequest.objects.latest("pk"))
    assert waiting_mail("24") is None


def test_an_agency_without_mailbox_is_told_by_those_who_administer_it(country):
    ask(country)
    assert waiting_mail("24").to == [country.agent.email]


def test_the_agency_is_told_at_once_when_care_is_at_stake(country):
    ask(country, urgency=HelpRequest.Urgency.TODAY)
    assert waiting() == [({"region": "24"}, False)]


def test_an_agency_is_not_told_of_what_it_asks_itself(country):
    ask(country, by=country.agent, pui=country.blois)
    assert waiting() == []
