"""What tells who asked is erased; what counts requests stays."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from journal.models import Entry
from support.models import Screenshot, Ticket, TicketMessage
from support.services.conversation import answer
from support.services.purging import purge_old_tickets
from support.services.settling import close, close_settled
from tests.support.contact.builders import make_ticket, message

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(operator, agent):
    ticket = make_ticket(operator, page="/distrilog/", answers={"PUI": "Nord"}, phone="02")
    Screenshot.objects.create(message=ticket.messages.get(), content=b"x", width=1, height=1)
    answer(by=agent, ticket=ticket, message=message(), then="resolved")
    close_settled(now=timezone.now() + timedelta(days=15))
    return Ticket.objects.get()


def later(months):
    return timezone.now() + timedelta(days=15 + 31 * months)


def test_after_the_time_nothing_tells_who_asked_nor_what(ended, settings):
    settings.SUPPORT_KEPT_MONTHS = 6
    assert purge_old_tickets(now=later(5)) == 0
    assert purge_old_tickets(now=later(7)) == 1
    ended.refresh_from_db()
    assert (TicketMessage.objects.count(), Screenshot.objects.count()) == (0, 0)
    assert (ended.opened_by, ended.profile, ended.name, ended.phone, ended.place) == (
        None, None, "", "", "",
    )  # fmt: skip
    assert (ended.page, ended.title, ended.answers, ended.role) == ("", "", {}, "")
    assert (ended.subject.slug, ended.region_id) == ("support", "24")
    assert Entry.objects.get(verb="support.tickets_purged").details["count"] == 1
    assert purge_old_tickets(now=later(8)) == 0


def test_the_time_counts_from_the_end_and_not_from_the_opening(operator, agent, settings):
    settings.SUPPORT_KEPT_MONTHS = 6
    old = make_ticket(operator, now=timezone.now() - timedelta(days=400))
    close(by=agent, ticket=old, reason="Sans objet.")
    assert purge_old_tickets() == 0
    assert TicketMessage.objects.exists()


def test_what_is_not_closed_is_never_erased(operator):
    make_ticket(operator)
    assert purge_old_tickets(now=later(500)) == 0
    assert TicketMessage.objects.exists()


def test_the_database_refuses_an_erased_request_that_names_somebody(ended):
    with pytest.raises(IntegrityError, match="ticket_purged_holds_nobody"), transaction.atomic():
        Ticket.objects.update(purged_at=timezone.now())


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"service": "ars"}, "ticket_has_its_service"),
        ({"opened_by": None}, "ticket_is_of_somebody"),
        ({"state": "open"}, "ticket_closed_says_when"),
    ],
)
def test_the_database_refuses_what_must_never_be(ended, wrong, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Ticket.objects.update(**wrong)
