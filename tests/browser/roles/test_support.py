"""SUP: answers who cannot enter, hides a message of the forum, announces an interruption."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from support.models import Announcement
from support.services.forum.reports import report_post
from support.services.reference import load_contact_reference
from tests.browser.roles.conftest import answer_request, menu
from tests.builders import make_body, make_person, make_region
from tests.support.contact.builders import make_ticket
from tests.support.forum.builders import make_answer, make_topic

pytestmark = pytest.mark.django_db(transaction=True)
CUT = "Pas de commande samedi de 20 h à minuit."
MINUTE = "%Y-%m-%dT%H:%M"


@pytest.fixture
def world(transactional_db):
    """A visitor waits for an answer; a message that gives a name was reported."""
    load_contact_reference()
    for kind in ("spf", "national"):
        make_body(kind)
    make_body("ars", region=make_region())
    make_ticket(title="Mot de passe refusé")
    topic = make_topic(title="Comment compter les gants ?")
    post = make_answer(topic, text="Demandez à Mme Roux, chambre 12.")
    report_post(by=make_person("OIE"), post=post, reason="personal", note="Un nom")
    return post


def test_the_support_answers_moderates_and_announces(enter, world):
    page = enter(make_person("SUP"))
    answer_request(page, "Mot de passe refusé", "Choisissez « Mot de passe oublié ».")
    assert mail.outbox[-1].to == ["visiteur@ch.example"]

    menu(page, "Accueil")
    page.get_by_role("link", name="1 message signalé dans Agora").click()
    page.get_by_role("link", name="Masquer le message").click()
    page.get_by_label("Pourquoi masquer ce message").fill("Le nom d’une personne.")
    page.get_by_role("button", name="Masquer et prévenir l’auteur").click()
    expect(page.get_by_text("Le message est masqué.")).to_be_visible()

    menu(page, "Administration")
    page.get_by_role("link", name="Textes du site et annonces").click()
    page.get_by_role("link", name="Écrire une annonce").click()
    announce(page)
    assert Announcement.objects.get().text == CUT
    menu(page, "Accueil")
    expect(page.get_by_text(CUT).first).to_be_visible()


def announce(page):
    now = timezone.localtime()
    page.get_by_label("Annonce").fill(CUT)
    page.get_by_label("À partir du").fill(f"{now - timedelta(minutes=5):{MINUTE}}")
    page.get_by_label("Jusqu’au").fill(f"{now + timedelta(days=3):{MINUTE}}")
    page.get_by_role("button", name="Enregistrer l’annonce").click()
    expect(page.get_by_text(CUT).first).to_be_visible()
