"""What those who answer do, and what each state allows."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from establishments.models import Region
from journal.models import Entry
from support.models import Ticket
from support.services.conversation import answer, note, write_again
from support.services.errors import ContactError
from support.services.handling import give_back, merge, set_priority, take, transfer
from support.services.settling import (
    WAITED,
    close,
    close_forgotten,
    close_settled,
    rate,
    reopen,
    resolve,
)
from support.services.tickets import Asked, open_ticket
from tests.builders import make_person, make_region
from tests.locks import before_another
from tests.support.contact.builders import make_subject, make_ticket, message

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(operator):
    return make_ticket(operator, service="ars")


@pytest.mark.parametrize("then", ["handled", "waiting", "resolved"])
def test_an_answer_is_kept_announced_and_followed_by_its_author(ticket, agency, operator, then):
    mail.outbox.clear()
    answer(by=agency, ticket=ticket, message=message("Voici."), then=then)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.assigned_to) == (then, agency)
    assert ticket.answered_at
    told = ticket.messages.get(kind="answer")
    assert (told.text, told.author) == ("Voici.", "ars Centre-Val de Loire")
    assert [one.to for one in mail.outbox] == [[operator.email]]
    assert "Voici." not in mail.outbox[0].body


def test_the_mails_go_to_the_address_of_the_profile_once_it_is_confirmed(ticket, agency, operator):
    profile = operator.active_profile
    profile.email = "service@ch.example"
    for verified, to in ((None, operator.email), (timezone.now(), "service@ch.example")):
        profile.email_verified_at = verified
        profile.save()
        mail.outbox.clear()
        answer(by=agency, ticket=ticket, message=message(), then="waiting")
        assert [one.to for one in mail.outbox] == [[to]]


def test_an_answer_sent_twice_is_one(ticket, agency):
    said = message()
    for _ in range(2):
        answer(by=agency, ticket=ticket, message=said, then="waiting")
    assert ticket.messages.filter(kind="answer").count() == 1


@pytest.mark.parametrize(
    "act", ["answer", "note", "take", "priority", "transfer", "merge", "close"]
)
def test_only_the_service_of_a_request_acts_on_it(ticket, act):
    other = make_person("ARA", on=make_region("53"))
    acts = {
        "answer": lambda by: answer(by=by, ticket=ticket, message=message(), then="waiting"),
        "note": lambda by: note(by=by, ticket=ticket, message=message()),
        "take": lambda by: take(by=by, ticket=ticket, seen=None),
        "priority": lambda by: set_priority(by=by, ticket=ticket, priority=4),
        "transfer": lambda by: transfer(
            by=by, ticket=ticket, service="support", region=None, reason="Pas chez nous."
        ),
        "merge": lambda by: merge(by=by, ticket=ticket, into=ticket.pk + 1),
        "close": lambda by: close(by=by, ticket=ticket, reason="Sans objet"),
    }
    before = Entry.objects.count()
    for who in (other, make_person("SPF"), make_person("NAT"), ticket.opened_by):
        with pytest.raises(ContactError):
            acts[act](who)
    assert Entry.objects.count() == before
    assert ticket.messages.count() == 1


@pytest.mark.parametrize("act", [resolve, reopen, lambda **one: rate(**one, rating=3)])
def test_only_who_asked_says_how_it_ends(ticket, agency, act):
    for who in (agency, make_person("OIE"), None):
        with pytest.raises(ContactError, match="n’est pas à vous"):
            act(by=who, ticket=ticket)


def test_taken_it_is_under_way_and_given_back_it_waits(ticket, agency):
    take(by=agency, ticket=ticket, seen=None)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.assigned_to) == ("handled", agency)
    give_back(by=agency, ticket=ticket)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.assigned_to) == ("open", None)
    with pytest.raises(ContactError, match="ne suivez pas"):
        give_back(by=agency, ticket=ticket)


def test_what_another_follows_is_taken_over_knowingly(ticket, agency, agent):
    take(by=agency, ticket=ticket, seen=None)
    with pytest.raises(ContactError, match=f"{agency} s’en occupe depuis"):
        take(by=agent, ticket=ticket, seen=None)
    take(by=agent, ticket=ticket, seen=agency.pk)
    ticket.refresh_from_db()
    assert ticket.assigned_to == agent


@pytest.mark.django_db(transaction=True)
def test_two_at_once_the_first_has_it_the_second_is_told_who(operator, agent):
    ticket, other = make_ticket(operator), make_person("SUP")
    with before_another(
        lambda: take(by=other, ticket=ticket, seen=None), refused=(ContactError,)
    ) as refusals:
        take(by=agent, ticket=ticket, seen=None)
    ticket.refresh_from_db()
    assert ticket.assigned_to == agent
    assert str(agent) in str(refusals[0])


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_is_one_request(operator):
    asked, token = Asked(make_subject(), "Une page blanche."), uuid.uuid4()
    with before_another(lambda: open_ticket(by=operator, asked=asked, token=token)) as refusals:
        open_ticket(by=operator, asked=asked, token=token)
    assert (Ticket.objects.count(), list(refusals)) == (1, [])


def test_handed_over_it_is_announced_with_its_reason_for_the_next_service_alone(
    ticket, agency, agent, operator
):
    take(by=agency, ticket=ticket, seen=None)
    mail.outbox.clear()
    reason = "C’est une panne, pas un droit."
    transfer(by=agency, ticket=ticket, service="support", region=None, reason=reason)
    ticket.refresh_from_db()
    assert (ticket.body, ticket.state, ticket.assigned_to) == (None, "open", None)
    assert sorted(one.to[0] for one in mail.outbox) == sorted(
        [operator.email, "support@stocks-sante.example"]
    )
    assert reason in ticket.messages.get(kind="note").text
    assert reason not in "".join(one.text for one in ticket.messages.public())
    with pytest.raises(ContactError, match="pas adressée à votre service"):
        note(by=agency, ticket=ticket, message=message())


@pytest.mark.parametrize(
    ("service", "region", "reason", "said"),
    [
        ("ars", None, "Une raison", "Choisissez la région"),
        ("ars", "24", "Une raison", "déjà adressée"),
        ("ars", "75", "Une raison", "n’existe pas encore"),
        ("ailleurs", None, "Une raison", "de la liste"),
        ("support", None, " a ", "Dites pourquoi"),
    ],
)
def test_a_transfer_that_leads_nowhere_is_refused(ticket, agency, service, region, reason, said):
    make_region("75", "Nouvelle-Aquitaine")
    found = Region.objects.filter(pk=region).first()
    with pytest.raises(ContactError, match=said):
        transfer(by=agency, ticket=ticket, service=service, region=found, reason=reason)
    ticket.refresh_from_db()
    assert ticket.body.region_id == "24"


def test_two_requests_of_the_same_person_become_one(operator, agent):
    first, second = make_ticket(operator), make_ticket(operator)
    merge(by=agent, ticket=second, into=first.pk)
    second.refresh_from_db()
    assert (second.state, second.merged_into) == ("closed", first)
    assert first.number in second.messages.get(kind="step").text
    assert second.number in first.messages.get(kind="step").text


def test_requests_of_two_people_are_never_one(operator, agent):
    first, second = make_ticket(operator), make_ticket(make_person("OIE"))
    with pytest.raises(ContactError, match="autre personne"):
        merge(by=agent, ticket=second, into=first.pk)
    for wrong in (second.pk, 999_999):
        with pytest.raises(ContactError, match="autre demande"):
            merge(by=agent, ticket=second, into=wrong)
    visitor = make_ticket()
    with pytest.raises(ContactError, match="autre personne"):
        merge(by=agent, ticket=visitor, into=first.pk)


def test_an_agency_does_not_learn_of_a_request_it_does_not_read(operator, agency):
    mine, elsewhere = make_ticket(operator, service="ars"), make_ticket(operator)
    with pytest.raises(ContactError, match="adressée à votre service"):
        merge(by=agency, ticket=mine, into=elsewhere.pk)


def test_what_who_asked_adds_puts_the_request_back_before_its_service(ticket, agency, operator):
    answer(by=agency, ticket=ticket, message=message(), then="waiting")
    mail.outbox.clear()
    write_again(by=operator, ticket=ticket, message=message("Voici la capture."))
    ticket.refresh_from_db()
    assert ticket.state == "handled"
    assert [one.to for one in mail.outbox] == [[agency.email]]


def test_what_who_asked_adds_is_told_to_the_mailbox_when_who_followed_has_left(
    ticket, agency, operator
):
    answer(by=agency, ticket=ticket, message=message(), then="waiting")
    type(agency).objects.filter(pk=agency.pk).update(is_active=False)
    mail.outbox.clear()
    write_again(by=operator, ticket=ticket, message=message())
    assert [one.to for one in mail.outbox] == [["centre@bal.example"]]


def test_resolved_it_is_opened_again_for_two_weeks_then_closed(ticket, agency, operator):
    answer(by=agency, ticket=ticket, message=message(), then="resolved")
    rate(by=operator, ticket=ticket, rating=1)
    reopen(by=operator, ticket=ticket)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.rating, ticket.resolved_at) == ("handled", None, None)
    answer(by=agency, ticket=ticket, message=message(), then="resolved")
    late = timezone.now() + timedelta(days=14, minutes=1)
    with pytest.raises(ContactError, match="plus de 14"):
        reopen(by=operator, ticket=ticket, now=late)
    assert close_settled(now=late - timedelta(minutes=5)) == 0
    assert close_settled(now=late) == 1
    with pytest.raises(ContactError, match="close depuis"):
        write_again(by=operator, ticket=ticket, message=message())
    assert Entry.objects.get(verb="support.tickets_closed").details["count"] == 1


@pytest.mark.parametrize("how", ["who asked writes", "answered again", "handed over"])
def test_an_opinion_is_of_the_last_answer_alone(ticket, agency, operator, how):
    answer(by=agency, ticket=ticket, message=message(), then="resolved")
    rate(by=operator, ticket=ticket, rating=1)
    acts = {
        "who asked writes": lambda: write_again(by=operator, ticket=ticket, message=message()),
        "answered again": lambda: answer(
            by=agency, ticket=ticket, message=message(), then="resolved"
        ),
        "handed over": lambda: transfer(
            by=agency, ticket=ticket, service="support", region=None, reason="Une panne."
        ),
    }
    acts[how]()
    ticket.refresh_from_db()
    assert ticket.rating is None


def test_satisfaction_is_told_once_answered_and_resolved(ticket, agency, operator):
    with pytest.raises(ContactError, match="une fois la demande résolue"):
        rate(by=operator, ticket=ticket, rating=3)
    resolve(by=operator, ticket=ticket)
    with pytest.raises(ContactError, match="une fois la demande résolue"):
        rate(by=operator, ticket=ticket, rating=3)
    reopen(by=operator, ticket=ticket)
    answer(by=agency, ticket=ticket, message=message(), then="resolved")
    with pytest.raises(ContactError, match="trois réponses"):
        rate(by=operator, ticket=ticket, rating=9)
    rate(by=operator, ticket=ticket, rating=2)
    assert Ticket.objects.get().rating == 2


def test_the_priority_is_changed_and_journaled(ticket, agency):
    set_priority(by=agency, ticket=ticket, priority=4)
    entry = Entry.objects.get(verb="support.ticket_ordered")
    assert (entry.details["before"], entry.details["after"]) == ("normale", "urgente")
    with pytest.raises(ContactError, match="de la liste"):
        set_priority(by=agency, ticket=ticket, priority=9)


def test_the_journal_never_holds_what_was_written(ticket, agency):
    answer(by=agency, ticket=ticket, message=message("Un secret bien gardé"), then="waiting")
    note(by=agency, ticket=ticket, message=message("Une note bien gardée"))
    told = " ".join(f"{one.target} {one.details}" for one in Entry.objects.all())
    assert "gardé" not in told
    assert "blanche" not in told


def test_a_request_that_waits_for_who_asked_ends_after_two_months_and_says_so(operator, agent):
    ticket = make_ticket(operator)
    answer(by=agent, ticket=ticket, message=message("Avec quel logiciel\u00a0?"), then="waiting")
    make_ticket(make_person("OIE"))
    late = timezone.now() + WAITED
    mail.outbox.clear()
    assert close_forgotten(now=late - timedelta(minutes=5)) == 0
    assert close_forgotten(now=late) == 1
    assert close_forgotten(now=late) == 0
    ticket.refresh_from_db()
    assert ticket.state == "closed"
    assert "close" in ticket.messages.last().text
    assert mail.outbox[0].to == [operator.email]
    assert ticket.number in mail.outbox[0].subject
