"""The link of a visitor opens their request, theirs alone, for a month."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core import mail, signing
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.limits import FailureLimit
from support.contact import letters, links
from support.contact.links import SALT, sealed
from support.contact.views import conversation
from support.models import Screenshot, Ticket
from support.services.conversation import answer, note
from support.services.tickets import Asker
from tests.html_rules import assert_sound_html
from tests.orders.following.pages import logged_in, text_of
from tests.photos import photo
from tests.support.contact.builders import make_ticket, message

pytestmark = pytest.mark.django_db
LOST = reverse("support:contact_follow")


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


@pytest.fixture
def ticket():
    return make_ticket(asker=Asker("alix@ch.example", name="Alix"))


def page_of(ticket):
    return reverse("support:contact_followed", args=[sealed(ticket)])


def written(**more):
    return {"acte": "ecrire", "message": "Toujours blanche.", "jeton": uuid.uuid4()} | more


def test_a_visitor_reads_the_answer_writes_again_and_says_it_is_settled(ticket, agent):
    answer(by=agent, ticket=ticket, message=message("Rechargez la page."), then="waiting")
    note(by=agent, ticket=ticket, message=message("Entre nous seulement."))
    client, page = Client(), page_of(ticket)
    got = client.get(page)
    assert_sound_html(got)
    assert "Rechargez la page." in got.text
    assert "Entre nous" not in got.text
    assert str(agent) not in got.text
    assert "no-store" in got["Cache-Control"]
    assert got["Referrer-Policy"] == "same-origin"  # « no-referrer » refuses its own forms
    assert client.post(page, written(captures=[photo()])).status_code == 302
    ticket.refresh_from_db()
    assert ticket.state == "handled"
    shot = Screenshot.objects.get()
    image = reverse("support:followed_screenshot", args=[sealed(ticket), shot.pk])
    assert Client().get(image)["Content-Type"] == "image/jpeg"
    client.post(page, {"acte": "regler"})
    client.post(page, {"acte": "avis", "note": "3"})
    ticket.refresh_from_db()
    assert (ticket.state, ticket.rating) == ("resolved", 3)


def test_an_image_of_a_note_is_not_for_who_asks(ticket, agent):
    note(by=agent, ticket=ticket, message=message())
    shot = Screenshot.objects.create(
        message=ticket.messages.get(kind="note"), content=b"x", width=1, height=1
    )
    image = reverse("support:followed_screenshot", args=[sealed(ticket), shot.pk])
    assert Client().get(image).status_code == 404


def forged_links(ticket, other):
    whole = sealed(ticket)
    return {
        "cut": whole[:-3],
        "changed": ("A" if whole[0] != "A" else "B") + whole[1:],
        "other salt": signing.dumps([ticket.pk, ticket.email], salt="autre"),
        "other address": signing.dumps([ticket.pk, "b@ch.example"], salt=SALT),
        "number of another": signing.dumps([other.pk, ticket.email], salt=SALT),
        "bare number": str(ticket.pk),
    }


@pytest.mark.parametrize(
    "kind",
    ["cut", "changed", "other salt", "other address", "number of another", "bare number"],
)
def test_a_forged_link_opens_nothing(ticket, operator, kind):
    other = make_ticket(asker=Asker("autre@ch.example"))
    address = reverse("support:contact_followed", args=[forged_links(ticket, other)[kind]])
    answer = Client().get(address)
    assert answer.status_code == 404
    assert_sound_html(answer)
    assert "Ce lien ne mène plus à une demande" in answer.text
    assert Client().post(address, written()).status_code == 404
    assert ticket.messages.count() == 1


def test_a_link_lasts_a_month(ticket, monkeypatch):
    page = page_of(ticket)
    monkeypatch.setattr(links, "LASTS_DAYS", -1)
    assert Client().get(page).status_code == 404


def test_a_mail_does_not_leave_with_a_link_that_is_over(agent, operator, monkeypatch):
    """That of an account leaves whenever it can: its page asks who one is."""
    lasting = {}
    monkeypatch.setattr(
        letters, "queue_written", lambda head, text, to, lasts=None: lasting.update({to: lasts})
    )
    for one in (make_ticket(asker=Asker("lea@ch.example")), make_ticket(operator)):
        answer(by=agent, ticket=one, message=message(), then="waiting")
    assert lasting["lea@ch.example"] == timedelta(days=30)
    assert lasting[operator.email] is None


def test_a_link_does_not_open_the_request_of_an_account(operator):
    """Its page asks who one is: the link of a visitor never stands in for a login."""
    ticket = make_ticket(operator)
    ticket.email = operator.email
    ticket.save()
    assert Client().get(page_of(ticket)).status_code == 404


def test_an_image_of_another_request_does_not_open_by_ones_own_link(ticket):
    other = make_ticket(asker=Asker("autre@ch.example"))
    shot = Screenshot.objects.create(message=other.messages.get(), content=b"x", width=1, height=1)
    image = reverse("support:followed_screenshot", args=[sealed(ticket), shot.pk])
    assert Client().get(image).status_code == 404


def test_an_erased_request_has_no_link_any_more(ticket):
    page = page_of(ticket)
    Ticket.objects.update(
        state="closed", closed_at=timezone.now(), purged_at=timezone.now(), name="", email="",
        title="",
    )  # fmt: skip
    assert Client().get(page).status_code == 404


def test_the_link_is_sent_again_to_the_address_of_the_request_alone(ticket):
    mail.outbox.clear()
    pages = []
    for number, address in (
        (ticket.number, "ALIX@ch.example"),
        (ticket.number, "curieux@ch.example"),
        ("AS-2026-999999", "alix@ch.example"),
        ("n’importe quoi", "alix@ch.example"),
    ):
        got = Client().post(LOST, {"numero": number, "courriel": address}, follow=True)
        shown = text_of(got)[text_of(got).index("<main") :]
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", shown))
    assert [one.to for one in mail.outbox] == [["alix@ch.example"]]
    assert len(set(pages)) == 1
    link = next(word for word in mail.outbox[0].body.split() if "/suivi/" in word)
    assert Client().get(link.partition("8000")[2] or link).status_code == 200


def test_the_request_of_an_account_is_not_told_by_mail(operator):
    ticket = make_ticket(operator)
    mail.outbox.clear()
    Client().post(LOST, {"numero": ticket.number, "courriel": operator.email})
    assert mail.outbox == []


def test_links_asked_again_and_again_are_limited(ticket):
    sent = {"numero": ticket.number, "courriel": ticket.email}
    statuses = [Client().post(LOST, sent).status_code for _ in range(6)]
    assert statuses == [302] * 5 + [422]


def test_a_request_takes_twenty_messages_an_hour(ticket, monkeypatch):
    few = FailureLimit("contact_messages_few", ((1, 3600),))
    monkeypatch.setattr(conversation, "BY_TICKET", few)
    page = page_of(ticket)
    assert [Client().post(page, written()).status_code for _ in range(2)] == [302, 422]


def test_somebody_logged_in_writes_as_the_visitor_not_as_themselves(ticket, operator):
    logged_in(operator).post(page_of(ticket), written())
    last = ticket.messages.order_by("-pk").first()
    assert (last.by, last.author) == (None, "Alix")


def test_a_request_resolved_for_more_than_two_weeks_is_not_reopened(ticket, agent):
    answer(by=agent, ticket=ticket, message=message(), then="resolved")
    page = page_of(ticket)
    assert "Rouvrir la demande" in Client().get(page).text
    Ticket.objects.update(resolved_at=timezone.now() - timedelta(days=15))
    assert "Rouvrir la demande" not in Client().get(page).text
    assert Client().post(page, {"acte": "rouvrir"}).status_code == 422
    assert Client().post(page, written()).status_code == 422
    ticket.refresh_from_db()
    assert ticket.state == "resolved"
