"""The pages of mutual aid at each of their states: accessible, on a phone too, in both themes."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from establishments.redistribution.states import Side, Urgency
from medications.calendar import calendar_of
from medications.models import MonitoredList, Priority
from tests.browser.again import BOTH_THEMES, BOTH_WIDTHS
from tests.browser.axe import axe
from tests.builders import make_department, make_establishment, make_person, make_region
from tests.pui.aid.acts import (
    accept,
    add_transfer,
    confirm,
    open_need,
    propose,
    refuse,
    ship,
)
from tests.pui.builders import (
    make_followed,
    make_list,
    make_product,
    make_pui,
    make_reference,
    make_transmission,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pharmacies(transactional_db):
    """Orléans lacks two products; Bourges and Blois have more than three weeks of both."""
    for slug in MonitoredList.Slug.values:
        make_list(slug)
    products = []
    for name in ("CISATRACURIUM", "PROPOFOL"):
        made = make_product(name, reference=make_reference(name, "10 mg"), unit="ampoule")
        products.append(make_followed(made, priority=Priority.NATIONAL))
    day = calendar_of("autres").past_dues(timezone.now(), 1)[0]
    found = {}
    for town, code, stock in (("Orléans", "45", 10), ("Bourges", "18", 400), ("Blois", "41", 300)):
        site = make_establishment(department=make_department(code, town), name=f"CH de {town}")
        pui = make_pui(f"PUI de {town}", on=site)
        by = make_person("GF", on=site)
        make_transmission(pui, dict.fromkeys(products, (stock, 10)), by=by, due_on=day)
        found[town] = (pui, by)
    return found, products


@pytest.fixture
def referent(pharmacies):
    return make_person("ARA", on=make_region())


@pytest.fixture
def needs(pharmacies, referent):
    (orleans, _), products = pharmacies[0]["Orléans"], pharmacies[1]
    return [
        open_need(
            by=referent,
            place=orleans,
            goods=one.reference,
            quantity=250,
            reason="Afflux en réanimation",
            urgency=Urgency.TODAY,
            wanted_on=timezone.localdate(),
        )
        for one in products
    ]


@BOTH_WIDTHS
@BOTH_THEMES
def test_what_the_agency_sees_is_accessible(open_page, referent, needs, width, scheme):
    page = open_page(user=referent, width=width, color_scheme=scheme)
    first = reverse("aid_medicines:need", args=[needs[0].pk])
    for address in (reverse("aid"), first, reverse("aid_medicines:propose")):
        page.goto(address)
        axe(page)
    page.get_by_role("button", name="Proposer des donneurs pour tous").click()
    expect(page.locator(".aid-transferts li")).to_have_count(4)
    axe(page)
    page.goto(first)
    for summary in page.locator("main summary").all():
        summary.click()
    axe(page)
    page.goto(f"{reverse('aid')}?etat=termines")
    axe(page)
    page.goto(reverse("aid_medicines:open"))
    page.get_by_role("button", name="Ouvrir le besoin").click()
    expect(page.locator("main")).to_contain_text("Choisissez le produit")
    axe(page)


@pytest.mark.long
@BOTH_WIDTHS
def test_what_a_pharmacy_sees_is_accessible_at_each_step(
    open_page, pharmacies, referent, needs, width
):
    (bourges, giver), (_, taker) = pharmacies[0]["Bourges"], pharmacies[0]["Orléans"]
    transfer = add_transfer(by=referent, need=needs[0], giver=bourges, quantity=50)
    pages = [open_page(user=one, width=width) for one in (giver, taker)]
    address = reverse("aid_medicines:transfer", args=[transfer.pk])

    def look():
        for page in pages:
            page.goto(address)
            for summary in page.locator("main summary").all():
                summary.click()
            axe(page)

    confirm(by=referent, transfer=transfer)
    look()
    accept(by=giver, transfer=transfer, side=Side.GIVER)
    accept(by=taker, transfer=transfer, side=Side.TAKER)
    look()
    ship(by=giver, transfer=transfer, expiry=timezone.localdate())
    look()
    pages[1].get_by_label("Quantité reçue", exact=True).fill("40")
    pages[1].get_by_role("button", name="Enregistrer la réception").click()
    expect(pages[1].locator("main")).to_contain_text("expliquez l’écart")
    axe(pages[1])


def test_a_refusal_shows_its_reason_and_reopens_the_need(open_page, pharmacies, referent, needs):
    _, giver = pharmacies[0]["Bourges"]
    propose(by=referent, need_ids=[needs[0].pk])
    transfer = needs[0].transfers.get(giver=pharmacies[0]["Bourges"][0])
    confirm(by=referent, transfer=transfer)
    refuse(by=giver, transfer=transfer, side=Side.GIVER, reason="Réservé au bloc opératoire")
    page = open_page(user=referent)
    page.goto(reverse("aid_medicines:transfer", args=[transfer.pk]))
    expect(page.locator("main")).to_contain_text("Motif\u00a0: Réservé au bloc opératoire")
    axe(page)
