"""The lists of products and the national screens: accessible in each of their states."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models.habilitation import Domain
from medications.services.reference import load_medication_reference
from tests.browser.again import BOTH_THEMES
from tests.browser.axe import axe
from tests.builders import make_establishment, make_person

LIST = "/dispostock/medicaments/ucd/"
NATIONAL = "/dispostock/national/listes/"
CISATRACURIUM = "CISATRACURIUM LABORATOIRE A 150 mg/30 ml"


@pytest.fixture
def nomenclature(transactional_db):
    load_medication_reference()


@pytest.fixture
def national(nomenclature):
    return make_person("NAT", domain=Domain.DISPOSTOCK)


@BOTH_THEMES
def test_the_lists_are_accessible(open_page, nomenclature, scheme):
    page = open_page(user=make_person("GF", on=make_establishment()), color_scheme=scheme)
    for path in (
        LIST,
        f"{LIST}?recherche=xyzt",
        f"{LIST}?atc=%3F&recherche=x",
        "/dispostock/vaccins/covid/ucd/",
        "/dispostock/vaccins/dispositifs/",
        "/dispostock/produits/9900047/",
    ):
        page.goto(path)
        axe(page)


def test_a_product_is_found_and_its_page_is_read(open_page, nomenclature):
    page = open_page(user=make_person("GF", on=make_establishment()))
    page.goto(LIST)
    page.get_by_label("Produit (code, mots du libellé ou DCI)").fill("cisatr 150")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=CISATRACURIUM).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(CISATRACURIUM)
    expect(page.get_by_text("priorité nationale 1").first).to_be_visible()


@pytest.mark.long
def test_a_national_decision_is_previewed_then_confirmed(open_page, national):
    page = open_page(user=national)
    page.goto(NATIONAL)
    axe(page)
    page.goto(f"{NATIONAL}autres/ajouter/?recherche=midazolam")
    axe(page)
    page.get_by_role("link", name="Décrire un nouveau produit").click()
    axe(page)
    page.goto("/dispostock/produits/9900047/")
    axe(page)
    page.get_by_role("link", name="Changer la priorité").click()
    page.get_by_role("button", name="Voir ce que cela change").click()
    expect(page.get_by_text("Ce champ est obligatoire").first).to_be_visible()
    axe(page)
    page.get_by_text("Priorité 2", exact=True).click()
    page.get_by_role("button", name="Voir ce que cela change").click()
    expect(page.get_by_text("Rien n’est encore enregistré")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Changer la priorité").click()
    expect(page.get_by_text("La priorité est enregistrée")).to_be_visible()


def test_a_new_frequency_shows_its_due_days(open_page, national):
    page = open_page(user=national)
    page.goto(f"{NATIONAL}autres/frequence/")
    axe(page)
    page.get_by_text("Mardi", exact=True).click()
    page.get_by_label("À partir du").fill((timezone.localdate() + timedelta(days=8)).isoformat())
    page.get_by_role("button", name="Voir ce que cela change").click()
    expect(page.get_by_role("cell", name="ajoutée").first).to_be_visible()
    axe(page)
