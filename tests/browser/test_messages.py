"""A message is written, read and taken into account, corrected, followed and withdrawn."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.again import BOTH_WIDTHS
from tests.browser.axe import axe
from tests.builders import make_establishment, make_person

pytestmark = pytest.mark.django_db(transaction=True)


@BOTH_WIDTHS
def test_a_message_goes_from_the_cell_to_a_pharmacist_and_back(open_page, width, transactional_db):
    reader = make_person("GF", on=make_establishment(name="CH du Loiret"))
    cell = make_person("NAT", domain="dispostock")
    page = open_page(user=cell, width=width)
    write(page)
    take_into_account(open_page(user=reader, width=width))
    page.reload()
    expect(page.get_by_text("1 sur 1").first).to_be_visible()
    follow(page)
    withdraw(page)


def write(page):
    """Refused until it says whom it is for and until when, then sent."""
    page.goto(reverse("steering:messages"))
    axe(page)
    page.get_by_role("link", name="Écrire un message").click()
    axe(page)
    page.get_by_text("Pour action", exact=True).click()
    page.get_by_label("Objet").fill("Deux transmissions par semaine")
    page.get_by_label("Texte", exact=True).fill("Chaque **lundi** et chaque jeudi.")
    page.get_by_role("button", name="Voir l’aperçu").click()
    expect(page.get_by_text("Il manque encore")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Compléter le message").click()
    due = timezone.localdate() + timedelta(days=5)
    page.get_by_label("À faire avant le").fill(due.isoformat())
    page.get_by_text("Gestionnaires de fichiers (e-Dispostock)").click()
    page.get_by_role("button", name="Voir l’aperçu").click()
    expect(page.get_by_text("Ce message ira à 1 personne dans 1 établissement")).to_be_visible()
    page.get_by_role("button", name="Envoyer à 1 personne").click()
    expect(page.get_by_role("heading", name="Qui a lu ce message")).to_be_visible()
    axe(page)


def take_into_account(page):
    page.goto("/")
    axe(page)
    page.get_by_role("link", name="Deux transmissions par semaine", exact=True).click()
    expect(page.get_by_text("lundi")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Pris en compte").click()
    expect(page.get_by_text("C’est noté")).to_be_visible()
    page.goto(reverse("steering:messages"))
    expect(page.get_by_text("Pris en compte", exact=True)).to_be_visible()
    axe(page)


def follow(page):
    """Nobody is left to remind; a correction would go to the same people."""
    page.get_by_role("link", name="Relancer").click()
    expect(page.get_by_text("Personne à relancer aujourd’hui")).to_be_visible()
    axe(page)
    page.goto(reverse("steering:messages_written"))
    axe(page)
    page.get_by_role("link", name="Deux transmissions par semaine", exact=True).click()
    page.get_by_role("button", name="Écrire un rectificatif").click()
    expect(page.get_by_text("Ceux du message rectifié")).to_be_visible()
    axe(page)


def withdraw(page):
    page.go_back()
    page.get_by_role("link", name="Retirer le message").click()
    axe(page)
    page.get_by_label("Pourquoi le retirer").fill("La date était fausse.")
    page.get_by_role("button", name="Retirer le message").click()
    expect(page.get_by_text("La date était fausse.")).to_be_visible()
    axe(page)
