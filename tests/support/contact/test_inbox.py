"""The pages of those who answer: their list, its file, the page of a request, the home page."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from support.contact.cards import contact_cards
from support.models import CannedAnswer, Subject, Ticket
from support.search import exact
from support.services.contact_texts import save_canned_answer, save_subject
from support.services.conversation import answer
from support.services.errors import ContactError
from support.services.handling import take
from support.services.reference import load_contact_reference
from support.services.tickets import Asker
from tests.builders import make_person
from tests.html_rules import assert_sound_html
from tests.orders.following.pages import logged_in, text_of
from tests.support.contact.builders import make_subject, make_ticket, message

pytestmark = pytest.mark.django_db
INBOX = reverse("support:inbox")


def page_of(ticket):
    return reverse("support:inbox_ticket", args=[ticket.pk])


def numbers(client, **asked):
    return [one.number for one in client.get(INBOX, asked).context["page"].object_list]


def test_the_most_pressing_comes_first_then_the_oldest(operator, agent):
    now = timezone.now()
    young = make_ticket(operator, now=now)
    old = make_ticket(operator, now=now - timedelta(days=5))
    urgent = make_ticket(operator, subject=make_subject("urgent", priority=4), now=now)
    client = logged_in(agent)
    assert numbers(client) == [urgent.number, old.number, young.number]
    got = client.get(INBOX)
    assert_sound_html(got)
    assert "en retard" in text_of(got)


def test_the_filters_keep_what_they_say(operator, agent):
    now = timezone.now()
    old = make_ticket(operator, now=now - timedelta(days=9), title="Contingent épuisé")
    mine = make_ticket(operator)
    take(by=agent, ticket=mine, seen=None)
    done = make_ticket(operator)
    answer(by=agent, ticket=done, message=message(), then="resolved")
    client = logged_in(agent)
    assert numbers(client) == [old.number, mine.number]
    assert numbers(client, etat="resolved") == [done.number]
    assert len(numbers(client, etat="toutes")) == 3
    assert numbers(client, suivie="moi") == [mine.number]
    assert numbers(client, suivie="personne") == [old.number]
    assert numbers(client, retard="on") == [old.number]
    assert numbers(client, recherche=old.number) == [old.number]
    assert numbers(client, recherche="contingent") == [old.number]
    assert numbers(client, recherche="tilleuls épuisé") == [old.number]
    assert numbers(client, sujet=str(old.subject_id), etat="toutes", suivie="autre") != []
    assert "Effacez les filtres" in text_of(client.get(INBOX, {"recherche": "introuvable"}))


def test_the_list_takes_as_many_queries_for_one_as_for_ten(agent, client, count_queries):
    client.force_login(agent)
    count_queries(INBOX)
    make_ticket(make_person("OIE"), service="ars")
    with_one = count_queries(INBOX)
    for number in range(9):
        ticket = make_ticket(make_person("OIE"), service=("ars", "spf")[number % 2])
        take(by=make_person("SUP"), ticket=ticket, seen=None)
    assert count_queries(INBOX) == with_one


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_holds_no_name_nor_text(operator, agent, kind):
    make_ticket(operator, title="Titre secret")
    got = logged_in(agent).get(reverse("support:inbox_file", args=[kind]))
    content = b"".join(got)
    assert got.status_code == 200
    if kind == "csv":
        text = content.decode("utf-8-sig")
        assert "AS-" in text
        for told in (str(operator), operator.email, "Titre secret", "blanche", "Tilleuls"):
            assert told not in text


def test_each_act_is_one_button_of_the_page(operator, agent):
    ticket = make_ticket(operator)
    client, page = logged_in(agent), page_of(ticket)
    assert_sound_html(client.get(page))
    assert client.post(page, {"acte": "prendre", "suivie": ""}).status_code == 302
    client.post(page, {"acte": "priorite", "priorite": "4"})
    client.post(page, {"acte": "noter", "note": "À voir avec la technique.", "jeton": uuid.uuid4()})
    sent = {"acte": "repondre", "message": "Rechargez la page.", "suite": "resolved"}
    client.post(page, sent | {"jeton": uuid.uuid4()})
    ticket.refresh_from_db()
    assert (ticket.assigned_to, ticket.priority, ticket.state) == (agent, 4, "resolved")
    assert "À voir avec la technique." in text_of(client.get(page))
    assert client.post(page, {"acte": "clore", "raison": "Sans suite"}).status_code == 302
    closed = client.get(page)
    assert_sound_html(closed)
    assert "Envoyer la réponse" not in text_of(closed)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"acte": "repondre", "message": "", "suite": "resolved"}, "Expliquez en quelques mots"),
        ({"acte": "repondre", "message": "Une longue réponse"}, "où en est la demande"),
        ({"acte": "noter", "note": " "}, "Expliquez en quelques mots"),
        ({"acte": "transmettre", "service": "ars", "raison": "Une raison"}, "région de l’ARS"),
        ({"acte": "fusionner", "numero": "douze"}, "AS-2026-000123"),
        ({"acte": "clore", "raison": ""}, "Dites pourquoi"),
        ({"acte": "priorite", "priorite": "9"}, "n’en fait pas partie"),
    ],
)
def test_an_act_that_is_refused_says_why_and_keeps_what_was_typed(operator, agent, sent, said):
    ticket = make_ticket(operator)
    got = logged_in(agent).post(page_of(ticket), {"jeton": uuid.uuid4()} | sent)
    assert got.status_code == 422
    text = text_of(got)
    assert said in text or "Sélectionnez un choix valide" in text
    for typed in ("Une longue réponse", "Une raison"):
        assert typed not in sent.values() or typed in text


def test_the_other_requests_of_the_same_person_stand_beside_and_those_of_nobody_else(
    operator, agent, agency
):
    client = logged_in(agent)
    mine, again = make_ticket(operator, service="ars"), make_ticket(operator)
    first = make_ticket(asker=Asker("Alix@ch.example"))
    second = make_ticket(asker=Asker("alix@ch.example"))
    make_ticket(asker=Asker("lea@ch.example"))
    assert client.get(page_of(mine)).context["others"] == [again]
    assert client.get(page_of(first)).context["others"] == [second]
    assert logged_in(agency).get(page_of(mine)).context["others"] == []


def test_an_act_of_nobody_is_refused(operator, agent):
    ticket = make_ticket(operator)
    assert logged_in(agent).post(page_of(ticket), {"acte": "effacer"}).status_code == 403


def test_an_answer_written_once_is_taken_up_and_adapted(operator, agent):
    ticket = make_ticket(operator)
    CannedAnswer.objects.create(title="D’un autre", text="…", subject=make_subject("autre"))
    canned = CannedAnswer.objects.create(title="Recharger", text="Rechargez la page.")
    got = logged_in(agent).get(page_of(ticket), {"reponse": canned.pk})
    assert got.context["forms"].answer["message"].value() == "Rechargez la page."
    assert "D’un autre" not in text_of(got)


def test_who_answers_is_told_what_waits_and_since_when(operator, agent, agency):
    assert contact_cards(agency) == []
    make_ticket(operator, service="ars", now=timezone.now() - timedelta(days=2, hours=1))
    make_ticket(operator, service="support")
    (card,) = contact_cards(agency)
    assert "Une demande d’assistance à traiter, depuis 2\u00a0jours" in card.title
    (card,) = contact_cards(agent)
    assert "2\u00a0demandes d’assistance à traiter, la plus ancienne depuis 2" in card.title


def test_who_asked_is_told_of_an_answer_until_they_say_whether_it_helps(operator, agent):
    ticket = make_ticket(operator)
    assert contact_cards(operator) == []
    answer(by=agent, ticket=ticket, message=message(), then="resolved")
    (card,) = contact_cards(operator)
    assert card.title == f"Une réponse à votre demande {ticket.number}"
    logged_in(operator).post(card.url, {"acte": "avis", "note": "3"})
    assert contact_cards(operator) == []


def test_ones_own_requests_are_listed(operator):
    page = reverse("support:tickets")
    assert "Aucune demande" in text_of(logged_in(operator).get(page))
    ticket = make_ticket(operator)
    got = logged_in(operator).get(page)
    assert_sound_html(got)
    assert ticket.number in text_of(got)


def test_the_subjects_are_loaded_once_and_what_people_changed_stays():
    load_contact_reference()
    count = Subject.objects.count()
    Subject.objects.filter(slug="panne").update(label="Un autre nom", delay_days=7)
    CannedAnswer.objects.first().delete()
    answers = CannedAnswer.objects.count()
    load_contact_reference()
    assert Subject.objects.count() == count == 11
    assert Subject.objects.get(slug="panne").delay_days == 7
    assert CannedAnswer.objects.count() == answers


@pytest.mark.parametrize(("code", "may"), [("SUP", True), ("NAT", True), ("ARA", False)])
def test_texts_are_changed_by_the_support_and_the_national_cell(code, may):
    subject = make_subject()
    client = logged_in(make_person(code))
    new = reverse("support:canned_new")
    sent = {"title": "Recharger", "text": "Rechargez la page.", "is_open": "on"}
    assert client.post(new, sent).status_code == (302 if may else 403)
    assert CannedAnswer.objects.exists() == may
    edit = reverse("support:subject_edit", args=[subject.pk])
    sent = {"label": "Une panne", "service": "ars", "priority": "3", "delay_days": "40"}
    assert client.post(edit, sent).status_code == (422 if may else 403)
    assert client.post(edit, sent | {"delay_days": "4"}).status_code == (302 if may else 403)
    subject.refresh_from_db()
    assert (subject.service == "ars") == may
    if may:
        assert_sound_html(client.get(reverse("support:texts")))
        assert client.post(new, sent | {"title": "Recharger", "text": "x"}).status_code == 422


def test_the_services_of_the_texts_refuse_too(agency, agent):
    subject = make_subject()
    subject.service = "spf"
    with pytest.raises(ContactError, match="cellule nationale"):
        save_subject(by=agency, subject=subject)
    subject.delay_days = 40
    with pytest.raises(ContactError, match="de 1 à 20"):
        save_subject(by=agent, subject=subject)
    with pytest.raises(ContactError, match="cellule nationale"):
        save_canned_answer(by=agency, canned=CannedAnswer(title="Un titre", text="Un texte"))
    subject.refresh_from_db()
    assert (subject.service, CannedAnswer.objects.exists()) == ("support", False)


def test_closed_requests_of_others_stay_out_of_reach(operator, agent):
    ticket = make_ticket(operator)
    Ticket.objects.update(state="closed", closed_at=timezone.now())
    assert logged_in(make_person("OIE")).get(
        reverse("support:ticket", args=[ticket.pk])
    ).status_code == 404  # fmt: skip


def test_a_number_typed_in_the_search_leads_to_the_request_one_may_read(operator, agent):
    ticket = make_ticket(operator)
    typed = ticket.number.replace("-", " ").lower()
    assert exact(operator, typed).url == reverse("support:ticket", args=[ticket.pk])
    assert exact(agent, ticket.number).url == page_of(ticket)
    assert exact(make_person("OIE"), ticket.number) is None
    assert exact(make_person("ARA"), ticket.number) is None
    assert exact(agent, "AS-2026-999999") is None
