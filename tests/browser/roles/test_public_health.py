"""SPF: plans the deliveries of vaccines, answers a pharmacy, reads what the State still holds."""

import pytest
from playwright.sync_api import expect

from support.models import TicketMessage
from tests.browser.roles.conftest import menu
from tests.builders import make_body, make_establishment, make_person
from tests.orders.builders import make_product, make_stock
from tests.pui.builders import make_pui
from tests.support.contact.builders import make_subject, make_ticket
from tests.vaccines.builders import make_line
from vaccines.models import SupplyLine

pytestmark = pytest.mark.django_db(transaction=True)
ANSWER = "La fin de la livraison part demain."


@pytest.fixture
def world(transactional_db):
    """A need of 66 doses waits for its date; a pharmacist asks where a delivery is."""
    body = make_body("spf")
    pui = make_pui("PUI du Loiret", on=make_establishment(name="CH du Loiret"))
    gf = make_person("GF", on=pui.establishment)
    make_ticket(gf, subject=make_subject("vaccins", "spf"), title="Livraison incomplète")
    make_stock(make_product(label="Masques FFP2 coquille"), available=12_000, holder=body)
    return make_line(pui=pui, first_doses=66, second_doses=0)


def test_spf_plans_deliveries_answers_and_reads_its_stock(enter, world):
    person = make_person("SPF", domain="dispostock")
    page = enter(make_person("SPF", domain="distrilog", user=person))
    page.get_by_role("link", name="1 livraison à prévoir").click()
    page.get_by_role("link", name="Proposer d’après les besoins").click()
    page.get_by_role("button", name="Écrire").click()
    expect(page.get_by_text("1 livraison enregistrée")).to_be_visible()
    assert SupplyLine.objects.get().planned_doses == 66

    menu(page, "Accueil")
    page.get_by_role("link", name="Une demande d’assistance à traiter").click()
    page.get_by_role("link", name="Livraison incomplète").click()
    page.get_by_label("Votre réponse").fill(ANSWER)
    page.get_by_text("La demande est résolue").click()
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.get_by_text("Votre réponse est envoyée")).to_be_visible()
    assert TicketMessage.objects.filter(text=ANSWER).exists()

    menu(page, "Distrilog-Santé")
    page.get_by_role("link", name="Stock par produit et par entrepôt").click()
    stock = page.get_by_role("row").filter(has_text="Masques FFP2 coquille")
    expect(stock).to_contain_text("12\u202f000")
