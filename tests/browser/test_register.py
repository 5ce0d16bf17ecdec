"""The register of pharmacies in a browser: the first steps of a GF, accessible, also on a phone."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from establishments.models import Establishment
from pui.models import Pui, ServedEstablishment
from tests.browser.again import BOTH_THEMES
from tests.browser.axe import axe
from tests.builders import make_establishment, make_legal_entity, make_person, make_user
from tests.pui.builders import make_followed, make_pui

WHOLE = {
    "address": "12 rue des Lilas",
    "postal_code": "45000",
    "town": "Orléans",
    "delivery_terms": "Hayon",
    "opening_hours": "8 h à 16 h",
    "contact_phone": "02 38 00 00 00",
}


@pytest.fixture
def hospital(transactional_db):
    entity = make_legal_entity(name="CH du Val de Brenne")
    make_establishment(entity, name="EHPAD Les Tilleuls")
    return make_establishment(
        entity, name="Hôpital de la Rive", address="12 RUE DES LILAS", postal_code="45000"
    )


@pytest.fixture
def gf(hospital):
    person = make_user(first_name="Hélène", last_name="Caron")
    return make_person("GF", on=hospital.legal_entity, user=person)


@pytest.fixture
def pui(hospital):
    make_followed()
    return make_pui("PUI de la Rive", on=hospital, **WHOLE)


@pytest.mark.long
def test_a_gf_creates_its_pharmacy_and_says_whom_it_serves(open_page, gf, hospital):
    served = Establishment.objects.get(name="EHPAD Les Tilleuls")
    page = open_page(user=gf)
    page.goto("/dispostock/")
    axe(page)
    page.get_by_role("link", name="Créer la PUI : Créez la PUI de votre établissement").click()
    axe(page)
    page.get_by_role("link", name="Créer la PUI : Hôpital de la Rive").click()
    expect(page.get_by_label("Adresse de livraison")).to_have_value("12 RUE DES LILAS")
    page.get_by_label("Adresse de livraison").fill("3 quai de la Loire")
    page.get_by_label("Libellé de la PUI").fill("PUI de la Rive")
    page.get_by_role("button", name="Créer la PUI").click()
    expect(page.get_by_text("dites pourquoi, ou reprenez celle du site")).to_be_visible()
    axe(page)
    page.get_by_label("Pourquoi l’adresse").fill("Quai de livraison du bâtiment C")
    page.get_by_role("button", name="Créer la PUI").click()
    expect(page.get_by_role("heading", name="Fiche à compléter")).to_be_visible()
    axe(page)

    page.get_by_role("link", name="Ajouter ou retirer").click()
    page.get_by_role("searchbox", name="Établissement").fill("tilleuls")
    page.get_by_role("link", name="Ajouter : EHPAD Les Tilleuls").click()
    page.get_by_role("button", name="Déclarer desservi").click()
    expect(page.get_by_text("dessert EHPAD Les Tilleuls")).to_be_visible()
    axe(page)
    assert ServedEstablishment.objects.get().establishment == served
    assert Pui.objects.get().address_reason == "Quai de livraison du bâtiment C"


def test_without_script_on_a_phone_the_menu_unfolds_and_the_search_finds(open_page, gf, pui):
    page = open_page(user=gf, width=360, java_script_enabled=False)
    page.goto(f"/dispostock/pui/{pui.pk}/dessert/")
    menu = page.get_by_role("navigation", name="e-Dispostock")
    entry = menu.get_by_role("link", name="Liste UCD autres médicaments")
    expect(entry).to_be_hidden()
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(entry).to_be_visible()
    page.get_by_role("searchbox", name="Établissement").fill("tilleuls")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_role("link", name="Ajouter : EHPAD Les Tilleuls")).to_be_visible()


@BOTH_THEMES
def test_the_menu_is_open_and_marked_on_a_wide_screen(open_page, gf, pui, scheme):
    page = open_page(user=gf, color_scheme=scheme)
    page.goto("/dispostock/pui/")
    menu = page.get_by_role("navigation", name="e-Dispostock")
    expect(menu.locator("summary")).to_be_hidden()
    current = menu.get_by_role("link", name="Création et description de PUI")
    expect(current).to_have_attribute("aria-current", "page")
    expect(menu.get_by_role("link", name="Stock Vaccins COVID COVID")).to_be_visible()
    axe(page)


def test_the_pages_of_a_pharmacy_are_accessible(open_page, gf, pui):
    served = Establishment.objects.get(name="EHPAD Les Tilleuls")
    row = ServedEstablishment.objects.create(
        pui=pui, establishment=served, starts_on=timezone.localdate()
    )
    closed = make_pui(
        "PUI fermée", on=pui.establishment, opened_on="2020-01-01", closed_on="2024-01-01"
    )
    page = open_page(user=gf)
    for path in (
        "",
        f"pui/{pui.pk}/",
        f"pui/{pui.pk}/modifier/",
        f"pui/{pui.pk}/fiche/",
        f"pui/{pui.pk}/historique/",
        f"pui/{pui.pk}/fermer/",
        f"pui/{pui.pk}/dessert/?recherche=tilleuls",
        f"pui/{pui.pk}/dessert/{row.pk}/fin/",
        f"pui/{closed.pk}/",
        f"pui/{closed.pk}/rouvrir/",
    ):
        page.goto(f"/dispostock/{path}")
        axe(page)


def test_two_people_on_one_sheet_see_both_values(open_page, gf, pui):
    other = make_person("GF", on=pui.establishment)
    mine, theirs = open_page(user=gf), open_page(user=other)
    for page in (mine, theirs):
        page.goto(f"/dispostock/pui/{pui.pk}/modifier/")
    theirs.get_by_label("Horaires de réception").fill("9 h à 17 h")
    theirs.get_by_role("button", name="Enregistrer la fiche").click()
    expect(theirs.get_by_text("La fiche est à jour")).to_be_visible()
    mine.get_by_label("Horaires de réception").fill("7 h à 15 h")
    mine.get_by_role("button", name="Enregistrer la fiche").click()
    expect(mine.get_by_role("heading", name="Ce qui est enregistré maintenant")).to_be_visible()
    expect(mine.get_by_label("Horaires de réception")).to_have_value("7 h à 15 h")
    axe(mine)
    mine.get_by_role("button", name="Enregistrer la fiche").click()
    expect(mine.get_by_text("La fiche est à jour")).to_be_visible()
    pui.refresh_from_db()
    assert pui.opening_hours == "7 h à 15 h"


def test_the_register_and_the_home_of_an_ars_are_accessible(open_page, pui):
    page = open_page(user=make_person("ARA"))
    for path in ("/dispostock/", "/dispostock/pui/", "/dispostock/pui/?recherche=introuvable"):
        page.goto(path)
        axe(page)
