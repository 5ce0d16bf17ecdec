"""Each subject, from each region, goes to the service that must answer, and to nobody else."""

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.urls import reverse

from establishments.models import AdministrativeBody
from establishments.perimeter import Action
from support.models import Service, Ticket
from support.services.errors import ContactError
from support.services.tickets import Asker
from tests.builders import make_department, make_establishment, make_person, make_region
from tests.orders.following.pages import logged_in
from tests.support.contact.builders import make_subject, make_ticket

pytestmark = pytest.mark.django_db
REGIONS = {"24": "centre", "53": "bretagne", "75": None, None: None}


@pytest.mark.parametrize("service", Service.values)
@pytest.mark.parametrize("code", REGIONS)
def test_a_request_goes_to_the_service_of_its_subject_in_its_region(bodies, service, code):
    """A region without agency, or unknown, is answered by the support."""
    region = make_region(code, {"75": "Nouvelle-Aquitaine"}.get(code, "")) if code else None
    ticket = make_ticket(service=service, region=region)
    wanted = {
        "ars": bodies.get(REGIONS[code]), "spf": bodies["spf"], "national": bodies["national"],
        "support": None,
    }[service]  # fmt: skip
    assert ticket.body == wanted
    assert ticket.service == (service if wanted else "support")


MAILBOXES = {"ars": "centre@bal.example", "spf": "spf@bal.example"}


@pytest.mark.parametrize("service", Service.values)
def test_the_mailbox_of_the_service_is_written_to(operator, settings, service):
    make_ticket(operator, service=service)
    to = [one.to[0] for one in mail.outbox if "à traiter" in one.subject]
    assert to == [MAILBOXES.get(service, settings.CONTACT_EMAIL)]


def test_an_agency_without_mailbox_reads_at_the_addresses_of_its_people(operator, agency, bodies):
    AdministrativeBody.objects.update(mailbox="")
    agency.active_profile.body.region.mailbox = ""
    make_ticket(operator, service="ars")
    assert [one.to[0] for one in mail.outbox if "à traiter" in one.subject] == [agency.email]


def test_a_mail_says_nothing_of_what_was_written(operator, bodies):
    ticket = make_ticket(operator, service="ars", title="Mot rare", answers={"PUI": "Secrète"})
    assert {one.to[0] for one in mail.outbox} == {operator.email, "centre@bal.example"}
    for one in mail.outbox:
        assert ticket.number in one.subject
        for told in ("blanche", "Mot rare", "Secrète", "Tilleuls"):
            assert told not in one.subject + one.body


def test_the_national_cell_reads_the_request_in_its_mail(operator, bodies):
    """It answers no request here: its mailbox is written the whole of it."""
    ticket = make_ticket(operator, service="national", phone="02 00 00 00 00")
    told = next(one for one in mail.outbox if one.to == ["national@bal.example"])
    for words in ("blanche", ticket.number, "02 00 00 00 00", "Tilleuls", str(operator)):
        assert words in told.subject + told.body


READERS = {
    # service of the request: who reads it
    "ars": {"SUP", "ARA 24"},
    "spf": {"SUP", "SPF"},
    "support": {"SUP"},
    "national": {"SUP"},
}
EVERYBODY = (
    "SUP",
    "ARA 24",
    "ARA 53",
    "SPF",
    "NAT",
    "NAL",
    "ARL",
    "APE",
    "GF",
    "OIE",
    "TEC",
    "AUD",
)


@pytest.mark.parametrize("service", READERS)
def test_nobody_else_reads_a_request(operator, bodies, service):
    """Those who answer elsewhere find nothing; those who answer nowhere are told so."""
    pk = make_ticket(operator, service=service).pk
    for who in EVERYBODY:
        code, _, region = who.partition(" ")
        person = make_person(code, on=make_region(region) if region else None)
        answers = code in ("SUP", "ARA", "SPF")
        client = logged_in(person)
        found = client.get(reverse("support:inbox_ticket", args=[pk])).status_code
        assert found == (200 if who in READERS[service] else 404 if answers else 403), who
        assert client.get(reverse("support:ticket", args=[pk])).status_code == 404, who
        seen = Ticket.objects.for_user(person, to=Action.TICKET_ANSWER).exists()
        assert seen == (who in READERS[service]), who


def test_the_region_of_a_visitor_is_that_of_the_finess_number_they_write(bodies):
    site = make_establishment(department=make_department("35", region=make_region("53")))
    asker = Asker("a@b.example", region=site.region, finess=site.finess)
    assert make_ticket(service="ars", asker=asker).body == bodies["bretagne"]


def test_the_priority_is_that_of_the_subject_one_step_above_for_who_can_no_longer_work(operator):
    plain, urgent = make_subject("simple"), make_subject("urgent", priority=4)
    assert make_ticket(operator, subject=plain).priority == 2
    assert make_ticket(operator, subject=plain, is_blocking=True).priority == 3
    assert make_ticket(operator, subject=urgent, is_blocking=True).priority == 4


def test_the_day_announced_is_that_of_the_subject_in_working_days(operator):
    friday = datetime(2026, 11, 20, 10, tzinfo=UTC)
    for days, due in ((1, 23), (4, 26)):
        subject = make_subject(f"délai-{days}", delay_days=days)
        assert make_ticket(operator, subject=subject, now=friday).due_at.day == due


def test_a_subject_for_accounts_is_refused_to_a_visitor_by_the_service_too(db):
    subject = make_subject("interne", is_for_visitors=False)
    with pytest.raises(ContactError, match="Connectez-vous"):
        make_ticket(subject=subject)


def test_a_subject_that_closed_while_the_form_was_filled_is_refused(operator):
    subject = make_subject("fermé", is_open=False)
    with pytest.raises(ContactError, match="n’est plus proposé"):
        make_ticket(operator, subject=subject)
