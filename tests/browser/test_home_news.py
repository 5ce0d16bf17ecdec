"""Monday morning: what changed, who helps, then the search by the key « / »."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from common.weeks import current_week
from epi_stocks.services.reference import load_epi_reference
from journal.services import record
from steering.models import Visit
from tests.browser.axe import axe
from tests.builders import make_establishment, make_line, make_person, make_user


@pytest.fixture
def site(transactional_db):
    load_epi_reference()
    return make_establishment(name="Hôpital Saint-Aubin", finess="450990114")


@pytest.fixture
def claire(site):
    """Last here eleven days ago; nearly out of masks since, and an agency has acted."""
    person = make_person("OIE", on=site, user=make_user(first_name="Claire"))
    make_person("APE", on=site, user=make_user(first_name="Nadia", last_name="Benali"))
    make_line(site, current_week(), 1, stock=20, daily=10)
    at = timezone.now() - timedelta(days=11)
    visit = {"session": 0, "day": timezone.localdate(at), "seen_at": at}
    Visit.objects.create(user=person, profile=person.active_profile, **visit)
    week = current_week().isoformat()
    until = (timezone.now() + timedelta(days=2)).isoformat(timespec="minutes")
    for number in range(10):
        told = {"week": week, "until": until, "reason": f"Motif numéro {number}."}
        record("epi_stocks.week_reopened", by=None, target=site, place=site, **told)
    return person


def test_the_home_tells_what_changed_what_is_low_and_who_helps(open_page, claire):
    page = open_page(claire)
    page.goto("/")
    day = timezone.localdate() - timedelta(days=11)
    expect(page.get_by_role("heading", name=f"depuis votre visite du {day:%d/%m}")).to_be_visible()
    expect(page.get_by_text("Motif numéro 9.")).to_be_visible()
    expect(page.get_by_role("table", name="Vos stocks sous le seuil")).to_contain_text("Critique")
    expect(page.get_by_text("Nadia Benali")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Voir tout (10)").click()
    expect(page.get_by_text("Motif numéro 0.")).to_be_visible()
    axe(page)
    page.goto("/")
    expect(page.get_by_text("Motif numéro 9.")).to_be_visible()


def test_the_slash_leads_to_the_search_but_not_while_typing(open_page, claire):
    page = open_page(claire)
    page.goto("/")
    box = page.get_by_role("searchbox", name="Chercher partout")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("aub/in")
    expect(box).to_have_value("aub/in")
    box.fill("saint aubin")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Établissements")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Hôpital Saint-Aubin").first.click()
    expect(page.get_by_role("heading", name="Hôpital Saint-Aubin")).to_be_visible()


def test_the_search_works_without_script_and_says_what_to_try(open_page, claire):
    page = open_page(claire, java_script_enabled=False)
    page.goto("/")
    page.get_by_role("searchbox", name="Chercher partout").fill("450990114")
    page.get_by_role("button", name="Trouver").click()
    expect(page.get_by_text("Trouvé")).to_be_visible()
    page.goto(f"{reverse('search')}?q=zzzzzz")
    expect(page.get_by_role("heading", name="Rien ne répond à")).to_be_visible()


def test_the_empty_search_and_its_box_on_a_phone(open_page, claire):
    page = open_page(claire, width=360)
    page.goto(reverse("search"))
    expect(page.get_by_text("Ce que vous pouvez chercher")).to_be_visible()
    axe(page)
    page.locator("#fr-btn-menu-mobile").click()
    box = page.get_by_role("searchbox", name="Chercher partout")
    expect(box).to_be_visible()
    box.fill("mot de passe")
    box.press("Enter")
    expect(page.get_by_role("link", name="Changer mon mot de passe")).to_be_visible()
