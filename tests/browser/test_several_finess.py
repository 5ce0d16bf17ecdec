"""One person, one address, several FINESS numbers [003]: what Distrilog-Santé used to forbid."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from establishments.models import BeneficiaryCategory, LegalStatus
from tests.builders import (
    grant,
    make_category,
    make_establishment,
    make_legal_entity,
    make_person,
    make_profile,
    make_region,
    make_user,
)
from tests.orders.builders import serve
from tests.rights import ORDERS

READY = "Vous pouvez commander"


@pytest.fixture
def home(transactional_db):
    """A private home for elderly people: it orders by its own number (ET)."""
    category = make_category("500", "EHPAD")
    BeneficiaryCategory.objects.get_or_create(
        category=category, defaults={"starts_on": "2020-03-01"}
    )
    private, _ = LegalStatus.objects.get_or_create(
        code="60", defaults={"label": "Association", "is_public": False}
    )
    serve(make_region())
    entity = make_legal_entity(legal_status=private)
    return make_establishment(entity, name="EHPAD du Parc", category=category)


@pytest.fixture
def hospital(home):
    """A public hospital with two sites: it orders by the number of its entity (EJ)."""
    category = make_category()
    BeneficiaryCategory.objects.get_or_create(
        category=category, defaults={"starts_on": "2020-03-01"}
    )
    public, _ = LegalStatus.objects.get_or_create(
        code="13", defaults={"label": "Public", "is_public": True}
    )
    entity = make_legal_entity(name="Centre hospitalier du Val", legal_status=public)
    for name in ("Hôpital de la Rive", "Hôpital du Pont"):
        make_establishment(entity, name=name, category=category)
    return entity


@pytest.fixture
def julien(home):
    person = make_user(first_name="Julien", last_name="Garnier")
    grant(make_profile(person, home), *ORDERS)
    return person


def verdict(page, place):
    page.goto(f"{reverse('access')}?application=commander&etablissement={place.finess}")
    return page.locator("#verdict")


def test_the_wrong_number_is_told_then_both_numbers_serve_one_person(
    open_page, home, hospital, julien
):
    site = hospital.establishments.get(name="Hôpital de la Rive")
    ape = make_person("APE", on=hospital)
    page = open_page(user=julien)
    expect(verdict(page, home)).to_contain_text(READY)

    expect(verdict(page, site)).not_to_contain_text(READY)
    expect(page.locator("main")).to_contain_text(hospital.finess_text)  # the number that serves
    page.get_by_role("link", name=re.compile("^Demander ce profil")).first.click()
    expect(page.locator("main")).to_contain_text("Centre hospitalier du Val")
    expect(page.get_by_label("Opérateur commande EPI")).to_be_checked()
    page.get_by_role("button", name="Relire avant d’envoyer").click()
    page.get_by_role("button", name="Envoyer la demande").click()

    desk = open_page(user=ape)
    desk.goto(reverse("plage:requests"))
    panel = desk.get_by_role("region", name="Demande de Julien Garnier")
    panel.get_by_text("Accepter", exact=True).click()
    panel.get_by_role("button", name="Enregistrer la décision").click()
    expect(desk.get_by_text("est acceptée")).to_be_visible()

    page.goto(reverse("profiles:choose"))
    page.get_by_role("button", name=re.compile("Centre hospitalier du Val|Utiliser")).last.click()
    expect(page.locator(".app-profil")).to_contain_text("Centre hospitalier du Val")
    expect(verdict(page, hospital)).to_contain_text(READY)
