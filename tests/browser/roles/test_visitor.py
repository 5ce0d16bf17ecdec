"""Somebody who cannot log in: reads the answers, asks for help with a screenshot, is answered."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from support.contact import traps
from support.models import Ticket
from support.services.question_reference import load_questions
from support.services.reference import load_contact_reference
from tests.browser.roles.conftest import answer_request
from tests.builders import make_body, make_person, make_region
from tests.photos import picture

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "alix@ch.example"


@pytest.fixture
def world(transactional_db, monkeypatch):
    monkeypatch.setattr(traps, "QUICKEST", timedelta(seconds=-1))
    load_contact_reference()
    load_questions()
    for kind in ("spf", "national"):
        make_body(kind)
    make_body("ars", region=make_region())


def test_a_visitor_reads_asks_and_follows_the_answer_by_its_link(enter, visit, follow_mail):
    page = visit()
    page.get_by_role("main").get_by_role("link", name="Questions et réponses").click()
    page.get_by_role("link", name="Je n’arrive pas à me connecter. Pourquoi ?").click()
    expect(page.get_by_role("heading", level=1, name="connecter")).to_be_visible()
    ask(page)
    ticket = Ticket.objects.get()
    expect(page.get_by_text(ticket.number).first).to_be_visible()
    assert ticket.email == ADDRESS
    assert len(ticket.messages.get().screenshots.all()) == 1

    support = enter(make_person("SUP"), "Le pays aujourd’hui")
    answer_request(support, "Mot de passe refusé", "Choisissez un nouveau mot de passe.")
    follow_mail(page, ADDRESS)
    expect(page.get_by_text("Choisissez un nouveau mot de passe.")).to_be_visible()
    page.get_by_role("button", name="Oui").click()
    expect(page.get_by_text("Merci de votre avis.")).to_be_visible()


def ask(page):
    page.get_by_role("link", name="Contacter l’assistance").first.click()
    page.get_by_label("Votre question, en une phrase").fill("Mot de passe refusé")
    page.get_by_text("Je n’arrive pas à me connecter").click()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Expliquez").fill("Rien ne se passe quand je valide.")
    page.get_by_label("Votre adresse électronique").fill(ADDRESS)
    page.get_by_label("Identifiant ou adresse que vous avez essayé").fill("a.martin")
    page.get_by_label("Captures d’écran").set_input_files(
        {"name": "ecran.png", "mimeType": "image/png", "buffer": picture(kind="PNG")}
    )
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_text("Gardez son numéro")).to_be_visible()
    expect(page.get_by_role("img", name="Capture d’écran 1 de ce message")).to_be_visible()
