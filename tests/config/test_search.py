"""One box for the whole platform: what one may open, grouped, tolerant of writing."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from common.search import Group, Hit
from config import search
from config.pages import PAGES, is_open_to
from config.search import find
from config.templatetags.search import marked
from epi_stocks.services.reference import load_epi_reference
from establishments.access import RouteAccess
from establishments.finding import stems
from establishments.models import LegalEntity
from medications.services.reference import load_lists
from tests.builders import (
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_region,
    make_user,
)
from tests.html_rules import assert_sound_html
from tests.orders.builders import make_order
from tests.pui.builders import make_followed, make_product, make_pui, make_reference

pytestmark = pytest.mark.django_db


def titles(user, text):
    found = find(user, text)
    return {group.label: [hit.title for hit in group.hits] for group in found.groups}


@pytest.fixture
def site():
    return make_establishment(name="Hôpital Saint-Aubin", town="Brenne", finess="450990114")


@pytest.mark.parametrize(
    "text",
    ["saint aubin", "SAINT-AUBIN", "hopital aubin", "Hôpitaux Aubins", "l’hôpital brenne", "aub"],
)
def test_a_place_is_found_by_words_whatever_their_writing(site, text):
    assert titles(make_person("OIE"), text)["Établissements"] == ["Hôpital Saint-Aubin"]


def test_the_name_comes_before_the_town(site):
    make_establishment(site.legal_entity, name="EHPAD La Roseraie", town="Saint-Aubin")
    found = titles(make_person("OIE"), "saint aubin")["Établissements"]
    assert found == ["Hôpital Saint-Aubin", "EHPAD La Roseraie"]


@pytest.mark.parametrize(("code", "first"), [("ARA", "region"), ("OIE", "site")])
def test_one_s_own_places_come_before_those_of_the_country(code, first):
    for number in range(8):
        make_establishment(name=f"Clinique Rivesaltes {number}")
    brittany = make_department("35", "Ille-et-Vilaine", region=make_region("53", "Bretagne"))
    own = make_establishment(department=brittany, name="Hôpital de la Rive")
    reader = make_person(code, on=own.region if first == "region" else own)
    assert titles(reader, "rive")["Établissements"][0] == "Hôpital de la Rive"
    country = titles(make_person("NAT"), "rive")["Établissements"]
    assert country[0] == "Clinique Rivesaltes 0"


@pytest.mark.parametrize("text", ["masqe", "mascue", "surblouzes"])
def test_an_equipment_mistyped_is_found_and_said_so(text):
    load_epi_reference()
    found = titles(make_person("ARA"), text)
    assert found["Équipements de protection, orthographe proche"]


@pytest.mark.parametrize("text", ["hopitl aubin", "hopital aubiin", "hopital saint aubbin"])
def test_a_mistyped_word_finds_what_is_near_and_says_so(site, text):
    found = titles(make_person("OIE"), text)
    assert found["Établissements, orthographe proche"] == ["Hôpital Saint-Aubin"]


@pytest.mark.parametrize("text", ["450990114", "45 099 011 4", "45\u00a0099\u00a0011\u00a04"])
def test_a_whole_number_goes_first_and_is_not_told_twice(site, text):
    found = find(make_person("OIE"), text)
    assert found.first.url == reverse("establishments:detail", args=["450990114"])
    assert found.first.url not in [hit.url for group in found.groups for hit in group.hits]


class Late:
    """An app whose things come after those of the others."""

    @staticmethod
    def find(user, text):
        return [Group("Guides", [Hit("Guide", "/g/")], order=90), Group("Rien", [], order=1)]


class First:
    @staticmethod
    def find(user, text):
        return [Group("Numéro", [Hit("Le même", "/n/")], order=5), Group("PUI", [Hit("P", "/p/")])]

    @staticmethod
    def exact(user, text):
        return Hit("Le même", "/n/")


def test_groups_keep_their_order_and_none_is_empty(monkeypatch):
    monkeypatch.setattr(search, "_modules", lambda: (Late, First))
    found = find(AnonymousUser(), "n")
    assert found.first.url == "/n/"
    assert [group.label for group in found.groups] == ["PUI", "Guides"]
    assert found.count == 3


def test_a_text_is_cut_at_a_hundred_characters(client_for):
    page = client_for("OIE").get(reverse("search"), {"q": "masque " * 50})
    assert len(page.context["text"]) == search.LONGEST


def test_a_legal_entity_is_found_by_its_number_too(site):
    entity = LegalEntity.objects.get(pk=site.legal_entity_id)
    assert find(make_person("OIE"), entity.finess_text).first.title == entity.name


@pytest.mark.parametrize("text", ["C-2026-000014", "c 2026 14", "2026-14", "c2026000014"])
def test_an_order_is_found_by_its_number_in_any_writing(text):
    order = make_order(number="C-2026-000014")
    owner = make_person("OCE", on=order.beneficiary.establishment)
    assert find(owner, text).first.url == reverse("orders:order", args=[order.pk])


def test_the_order_of_another_place_is_not_found():
    make_order(number="C-2026-000014")
    stranger = make_person("OCE", on=make_establishment(make_legal_entity()))
    assert find(stranger, "C-2026-000014").count == 0


def test_a_pharmacy_is_found_by_who_may_read_it(site):
    make_pui("PUI de la Rive", on=site)
    label = "Pharmacies à usage intérieur"
    assert titles(make_person("GF", on=site), "rive")[label] == ["PUI de la Rive"]
    assert label not in titles(
        make_person("GF", on=make_establishment(make_legal_entity())), "rive"
    )
    assert label not in titles(make_person("OIE", on=site), "rive")


def test_a_medicine_is_found_by_its_label_its_molecule_and_its_code():
    product = make_product("NORADRENALINE 2 mg/ml, ampoule", reference=make_reference("MORPHINE"))
    person = make_person("GF")
    for text in ("noradrénaline", "noradrenalin ampoules", product.code[:5]):
        assert titles(person, text)["Médicaments et vaccins"] == [product.label]
    assert find(person, product.code).first.title == product.label
    near = titles(person, "noradrenalime")
    assert near["Médicaments et vaccins, orthographe proche"] == [product.label]


def test_medicines_that_are_declared_come_first_and_lead_to_their_list():
    molecule = make_reference("PROPOFOL")
    for number in range(6):
        make_product(f"A PROPOFOL {number}", reference=molecule)
    followed = make_followed(make_product("PROPOFOL 1 g/50 ml", reference=molecule))
    (group,) = find(make_person("GF"), "propofol").groups
    assert group.hits[0].title == followed.label
    assert group.more_url == f"{reverse('medications:list', args=['autres'])}?recherche=propofol"
    (alone,) = find(make_person("GF"), "propofol 50 ml").groups
    assert alone.more_url == ""


def test_an_equipment_leads_where_one_may_go(site):
    load_epi_reference()
    (operator,) = find(make_person("OIE", on=site), "surblouse").groups
    (agency,) = find(make_person("ARL", domain="epi_stock", on=site.region), "surblouses").groups
    assert operator.hits[0].url == reverse("epi_stocks:inventory_start")
    assert agency.hits[0].url.startswith(reverse("epi_stocks:visu"))


def test_people_are_found_by_those_who_read_their_accounts(site):
    person = make_person("OIE", on=site, user=make_user(first_name="Nadia", last_name="Benali"))
    assert titles(make_person("APE", on=site), "benali")["Personnes"] == ["Nadia Benali"]
    elsewhere = make_person("APE", on=make_establishment(make_legal_entity()))
    assert "Personnes" not in titles(elsewhere, "benali")
    assert "Personnes" not in titles(person, "benali")


def test_more_than_five_lead_to_the_list_already_filtered(site, client_for):
    for number in range(7):
        make_establishment(site.legal_entity, name=f"EHPAD Tilleul {number}")
    client = client_for("OIE", on=site)
    (group,) = find(client.user, "tilleuls").groups
    assert len(group.hits) == 5
    assert group.more_url == f"{reverse('establishments:search')}?recherche=tilleuls"


@pytest.mark.parametrize(
    ("text", "code", "domain", "route"),
    [
        ("mot de passe", "OIE", None, "account_change_password"),
        ("factures", "OCE", None, "orders:invoices"),
        ("seuils", "NAT", "epi_stock", "epi_stocks:settings"),
        ("journal", "AUD", None, "plage:journal"),
    ],
)
def test_a_page_is_found_by_its_name(text, code, domain, route):
    person = make_person(code, domain=domain)
    urls = [hit.url for group in find(person, text).groups for hit in group.hits]
    assert reverse(route) in urls


def test_a_page_that_one_may_not_open_is_not_found():
    assert "Pages" not in titles(make_person("OIE"), "doctrines")


@pytest.mark.parametrize(("route", "label", "words"), PAGES)
def test_every_page_listed_exists_and_declares_who_may_open_it(route, label, words):
    assert isinstance(resolve(reverse(route)).func.access, RouteAccess)


@pytest.mark.parametrize("code", ["OIE", "ARA", "AUD"])
def test_every_page_offered_opens(client_for, code):
    load_epi_reference()
    load_lists()
    client = client_for(code)
    offered = [reverse(route) for route, *_ in PAGES if is_open_to(client.user, reverse(route))]
    assert len(offered) > 10
    for url in offered:
        assert client.get(url).status_code in (200, 302), url


def test_nobody_is_offered_an_address_that_declares_nothing():
    assert not is_open_to(AnonymousUser(), "/sante/") or resolve("/sante/").func.access.is_public


@pytest.mark.parametrize(
    "text", ["", " ", "a", "%", "'; DROP TABLE", "x" * 5000, "\x00\x00", "aubin\x00b", "(("]
)
def test_any_text_gives_a_page(client_for, text):
    response = client_for("ARA").get(reverse("search"), {"q": text})
    assert response.status_code == 200
    assert_sound_html(response)


def test_what_was_typed_is_never_read_as_html(client_for, site):
    page = client_for("OIE").get(reverse("search"), {"q": "<script>alert(1)"}).content.decode()
    assert "<script>alert" not in page


def test_nothing_found_says_what_to_try(client_for):
    page = client_for("OIE").get(reverse("search"), {"q": "zzzzzz"}).content.decode()
    assert "Rien ne répond à" in page
    assert reverse("access") in page


def test_one_letter_is_too_short(client_for):
    assert "Recherche trop courte" in client_for("OIE").get("/recherche/?q=a").content.decode()


def test_a_visitor_is_asked_to_log_in(client):
    assert client.get(reverse("search"), {"q": "aubin"}).status_code == 302
    assert "data-search-key" not in client.get("/").content.decode()


def test_the_box_is_on_every_page_of_who_is_logged_in(client_for):
    page = client_for("USR").get("/cgu/").content.decode()
    assert page.count("data-search-key") == 2
    assert 'action="/recherche/"' in page


def test_the_number_of_queries_does_not_follow_what_is_found(site):
    person = make_person("ARA", on=site.region)

    def queries():
        fresh = type(person).objects.get(pk=person.pk)
        with CaptureQueriesContext(connection) as found:
            find(fresh, "aubin")
        return len(found)

    make_pui("PUI Aubin", on=site)
    before = queries()
    for number in range(4):
        place = make_establishment(site.legal_entity, name=f"EHPAD Aubin {number}")
        make_pui(f"PUI Aubin {number}", on=place)
    assert queries() <= before
    assert before <= 25


@pytest.mark.parametrize(
    ("text", "asked", "wanted"),
    [
        ("Hôpital Saint-Aubin", "hopital aub", "<mark>Hôpital</mark> Saint-<mark>Aub</mark>in"),
        ("A & B", "b", "A &amp; <mark>B</mark>"),
        ("Masque", "masques", "<mark>Masque</mark>"),
        ("Œdème", "x", "Œdème"),
    ],
)
def test_the_words_asked_are_marked_in_what_is_found(text, asked, wanted):
    assert marked(text, asked) == wanted


def test_the_stem_of_a_word_loses_its_plural_and_its_elision():
    assert stems("L’hôpital d’Aubin, masques 2 gros") == "hopital aubin masque 2 gro"
