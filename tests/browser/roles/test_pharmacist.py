"""GF: the stock of the pharmacy is due on Friday; one medicine runs short, help is asked."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from medications.calendar import calendar_of
from medications.models import Priority
from pui.models import HelpRequest, StockLine
from tests.builders import make_establishment, make_person
from tests.pui.builders import make_followed, make_list, make_product, make_pui, make_reference

pytestmark = pytest.mark.django_db(transaction=True)
STOCK, DAILY = "Quantité en stock", "Consommation moyenne journalière"


@pytest.fixture
def world(transactional_db):
    make_followed(make_product("MIDAZOLAM 5 mg/ml"), priority=Priority.NATIONAL)
    propofol = make_reference("PROPOFOL", "10 mg/ml")
    make_followed(make_product("PROPOFOL 10 mg/ml", reference=propofol))
    return make_pui("PUI Saint-Aubin", on=make_establishment(name="CH Saint-Aubin"))


def type_in(page, product, measure, text):
    cell = page.get_by_role("textbox", name=f"{product} : {measure}")
    cell.fill(text)
    cell.blur()


def test_a_pharmacist_declares_and_sees_what_runs_short(enter, world):
    person = make_person("GF", on=world.establishment)
    page = enter(person)
    page.get_by_role("link", name=re.compile("^Transmettre.*PUI Saint-Aubin")).click()
    due = calendar_of(make_list()).open_periods(timezone.now())[-1].due_on
    page.get_by_role("link", name=f"Saisir l’échéance du {due:%d/%m/%Y}").click()
    type_in(page, "MIDAZOLAM 5 mg/ml", STOCK, "1 200")
    type_in(page, "MIDAZOLAM 5 mg/ml", DAILY, "33,5")
    type_in(page, "PROPOFOL 10 mg/ml", STOCK, "40")
    type_in(page, "PROPOFOL 10 mg/ml", DAILY, "10")
    expect(page.get_by_text("4 cases enregistrées")).to_be_visible()
    assert not StockLine.objects.exists()
    page.get_by_role("button", name="Transmettre").click()
    expect(page.get_by_role("heading", name="Accusé de réception")).to_be_visible()
    assert set(StockLine.objects.values_list("stock", flat=True)) == {1_200, 40}

    page.get_by_role("link", name="Stocks Santé").first.click()
    low = page.get_by_role("table", name="Vos stocks sous le seuil")
    expect(low.get_by_role("row", name=re.compile("PROPOFOL.*Critique"))).to_be_visible()
    low.get_by_role("link", name="PROPOFOL 10 mg/ml").click()
    expect(page.get_by_text("4,0 j").first).to_be_visible()
    page.get_by_role("link", name="Demander de l’aide pour ce produit").click()
    ask_for_help(page)
    asked = HelpRequest.objects.get()
    assert (asked.pui, asked.reference.label, asked.quantity) == (world, "PROPOFOL 10 mg/ml", 100)


def ask_for_help(page):
    """The pharmacy and the medicine are already told."""
    expect(page.get_by_label("UCD de référence ou UCD")).to_have_value("PROPOFOL 10 mg/ml")
    page.get_by_label("Quantité demandée").fill("100")
    page.get_by_text("Sous trois jours").click()
    page.get_by_label("Motif").fill("Le fournisseur ne livre plus cette semaine.")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Votre demande est envoyée à votre ARS.")).to_be_visible()
