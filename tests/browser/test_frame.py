"""The frame of every page, in a real browser: phone menu, theme, log out."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import axe
from tests.builders import make_person

PHONE = 360


def test_the_public_home_is_accessible(page):
    page.goto("/")
    axe(page)


def test_the_phone_menu_opens_without_script(open_page):
    page = open_page(width=PHONE, java_script_enabled=False)
    page.goto("/")
    expect(page.locator("#fr-menu-mobile")).to_be_hidden()

    page.locator("#fr-btn-menu-mobile").click()
    menu = page.locator("#fr-navigation")
    expect(menu.get_by_role("link", name="Accueil")).to_be_visible()

    page.get_by_role("link", name="Fermer").click()
    expect(page.locator("#fr-menu-mobile")).to_be_hidden()


def test_the_phone_menu_is_a_modal_with_script(open_page):
    page = open_page(width=PHONE)
    page.goto("/")
    page.locator("#fr-btn-menu-mobile").click()
    page.locator("#fr-menu-mobile.fr-modal--opened").wait_for()
    axe(page, widths=(PHONE,))

    page.keyboard.press("Escape")
    page.locator("#fr-menu-mobile:not(.fr-modal--opened)").wait_for(state="attached")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_home_of_a_person_is_accessible_in_both_themes(open_page, scheme):
    page = open_page(user=make_person("OIE"), color_scheme=scheme)
    page.goto("/")
    axe(page)


def test_the_theme_is_chosen_and_kept(page):
    page.goto("/")
    page.get_by_role("button", name="Paramètres d’affichage").click()
    page.get_by_text("Thème sombre").click()
    page.locator('html[data-fr-theme="dark"]').wait_for(state="attached")

    page.reload()
    page.locator('html[data-fr-theme="dark"]').wait_for(state="attached")


def test_logging_out_takes_one_press_of_a_button(open_page):
    page = open_page(user=make_person("OIE"))
    page.goto("/")
    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("link", name="Se connecter").first.wait_for()


PUBLIC = [
    "/comptes/connexion/",
    "/comptes/inscription/",
    "/comptes/mot-de-passe/oublie/",
    "/plan-du-site/",
    "/accessibilite/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/cookies/",
    "/cgu/",
    "/nulle-part/",
]
OWN = [
    "/comptes/adresse/",
    "/comptes/mot-de-passe/",
    "/comptes/second-facteur/",
    "/comptes/second-facteur/cles/",
    "/comptes/sessions/",
    "/comptes/deconnexion/",
    "/plan-du-site/",
]


def test_the_public_pages_are_accessible(page):
    for address in PUBLIC:
        page.goto(address)
        axe(page)


def test_the_pages_of_ones_account_are_accessible(open_page):
    page = open_page(user=make_person("OIE"))
    for address in OWN:
        page.goto(address)
        axe(page)


def test_a_password_refused_is_told_in_an_alert(page):
    page.goto("/comptes/connexion/")
    page.locator("[name=login]").fill("personne@ch.example")
    page.locator("[name=password]").fill("pas-le-bon-mot")
    page.locator("main").get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_role("alert").wait_for()
    expect(page.get_by_role("alert")).to_be_focused()
    axe(page)


def test_the_whole_frame_is_reached_with_the_keyboard(page):
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Contenu"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("document.documentElement.removeAttribute('lang')", "html-has-lang"),
        ("document.querySelector('h1').style.width = '3000px'", "déborde"),
    ],
)
def test_the_check_sees_a_page_that_was_damaged(page, damage, found):
    page.goto("/cgu/")
    page.evaluate(damage)
    with pytest.raises(AssertionError, match=found):
        axe(page, widths=(320,))
