"""« L’ARS dépanne un établissement avec le pot commun », from the request to the delivery.

Besides, the two other answers: mutual aid, a reasoned refusal.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Domain, Role
from epi_stocks.models import ExpectedSupply
from orders.models import Order, RegionalPool
from orders.services.outbox import write_file
from tests.browser.again import BOTH_WIDTHS
from tests.browser.axe import axe
from tests.browser.short_home import make_short_home
from tests.builders import grant, make_person
from tests.orders.builders import (
    MASKS,
)
from tests.orders.logistics.world import FILED, confirmation, departure, said, send

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "Cas groupés à l’étage"


@pytest.fixture
def home(transactional_db):
    return make_short_home()


@pytest.fixture
def helen(home):
    """She orders for the EHPAD, and fills its inventory."""
    person = make_person("OCE", on=home.establishment)
    grant(person.active_profile, Domain.EPI_STOCK, Role.INVENTORY_OPERATOR)
    return person


def ask(page):
    """From the home page of Distrilog to the request sent; its address."""
    page.goto(reverse("orders:relief"))
    axe(page)
    page.get_by_role("link", name="Demander un dépannage").click()
    axe(page)
    page.get_by_label("Équipement").select_option(str(MASKS))
    page.get_by_label("Quantité demandée").fill("400")
    page.get_by_label("Motif").fill(REASON)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_text("2,5 jours")).to_be_visible()
    expect(page.get_by_text("600 commandés sur 600 autorisés, reste 0.")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Envoyer à l’ARS").click()
    expect(page.get_by_text("La demande est envoyée")).to_be_visible()
    axe(page)
    return page.url


def open_from_home(page):
    """The request is what the home page of the ARS tells to decide."""
    page.goto("/")
    expect(page.get_by_text("1 demande de dépannage à traiter").first).to_be_visible()
    expect(page.get_by_text("EHPAD des Acacias, Masques chirurgicaux (2,5 jours)")).to_be_visible()
    page.get_by_role("link", name="Répondre").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("EHPAD des Acacias")
    axe(page)


def order_on_the_pool(page):
    """Prefilled with what is asked; delivered to the establishment."""
    page.get_by_role("link", name="Préparer la commande").click()
    expect(page.get_by_text("reste 1 000 unités")).to_be_visible()
    expect(page.get_by_label("Masques chirurgicaux, nombre de")).to_have_value("8")
    expect(page.get_by_label("Livrer à")).to_contain_text("12 rue des Acacias")
    axe(page)
    page.get_by_label("Son téléphone").fill("02 00 00 02 10")
    page.get_by_label("Message à l’établissement").fill("Tenez jusqu’à lundi")
    page.get_by_role("button", name="Transmettre la commande").click()
    expect(page.get_by_text("est transmise")).to_be_visible()
    axe(page)


def serve():
    """The warehouse takes its file, confirms, ships in one parcel, delivers."""
    filed = timezone.now() - FILED
    Order.objects.update(submitted_at=filed - timedelta(hours=1), editable_until=filed)
    order = Order.objects.get()
    assert write_file(order.operator, filed)
    send(confirmation(order, 400))
    send(departure(order, 400, colis=["6A00000007"], livraison_prevue=f"{timezone.localdate()}"))
    send(said("livraison", order, 5, expedition="E1"))


@BOTH_WIDTHS
def test_the_ars_helps_an_establishment_with_its_pool(open_page, width, home, helen):
    page = open_page(user=helen, width=width)
    request = ask(page)
    agency = open_page(user=make_person("ARA", on=home.region), width=width)
    open_from_home(agency)
    order_on_the_pool(agency)
    assert RegionalPool.objects.get().used == 400

    page.goto("/")
    expect(page.get_by_text("Demande de dépannage servie par le pot commun").first).to_be_visible()
    page.goto(request)
    expect(page.get_by_text("Tenez jusqu’à lundi").first).to_be_visible()
    serve()

    for each in (page, agency):
        each.goto(request)
        expect(each.get_by_text("6A00000007")).to_be_visible()
        expect(each.get_by_text("Livrée le")).to_be_visible()
        axe(each)
    page.get_by_label("Reçu en tout").fill("350")
    page.get_by_label("Remarque").fill("Un carton mouillé")
    page.get_by_role("button", name="Confirmer la réception").click()
    expect(page.get_by_text("C’est noté")).to_be_visible()
    axe(page)

    agency.reload()
    expect(agency.get_by_text("350 unités sur 400. Un carton mouillé")).to_be_visible()
    agency.get_by_role("link", name=Order.objects.get().number).click()
    agency.get_by_role("link", name="Réceptionner").click()
    expect(agency.get_by_role("heading", level=1)).to_be_visible()

    announced = ExpectedSupply.objects.get()  # to the inventory of the week it came
    assert (announced.establishment, announced.quantity) == (home.establishment, 400)


@pytest.mark.long
def test_the_ars_passes_it_on_to_mutual_aid(open_page, home, helen):
    page = open_page(user=helen)
    request = ask(page)
    agency = open_page(user=make_person("ARA", on=home.region))
    open_from_home(agency)
    agency.get_by_role("button", name="Ouvrir le besoin d’entraide").click()
    expect(agency.get_by_text("Le besoin d’entraide est ouvert")).to_be_visible()
    axe(agency)
    agency.get_by_role("link", name="Besoin ouvert").click()
    expect(agency.get_by_text(REASON).first).to_be_visible()
    page.goto(request)
    expect(page.get_by_text("confiée à l’entraide")).to_be_visible()
    expect(page.get_by_role("link", name="Besoin ouvert")).to_be_visible()


@pytest.mark.long
def test_the_ars_refuses_and_says_why(open_page, home, helen):
    page = open_page(user=helen)
    ask(page)
    agency = open_page(user=make_person("ARA", on=home.region))
    open_from_home(agency)
    agency.expected.append("422")
    agency.get_by_role("button", name="Refuser la demande").click()
    expect(agency.get_by_text("Dites pourquoi vous refusez").first).to_be_visible()
    axe(agency)
    agency.get_by_label("Pourquoi vous refusez").fill("Le pot commun va d’abord aux urgences.")
    agency.get_by_role("button", name="Refuser la demande").click()
    expect(agency.get_by_text("La demande est refusée")).to_be_visible()
    page.goto("/")
    page.get_by_role("link", name="Voir la réponse").first.click()
    expect(page.get_by_text("Le pot commun va d’abord aux urgences.").first).to_be_visible()
