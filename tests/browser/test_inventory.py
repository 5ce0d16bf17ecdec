"""The weekly grid in a real browser: « pharmacie d’un EHPAD, lundi 8 h »."""

import re

from playwright.sync_api import expect

from common.weeks import current_week, shift
from tests.browser.grids import PASTE, address, cell, fill, held, state
from tests.builders import PASSWORD, make_establishment


def log_in(page, site, claire):
    """Log in, and there is the grid of the week."""
    page.goto("/epi-stocks/inventaire/")
    page.locator('input[name="login"]').fill(claire.email)
    page.locator('input[name="password"]').fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"/epi-stocks/inventaire/{site.finess}/"))
    expect(page.locator(".app-profil")).to_contain_text("EHPAD Les Glycines")


def fill_by_keyboard(page, site):
    """As in a spreadsheet: arrows and Enter move, and each cell is saved."""
    cell(page, "1-stock").focus()
    page.keyboard.type("44 500")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("2000")
    page.keyboard.press("Enter")
    expect(cell(page, "2-daily")).to_be_focused()
    expect(state(page, "1-daily")).to_contain_text("Enregistré à")
    expect(cell(page, "1-stock")).to_have_value("44\u202f500")
    expect(page.locator('[data-cover="1"]')).to_contain_text("22 j Suffisante")
    page.keyboard.press("Shift+Enter")
    expect(cell(page, "1-daily")).to_be_focused()
    assert held(site, "1-stock") == 44500


def paste_a_block(page, site):
    """A block copied from a spreadsheet fills the cells."""
    cell(page, "2-stock").evaluate(PASTE, "2 400\t200\t1 000\r\n6000\t0\t\r\n")
    expect(state(page, "3-daily")).to_contain_text("Enregistré, à vérifier")
    expect(page.locator("[data-pasted]")).to_contain_text("5 cases remplies par collage.")
    expect(page.locator('[data-cover="3"]')).to_contain_text("Sans consommation")
    assert (held(site, "2-supply"), held(site, "3-daily"), held(site, "3-supply")) == (
        1000,
        0,
        None,
    )


def mistype(page):
    """A number that is not one stays in its box, with the reason."""
    cell(page, "6-stock").fill("1 2O0")
    page.keyboard.press("Tab")
    expect(state(page, "6-stock")).to_contain_text("la lettre O")
    expect(cell(page, "6-stock")).to_have_attribute("aria-invalid", "true")


def work_off_line(page, site):
    """Off line for a while: what is typed is kept, said, and leaves by itself."""
    page.context.set_offline(True)
    cell(page, "7-stock").fill("5000")
    page.keyboard.press("Tab")
    expect(state(page, "7-stock")).to_contain_text("connexion perdue")
    expect(page.locator('[data-count="erreur"]')).to_contain_text("2 non enregistrées")
    page.context.set_offline(False)
    expect(state(page, "7-stock")).to_contain_text("Enregistré à", timeout=10_000)
    assert held(site, "7-stock") == 5000


def settle_a_conflict(page, site, nadia):
    """A colleague typed the same cell meanwhile: both values are shown, one is chosen."""
    fill(nadia, site, (5, "stock", 640, None))
    cell(page, "5-stock").fill("700")
    page.keyboard.press("Tab")
    expect(state(page, "5-stock")).to_contain_text("Nadia Benali a saisi 640")
    expect(state(page, "5-stock")).to_contain_text("vous 700")
    assert held(site, "5-stock") == 640
    page.get_by_role("button", name="Mettre 700").click()
    expect(state(page, "5-stock")).to_contain_text("Enregistré à")
    assert held(site, "5-stock") == 700


def log_out(page):
    """What was refused is typed again, and the day is over."""
    cell(page, "6-stock").fill("1 200")
    page.keyboard.press("Tab")
    expect(state(page, "6-stock")).to_contain_text("Enregistré à")
    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("link", name="Se connecter").first.wait_for()


def test_an_ehpad_pharmacy_on_monday_morning(page, site, claire, nadia):
    fill(
        claire,
        site,
        (1, "stock", 48000, None),
        (5, "stock", 1200, None),
        week=shift(current_week(), -1),
    )
    log_in(page, site, claire)
    fill_by_keyboard(page, site)
    paste_a_block(page, site)
    mistype(page)
    work_off_line(page, site)
    settle_a_conflict(page, site, nadia)
    log_out(page)


def test_the_newest_value_wins_over_a_slow_one(open_page, site, claire):
    page = open_page(user=claire)
    page.goto(address(site))
    waiting = []
    page.route(
        "**/cases/", lambda route: waiting.append(route) if not waiting else route.continue_()
    )
    cell(page, "1-stock").fill("1")
    page.keyboard.press("Tab")
    expect(state(page, "1-stock")).to_contain_text("Enregistrement…")
    cell(page, "1-stock").fill("23")
    page.keyboard.press("Tab")
    waiting[0].continue_()
    expect(state(page, "1-stock")).to_contain_text("Enregistré à")
    expect(cell(page, "1-stock")).to_have_value("23")
    assert held(site, "1-stock") == 23


