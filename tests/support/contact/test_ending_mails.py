"""Who asked learns by mail that a request is closed, or goes on under another number."""

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from support.contact.links import unsealed
from support.services.conversation import answer
from support.services.handling import merge, transfer
from support.services.settling import close
from tests.support.contact.builders import make_ticket, message

pytestmark = pytest.mark.django_db


def link_in(told):
    """The seal of the link of a visitor's mail."""
    return next(word for word in told.body.split() if "/suivi/" in word).split("/")[-2]


def test_who_asked_twice_learns_by_mail_which_number_goes_on(operator, agent):
    first, second = make_ticket(operator), make_ticket(operator)
    mail.outbox.clear()
    merge(by=agent, ticket=second, into=first.pk)
    (told,) = mail.outbox
    assert told.to == [operator.email]
    assert second.number in told.subject
    assert f"Le numéro à garder\u00a0: {first.number}" in told.body
    assert reverse("support:ticket", args=[first.pk]) in told.body
    assert reverse("support:ticket", args=[second.pk]) not in told.body


def test_a_visitor_who_asked_twice_is_given_the_link_of_the_one_that_goes_on(agent):
    first, second = make_ticket(), make_ticket()
    mail.outbox.clear()
    merge(by=agent, ticket=second, into=first.pk)
    (told,) = mail.outbox
    assert told.to == [first.email]
    assert unsealed(link_in(told)) == first


@pytest.fixture
def ticket(operator):
    return make_ticket(operator, service="ars")


def test_closed_by_the_service_who_asked_learns_it_and_where_the_answer_is(
    ticket, agency, operator
):
    answer(by=agency, ticket=ticket, message=message("Rechargez."), then="waiting")
    mail.outbox.clear()
    close(by=agency, ticket=ticket, reason="Un doublon du courriel reçu hier.")
    (told,) = mail.outbox
    assert told.to == [operator.email]
    assert f"{ticket.number} est close" in told.subject
    assert "L’ars Centre-Val de Loire a clos votre demande" in told.body
    assert f"après la dernière réponse, du {timezone.localdate():%d/%m/%Y}" in told.body
    assert reverse("support:ticket", args=[ticket.pk]) in told.body
    assert "ne se rouvre pas" in told.body
    assert f"{settings.SITE_URL}{reverse('support:contact')}" in told.body.splitlines()
    for written in ("Rechargez", "doublon"):
        assert written not in f"{told.subject} {told.body}"


def test_closed_without_any_answer_the_mail_speaks_of_none(agent):
    visitor = make_ticket()
    mail.outbox.clear()
    close(by=agent, ticket=visitor, reason="Un essai.")
    assert [one.to for one in mail.outbox] == [[visitor.email]]
    assert "dernière réponse" not in mail.outbox[0].body
    assert unsealed(link_in(mail.outbox[0])) == visitor


@pytest.mark.parametrize("how", ["answered", "closed", "handed over"])
def test_nobody_writes_to_an_account_closed_since(ticket, agency, operator, how):
    type(operator).objects.filter(pk=operator.pk).update(is_active=False)
    acts = {
        "answered": lambda: answer(by=agency, ticket=ticket, message=message(), then="waiting"),
        "closed": lambda: close(by=agency, ticket=ticket, reason="Compte fermé."),
        "handed over": lambda: transfer(
            by=agency, ticket=ticket, service="support", region=None, reason="Un compte."
        ),
    }
    mail.outbox.clear()
    acts[how]()
    assert operator.email not in [one.to[0] for one in mail.outbox]
