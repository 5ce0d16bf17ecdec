"""What every journey of a role shares: the door, and the letters that come by e-mail.

A journey clicks by what one reads (``get_by_role``, ``get_by_label``, ``get_by_text``); it types no
address and knows nothing of the markup: ``test_by_sight.py`` reads the other files and refuses it.
"""

import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import expect

from accounts.notices.mails import mail as write_mail
from support.contact import letters
from tests.accounts.mailing import deliver
from tests.builders import PASSWORD

PHONE, TABLET = 360, 992
HOME = re.compile("Votre semaine|aujourd’hui", re.IGNORECASE)  # or of those who steer


@pytest.fixture
def enter(open_page, world):
    """``enter(person, title=HOME, width=1280)``: logged in, in front of the page of that title.

    Each journey builds its own ``world`` before.
    """

    def open_one(person, title=HOME, **options):
        page = open_page(**options)
        page.goto("/")
        page.get_by_role("main").get_by_role("link", name="Se connecter").click()
        page.get_by_label("Adresse électronique ou identifiant").fill(person.email)
        page.get_by_role("textbox", name="Mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Se connecter", exact=True).click()
        expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
        return page

    return open_one


@pytest.fixture
def visit(open_page, world):
    """``visit(width=1280)``: somebody without account, in front of the public home page."""

    def open_one(**options):
        page = open_page(**options)
        page.goto("/")
        return page

    return open_one


@pytest.fixture(autouse=True)
def letters_leave_at_once(transactional_db, monkeypatch):
    """What the assistance writes is in the outbox, and no counter remembers the last test."""

    def send(subject, text, to, *, lasts=None):
        write_mail(subject, text, to).send()

    monkeypatch.setattr(letters, "queue_written", send)
    cache.clear()


@pytest.fixture
def follow_mail():
    """``follow_mail(page, address)``: click the link of the last e-mail that person received."""

    def follow(page, address):
        deliver()
        body = next(one.body for one in reversed(mail.outbox) if address in one.to)
        link = urlsplit(re.search(r"https?://\S+", body)[0])
        page.goto(f"{link.path}?{link.query}" if link.query else link.path)

    return follow


def menu(page, name):
    """Open a page by the main menu, which a phone shows behind « Menu »."""
    if page.viewport_size["width"] < TABLET:
        page.get_by_role("banner").get_by_role("link", name="Menu", exact=True).click()
    page.get_by_role("navigation", name="Menu principal").get_by_role("link", name=name).click()


def answer_request(page, title, text):
    """The assistance finds it on its home page, takes it and settles it."""
    page.get_by_role("link", name="Répondre").first.click()
    page.get_by_role("link", name=title).click()
    page.get_by_role("button", name="Je m’en occupe").click()
    page.get_by_label("Votre réponse").fill(text)
    page.get_by_text("La demande est résolue").click()
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.get_by_text("Votre réponse est envoyée, un courriel l’annonce.")).to_be_visible()