def test_an_odd_value_is_confirmed_in_one_click(open_page, site, claire):
    fill(claire, site, (1, "stock", 9400, None), week=shift(current_week(), -1))
    page = open_page(user=claire)
    page.goto(address(site))
    cell(page, "1-stock").fill("94000")
    page.keyboard.press("Tab")
    expect(state(page, "1-stock")).to_contain_text("10 fois")
    expect(page.locator('[data-count="attention"]')).to_contain_text("1 à vérifier")
    assert held(site, "1-stock") == 94000
    page.get_by_role("button", name="C’est exact").click()
    expect(state(page, "1-stock")).to_contain_text("Enregistré à")
    expect(page.locator('[data-count="attention"]')).to_be_hidden()


def test_sizes_replace_the_total_of_gloves_at_once_and_it_is_told(open_page, site, claire):
    fill(claire, site, (4, "stock", 5000, None))
    page = open_page(user=claire)
    page.goto(f"{address(site)}?gants=medicaux")
    cell(page, "401-stock").fill("1800")
    page.keyboard.press("Tab")
    expect(page.locator('[data-total="4-stock"]')).to_have_text("1\u202f800")
    expect(cell(page, "4-stock")).to_have_count(0)
    expect(page.locator("[data-replaced]")).to_have_text(
        "Le total saisi avant pour « Gants » (stock 5 000) est remplacé par la somme "
        "des tailles. L’historique le garde."
    )
    cell(page, "402-stock").fill("200")
    page.keyboard.press("Tab")
    expect(page.locator('[data-total="4-stock"]')).to_have_text("2\u202f000")
    expect(page.locator("[data-replaced]")).to_have_count(1)
    heading = page.locator('th[data-item="Gants"]')
    expect(heading).to_contain_text("total des tailles, calculé")
    heading.get_by_role("link", name="Revenir à un seul total").click()
    page.get_by_role("button", name="Vider les tailles").click()
    expect(page.get_by_role("button", name="Remettre les tailles")).to_be_visible()


def test_a_begun_row_tells_quietly_what_it_still_lacks(open_page, site, claire):
    before = shift(current_week(), -1)
    was = [(1, "stock", 48000, None), (1, "daily", 2000, None), (2, "stock", 10, None)]
    fill(claire, site, *was, week=before)
    page = open_page(user=claire)
    page.goto(address(site))
    blank = page.locator("[data-blank]")
    expect(blank).to_have_count(0)

    cell(page, "1-stock").fill("44500")
    page.keyboard.press("Tab")
    expect(blank).to_have_text(f"vide, 2 000 le {before:%d/%m}")
    page.reload()
    expect(blank).to_have_text(f"vide, 2 000 le {before:%d/%m}")
    cell(page, "1-daily").fill("1900")
    page.keyboard.press("Tab")
    expect(state(page, "1-daily")).to_contain_text("Enregistré")
    expect(blank).to_have_count(0)


def test_where_the_site_stands_follows_what_is_saved(open_page, site, claire):
    make_establishment(legal_entity=site.legal_entity)
    fill(claire, site, (1, "stock", 9, None), (2, "stock", 5, None), week=shift(current_week(), -1))
    page = open_page(user=claire)
    page.goto(address(site))
    said = page.locator('.app-sites [aria-current="page"] + .app-etat')
    chosen = page.locator("#etab option:checked")
    counted = page.locator("[data-up-to-date]")
    count = page.locator('[data-count="ok"] .app-etat')
    at_first = said.inner_text()
    expect(count).not_to_have_class(re.compile("app-etat--ok"))

    cell(page, "1-stock").fill("8")
    page.keyboard.press("Tab")
    expect(said).to_have_text("en cours, 1 case sur 21")
    expect(chosen).to_contain_text("(en cours, 1 case sur 21)")
    expect(counted).to_have_text("0")
    expect(count).to_have_class(re.compile("app-etat--ok"))
    cell(page, "2-stock").fill("5")
    page.keyboard.press("Tab")
    expect(said).to_contain_text("déclaré le ")
    expect(counted).to_have_text("1")
    typed = said.inner_text(), chosen.inner_text()
    page.reload()
    assert (said.inner_text(), chosen.inner_text()) == typed, "as the server says it"

    for name in ("1-stock", "2-stock"):
        cell(page, name).fill("")
        page.keyboard.press("Tab")
        expect(state(page, name)).to_contain_text("à vérifier")
    expect(said).not_to_contain_text("déclaré")
    page.reload()
    expect(said).to_have_text(at_first)


def test_pasted_rows_find_their_items_by_name_and_say_what_did_not_fit(open_page, site, claire):
    page = open_page(user=claire)
    page.goto(address(site))
    cell(page, "1-stock").evaluate(PASTE, "Tabliers\t90\t9\nMasques FFP2\t20\nInconnus\t3\n")
    expect(page.locator("[data-pasted]")).to_contain_text("1 valeur n’a pas de case")
    expect(state(page, "6-daily")).to_contain_text("Enregistré à")
    assert (held(site, "6-stock"), held(site, "6-daily"), held(site, "2-stock")) == (90, 9, 20)
