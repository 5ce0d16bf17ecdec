"""« Référent ARS : qui peut dépanner le CH en cisatracurium ? », then who is late; accessible."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from medications.calendar import calendar_of
from medications.models import MonitoredList, Priority
from pui.models import Reminder
from pui.region.refreshing import refresh_all
from tests.browser.axe import axe
from tests.builders import make_department, make_establishment, make_person, make_region
from tests.pui.builders import (
    make_followed,
    make_list,
    make_product,
    make_pui,
    make_reference,
    make_transmission,
)

pytestmark = pytest.mark.django_db(transaction=True)


def declared(name, department, stock, product):
    """A pharmacy that declared the last due day past."""
    pui = make_pui(
        f"PUI de {name}",
        on=make_establishment(department=department, name=f"CH de {name}"),
        contact_name="Garde de la pharmacie",
        contact_phone="02 61 91 00 00",
    )
    day = calendar_of("autres").past_dues(timezone.now(), 1)[0]
    by = make_person("GF", on=pui.establishment)
    make_transmission(pui, {product: (stock, 10)}, by=by, due_on=day)
    return pui


@pytest.fixture
def region(transactional_db):
    """Orléans three days, its neighbour of the Loiret and Bourges more than three weeks."""
    for slug in MonitoredList.Slug.values:
        make_list(slug)
    reference = make_reference("CISATRACURIUM", "20 mg/10 ml")
    product = make_product("CISATRACURIUM, ampoule", reference=reference, unit="ampoule")
    make_followed(product, priority=Priority.NATIONAL)
    loiret, cher = make_department(), make_department("18", "Cher")
    declared("Orléans", loiret, 30, product)
    declared("Bourges", cher, 900, product)
    declared("Montargis", loiret, 400, product)
    silent = make_pui("PUI de Gien", on=make_establishment(department=loiret, name="CH de Gien"))
    make_person("GF", on=silent.establishment)
    refresh_all()
    return silent


@pytest.fixture
def referent():
    return make_person("ARA", on=make_region())


def test_the_referent_finds_who_can_help_and_whom_to_call(open_page, region, referent):
    page = open_page(user=referent)
    page.goto(reverse("pui:region"))
    page.locator(".app-carte a").filter(has_text="Loiret").first.click()
    page.wait_for_url("**departement=45**")
    page.locator(".region-dci").get_by_role("link", name="CISATRACURIUM").click()
    page.wait_for_url("**dci=CISATRACURIUM**")
    axe(page)

    page.get_by_role("link", name="Qui peut dépanner").click()
    page.get_by_label("Pour qui").fill("Orléans")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="PUI de Orléans").click()  # the town of the others too
    expect(page.locator("h1")).to_contain_text("CH de Orléans en cisatracurium")
    names = page.locator("#depannage tbody th strong").all_inner_texts()
    assert names == ["PUI de Montargis", "PUI de Bourges"]
    first = page.locator("#depannage tbody tr").first
    expect(first).to_contain_text("190 ampoules")
    expect(first).to_contain_text("Garde de la pharmacie · 02 61 91 00 00")
    axe(page)

    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger cette liste").click()
    assert download.value.suggested_filename.startswith("depannage-")


def test_a_late_pharmacy_is_reminded_once_read(open_page, region, referent):
    page = open_page(user=referent)
    page.goto(reverse("pui:late"))
    expect(page.locator("#retards tbody tr")).to_have_count(1)
    axe(page)
    page.locator("#retards").get_by_role("link", name="Relancer").click()
    expect(page.locator(".region-courrier")).to_contain_text("n’a pas transmis son stock")
    axe(page)
    page.get_by_role("button", name="Relancer 1").click()
    expect(page.locator("#retards")).to_contain_text("relancée aujourd’hui")
    assert Reminder.objects.get().pui == region


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible_in_each_state(open_page, region, referent, scheme):
    page = open_page(user=referent, color_scheme=scheme)
    for address in (
        reverse("pui:region"),
        f"{reverse('pui:region')}?lignes=pui&produits=ucd",
        f"{reverse('pui:region')}?region=pays",
        f"{reverse('pui:region')}?liste=grippe",
        f"{reverse('pui:donors')}?produit=inconnu",
    ):
        page.goto(address)
        axe(page)
