"""Two people, or two clicks, at the same moment on one delivery or one claim."""

import uuid

import pytest

from orders.models import Claim, ClaimMessage, Reception
from orders.services.claims import Complaint, Message, close_claim, open_claim, write_message
from orders.services.reception_checks import ReceptionError
from orders.services.receptions import correct_reception
from tests.builders import make_body, make_person
from tests.locks import before_another

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Trois cartons sont arrivés ouverts."


def test_two_colleagues_receive_the_same_delivery_it_is_counted_once(world):
    colleague = make_person("OCE", on=world.place.establishment)
    refused = []

    def second():
        try:
            world.receive(by=colleague)
        except ReceptionError as error:
            refused.append(str(error))

    with before_another(second):
        world.receive()
    assert (Reception.objects.count(), world.masks.received) == (1, 400)
    assert "déjà réceptionné" in refused[0]


def test_two_clicks_are_one_reception(world):
    token = uuid.uuid4()
    with before_another(lambda: world.receive(token=token)):
        world.receive(token=token)
    assert (Reception.objects.count(), world.masks.received) == (1, 400)


def test_of_two_corrections_the_second_reads_the_first(world):
    reception = world.receive()
    refused = []

    def second():
        told = world.told((300, 0, "missing"))
        try:
            correct_reception(by=world.operator, reception=reception, told=told, seen=1)
        except ReceptionError as error:
            refused.append(str(error))

    with before_another(second):
        told = world.told((390, 0, "missing"))
        correct_reception(by=world.operator, reception=reception, told=told, seen=1)
    assert world.masks.received == 390
    assert "vient de corriger" in refused[0]


def test_two_clicks_are_one_claim_and_an_answer_to_a_closed_one_is_refused(world):
    token, complaint = uuid.uuid4(), Complaint("damaged", TEXT)

    def click():
        return open_claim(by=world.operator, order=world.order, complaint=complaint, token=token)

    with before_another(click):
        claim = click()
    assert (Claim.objects.count(), ClaimMessage.objects.count()) == (1, 1)
    warehouse, refused = make_person("LPO", on=make_body("la_poste")), []

    def answer():
        message = Message("Un nouvel envoi part demain.", uuid.uuid4())
        try:
            write_message(by=warehouse, claim=claim, message=message, is_answer=True)
        except Exception as error:  # told to the test
            refused.append(str(error))

    with before_another(answer):
        close_claim(by=world.operator, claim=claim)
    assert ClaimMessage.objects.count() == 1
    assert "close" in refused[0]
