"""The two deliveries of the guide's example [000], as the pharmacist types them; accessible."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.axe import axe
from tests.browser.conftest import session_cookie
from tests.builders import make_establishment, make_person
from tests.pui.builders import make_pui
from tests.vaccines.builders import make_line, make_vaccine, make_wave, planned
from vaccines.models import SupplyLine

pytestmark = pytest.mark.django_db(transaction=True)
GTIN = "03400930000120"
WHY = "Nous avons réussi à vacciner 72 personnes en tout avec les flacons fournis."


@pytest.fixture
def pui(transactional_db):
    return make_pui()


@pytest.fixture
def gf(pui):
    return make_person("GF", on=pui.establishment)


@pytest.fixture
def deliveries(pui):
    """The first is to be ordered; the second comes three weeks later."""
    vaccine, tilleuls = make_vaccine(gtin=GTIN), make_establishment(name="EHPAD Les Tilleuls")
    today = timezone.localdate()
    return [
        make_line(make_wave(today + timedelta(days), vaccine=vaccine), pui=pui, recipient=tilleuls)
        for days in (9, 30)
    ]


def arrived(line, doses):
    """The weeks passed: SPF planned and shipped, the delivery is there."""
    today = timezone.localdate()
    line.refresh_from_db()
    line.wave.delivers_on, line.wave.needs_due_at = today, timezone.now()
    line.wave.save()
    line.shipped_on, line.shipped_doses = today, doses
    planned(line, doses, today)


@pytest.mark.long
def test_the_two_deliveries_of_the_example_to_the_figure(open_page, gf, deliveries):
    first, second = deliveries
    page = open_page(user=gf)
    page.goto(reverse("vaccines:supply"))
    axe(page)
    order, again = (page.locator(f"#ligne-{line.pk}") for line in deliveries)
    expect(order.get_by_label("2es injections")).to_have_count(0)
    order.get_by_label("1res injections").fill("66")
    page.get_by_role("button", name="Enregistrer").click()
    expect(order).to_contain_text("Total commandé : 66 doses")
    arrived(first, 66)
    page.reload()
    receive(page, order)
    order_recalls(page, again)
    row = SupplyLine.objects.get(pk=second.pk)
    assert (row.first_doses, row.second_doses, row.recalled) == (10, 72, first)


def receive(page, order):
    """By the code of the box, then 72 people vaccinated with 66 doses."""
    code = order.get_by_label("Code de la boîte")
    code.fill(f"01{GTIN}17491231")
    code.press("Control+]")
    code.press_sequentially("10AB12")
    code.press("Enter")
    expect(order.get_by_label("Lot", exact=True)).to_have_value("AB12")
    expect(order.get_by_label("Péremption")).to_have_value("31/12/2049")
    axe(page)
    order.get_by_label("Doses reçues").fill("66")
    order.get_by_label("Personnes vaccinées").fill("72")
    page.get_by_role("button", name="Enregistrer").click()
    expect(order.locator(".fr-badge")).to_have_text("Reçue")
    expect(order).to_contain_text("6 personnes de plus que de doses reçues")


def order_recalls(page, again):
    """None, said so; fewer than people, which asks why; as many."""
    expect(again).to_contain_text("72 personnes ont reçu leur 1re injection")
    recalls = again.get_by_label("2es injections")
    expect(recalls).to_have_value("")
    again.get_by_label("1res injections").fill("10")
    expect(again.get_by_text("Rappels vides")).to_be_visible()
    page.get_by_role("button", name="Enregistrer").click()
    expect(again).to_contain_text("Rappels vides : aucun ne sera commandé")
    recalls.fill("66")
    expect(again.get_by_text("Rappels vides")).to_be_hidden()
    expect(again.get_by_text("6 rappels de moins que de personnes vaccinées")).to_be_visible()
    expect(again.get_by_text("Total commandé : 76 doses")).to_be_visible()
    page.get_by_role("button", name="Enregistrer").click()
    expect(again).to_contain_text("dites pourquoi en commentaire")
    expect(recalls).to_have_value("66")
    axe(page)
    recalls.fill("72")
    again.get_by_label("Commentaire").fill(WHY)
    page.get_by_role("button", name="Enregistrer").click()
    expect(again).to_contain_text("Total commandé : 82 doses")


def test_a_box_of_another_product_is_refused_and_typing_stays_possible(open_page, gf, deliveries):
    line = deliveries[0]
    arrived(line, 66)
    page = open_page(user=gf, width=360)
    page.goto(reverse("vaccines:supply"))
    order = page.locator(f"#ligne-{line.pk}")
    code = order.get_by_label("Code de la boîte")
    code.fill("010340093000013710AB12")
    code.press("Enter")
    told = order.locator("[data-scan-status]")
    expect(told).to_contain_text("n’est pas un vaccin de la campagne")
    order.get_by_label("Lot", exact=True).fill("AB12")
    code.fill("")
    order.get_by_label("Doses reçues").fill("60")
    expect(order.get_by_text("6 doses de moins que prévu. Si rien d’autre")).to_be_visible()
    order.get_by_text("La réception est terminée").click()
    page.get_by_role("button", name="Enregistrer").click()
    expect(order).to_contain_text("6 doses de moins que prévu : dites pourquoi")
    expect(order.get_by_label("Doses reçues")).to_have_value("60")
    axe(page)
    order.get_by_label("Motif de l’écart").fill("Un flacon cassé.")
    page.get_by_role("button", name="Enregistrer").click()
    expect(order.locator(".fr-badge")).to_have_text("Reçue")


def test_the_other_pages_are_accessible(open_page, gf, deliveries):
    page = open_page(user=gf)
    arrived(deliveries[0], 66)
    for name, args in (
        ("report", []),
        ("question", []),
        ("reception_correct", [deliveries[0].pk]),
    ):
        page.goto(reverse(f"vaccines:{name}", args=args))
        axe(page)


def test_a_page_left_with_something_typed_asks_before(open_page, gf, deliveries):
    page = open_page(user=gf)
    page.goto(reverse("vaccines:supply"))
    order, asked = page.locator(f"#ligne-{deliveries[0].pk}"), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    order.get_by_label("1res injections").fill("66")
    page.get_by_role("link", name="Poser une question").click()
    expect(order.get_by_label("1res injections")).to_have_value("66")
    page.get_by_role("button", name="Enregistrer").click()
    expect(order).to_contain_text("Total commandé : 66 doses")
    page.get_by_role("link", name="Poser une question").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Contacter")
    assert asked == ["beforeunload"]


def test_what_is_sent_with_a_session_that_ended_is_offered_again(
    open_page, live_server, gf, deliveries, settings
):
    page = open_page(user=gf)
    page.goto(reverse("vaccines:supply"))
    order = page.locator(f"#ligne-{deliveries[0].pk}")
    order.get_by_label("1res injections").fill("66")
    order.get_by_label("Commentaire").fill("Toute l’aile nord.")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page).to_have_url(re.compile("connexion"))
    page.context.add_cookies([session_cookie(gf, live_server.url)])
    page.goto(reverse("vaccines:supply"))
    expect(page.get_by_role("alert")).to_contain_text("2 saisies n’ont pas été enregistrées")
    expect(order.get_by_label("1res injections")).to_have_value("")
    axe(page)
    page.get_by_role("button", name="Remettre").click()
    expect(order.get_by_label("1res injections")).to_have_value("66")
    page.get_by_role("button", name="Enregistrer").click()
    expect(order).to_contain_text("Total commandé : 66 doses")
    expect(page.get_by_role("alert")).to_be_hidden()
