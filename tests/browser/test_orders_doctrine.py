"""The national cell writes a doctrine; a place has its capacity corrected; a file is sent."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from orders.models import Capacity, Doctrine
from orders.services.reference_doctrine import load_doctrine
from tests.browser.axe import axe
from tests.builders import make_category, make_establishment, make_person, make_region
from tests.orders.builders import make_beneficiary, make_item
from tests.orders.capacities.conftest import make_capacity

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(transactional_db):
    make_item()
    category = make_category("500", "EHPAD")
    found = make_establishment(name="EHPAD des Ormes", category=category, siret="9" * 14)
    make_beneficiary(found)
    load_doctrine()
    make_capacity(found, 50)
    return found


@pytest.fixture
def cell(site):
    return make_person("NAT", domain="distrilog")


def test_the_cell_copies_a_doctrine_changes_it_and_compares(open_page, cell):
    page = open_page(user=cell)
    page.goto(reverse("orders:doctrines"))
    axe(page)
    page.get_by_role("link", name="Nouvelle doctrine").click()
    axe(page)
    page.get_by_label("Intitulé").fill("Doctrine d’hiver")
    page.get_by_label("En vigueur à partir du").fill("2099-12-01")
    page.get_by_role("button", name="Créer, puis la changer").click()
    masks = page.get_by_label("Masques chirurgicaux, EHPAD")
    expect(masks).to_have_value("5")
    axe(page)
    page.expected.append("422")
    masks.fill("beaucoup")
    page.get_by_role("button", name="Enregistrer cette doctrine").click()
    expect(page.get_by_text("Rien n’est enregistré : corrigez ces cases.")).to_be_visible()
    axe(page)
    masks.fill("6,5")
    page.get_by_role("button", name="Enregistrer cette doctrine").click()
    expect(page.get_by_text("1 changement enregistré.")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Comparer à celle en vigueur").click()
    expect(page.get_by_role("row", name="EHPAD")).to_contain_text("+30 %")
    axe(page)
    page.goto(reverse("orders:doctrine_delete", args=[Doctrine.objects.latest("pk").pk]))
    axe(page)


@pytest.mark.long
def test_a_place_asks_its_agency_decides_and_the_answer_is_read(open_page, site):
    page = open_page(user=make_person("OCE", on=site), width=360)
    address = reverse("orders:capacity", args=[site.finess])
    page.goto(address)
    page.get_by_label("Places").check(force=True)
    page.get_by_label("Nombre exact aujourd’hui").fill("62")
    page.get_by_label("Motif").fill("Extension de 12 places")
    page.get_by_role("button", name="Demander la correction").click()
    expect(page.get_by_text("62 places")).to_be_visible()
    axe(page)
    agent = open_page(user=make_person("ARA", on=make_region()))
    agent.goto(reverse("orders:capacity_requests"))
    axe(agent)
    agent.get_by_label("EHPAD des Ormes").check(force=True)
    agent.get_by_role("button", name="Relire et décider").click()
    axe(agent)
    agent.get_by_label("Accepter").check(force=True)
    agent.get_by_label("Réponse").fill("Vu l’arrêté")
    agent.get_by_role("button", name="Enregistrer cette décision").click()
    expect(agent.get_by_text("1 correction acceptée")).to_be_visible()
    axe(agent)
    page.goto(address)
    expect(page.get_by_text("Vu l’arrêté")).to_be_visible()
    axe(page)


def test_a_file_is_sent_read_and_confirmed(open_page, cell, site):
    page = open_page(user=cell)
    page.goto(reverse("orders:capacities"))
    axe(page)
    page.get_by_role("link", name="Envoyer un fichier").click()
    axe(page)
    lines = ("FINESS;Places;Date", f"{site.finess};180;01/06/2026", "450000008;3;01/06/2026")
    content = "\n".join(lines).encode()
    page.get_by_label("Fichier").set_input_files(
        {"name": "capacites.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Contrôler le fichier").click()
    expect(page.get_by_role("heading", name="Rien n’est encore enregistré")).to_be_visible()
    expect(page.get_by_text("grand écart", exact=True)).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Enregistrer 1 nombre").click()
    expect(page.get_by_text("1 nombre pour 1 établissement")).to_be_visible()
    axe(page)
    assert Capacity.objects.get(establishment=site).quantity == 180
