"""A request that another service answers, or that goes on with another one."""

import pytest
from django.core import mail

from establishments.models import Region
from support.models import Ticket
from support.services.conversation import note
from support.services.errors import ContactError
from support.services.handling import merge, take, transfer
from support.services.settling import close
from support.services.tickets import Asker
from tests.builders import make_person, make_region
from tests.support.contact.builders import make_ticket, message

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(operator):
    return make_ticket(operator, service="ars")


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


def test_handed_over_an_address_outside_is_written_to_no_more(ticket, agency, operator):
    """The pivot hospital of a vaccine question does not read what another service answers."""
    Ticket.objects.update(desk="pivot@ch.example")
    moved = transfer(by=agency, ticket=ticket, service="support", region=None, reason="Une panne.")
    assert moved.desk == ""
    assert "pivot@ch.example" not in [one.to[0] for one in mail.outbox]
    moved = transfer(
        by=make_person("SUP"), ticket=moved, service="national", region=None, reason="Pour elle."
    )
    assert moved.desk == mail.outbox[-1].to[0] == "national@bal.example"
    assert "La page reste blanche" in mail.outbox[-1].body


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
    visitor, other = make_ticket(), make_ticket(asker=Asker("lea@ch.example"))
    for one, kept in ((visitor, first), (first, visitor), (visitor, other)):
        with pytest.raises(ContactError, match="autre personne"):
            merge(by=agent, ticket=one, into=kept.pk)
    same = make_ticket(asker=Asker(visitor.email.upper()))
    assert merge(by=agent, ticket=visitor, into=same.pk) == same


def test_an_agency_does_not_learn_of_a_request_it_does_not_read(operator, agency):
    mine, elsewhere = make_ticket(operator, service="ars"), make_ticket(operator)
    with pytest.raises(ContactError, match="adressée à votre service"):
        merge(by=agency, ticket=mine, into=elsewhere.pk)


@pytest.mark.parametrize("closed", ["duplicate", "kept"])
def test_a_closed_request_is_joined_to_none(operator, agent, closed):
    first, second = make_ticket(operator), make_ticket(operator)
    close(by=agent, ticket=second if closed == "duplicate" else first, reason="Sans objet.")
    with pytest.raises(ContactError, match="close depuis"):
        merge(by=agent, ticket=second, into=first.pk)
    assert not Ticket.objects.exclude(merged_into=None).exists()
