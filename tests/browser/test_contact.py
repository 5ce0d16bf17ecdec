"""Somebody who cannot enter asks for help; the support answers; they read it by their link."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from accounts.notices.mails import mail as write_mail
from support.contact import letters, traps
from support.contact.links import sealed
from support.models import Ticket
from support.services.reference import load_contact_reference
from tests.browser.again import BOTH_WIDTHS
from tests.browser.axe import axe
from tests.builders import make_body, make_establishment, make_person, make_region
from tests.photos import picture
from tests.support.contact.builders import make_subject, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def world(transactional_db, monkeypatch):
    """Nobody waits three seconds; mails leave at once."""

    def send(subject, text, to, *, lasts=None):
        write_mail(subject, text, to).send()

    monkeypatch.setattr(letters, "queue_written", send)
    monkeypatch.setattr(traps, "QUICKEST", timedelta(seconds=-1))
    cache.clear()
    load_contact_reference()
    for kind in ("spf", "national"):
        make_body(kind)
    for region in (make_region(), make_region("53", "Bretagne")):
        make_body("ars", region=region)


def ask(page):
    """Refused once, nothing typed is lost but the image."""
    page.goto(reverse("account_login"))
    page.get_by_role("link", name="Contacter l’assistance sans me connecter").click()
    axe(page)
    page.get_by_label("Votre question, en une phrase").fill("Mot de passe refusé")
    page.get_by_label("Expliquez").fill("Rien ne se passe quand je valide.")
    page.expected.append("422")
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_text("Donnez une adresse, pour que").first).to_be_visible()
    axe(page)
    expect(page.get_by_label("Expliquez")).to_have_value("Rien ne se passe quand je valide.")
    page.get_by_label("Votre adresse électronique").fill("alix@ch.example")
    page.get_by_label("Identifiant ou adresse que vous avez essayé").fill("a.martin")
    page.get_by_label("Captures d’écran").set_input_files(
        {"name": "ecran.png", "mimeType": "image/png", "buffer": picture(kind="PNG")}
    )
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_text("Gardez son numéro")).to_be_visible()
    expect(page.get_by_role("img", name="Capture d’écran 1 de ce message")).to_be_visible()
    axe(page)


def answer(page):
    """From the home page of the support, with an answer written once."""
    page.goto("/")
    page.get_by_role("link", name="Répondre").first.click()
    expect(page.get_by_role("heading", name="Demandes à traiter")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Mot de passe refusé").click()
    axe(page)
    page.get_by_role("button", name="Je m’en occupe").click()
    expect(page.get_by_text("Vous suivez cette demande.")).to_be_visible()
    page.get_by_label("Partir d’une réponse type").select_option("Choisir un nouveau mot de passe")
    page.get_by_role("button", name="Reprendre ce texte").click()
    expect(page.get_by_label("Votre réponse")).to_have_value(re.compile("Depuis la page"))
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.get_by_role("group", name="Ensuite")).to_have_accessible_name(
        "Ensuite Dites où en est la demande après votre réponse."
    )
    page.get_by_text("La demande est résolue").click()
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.get_by_text("Votre réponse est envoyée, un courriel l’annonce.")).to_be_visible()
    axe(page)


@pytest.mark.long
@BOTH_WIDTHS
def test_a_visitor_asks_is_answered_and_says_whether_it_helps(open_page, width):
    visitor = open_page(width=width)
    ask(visitor)
    answer(open_page(user=make_person("SUP"), width=width))
    assert "une réponse" in mail.outbox[-1].subject.lower()
    visitor.goto(reverse("support:contact_followed", args=[sealed(Ticket.objects.get())]))
    expect(visitor.get_by_text("Depuis la page de connexion, choisissez")).to_be_visible()
    axe(visitor)
    visitor.get_by_role("button", name="En partie").click()
    expect(visitor.get_by_text("Merci de votre avis.")).to_be_visible()
    visitor.get_by_role("button", name="Rouvrir la demande").click()
    expect(visitor.get_by_text("La demande est rouverte")).to_be_visible()


def test_the_other_pages(open_page):
    operator = make_person("OIE", on=make_establishment(name="EHPAD Les Tilleuls"))
    ticket = make_ticket(operator, subject=make_subject("panne"))
    page = open_page(user=operator)
    for name, args in (("contact", []), ("tickets", []), ("ticket", [ticket.pk])):
        page.goto(reverse(f"support:{name}", args=args))
        axe(page)
    page.goto(f"{reverse('support:contact_new')}?sujet=vaccins")
    axe(page)
    writer = open_page(user=make_person("SUP"))
    for name in ("texts", "canned_new"):
        writer.goto(reverse(f"support:{name}"))
        axe(writer)
    cell = open_page(user=make_person("NAT"))
    cell.goto(reverse("support:contact_who"))
    axe(cell)
    cell.get_by_role("link", name="Modifier la boîte de spf").click()
    axe(cell)
    cell.get_by_label("Boîte aux lettres").fill("vaccins@spf.example")
    cell.get_by_role("button", name="Enregistrer l’adresse").click()
    expect(cell.get_by_role("link", name="vaccins@spf.example")).to_be_visible()
    lost = open_page()
    lost.expected.append("404")
    lost.goto(reverse("support:contact_followed", args=["perdu"]))
    axe(lost)
    lost.goto(reverse("support:contact_follow"))
    axe(lost)
