"""The archive of a person's data holds their requests, with what was answered."""

from accounts.own_data import parts_of
from support.services.conversation import answer, note
from support.services.tickets import Asker
from tests.builders import make_person
from tests.support.contact.builders import TEXT, make_ticket, message

ELSEWHERE = "Ailleurs dans le service"


def told(user):
    return {part.title: part for part in parts_of(user)}


def texts(user):
    return [row[3] for row in told(user)["Messages des demandes d’assistance"].rows]


def numbers(user):
    return [row[0] for row in told(user)["Demandes d’assistance"].rows]


def test_ones_requests_and_their_answers_are_in_the_archive(operator, agent):
    ticket = make_ticket(operator)
    answer(by=agent, ticket=ticket, message=message("Rechargez la page."), then="resolved")
    assert numbers(operator) == [ticket.number]
    assert texts(operator) == [TEXT, "Rechargez la page."]


def test_neither_the_notes_nor_the_requests_of_others_are(operator, agent):
    ticket = make_ticket(operator)
    note(by=agent, ticket=ticket, message=message("Déjà vu hier."))
    other = make_person("OIE")
    make_ticket(other)
    assert numbers(operator) == [ticket.number]
    assert texts(operator) == [TEXT]


def test_what_was_asked_without_login_is_there_for_who_proved_the_address(operator):
    ticket = make_ticket(asker=Asker(operator.email.upper()))
    operator.emailaddress_set.update(verified=False)
    assert numbers(operator) == []
    operator.emailaddress_set.update_or_create(email=operator.email, defaults={"verified": True})
    assert numbers(operator) == [ticket.number]


def test_what_is_told_whole_is_not_counted_besides(operator):
    make_ticket(operator)
    kinds = [row[0] for row in told(operator)[ELSEWHERE].rows]
    assert not any("ouverte par" in kind for kind in kinds)
