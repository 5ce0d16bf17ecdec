"""Somebody who works for two employers: the late site first, then the right profile to order."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import Domain, Role
from common.weeks import current_week, shift
from epi_stocks.models import InventoryLine
from epi_stocks.services.reference import load_epi_reference
from tests.browser.roles.conftest import menu
from tests.builders import (
    grant,
    make_category,
    make_establishment,
    make_legal_entity,
    make_line,
    make_person,
    make_profile,
)
from tests.orders.builders import make_beneficiary

pytestmark = pytest.mark.django_db(transaction=True)
MASKS = 1


@pytest.fixture
def world(transactional_db):
    """A hospital of two sites, one silent since three weeks; a care home where one also orders."""
    category = make_category("500", "EHPAD")
    load_epi_reference()
    entity = make_legal_entity(name="CH du Val de Brenne")
    ready, late = (
        make_establishment(entity, name=name, category=category)
        for name in ("Hôpital de la Rive", "SSIAD du Val")
    )
    make_line(ready, shift(current_week(), -1), MASKS, stock=900, daily=10)
    make_line(late, shift(current_week(), -3), MASKS, stock=500, daily=10)
    care_home = make_establishment(name="EHPAD Résidence du Parc", category=category)
    make_beneficiary(care_home)
    make_line(care_home, shift(current_week(), -1), MASKS, stock=300, daily=10)
    return entity, late, care_home


@pytest.fixture
def julien(world):
    entity, _late, care_home = world
    person = make_person("OIE", on=entity)
    profile = make_profile(person, care_home)
    grant(profile, Domain.EPI_STOCK, Role.INVENTORY_OPERATOR)
    grant(profile, Domain.DISTRILOG, Role.ORDER_OPERATOR)
    person.forget_rights()
    return person


def test_the_late_site_is_declared_then_the_other_employer_chosen(enter, world, julien):
    _entity, late, _care_home = world
    page = enter(julien, "Sous quel profil travaillez-vous ?")
    page.get_by_role("button", name="Travailler pour CH du Val de Brenne").click()
    expect(page.get_by_text("Profil actif : CH du Val de Brenne")).to_be_visible()
    page.get_by_role("link", name="Ouvrir la grille : Inventaire EPI, SSIAD du Val").click()
    sites = page.get_by_role("region", name="Sites de l’entité")
    expect(sites.get_by_text("en retard")).to_be_visible()
    cell = page.get_by_role("textbox", name="Masques chirurgicaux : Stock utilisable")
    cell.fill("450")
    cell.blur()
    page.get_by_role("textbox", name="Masques chirurgicaux : Consommation").fill("10")
    cell.focus()
    expect(sites.get_by_text(re.compile("SSIAD du Val.*déclaré le"))).to_be_visible()
    line = InventoryLine.objects.get(establishment=late, week=current_week())
    assert (line.stock, line.daily) == (450, 10)

    menu(page, "Accueil")
    page.get_by_role("link", name="Changer de profil").click()
    page.get_by_role("button", name="Travailler pour EHPAD Résidence du Parc").click()
    expect(page.get_by_text("Profil actif : EHPAD Résidence du Parc")).to_be_visible()
    menu(page, "Distrilog-Santé")
    expect(page.get_by_role("heading", level=1, name="Distrilog-Santé")).to_be_visible()
    expect(page.get_by_text("EHPAD Résidence du Parc").last).to_be_visible()
