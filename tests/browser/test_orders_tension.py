"""The national cell watches, declares a tension and ends it; a home registers, then reports."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from common.weeks import current_week
from epi_stocks.models import ExpectedCategory
from epi_stocks.summaries.refresh import refresh_weeks
from support.services.question_reference import load_questions
from tests.browser.again import BOTH_WIDTHS
from tests.browser.axe import axe
from tests.builders import make_category, make_establishment, make_line, make_person
from tests.orders.builders import GLOVES, MASKS, make_beneficiary, make_item, make_product

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(transactional_db):
    """An EHPAD that has six days of masks left."""
    for item in (MASKS, GLOVES):
        make_product(make_item(item))
    category = make_category("500", "EHPAD")
    ExpectedCategory.objects.get_or_create(category=category, starts_on="2020-01-01")
    site = make_establishment(name="EHPAD du Parc", category=category, siret="9" * 14)
    make_line(site, current_week(), MASKS, stock=60, daily=10)
    refresh_weeks([current_week()])
    return make_beneficiary(site)


@pytest.fixture
def cell():
    return make_person("NAT", domain="distrilog")


@BOTH_WIDTHS
def test_the_cell_watches_declares_a_tension_and_says_its_end(open_page, width, home, cell):
    page = open_page(user=cell, width=width)
    page.goto(reverse("orders:watch"))
    line = page.get_by_role("row", name="Masques chirurgicaux")
    expect(line).to_contain_text("6,0 j")
    axe(page)
    line.get_by_role("link", name="Déclarer la tension : Masques chirurgicaux").click()
    axe(page)
    page.get_by_label("Message aux établissements").fill("Aux soins des malades d’abord.")
    page.get_by_role("button", name="Voir ce que cela change").click()
    expect(page.get_by_text("et un bandeau : 1.")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Déclarer la tension").click()
    expect(page.get_by_text("Aux soins des malades d’abord.")).to_be_visible()
    expect(page.get_by_role("link", name="En tension : Masques chirurgicaux")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Lever").click()
    last = timezone.localdate() + timedelta(days=3)
    page.get_by_label("Dernier jour de la tension").fill(last.isoformat())
    page.get_by_role("button", name="Voir ce que cela change").click()
    page.get_by_role("button", name="Fixer ce dernier jour").click()
    expect(page.get_by_text(f"au {last:%d/%m/%Y}")).to_be_visible()
    page.goto(reverse("orders:watched_item", args=[MASKS]))
    axe(page)


@pytest.mark.long
@BOTH_WIDTHS
def test_a_home_registers_and_reports_a_difficulty_that_the_cell_closes(
    open_page, width, home, cell
):
    page = open_page(user=make_person("OCE", on=home.place), width=width)
    page.goto(reverse("orders:start"))
    expect(page.get_by_role("heading", name="Hors tension")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="S’inscrire").click()
    page.get_by_text("Madame").click()
    page.get_by_label("Téléphone").fill("02 38 00 00 00")
    axe(page)
    page.get_by_role("button", name="S’inscrire").click()
    expect(page.get_by_text("Votre inscription est enregistrée.")).to_be_visible()
    page.goto(reverse("orders:difficulties"))
    page.get_by_role("link", name="Signaler une difficulté").click()
    page.get_by_label("Équipement").select_option(label="Gants")
    page.get_by_label("Difficulté").fill("Taille M introuvable.")
    axe(page)
    page.get_by_role("button", name="Signaler").click()
    expect(page.get_by_text("Taille M introuvable.")).to_be_visible()
    axe(page)

    desk = open_page(user=cell, width=width)
    desk.goto(reverse("orders:difficulties"))
    desk.get_by_role("link", name="Clore : Gants, EHPAD du Parc").click()
    desk.get_by_label("Suite donnée").fill("Livrée.")
    axe(desk)
    desk.get_by_role("button", name="Clore").click()
    expect(desk.get_by_text("Livrée.")).to_be_visible()


@BOTH_WIDTHS
def test_who_cannot_order_reads_why(open_page, width, home):
    school = make_establishment(category=make_category("300", "École"))
    page = open_page(user=make_person("OCE", on=school), width=width)
    page.goto(reverse("orders:start"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("ne permet pas de commander")
    axe(page)
    page.get_by_role("link", name="Toutes les conditions").click()
    expect(page.locator("#verdict")).to_contain_text("Vous ne pouvez pas encore commander")


def test_anybody_reads_the_questions_that_all_ask(page, home):
    load_questions()
    page.goto(reverse("sitemap"))
    page.get_by_role("link", name="Questions et réponses").first.click()
    page.get_by_role("link", name="Mon établissement est-il bénéficiaire").click()
    page.get_by_text("La catégorie bénéficiaire").click()
    expect(page.get_by_text("500 EHPAD")).to_be_visible()
    axe(page)


@BOTH_WIDTHS
def test_the_cell_reads_the_list_and_opens_a_region(open_page, width, home, cell):
    page = open_page(user=cell, width=width)
    page.goto(reverse("orders:beneficiaries"))
    expect(page.get_by_role("link", name="EHPAD du Parc")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Mettre la liste à jour").click()
    expect(page.get_by_text("La liste est à jour")).to_be_visible()
    page.goto(reverse("orders:served_regions"))
    axe(page)
    page.get_by_role("link", name="Ne plus servir : Centre-Val de Loire").click()
    page.get_by_role("button", name="Voir ce que cela change").click()
    expect(page.get_by_text("ce jour-là : 1.")).to_be_visible()
    axe(page)
