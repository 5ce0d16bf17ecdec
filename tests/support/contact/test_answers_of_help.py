"""What the help already answers: proposed before asking, joined to an answer."""

import uuid

import pytest
from django.urls import reverse

from tests.orders.following.pages import logged_in, text_of
from tests.support.builders import make_question
from tests.support.contact.builders import make_subject, make_ticket

pytestmark = pytest.mark.django_db
NEW = "/aide/contact/nouvelle/"


@pytest.fixture
def question():
    return make_question("Pourquoi la page de l’inventaire reste-t-elle blanche ?")


def test_the_questions_near_what_is_asked_are_proposed_before_it_is_sent(operator, question):
    make_subject()
    asked = {"sujet": "panne", "objet": "Inventaire blanche"}
    answer = logged_in(operator).get(NEW, asked)
    assert question.get_absolute_url() in answer.text
    assert "Déjà répondu" in text_of(answer)
    unlike = logged_in(operator).get(NEW, asked | {"objet": "Facture du consortium"})
    assert question.get_absolute_url() not in unlike.text


def test_an_answer_of_the_help_is_joined_and_read_by_who_asked(operator, agent, question):
    ticket = make_ticket(operator, title="Inventaire blanche")
    page = reverse("support:inbox_ticket", args=[ticket.pk])
    sent = {"acte": "repondre", "message": "Lisez ceci.", "suite": "waiting", "lien": question.pk}
    assert logged_in(agent).post(page, sent | {"jeton": uuid.uuid4()}).status_code == 302
    read = logged_in(operator).get(reverse("support:ticket", args=[ticket.pk]))
    assert question.get_absolute_url() in read.text


def test_a_question_that_was_not_proposed_is_not_joined(operator, agent, question):
    ticket = make_ticket(operator, title="Facture", text="La facture du consortium est fausse.")
    page = reverse("support:inbox_ticket", args=[ticket.pk])
    sent = {"acte": "repondre", "message": "Lisez ceci.", "suite": "waiting", "lien": question.pk}
    assert logged_in(agent).post(page, sent | {"jeton": uuid.uuid4()}).status_code == 422
    assert ticket.messages.count() == 1
