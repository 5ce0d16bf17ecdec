"""A screenshot may show anything of an establishment: who asked and who answers read it, alone."""

import pytest
from django.test import Client
from django.urls import reverse

from support.models import Screenshot
from support.services.conversation import note
from tests.builders import make_person, make_region
from tests.orders.following.pages import logged_in
from tests.support.contact.builders import make_ticket, message

pytestmark = pytest.mark.django_db


def shot_of(ticket, kind="question"):
    row = ticket.messages.get(kind=kind)
    return Screenshot.objects.create(message=row, content=b"x", width=1, height=1)


def status(person, name, shot):
    return logged_in(person).get(reverse(f"support:{name}", args=[shot.pk])).status_code


def test_who_asked_alone_reads_it_on_their_own_page(operator, agent, agency):
    shot = shot_of(make_ticket(operator, service="ars"))
    assert status(operator, "screenshot", shot) == 200
    colleague = make_person("OIE", on=operator.active_profile.entity)
    for other in (colleague, agent, agency, make_person("NAT")):
        assert status(other, "screenshot", shot) == 404
    address = reverse("support:screenshot", args=[shot.pk])
    assert Client().get(address).status_code == 302


def test_an_image_of_a_note_is_for_who_answers_alone(operator, agency):
    ticket = make_ticket(operator, service="ars")
    note(by=agency, ticket=ticket, message=message())
    shot = shot_of(ticket, "note")
    assert status(operator, "screenshot", shot) == 404
    assert status(agency, "inbox_screenshot", shot) == 200


def test_the_services_to_which_the_request_is_not_addressed_do_not_read_it(operator, agent, agency):
    shot = shot_of(make_ticket(operator, service="ars"))
    elsewhere = make_person("ARA", on=make_region("53"))
    for reader in (agent, agency):
        assert status(reader, "inbox_screenshot", shot) == 200
    for reader in (elsewhere, make_person("SPF")):
        assert status(reader, "inbox_screenshot", shot) == 404
    for nobody in (operator, make_person("NAT"), make_person("ARL")):
        assert status(nobody, "inbox_screenshot", shot) == 403
