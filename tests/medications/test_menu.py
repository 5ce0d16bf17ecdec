"""The side menu of e-Dispostock: the guide's own words, COVID in colour and in text."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import resolve, reverse

from accounts.models import Domain
from medications.menu import HEADINGS, current_entry, menu_of
from tests.builders import make_person

pytestmark = pytest.mark.django_db
GUIDE = {
    "PUIs": ["Création et description de PUI rattachés à votre établissement"],
    "Vaccins": [
        "Stock Vaccin Grippe",
        "Stock Vaccins COVID",
        "Demande Vaccins Grippe",
        "Approvisionnement vaccin COVID",
        "Liste UCD vaccin Grippe",
        "Liste UCD Vaccin Covid",
    ],
    "Autres médicaments": ["Transmission", "Etat du stock", "Liste UCD autres médicaments"],
}


def labels(user):
    return {one.label: [entry.label for entry in one.entries] for one in menu_of(user)}


def test_the_three_headings_of_the_guide_come_first_word_for_word():
    found = {one.label: [entry.label for entry in one.entries] for one in HEADINGS[:3]}
    assert list(found) == list(GUIDE)
    assert {name: found[name][: len(entries)] for name, entries in GUIDE.items()} == GUIDE
    assert found["Autres médicaments"][3:] == ["Répartitions reçues", "Demander de l’aide"]


def test_a_gf_has_the_guide_and_not_the_follow_up():
    found = labels(make_person("GF"))
    assert {name: found[name][: len(entries)] for name, entries in GUIDE.items()} == GUIDE
    assert "Suivi" not in found


def test_an_ars_follows_and_the_country_sets():
    assert labels(make_person("ARA"))["Suivi"] == [
        "Stocks de la région",
        "PUI en retard",
        "Répartition d’un médicament",
        "Demandes d’aide",
        "Relances automatiques",
        "Relevés quotidiens",
        "Ouverture des PUI",
    ]
    national = make_person("NAT", domain=Domain.DISPOSTOCK)
    assert "Réglage des listes" in labels(national)["Suivi"]
    assert labels(make_person("OIE")) == {}


def test_every_entry_about_covid_says_so_in_words_and_is_marked(client):
    client.force_login(make_person("GF"))
    page = client.get(reverse("pui:register")).text
    menu = page[page.index("<summary>Menu e-Dispostock") :]
    menu = menu[: menu.index("</nav>")]
    entries = re.findall(r'<li( class="app-menu-lateral__covid")?>(.*?)</li>', menu, re.DOTALL)
    for css, text in entries:
        is_covid = "covid" in text.lower().replace("app-covid", "") or "dispositifs" in text
        assert bool(css) is is_covid, text
        assert ('<span class="app-covid">COVID</span>' in text) is is_covid, text


def test_the_mark_of_covid_is_a_colour_besides_the_word():
    """In red in the guide [000]."""
    css = Path(settings.BASE_DIR, "static", "css", "dispostock.css").read_text(encoding="utf-8")
    for rule in (".app-menu-lateral__covid a", ".app-covid"):
        [held] = re.findall(rf"^{re.escape(rule)} \{{(.*?)\}}", css, re.DOTALL | re.MULTILINE)
        assert "color: var(--text-default-error);" in held


def test_every_entry_leads_somewhere():
    for heading in HEADINGS:
        for entry in heading.entries:
            assert resolve(entry.url).view_name == entry.route


def test_the_page_and_those_below_it_are_marked_in_the_menu(client):
    client.force_login(make_person("GF"))
    page = client.get(reverse("pui:register")).text
    assert 'href="/dispostock/pui/" aria-current="page"' in page
    below = menu_of(make_person("ARA"))
    assert current_entry(below, "/dispostock/pui/12/modifier/").route == "pui:register"
    assert current_entry(below, "/dispostock/region/retards/").route == "pui:late"
    assert current_entry(below, "/dispostock/") is None


def test_the_menu_folds_on_a_phone_without_script(client):
    client.force_login(make_person("GF"))
    page = client.get(reverse("pui:register")).text
    assert "<summary>Menu e-Dispostock" in page
