"""The registry: each indicator is whole, computed by a function that exists, and linked to."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.urls import reverse

from common.indicators import Domain, Medium, every_indicator
from common.installed import modules
from epi_stocks.services.reference import load_epi_reference
from medications.services.reference import load_medication_reference
from steering.open_data.catalogue import every_dataset
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
ROOT = Path(settings.BASE_DIR)
SLUGS = list(every_indicator())
LIST = reverse("steering:indicators")
CODE = [
    path
    for app in (
        "accounts",
        "common",
        "config",
        "pui",
        "epi_stocks",
        "vaccines",
        "orders",
        "support",
    )
    for path in [*ROOT.joinpath(app).rglob("*.py")]
    if "registry" not in str(path) and "migrations" not in path.parts
]
CODE += [path for path in ROOT.joinpath("steering").rglob("*.py") if path.name != "registry.py"]
TEMPLATES = list(ROOT.joinpath("templates").rglob("*.html"))
NAMED = re.compile(r'indicator="([a-z-]+)"|indicator_(?:link|mark) "([a-z-]+)"')
LITERAL = re.compile(r'"([a-z]+(?:-[a-z]+)+|palettes|surplus|rappels|difficultes)"')


@pytest.fixture(autouse=True)
def reference(db):
    load_epi_reference()
    load_medication_reference()


def page(slug):
    return reverse("steering:indicator", args=[slug])


def resolve(dotted):
    """A module, then what it holds, down to a method of a class."""
    parts = dotted.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            found = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for name in parts[length:]:
            found = getattr(found, name)
        return found
    raise AssertionError(dotted)


def used_slugs():
    """Every slug that the code or a template puts beside a figure."""
    found = set()
    for path in [*CODE, *TEMPLATES]:
        text = path.read_text(encoding="utf-8")
        for pair in NAMED.findall(text):
            found |= set(filter(None, pair))
        if path.suffix == ".py":
            found |= set(LITERAL.findall(text)) & set(SLUGS)
    return found


@pytest.mark.parametrize("slug", SLUGS)
def test_an_indicator_is_computed_by_a_function_that_exists(slug):
    assert resolve(every_indicator()[slug].code) is not None


@pytest.mark.parametrize("slug", SLUGS)
def test_an_indicator_says_all_that_a_reader_asks(slug):
    one = every_indicator()[slug]
    told = (one.label, one.definition, one.formula, one.excluded, one.unit, one.frequency)
    assert all(map(str.strip, (*told, one.owner, one.source)))
    assert one.inputs
    assert one.shown
    assert set(one.related) <= set(SLUGS) - {slug}


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_tells_the_formula_the_limits_and_the_example(client, slug):
    response = client.get(page(slug))
    assert response.status_code == 200
    assert_sound_html(response)
    one = every_indicator()[slug]
    said = response.context
    assert one.formula in said["indicator"].formula
    assert (said["example"] is None) == (one.example is None)
    if one.example:
        assert said["example"].result.strip()


def test_the_examples_come_from_the_functions_of_the_platform(client):
    """Worked out by hand: what the page shows is what the function gives."""
    expected = {
        "couverture-epi": "10,0\u00a0j",
        "classe-epi": "Critique",
        "mediane-epi": "9,0\u00a0j",
        "taux-declaration-epi": "78\u00a0%",
        "couverture-medicament": "10,0\u00a0j",
        "dci-en-tension": "2 sur 3",
        "doses-flacons": "11 + 3 = 14 flacons, 5 doses de plus",
        "premieres-injections": "109\u00a0%",
        "contingent-utilise": "78\u00a0%",
        "pots-communs": "500 unités\u00a0: 400 et 100",
        "semaines-de-pic": "5 semaines de pic",
        "palettes": "13 palettes",
        "couverture-ape": "85\u00a0%",
    }
    told = {slug: every_indicator()[slug].example().result for slug in expected}
    assert told == expected


def test_each_slug_beside_a_figure_is_in_the_registry_and_each_indicator_is_linked():
    used = used_slugs()
    assert {slug for slug in used if slug not in SLUGS} == set()
    assert set(SLUGS) - used == set()


def test_the_registry_and_the_open_data_say_the_same_of_one_another():
    told = {slug for one in every_dataset() for slug in one.indicators}
    said = {
        slug
        for slug, one in every_indicator().items()
        if any(place.medium == Medium.OPEN for place in one.shown)
    }
    assert told == said


def test_each_app_declares_its_own_once():
    declared = [one.slug for module in modules("registry") for one in module.INDICATORS]
    assert len(declared) == len(set(declared)) == len(SLUGS)


def test_the_list_is_for_everybody_and_is_looked_through(client):
    response = client.get(LIST)
    assert_sound_html(response)
    assert response.context["count"] == len(SLUGS)
    narrowed = client.get(LIST, {"recherche": "COUVERTURE mediane"}).context
    assert [one.slug for _, some in narrowed["parts"] for one in some] == ["mediane-epi"]
    domain = client.get(LIST, {"domaine": Domain.VACCINES.value}).context
    assert [part for part, _ in domain["parts"]] == [Domain.VACCINES]


@pytest.mark.parametrize("query", [{"domaine": "autre"}, {"recherche": "\u0000' OR 1"}])
def test_what_is_forged_breaks_nothing(client, query):
    assert client.get(LIST, query).status_code == 200


def test_nothing_found_says_what_to_do(client):
    assert "Aucun indicateur ne correspond" in client.get(LIST, {"recherche": "zzz"}).text


def test_an_unknown_indicator_is_not_found(client):
    assert client.get(page("inconnu")).status_code == 404


def test_the_page_shows_the_thresholds_in_force(client):
    assert "moins de 7\u00a0jours" in client.get(page("couverture-epi")).text


def test_the_link_says_where_it_leads_without_a_picture():
    text = Template('{% load indicators %}{% indicator_link "classe-epi" %}').render(Context())
    assert "Définition\u00a0: Classe de tension d’un équipement" in text
    assert page("classe-epi") in text


def test_a_figure_without_an_indicator_has_no_link():
    assert Template('{% load indicators %}{% indicator_link "" %}').render(Context()) == ""
