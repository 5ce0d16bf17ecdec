"""ARA: reminds a late pharmacy, serves a home from the pool, answers an alert and a question.

ARL: reads the same region, and is offered none of it.
"""

from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from common.weeks import current_week
from epi_stocks.summaries.refresh import refresh_weeks
from orders.models import Order, ReliefRequest
from orders.services.relief import Asked, ask
from pui.models import Reminder
from pui.region.refreshing import refresh_all
from steering.models import Alert
from steering.services.alert_looks import look_at_alerts
from support.models import TicketMessage
from tests.browser.roles.conftest import menu
from tests.browser.short_home import make_short_home
from tests.builders import make_body, make_establishment, make_person
from tests.orders.builders import MASKS, make_item
from tests.pui.builders import make_followed, make_list, make_product, make_pui
from tests.steering.alerts.conftest import make_rule
from tests.support.contact.builders import make_subject, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    """A home short of masks that asks the region for help; a pharmacy that declared nothing."""
    home = make_short_home()
    agency = make_body("ars", region=home.region)
    operator = make_person("OCE", on=home.establishment)
    asked = Asked(home.establishment, make_item(MASKS), 400, "Cas groupés à l’étage")
    ask(by=operator, beneficiary=home, asked=asked)
    hospital = make_establishment(name="CH de Gien")
    make_list()
    make_followed(make_product())
    make_pui("PUI de Gien", on=hospital, contact_email="pharmacie@gien.example")
    make_person("GF", on=hospital)
    refresh_all()
    refresh_weeks([current_week()])
    make_rule(label="Masques critiques")
    look_at_alerts()
    make_ticket(operator, subject=make_subject("penurie", "ars"), title="Contingent trop juste")
    return SimpleNamespace(home=home, region=home.region, agency=agency, operator=operator)


def test_the_agency_does_what_its_home_page_lists(enter, world):
    page = enter(make_person("ARA", on=world.region))
    remind(page)
    menu(page, "Accueil")
    serve(page)
    menu(page, "Accueil")
    answer_the_alert(page)
    menu(page, "Accueil")
    answer_the_question(page)
    menu(page, "Accueil")
    for done in ("dépannage à traiter", "alerte à acquitter"):
        expect(page.get_by_text(done)).to_be_hidden()


def remind(page):
    page.get_by_role("link", name="1 PUI en retard").click()
    page.get_by_role("link", name="Relancer PUI de Gien").click()
    expect(page.get_by_text("n’a pas transmis son stock").first).to_be_visible()
    page.get_by_role("button", name="Relancer 1 PUI").click()
    expect(page.get_by_text("relancée aujourd’hui").first).to_be_visible()
    assert Reminder.objects.get().pui.label == "PUI de Gien"


def serve(page):
    """The whole request, from the common pot."""
    page.get_by_role("link", name="1 demande de dépannage à traiter").click()
    expect(page.get_by_text("2,5 jours").first).to_be_visible()
    page.get_by_role("link", name="Préparer la commande").click()
    page.get_by_label("Son téléphone").fill("02 00 00 02 10")
    page.get_by_role("button", name="Transmettre la commande").click()
    expect(page.get_by_text("est transmise")).to_be_visible()
    assert Order.objects.get().region == ReliefRequest.objects.get().beneficiary.region


def answer_the_alert(page):
    page.get_by_role("link", name="1 alerte à acquitter").click()
    page.get_by_label("Ce que vous faites").fill("Une commande du pot commun est partie.")
    page.get_by_role("button", name="Acquitter l’alerte").click()
    expect(page.get_by_text("L’alerte est acquittée")).to_be_visible()
    assert Alert.objects.get().acknowledged_at


def answer_the_question(page):
    page.get_by_role("link", name="Une demande d’assistance à traiter").click()
    page.get_by_role("link", name="Contingent trop juste").click()
    page.get_by_label("Votre réponse").fill("Une livraison est prévue demain.")
    page.get_by_text("La demande est résolue").click()
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.get_by_text("Votre réponse est envoyée")).to_be_visible()
    assert TicketMessage.objects.filter(text="Une livraison est prévue demain.").exists()


def test_the_reader_of_the_agency_sees_who_is_late_and_changes_nothing(enter, world):
    person = make_person("ARL", on=world.region, domain="dispostock")
    page = enter(make_person("ARL", on=world.region, domain="epi_stock", user=person))
    page.get_by_role("link", name="1 PUI en retard").click()
    expect(page.get_by_role("rowheader", name="PUI de Gien")).to_be_visible()
    expect(page.get_by_role("link", name="Relancer")).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert "PUI de Gien" in download.value.path().read_text(encoding="utf-8-sig")
    menu(page, "Situation")
    expect(page.get_by_role("heading", level=1)).to_contain_text(world.region.name)
    expect(page.get_by_role("rowheader", name="Masques chirurgicaux").first).to_be_visible()
