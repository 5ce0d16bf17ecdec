"""A token made by hand: what is missing is told, the secret is copied with one button."""

import re

import pytest
from playwright.sync_api import expect

from accounts.services.tokens import token_shown
from tests.browser.axe import axe
from tests.builders import make_establishment, make_person

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_administrator_makes_a_token_copies_it_and_revokes_it(open_page):
    person = make_person("APE", on=make_establishment())
    page = open_page(user=person, permissions=["clipboard-read", "clipboard-write"])
    page.goto("/plage/jetons/")
    page.get_by_role("button", name="Créer ce jeton").press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    axe(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Nom de la machine")).to_be_focused()
    page.keyboard.type("Logiciel de la pharmacie")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("est créé"))).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Copier le jeton").press("Enter")
    expect(page.get_by_role("button", name="Copié")).to_be_focused()
    value = page.evaluate("navigator.clipboard.readText()")
    token = token_shown(value)
    assert token.scopes == ["pui.transmit"]
    page.get_by_role("link", name="J’ai copié le jeton").click()
    page.get_by_role("link", name="Révoquer").click()
    page.get_by_role("button", name="Révoquer ce jeton").click()
    expect(page.get_by_text("est révoqué.")).to_be_visible()
    assert token_shown(value) is None
