"""The national cell declares gloves in tension, compares two share-outs, publishes; a home sees it.

From the login on, only through what is on the screen.
"""

from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from common.numbers import format_integer
from common.weeks import current_week, week_label
from epi_stocks.models import ExpectedCategory
from epi_stocks.summaries.refresh import refresh_weeks
from orders.models import Quota
from orders.services.difficulties import Reported, report_difficulty
from tests.browser.axe import axe
from tests.builders import (
    PASSWORD,
    make_category,
    make_department,
    make_line,
    make_person,
    make_region,
    make_user,
)
from tests.orders.builders import GLOVES, make_doctrine, make_item, make_product, make_stock
from tests.orders.quotas.builders import make_place, make_rule

pytestmark = pytest.mark.django_db(transaction=True)
MESSAGE = "Toutes tailles. Réservez-les aux soins qui exposent au sang."
LYON = "Auvergne-Rhône-Alpes"


@pytest.fixture
def country(transactional_db):
    """Three homes in two regions; the first holds three days of gloves, and says so."""
    category = make_category("500", "EHPAD")
    ExpectedCategory.objects.get_or_create(category=category, starts_on="2020-01-01")
    gloves = make_item(GLOVES)
    product = make_product(gloves, label="Gants nitrile", units_per_pack=100)
    make_stock(product, available=400_000)
    make_rule(make_doctrine(label="Doctrine d’automne"), item=gloves, per_week=100)
    rhone = make_department("69", "Rhône", make_region("84", LYON))
    found = SimpleNamespace(
        loire=make_place(80, name="EHPAD des Bords de Loire"),
        small=make_place(4, name="Petite unité de vie"),
        lyon=make_place(80, name="EHPAD des Pentes", department=rhone),
    )
    make_line(found.loire.place, current_week(), GLOVES, stock=300, daily=100)
    refresh_weeks([current_week()])
    found.operator = make_person("OCE", on=found.loire.place)
    told = Reported(gloves, "Rationnés par deux fournisseurs.", current_week())
    report_difficulty(by=found.operator, typed=told)
    return found


def cell(first_name, last_name):
    user = make_user(first_name=first_name, last_name=last_name)
    return make_person("NAT", domain="distrilog", user=user)


def log_in(page, person):
    page.goto("/")
    page.get_by_role("link", name="Se connecter").first.click()
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page.get_by_role("region", name="Profil actif")).to_be_visible()


def declare(page):
    """From the menu to the panel, which says why, to the list of what is declared."""
    page.get_by_role("link", name="Distrilog-Santé").first.click()
    expect(page.get_by_role("heading", name="Hors tension")).to_be_visible()
    page.get_by_role("link", name="Suivi des tensions").click()
    line = page.get_by_role("row", name="Gants")
    expect(line).to_contain_text("3,0\u00a0j")
    expect(line).to_contain_text("Centre-Val de Loire")
    expect(line.get_by_role("link", name="1 : difficultés, Gants")).to_be_visible()
    line.get_by_role("link", name="Déclarer la tension : Gants").click()
    page.get_by_label("Message aux établissements").fill(MESSAGE)
    page.get_by_role("button", name="Voir ce que cela change").click()
    expect(page.get_by_text("et un bandeau : 3.")).to_be_visible()
    expect(page.get_by_text("liront 0/0")).to_be_visible()
    page.get_by_role("button", name="Déclarer la tension").click()
    expect(page.get_by_text("La tension est déclarée")).to_be_visible()
    expect(page.get_by_role("link", name="En tension : Gants")).to_be_visible()


def draft(page, *, lyon=""):
    """A share-out of too few gloves, for this week; its name."""
    page.get_by_role("link", name="Nouvelle répartition : Gants").click()
    page.get_by_label("À partir de la semaine").select_option(label=week_label(current_week()))
    page.get_by_label("Quantité par semaine, en unités").fill("12 000")
    if lyon:
        page.get_by_text("Coefficients des régions").click()
        page.get_by_label(LYON).fill(lyon)
    page.get_by_role("button", name="Enregistrer et calculer").click()
    expect(page.get_by_text("Le brouillon est enregistré et calculé.")).to_be_visible()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Brouillon")
    return heading.inner_text().split("\u00a0: ")[1]


def compare(page, name):
    """The draft on the screen, beside the one that is named."""
    page.get_by_role("link", name="Contrôles et régions").click()
    choice = page.get_by_label("Répartition A")
    option = choice.locator("option", has_text=f"{name} (")
    choice.select_option(value=option.get_attribute("value"))
    page.get_by_role("button", name="Comparer").click()
    gain = page.get_by_role("listitem").filter(has_text="Bénéficiaires qui gagnent")
    expect(gain).to_contain_text("perdent : 2")
    expect(gain.locator(".app-chiffre")).to_contain_text("1")
    falls = page.get_by_role("table", name="Les plus fortes baisses")
    expect(falls).to_contain_text("EHPAD des Bords de Loire")
    axe(page)


@pytest.mark.long
def test_the_cell_declares_gloves_in_tension_compares_two_share_outs_and_publishes(
    open_page, country
):
    page, second, phone = open_page(), open_page(), open_page(width=360)
    log_in(page, cell("Inès", "Caron"))
    declare(page)
    page.get_by_role("link", name="Préparer une répartition").click()
    first = draft(page)
    page.get_by_role("link", name="Contingentement", exact=True).click()
    draft(page, lyon="2")
    compare(page, first)
    page.get_by_role("button", name="Proposer à la publication").click()
    expect(page.get_by_text("Vous l’avez proposée").first).to_be_visible()

    log_in(second, cell("Paul", "Mercier"))
    waiting = "Gants\u00a0: une répartition attend votre publication"
    second.get_by_role("link", name=f"Lire et décider\u00a0: {waiting}").click()
    expect(second.get_by_text("Inès CARON a proposé")).to_be_visible()
    second.get_by_role("button", name="Publier").click()
    expect(second.get_by_text("La répartition est publiée.")).to_be_visible()

    log_in(phone, make_person("OCE", on=country.lyon.place))
    granted = Quota.objects.get(beneficiary=country.lyon).granted
    notice = (
        f"Contingentés, commandé sur autorisé cette semaine : Gants 0/{format_integer(granted)}."
    )
    expect(phone.get_by_text(notice)).to_be_visible()
    phone.get_by_role("link", name="Ouvrir Distrilog-Santé").click()
    stock = phone.get_by_role("region", name="EPI disponibles uniquement sur stock État")
    expect(stock).to_contain_text(f"0/{format_integer(granted)}")
    expect(phone.get_by_text(MESSAGE)).to_be_visible()
    axe(phone)
    stock.get_by_role("link", name="Commander").click()
    phone.get_by_text("Pourquoi ce contingent ?").click()
    expect(phone.get_by_text("80 places × 100 gants par place et par semaine")).to_be_visible()
    expect(phone.get_by_text("Pour votre région : × 2.")).to_be_visible()
