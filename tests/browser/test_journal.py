"""The journal of PLAGE in a browser: read, narrow, look at the details, go on."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.services.profiles import create_profile, suspend_profile
from journal.models import Entry
from tests.browser.axe import axe
from tests.builders import make_person, make_user

PAGE = reverse("plage:journal")


@pytest.fixture
def administrator(site):
    person = make_person("APE", on=site)
    profile = create_profile(make_user(), site, by=person)
    suspend_profile(profile, by=person, reason="Congé long.")
    return person


def test_one_reads_what_happened_narrows_it_and_sees_why(open_page, administrator, site):
    page = open_page(user=administrator)
    page.goto(PAGE)
    line = page.get_by_role("row").filter(has_text="a suspendu un profil")
    line.get_by_text("Voir", exact=False).click()
    expect(line.get_by_text("Congé long.")).to_be_visible()
    axe(page)
    page.get_by_label("Action", exact=True).select_option(label="Profil ouvert")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.get_by_role("row").filter(has_text="a ouvert un profil")).to_have_count(1)
    expect(page.get_by_role("row").filter(has_text="a suspendu")).to_have_count(0)
    page.get_by_label("Personne").fill("personne de ce nom")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.get_by_role("heading", name="Rien au journal pour ces critères")).to_be_visible()
    axe(page)


def test_the_list_goes_on_by_pages(open_page, administrator, site):
    Entry.objects.bulk_create(
        Entry(verb="account.logged_in", target=f"n{number}", finess=site.finess)
        for number in range(60)
    )
    page = open_page(user=administrator)
    page.goto(PAGE)
    page.get_by_role("link", name="Plus ancien").click()
    expect(page.get_by_role("row").filter(has_text="a ouvert un profil")).to_have_count(1)
    axe(page)
    page.get_by_role("link", name="Revenir au plus récent").click()
    expect(page.get_by_role("link", name="Plus ancien")).to_be_visible()
