"""The opening of a region's pharmacies in a browser: from the list to « Tout va bien »."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Domain, Role
from pui.models import OnboardingList, SwitchOver
from pui.services.onboarding_national import make_lists
from tests.browser.again import BOTH_THEMES
from tests.browser.axe import axe
from tests.builders import grant, make_establishment, make_person, make_profile, make_user

ROOT = "/dispostock/region/pui/"


@pytest.fixture
def national(transactional_db):
    return make_person("NAT", domain=Domain.DISPOSTOCK)


@pytest.fixture
def hospital(national):
    site = make_establishment(name="CH de Blois")
    told = {"arhgos": [(2, site.finess)], "mapui": [(2, make_establishment().finess)]}
    make_lists(by=national, told=told, region_codes=frozenset({"24"}))
    SwitchOver.objects.create(region=site.region, switches_on=timezone.localdate())
    return site


@pytest.fixture
def agent(hospital):
    return make_person("ARA", on=hospital.region)


@pytest.mark.long
def test_an_ars_opens_a_pharmacy_from_its_list(open_page, agent, hospital):
    page = open_page(user=agent)
    page.goto(ROOT)
    axe(page)
    page.get_by_role("link", name="CH de Blois").click()
    axe(page)
    page.get_by_label("FINESS géographique de la PUI").fill(hospital.finess)
    page.get_by_label("Libellé de la PUI").fill("PUI CH Blois")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("button", name="Valider : créer la PUI").click()
    expect(page.get_by_text("le registre des PUI est à jour")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Écrire au directeur").click()
    axe(page)
    page.get_by_role("button", name="La lettre est partie").click()
    expect(page.get_by_text("directeur saisi le")).to_be_visible()
    bring_people(hospital)
    page.reload()
    page.get_by_role("link", name="Informer les pharmaciens").click()
    axe(page)
    page.get_by_role("button", name="Envoyer les courriels").click()
    expect(page.get_by_text("1 courriel part")).to_be_visible()


def bring_people(hospital):
    for domain, role in (
        (Domain.ADMINISTRATION, Role.ADMINISTRATOR),
        (Domain.DISPOSTOCK, Role.DECLARANT),
    ):
        grant(make_profile(make_user(), hospital), domain, role)


def test_the_list_comes_back_by_file(open_page, agent, hospital):
    page = open_page(user=agent)
    page.expected.append("422")
    page.goto(f"{ROOT}24/envoyer/")
    axe(page)
    wrong = f"Action;FINESS géographique;Libellé de la PUI\nA créer;{hospital.finess};\n"
    send(page, wrong)
    expect(page.get_by_text("1 case refusée")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Envoyer le fichier corrigé").click()
    send(page, wrong.replace(f"{hospital.finess};", f"{hospital.finess};PUI CH Blois"))
    axe(page)
    page.get_by_role("button", name="Enregistrer cette ligne").click()
    page.get_by_role("link", name="Valider la ligne prête").click()
    axe(page)
    page.get_by_role("button", name="Valider", exact=True).click()
    expect(page.get_by_text("1 ligne validée")).to_be_visible()
    page.get_by_role("link", name="Ajouter une PUI").click()
    axe(page)


def send(page, text):
    file = {"name": "liste.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("La liste remplie").set_input_files(file)
    page.get_by_role("button", name="Voir ce qui change").click()


def test_the_nation_makes_the_lists_and_the_calendar(open_page, national, hospital):
    OnboardingList.objects.get().lines.all().delete()
    page = open_page(user=national)
    page.goto(ROOT)
    axe(page)
    page.get_by_role("link", name="Établir les listes").click()
    axe(page)
    text = f"FINESS\n{hospital.finess}\n990000009\n"
    file = {"name": "arhgos.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("ARHGOS").set_input_files(file)
    page.get_by_role("button", name="Voir ce que cela donne").click()
    axe(page)
    page.get_by_role("button", name="Établir les listes sans les numéros refusés").click()
    expect(page.get_by_text("1 établissement ajouté aux listes")).to_be_visible()
    page.get_by_role("link", name="Modifier le calendrier, Centre-Val de Loire").click()
    axe(page)
    page.get_by_label("Bascule le").fill("2020-11-02")
    page.locator("label[for=id_is_pilot]").click()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("cell", name="02/11/2020")).to_be_visible()


@BOTH_THEMES
def test_the_list_reads_on_a_phone(open_page, agent, scheme):
    page = open_page(user=agent, width=360, color_scheme=scheme)
    for path in (f"{ROOT}24/", f"{ROOT}24/?etape=sans-ape", f"{ROOT}24/pharmaciens/"):
        page.goto(path)
        axe(page)
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wide)
