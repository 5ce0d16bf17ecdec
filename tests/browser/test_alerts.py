"""The cell writes a rule after its preview; an ARS reads its alert, acknowledges it, comments."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from common.weeks import current_week
from epi_stocks.models import ExpectedCategory
from epi_stocks.services.reference import load_epi_reference
from epi_stocks.summaries.refresh import refresh_weeks
from medications.services.reference import load_medication_reference
from steering.models import Alert, AlertSample
from steering.services.alert_looks import look_at_alerts
from steering.services.alert_reference import load_alert_rules
from tests.browser.again import BOTH_WIDTHS
from tests.browser.axe import axe
from tests.builders import make_category, make_establishment, make_line, make_person, make_region

pytestmark = pytest.mark.django_db(transaction=True)
MASKS = 1


@pytest.fixture
def short(transactional_db):
    """An EHPAD of the Loiret that has three days of masks left."""
    load_epi_reference()
    load_medication_reference()
    category = make_category("500", "EHPAD")
    ExpectedCategory.objects.get_or_create(category=category, starts_on="2020-01-01")
    site = make_establishment(name="EHPAD du Parc", category=category)
    make_line(site, current_week(), MASKS, stock=30, daily=10)
    refresh_weeks([current_week()])
    return site


@pytest.fixture
def cell(short):
    return make_person("NAT", domain="epi_stock")


@BOTH_WIDTHS
def test_the_cell_writes_a_rule_and_the_region_answers(open_page, width, short, cell):
    write_rule(open_page(user=cell, width=width))
    look_at_alerts()
    alert = Alert.objects.get()
    for back in range(1, 4):
        day = timezone.localdate() - timedelta(days=back)
        AlertSample.objects.create(alert=alert, day=day, value=3 + back, level="critique")
    agent = open_page(user=make_person("ARA", on=make_region()), width=width)
    acknowledge(agent)
    choose_mails(agent)


def write_rule(page):
    """After a preview of the alerts that it would give."""
    page.goto(reverse("steering:alerts"))
    expect(page.get_by_role("heading", name="Aucune alerte")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Règles", exact=True).click()
    page.get_by_role("link", name="Nouvelle règle").click()
    axe(page)
    page.get_by_label("Nom de la règle").fill("Équipement critique dans une région")
    page.get_by_label("Ce qui est mesuré").select_option("epi_cover")
    page.get_by_label("À partir de la classe").select_option("critique")
    page.get_by_role("button", name="Voir ce que cela change").click()
    expect(page.get_by_text("donnerait aujourd’hui 1 alerte")).to_be_visible()
    expect(page.get_by_text("Masques chirurgicaux, Centre-Val de Loire")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Appliquer cette règle").click()
    expect(page.get_by_text("La règle est appliquée")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Équipement critique dans une région").click()
    expect(page.get_by_text("Création de la règle")).to_be_visible()
    axe(page)


def acknowledge(agent):
    """Refused without a word of what is done, then told to all."""
    agent.goto(reverse("home"))
    agent.get_by_role("link", name="1 alerte à acquitter").click()
    expect(agent.get_by_text("Couverture d’un équipement depuis l’ouverture")).to_be_visible()
    axe(agent)
    agent.get_by_role("button", name="Acquitter l’alerte").click()
    missing = agent.get_by_text("Dites en quelques mots ce que vous faites.", exact=True)
    expect(missing).to_be_visible()
    axe(agent)
    agent.get_by_label("Ce que vous faites").fill("Livraison demain matin.")
    agent.get_by_role("button", name="Acquitter l’alerte").click()
    expect(agent.get_by_text("L’alerte est acquittée")).to_be_visible()
    expect(agent.get_by_text("Livraison demain matin.")).to_be_visible()
    axe(agent)


def choose_mails(agent):
    agent.goto(reverse("steering:alerts"))
    expect(agent.get_by_role("row", name="Masques chirurgicaux")).to_contain_text("Acquittée")
    axe(agent)
    agent.get_by_role("link", name="Vos courriels").click()
    agent.get_by_text("Une fois par jour, le matin").click()
    axe(agent)
    agent.get_by_role("button", name="Enregistrer").click()
    expect(agent.get_by_text("Votre choix est enregistré.")).to_be_visible()


def test_the_cell_stops_a_rule_of_the_platform(open_page, cell):
    load_alert_rules()
    page = open_page(user=cell)
    page.goto(reverse("steering:alert_rules"))
    axe(page)
    page.get_by_role("link", name="Tension nationale sur un équipement").click()
    page.get_by_role("link", name="Arrêter la règle").click()
    expect(page.get_by_text("La règle n’ouvrira plus d’alerte")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Arrêter la règle").click()
    expect(page.get_by_text("La règle est arrêtée.")).to_be_visible()
    page.get_by_role("link", name="Changer la règle").click()
    axe(page)
