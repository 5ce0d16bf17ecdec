"""An OMEDIT's three corrections: a line moved, one created, one taken away; accessible."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.axe import axe
from tests.vaccines.corrections.acts import report
from tests.vaccines.corrections.conftest import country as _country
from tests.vaccines.corrections.conftest import two as _two
from vaccines.models import LineReport, SupplyLine

pytestmark = pytest.mark.django_db(transaction=True)
country, two = _country, _two


@pytest.mark.long
def test_an_omedit_moves_creates_and_takes_away_lines(open_page, two, transactional_db):
    report(two, LineReport.Kind.MISSING, wave=two.second, recipient=two.roseraie)
    page = open_page(user=two.omedit)
    page.goto("/")
    expect(page.get_by_role("link", name="1 signalement à traiter")).to_be_visible()

    move(page)
    create(page, two.roseraie)
    take_away(page)
    moved = SupplyLine.objects.standing().filter(recipient=two.bel_air, pui=two.blois)
    assert moved.filter(recalled=two.one).get() == two.two
    assert SupplyLine.objects.get(recipient=two.roseraie).removal == "officine"
    assert LineReport.objects.get().state == "done"


def move(page):
    """The two deliveries of a recipient, together."""
    page.goto(reverse("vaccines:followed"))
    axe(page)
    page.get_by_label("Choisir EHPAD Les Tilleuls, Vague 1").press("Space")
    page.get_by_label("Choisir EHPAD Les Tilleuls, Vague 2").press("Space")
    page.get_by_role("button", name="Déplacer", exact=True).click()
    expect(page.locator("h1")).to_have_text("Déplacer 2 lignes")
    axe(page)
    page.locator("#id_destinataire").fill("bel air")
    page.get_by_role("textbox", name="Motif").fill("Desservi par Blois depuis janvier")
    page.get_by_role("button", name="Relire avant d’enregistrer").click()
    expect(page.get_by_text("PUI de Blois").first).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Déplacer 2 lignes").click()
    expect(page.get_by_text("2 lignes déplacées.")).to_be_visible()


def create(page, roseraie):
    """From the report that asks for it."""
    page.get_by_role("link", name="1 signalement à traiter").click()
    axe(page)
    page.get_by_role("link", name="Créer la ligne").click()
    known = f"EHPAD La Roseraie, ORLÉANS ({roseraie.finess_text})"
    expect(page.locator("#id_destinataire")).to_have_value(known)
    axe(page)
    page.get_by_role("button", name="Créer la ligne").click()
    expect(page.get_by_text("Ligne créée pour EHPAD La Roseraie")).to_be_visible()
    axe(page)


def take_away(page):
    """A community pharmacy serves it."""
    page.get_by_role("button", name="Supprimer la ligne").click()
    page.get_by_label("desservi par une officine").press("Space")
    axe(page)
    page.get_by_role("button", name="Relire avant d’enregistrer").click()
    page.get_by_role("button", name="Supprimer 1 ligne").click()
    expect(page.get_by_text("1 ligne supprimée.")).to_be_visible()


def test_the_views_of_those_who_follow_are_accessible_on_a_phone(open_page, two, transactional_db):
    page = open_page(user=two.cell, width=360)
    for name in ("followed", "line_reports", "deliveries", "coverage", "doses", "lots"):
        page.goto(reverse(f"vaccines:{name}"))
        expect(page.locator("h1")).to_be_visible()
        axe(page)
