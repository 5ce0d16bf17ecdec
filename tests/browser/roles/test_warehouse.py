"""LPO: takes the file of the day and says by another what left."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from orders.models import Order
from tests.browser.roles.conftest import menu
from tests.builders import make_person
from tests.orders.logistics.world import make_filed_order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db, settings, tmp_path):
    """One order of 200 units is in a file that nobody took yet."""
    settings.LOGISTICS_DIR = tmp_path
    return make_filed_order()


def test_the_warehouse_takes_its_file_and_says_what_left(enter, world, tmp_path):
    page = enter(make_person("LPO"))
    page.get_by_role("link", name="1 fichier de commandes sans accusé de réception").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV du fichier 1").click()
    assert world.number in download.value.path().read_text(encoding="utf-8-sig")
    page.get_by_role("link", name="commandes-000001").click()
    page.get_by_role("button", name="Accuser réception").click()
    expect(page.get_by_text("noté comme reçu")).to_be_visible()

    page.get_by_role("link", name="Comptes rendus", exact=True).click()
    page.get_by_role("link", name="Envoyer un fichier").click()
    report = tmp_path / "du-jour.csv"
    report.write_text(written_by_the_warehouse(world), encoding="utf-8")
    page.get_by_label("Fichier de comptes rendus").set_input_files(report)
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("2 comptes rendus")).to_be_visible()

    menu(page, "Accueil")
    expect(page.get_by_text("sans accusé de réception")).to_be_hidden()
    page.get_by_role("link", name="Commandes en route").click()
    page.get_by_role("link", name=world.number).click()
    expect(page.get_by_text("6A00000007").first).to_be_visible()
    world.refresh_from_db()
    assert world.state == Order.State.SHIPPED


def written_by_the_warehouse(order):
    """As a spreadsheet would save it: confirmed, then gone in one parcel."""
    product = order.lines.get().product.code
    at = timezone.localtime() - timedelta(hours=11)
    first, then = (f"{at + timedelta(hours=h):%d/%m/%Y %H:%M}" for h in (0, 1))
    return "\n".join(
        (
            "type;le;commande;produit;quantite;expedition;transporteur;colis",
            f"confirmation;{first};{order.number};{product};200;;;",
            f"expedition;{then};{order.number};{product};200;E1;Colissimo;",
            f"expedition;{then};{order.number};;;E1;Colissimo;6A00000007",
            "fin;;;;3;;;",
        )
    )
