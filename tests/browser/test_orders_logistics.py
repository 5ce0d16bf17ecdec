"""What the warehouses and the national cell do together, from an order to the quarantine."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from orders.models import Platform
from orders.services.rerouting import start_reroute
from tests.browser.axe import axe
from tests.builders import make_person
from tests.orders.builders import make_beneficiary
from tests.orders.logistics.world import (
    confirmation,
    make_catalogue,
    make_filed_order,
    make_sent_order,
    send,
    spf,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.LOGISTICS_DIR = tmp_path


def test_a_warehouse_acknowledges_its_file_and_corrects_a_report(open_page):
    order = make_filed_order()
    report = send(confirmation(order, 900))
    page = open_page(user=make_person("LPO"))
    page.goto(reverse("orders:order_files"))
    axe(page)
    page.get_by_role("link", name="commandes-000001").click()
    axe(page)
    page.get_by_role("button", name="Accuser réception").click()
    expect(page.get_by_text("noté comme reçu")).to_be_visible()
    page.goto(reverse("orders:reports") + "?etat=attente")
    axe(page)
    page.get_by_role("link", name="Confirmation").click()
    axe(page)
    page.get_by_label("Contenu (JSON)").fill("{")
    page.expected.append("422")
    page.get_by_role("button", name="Rejouer ce contenu").click()
    expect(page.get_by_text("pas un objet JSON lisible").first).to_be_visible()
    text = page.get_by_label("Contenu (JSON)")
    expect(text).to_have_value("{")
    page.goto(reverse("orders:report", args=[report.pk]))
    text.fill(text.input_value().replace("900", "200"))
    page.get_by_role("button", name="Rejouer ce contenu").click()
    expect(page.get_by_text("Ce compte rendu est traité")).to_be_visible()
    axe(page)
    page.goto(reverse("orders:reports_file"))
    axe(page)


@pytest.mark.long
def test_the_national_cell_reroutes_a_region_and_moves_its_orders(open_page):
    order = make_sent_order(make_catalogue())
    spf()
    Platform.objects.create(code="nord", label="Plateforme Nord")
    make_beneficiary(platform=Platform.objects.get())
    page = open_page(user=make_person("NAT", domain="distrilog"))
    page.goto(reverse("orders:routing"))
    axe(page)
    page.get_by_role("link", name="Réacheminer une région").click()
    page.get_by_label("Motif").fill("Entrepôt inondé")
    axe(page)
    page.get_by_role("button", name="Réacheminer dès maintenant").click()
    axe(page)
    page.get_by_role("button", name="Déplacer ces commandes").click()
    expect(page.get_by_text("1 commande déplacée")).to_be_visible()
    order.refresh_from_db()
    assert order.operator == spf()
    for name in ("large", "large_import", "pushed", "replenishments", "platform_new"):
        page.goto(reverse(f"orders:{name}"))
        axe(page)


def test_a_list_is_read_again_before_it_is_written(open_page, tmp_path):
    Platform.objects.create(code="nord", label="Plateforme Nord")
    place, other = make_beneficiary(), make_beneficiary()
    person = make_person("NAT", domain="distrilog")
    start_reroute(by=person, region=None, reason="Grève")
    page = open_page(user=person)
    file = tmp_path / "grands.csv"
    file.write_text(f"FINESS;Plateforme SPF\n{place.finess};nord\n{other.finess};\n")
    page.goto(reverse("orders:large_import"))
    page.get_by_label("Fichier des grands").set_input_files(file)
    page.get_by_role("button", name="Voir ce que cela change").click()
    expect(page.get_by_text("sans plateforme")).to_be_visible()
    axe(page)
    file.write_text(f"FINESS;Plateforme SPF\n{place.finess};nord\n")
    page.get_by_role("link", name="Renvoyer le fichier").click()
    page.get_by_label("Fichier des grands").set_input_files(file)
    page.get_by_role("button", name="Voir ce que cela change").click()
    axe(page)
    page.get_by_role("button", name="Écrire la liste").click()
    expect(page.get_by_text("1 établissement ajouté")).to_be_visible()
    place.refresh_from_db()
    assert place.platform.code == "nord"
