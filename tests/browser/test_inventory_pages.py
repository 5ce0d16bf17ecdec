"""The grid without script, and the screens around it: accessible, from a file too."""

from playwright.sync_api import expect

from accounts.models.habilitation import Domain
from common.weeks import current_week, shift
from tests.browser.again import BOTH_THEMES
from tests.browser.axe import axe
from tests.browser.grids import address, cell, fill, held, state
from tests.builders import make_person


def test_without_script_the_grid_posts_and_keeps_everything(open_page, site, claire):
    page = open_page(user=claire, width=360, java_script_enabled=False)
    page.goto(address(site))
    cell(page, "1-stock").fill("44 500")
    cell(page, "2-stock").fill("douze")
    page.keyboard.press("Enter")
    expect(state(page, "2-stock")).to_contain_text("il contient des lettres")
    expect(cell(page, "2-stock")).to_have_value("douze")
    assert held(site, "1-stock") == 44500


@BOTH_THEMES
def test_the_grid_is_accessible_in_its_main_states(open_page, site, claire, nadia, scheme):
    fill(
        claire,
        site,
        (1, "stock", 9400, None),
        (5, "stock", 50, None),
        week=shift(current_week(), -1),
    )
    page = open_page(user=claire, color_scheme=scheme)
    page.goto(f"{address(site)}?gants=medicaux")
    fill(nadia, site, (5, "stock", 640, None))
    for name, text in {
        "1-stock": "94000",
        "5-stock": "700",
        "6-stock": "x",
        "7-stock": "0",
    }.items():
        cell(page, name).fill(text)
    page.keyboard.press("Tab")
    expect(state(page, "7-stock")).to_contain_text("Enregistré")
    expect(page.get_by_role("button", name="Garder 640")).to_be_visible()
    axe(page)


def test_the_screens_around_the_grid_are_accessible(open_page, site, claire):
    fill(claire, site, (1, "stock", 9400, None), week=shift(current_week(), -1))
    closed = address(site, shift(current_week(), -3))
    page = open_page(user=claire)
    for path in (
        closed,
        f"{address(site)}reprendre/",
        f"/epi-stocks/telecharger/{site.finess}/",
        "/epi-stocks/import/",
        f"{address(site)}etablissements/",
        f"{address(site)}couverture/",
    ):
        page.goto(path)
        axe(page)
    page = open_page(user=make_person("ARA"))
    page.goto(f"{closed}reouverture/")
    axe(page)
    page = open_page(user=make_person("NAT", domain=Domain.EPI_STOCK))
    page.goto("/epi-stocks/reglages/")
    axe(page)


def test_a_file_is_checked_and_confirmed(open_page, site, claire, tmp_path):
    sent = tmp_path / "inventaire.csv"
    header = "FINESS;Consommable;Stock;Consommation;Approvisionnement"
    page = open_page(user=claire)

    sent.write_text(f"{header}\n{site.finess};Masques FFP2;1,200;;\n")
    page.goto("/epi-stocks/import/")
    page.locator('input[type="file"]').set_input_files(sent)
    page.get_by_role("button", name="Contrôler le fichier").click()
    expect(page.get_by_role("heading", name="1 case refusée")).to_be_visible()
    axe(page)

    sent.write_text(f"{header}\n{site.finess};Masques FFP2;1 200;;\n")
    page.locator('input[type="file"]').set_input_files(sent)
    page.get_by_role("button", name="Contrôler le fichier").click()
    axe(page)
    page.get_by_role("button", name="Déclarer 1 case pour 1 établissement").click()
    expect(page.get_by_text("1 case déclarée")).to_be_visible()
    assert held(site, "2-stock") == 1200
