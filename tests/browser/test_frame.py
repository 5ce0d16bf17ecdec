"""The frame of every page, in a real browser: phone menu, theme, log out."""

import pytest

from tests.browser.axe import axe
from tests.builders import make_person

PHONE = 360


def test_the_public_home_is_accessible(page):
    page.goto("/")
    axe(page)


def test_the_phone_menu_opens_without_script(open_page):
    page = open_page(width=PHONE, java_script_enabled=False)
    page.goto("/")
    assert not page.locator("#fr-menu-mobile").is_visible()

    page.locator("#fr-btn-menu-mobile").click()
    assert page.locator("#fr-navigation").get_by_role("link", name="Accueil").is_visible()

    page.get_by_role("link", name="Fermer").click()
    assert not page.locator("#fr-menu-mobile").is_visible()


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
