"""« Référent ARS : qui peut dépanner le CH en cisatracurium ? », then who is late; accessible."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from medications.calendar import calendar_of
from medications.models import MonitoredList, Priority
from pui.models import Pui, Reminder
from pui.region.listing import SHOWN_FIRST
from pui.region.refreshing import refresh_all
from tests.browser.again import BOTH_THEMES
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


def test_on_a_phone_the_first_lines_are_shown_and_a_link_opens_the_others(
    open_page, region, referent
):
    for rank in range(14):
        reference = make_reference(f"MOLECULE {rank:02}", "10 mg")
        product = make_followed(make_product(f"PRODUIT {rank:02}", reference=reference))
        declared(f"Ville {rank:02}", make_department("18", "Cher"), 50, product)
    refresh_all()
    page = open_page(user=referent)
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(reverse("pui:region"))
    axe(page)
    lines = page.locator(".region-stocks tbody tr")
    expect(lines.nth(SHOWN_FIRST)).to_be_hidden()
    expect(lines.filter(visible=True)).to_have_count(SHOWN_FIRST)
    page.get_by_role("link", name=re.compile("Voir plus")).click()
    expect(lines.last).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Voir plus"))).to_have_count(0)
    axe(page)


@pytest.fixture
def people(region):
    """Who declares in each pharmacy, by the name of its town."""
    return {
        pui.label.removeprefix("PUI de "): make_person("GF", on=pui.establishment)
        for pui in Pui.objects.select_related("establishment")
    }


@pytest.fixture
def referent():
    return make_person("ARA", on=make_region())


@pytest.mark.long
def test_the_referent_finds_who_can_help_and_follows_it_to_the_reception(
    open_page, region, referent, people
):
    page = open_page(user=referent)
    page.goto(reverse("pui:region"))
    page.locator(".app-carte a").filter(has_text="Loiret").first.click()
    page.wait_for_url("**departement=45**")
    page.locator(".region-dci").get_by_role("link", name="CISATRACURIUM").click()
    page.wait_for_url("**dci=CISATRACURIUM**")
    axe(page)

    page.get_by_role("link", name="Qui peut dépanner").click()
    page.get_by_role("searchbox", name="Pour qui").fill("Orléans")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="PUI de Orléans").click()  # the town of the others too
    expect(page.locator("h1")).to_contain_text("CH de Orléans en cisatracurium")
    names = page.locator("#depannage tbody th strong")
    expect(names).to_have_text(["PUI de Montargis", "PUI de Bourges"])
    first = page.locator("#depannage tbody tr").first
    expect(first).to_contain_text("190 ampoules")
    expect(first).to_contain_text("Garde de la pharmacie · 02 61 91 00 00")
    axe(page)

    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger cette liste").click()
    assert download.value.suggested_filename.startswith("depannage-")

    ask(page)
    share(page)
    giver, taker = (open_page(user=people[name]) for name in ("Montargis", "Orléans"))
    for side, verb in ((giver, "donner"), (taker, "recevoir")):
        answer(side, verb)
    send(giver)
    take(taker)
    axe(taker)
    page.reload()
    expect(page.locator("main")).to_contain_text("Reçu")


def ask(page):
    """The need is opened from the page of donors, already filled."""
    page.get_by_role("link", name="Ouvrir un besoin").click()
    expect(page.get_by_label("Produit")).to_have_value(re.compile(r"\d+"))
    page.get_by_label("Quantité").fill("150")
    page.get_by_label("Vitale, aujourd’hui").check(force=True)
    page.get_by_label("Motif").fill("Afflux en réanimation, livraison retardée")
    axe(page)
    page.get_by_role("button", name="Ouvrir le besoin").click()
    expect(page.locator("h1")).to_contain_text("pour PUI de Orléans")


def share(page):
    """The nearest gives all; the referent changes the quantity, then confirms."""
    page.get_by_role("button", name="Proposer des donneurs").click()
    row = page.locator(".aid-transferts li")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("150 ampoules de PUI de Montargis")
    expect(row).to_contain_text("même département")
    row.get_by_label("Quantité").fill("120")
    row.get_by_role("button", name="Changer").click()
    expect(row).to_contain_text("120 ampoules")
    axe(page)
    page.get_by_role("button", name="Confirmer et prévenir").click()
    expect(row).to_contain_text("Confirmé par l’ARS")


def answer(page, verb):
    """From the home page of a pharmacy."""
    page.goto(reverse("home"))
    page.get_by_role("link", name="Répondre").first.click()
    axe(page)
    page.get_by_role("button", name=f"Accepter de {verb}").click()
    expect(page.locator(".aid-etapes__faite")).not_to_have_count(2)


def send(page):
    page.reload()
    page.get_by_label("Péremption la plus proche").fill("2099-06-30")
    axe(page)
    page.get_by_role("button", name="Enregistrer l’expédition").click()
    expect(page.locator("main")).to_contain_text("30/06/2099")


def take(page):
    """Fewer than what left: the difference is explained."""
    page.reload()
    page.get_by_label("Quantité reçue", exact=True).fill("110")
    page.get_by_role("button", name="Enregistrer la réception").click()
    expect(page.locator("main")).to_contain_text("expliquez l’écart")
    page.get_by_label("Écart").fill("Dix ampoules cassées")
    page.get_by_role("button", name="Enregistrer la réception").click()
    expect(page.locator("main")).to_contain_text("Dix ampoules cassées")


# the words that a table cuts in two, but for its addresses
CUT = """() => [...document.querySelectorAll('main td:not(.app-large)')].flatMap((cell) => {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) for (const word of walker.currentNode.data.matchAll(/[^\\s-]+/g)) {
        const range = document.createRange();
        range.setStart(walker.currentNode, word.index);
        range.setEnd(walker.currentNode, word.index + word[0].length);
        if (range.getClientRects().length > 1) found.push(word[0]);
    }
    return found;
})"""


def test_long_addresses_cut_no_word_of_the_other_columns(open_page, region, referent):
    Pui.objects.update(
        contact_name="Secrétariat de la pharmacie",
        contact_email="pharmacie.a-usage-interieur.450990205@sante.example",
        on_call_phone="02 61 91 00 01",
    )
    page = open_page(user=referent)
    page.goto(f"{reverse('pui:donors')}?produit=CISATRACURIUM&pour=Bourges")
    expect(page.locator("#depannage tbody tr")).not_to_have_count(0)
    assert page.evaluate(CUT) == []


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


@BOTH_THEMES
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
