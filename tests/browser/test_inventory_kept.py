"""What was typed is kept when the session or the line is lost, and is never another’s."""

from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from epi_stocks.models import InventoryLine
from tests.browser.conftest import session_cookie
from tests.browser.grids import address, cell, held, state
from tests.builders import PASSWORD


def test_a_lost_session_loses_nothing_typed(open_page, site, claire):
    page = open_page(user=claire)
    page.goto(address(site))
    Session.objects.all().delete()

    cell(page, "1-stock").fill("44500")
    page.keyboard.press("Tab")
    expect(page.locator("[data-lost]")).to_contain_text("Vous n’êtes plus connecté")
    expect(state(page, "1-stock")).to_contain_text("Votre saisie est gardée")
    link = page.get_by_role("link", name="se reconnecter dans un nouvel onglet")
    with page.context.expect_page() as opened:
        link.click()
    tab = opened.value
    tab.locator('input[name="login"]').fill(claire.email)
    tab.locator('input[name="password"]').fill(PASSWORD)
    tab.keyboard.press("Enter")
    tab.locator(".app-grille").wait_for()
    tab.close()

    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(state(page, "1-stock")).to_contain_text("Enregistré à")
    expect(page.locator("[data-lost]")).to_have_count(0)
    assert held(site, "1-stock") == 44500


def test_somebody_elses_session_never_saves_what_was_typed(open_page, site, claire, nadia):
    page = open_page(user=claire)
    page.goto(address(site))
    Session.objects.all().delete()
    cell(page, "1-stock").fill("44500")
    page.keyboard.press("Tab")
    expect(page.locator("[data-lost]")).to_contain_text("Vous n’êtes plus connecté")

    origin = page.url.split("/epi-stocks/")[0]
    page.context.add_cookies([session_cookie(nadia, origin)])
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("[data-lost]")).to_contain_text("Une autre personne s’est connectée")
    cell(page, "2-stock").fill("12")
    page.keyboard.press("Tab")
    expect(state(page, "2-stock")).to_contain_text("Votre saisie est gardée")
    assert not InventoryLine.objects.exists()


def test_what_was_not_sent_is_offered_again_on_return(open_page, site, claire):
    page = open_page(user=claire)
    page.goto(f"{address(site)}?gants=medicaux")
    page.route("**/cases/", lambda route: route.abort())
    cell(page, "1-stock").fill("44500")
    cell(page, "401-stock").fill("12")
    page.keyboard.press("Tab")
    expect(state(page, "401-stock")).to_contain_text("connexion perdue")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(address(site))
    assert asked == ["beforeunload"]
    page.unroute("**/cases/")

    notice = page.locator("[data-restored]")
    expect(notice).to_contain_text("2 saisies")
    expect(cell(page, "1-stock")).to_have_value("44500")
    notice.get_by_role("button", name="Enregistrer").click()
    expect(state(page, "1-stock")).to_contain_text("Enregistré à")
    assert (held(site, "1-stock"), held(site, "401-stock")) == (44500, 12)
    page.reload()
    expect(page.locator("[data-restored]")).to_have_count(0)


def test_what_was_not_sent_can_be_given_up(open_page, site, claire):
    page = open_page(user=claire)
    page.goto(address(site))
    page.route("**/cases/", lambda route: route.abort())
    cell(page, "1-stock").fill("99")
    page.keyboard.press("Tab")
    expect(state(page, "1-stock")).to_contain_text("connexion perdue")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.unroute("**/cases/")
    page.locator("[data-restored]").get_by_role("button", name="Abandonner").click()
    expect(cell(page, "1-stock")).to_have_value("")
    page.reload()
    expect(page.locator("[data-restored]")).to_have_count(0)
    assert held(site, "1-stock") is None
