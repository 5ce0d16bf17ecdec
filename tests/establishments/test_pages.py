"""The pages of the directory."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from establishments.home import menu
from establishments.models import BeneficiaryCategory
from tests.builders import make_category, make_department, make_establishment, make_region

pytestmark = pytest.mark.django_db
SEARCH = reverse("establishments:search")


@pytest.fixture
def client(client_for):
    return client_for("USR")


@pytest.fixture
def site():
    category = make_category(aggregate_code="1102", aggregate_label="Centres hospitaliers")
    return make_establishment(name="HOTEL DIEU", category=category, sph_code="1")


def text_of(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_the_directory_is_for_whoever_is_logged_in(site):
    for url in (SEARCH, site.get_absolute_url(), site.legal_entity.get_absolute_url()):
        assert Client().get(url).status_code == 302


def test_a_search_lists_the_places_and_the_entities(client, site):
    site.legal_entity.name = "CENTRE HOTEL"
    site.legal_entity.save()
    page = text_of(client.get(SEARCH, {"recherche": "hotel"}))
    assert "HOTEL DIEU" in page
    assert "Entités juridiques correspondantes" in page
    assert site.legal_entity.get_absolute_url() in page


def test_the_example_of_the_search_help_finds_something(client, site):
    site.finess = "450990106"
    site.save()
    page = text_of(client.get(SEARCH))
    example = re.search(r"« (45 [0-9 ]+) »", page)[1]
    assert "HOTEL DIEU" in text_of(client.get(SEARCH, {"recherche": example}))


def test_closed_places_show_only_when_asked(client, site):
    site.closed_on = date(2020, 1, 1)
    site.save()
    assert "HOTEL DIEU" not in text_of(client.get(SEARCH, {"recherche": "dieu"}))
    page = text_of(client.get(SEARCH, {"recherche": "dieu", "etat": "tous"}))
    assert "HOTEL DIEU" in page
    assert "le 01/01/2020" in page


def test_filters_narrow_by_department_and_kind(client, site):
    elsewhere = make_department("75", "Paris", region=make_region("11", "Île-de-France"))
    make_establishment(
        name="PARIS", department=elsewhere, category=make_category("620", "Officine")
    )
    page = text_of(client.get(SEARCH, {"departement": "75"}))
    assert "PARIS" in page
    assert "HOTEL DIEU" not in page
    page = text_of(client.get(SEARCH, {"categorie": "1102"}))
    assert "HOTEL DIEU" in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"recherche": "zzzz"}, "Aucun établissement ne correspond"),
        ({"recherche": "h"}, "Recherche trop courte"),
        ({"recherche": "\x00\x00"}, ""),
        ({"departement": "99"}, ""),
        ({"page": "9999"}, ""),
        ({"page": "abc", "sort": "nimporte"}, ""),
        ({"etat": "x"}, ""),
    ],
)
def test_an_odd_or_empty_search_says_so(client, site, query, sentence):
    response = client.get(SEARCH, query)
    assert response.status_code == 200
    assert sentence in text_of(response)


def test_the_second_page_follows_the_first_in_either_order(client, site):
    for number in range(30):
        make_establishment(name=f"RESIDENCE {number:02}", category=site.category)

    def names(**query):
        page = client.get(SEARCH, {"recherche": "residence", **query}).context["table"].page
        return [row.record.name for row in page.object_list]

    forth = names() + names(page=2)
    assert forth == sorted(forth)
    assert len(forth) == 30
    assert names(sort="-name") + names(sort="-name", page=2) == forth[::-1]


def test_a_far_page_and_the_count_are_found_in_the_index_alone(client, site):
    for _ in range(30):
        make_establishment(name="RESIDENCE", category=site.category)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        with CaptureQueriesContext(connection) as queries:
            client.get(SEARCH, {"page": 2})
        reads = [
            one["sql"]
            for one in queries
            if "OFFSET 25" in one["sql"]
            or 'FROM "establishments_establishment" WHERE' in one["sql"]
        ]
        for read in reads:
            cursor.execute(f"EXPLAIN {read}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Index Only Scan using establishment_by_name" in plan
        assert len(reads) == 2


def test_the_list_takes_as_many_queries_for_one_place_as_for_ten(client, site, count_queries):
    with_one = count_queries(f"{SEARCH}?recherche=h")
    for _ in range(9):
        make_establishment()
    assert count_queries(f"{SEARCH}?recherche=h") == with_one
    make_establishment(site.legal_entity)
    one_sister = count_queries(site.get_absolute_url())
    entity = count_queries(site.legal_entity.get_absolute_url())
    for _ in range(9):
        make_establishment(site.legal_entity)
    assert count_queries(site.get_absolute_url()) == one_sister
    assert count_queries(site.legal_entity.get_absolute_url()) == entity


def test_the_menu_stays_on_the_directory_for_entities_too(client, site):
    (item,) = menu(client.user)
    assert item.is_current(site.get_absolute_url())
    assert item.is_current(site.legal_entity.get_absolute_url())
    assert not item.is_current("/epi-stocks/")


def test_a_place_says_which_number_orders_and_whether_it_is_a_beneficiary(client, site):
    BeneficiaryCategory.objects.create(category=site.category, starts_on=date(2020, 3, 1))
    sister = make_establishment(site.legal_entity, name="EHPAD DU CENTRE")
    page = text_of(client.get(site.get_absolute_url()))
    assert site.legal_entity.finess_text.replace("\u00a0", " ") in page
    assert "2 établissements ouverts" in page
    assert "est bénéficiaire" in page
    assert sister.get_absolute_url() in page
    assert "Proposé" in page


def test_an_entity_lists_its_sites_and_which_are_beneficiaries(client, site):
    BeneficiaryCategory.objects.create(category=site.category, starts_on=date(2020, 3, 1))
    make_establishment(site.legal_entity, category=make_category("620", "Officine"))
    page = text_of(client.get(site.legal_entity.get_absolute_url()))
    assert page.count(">Oui</td>") == 1
    assert page.count(">Non</td>") == 1


def test_a_place_without_region_says_who_follows_it(client):
    wallis = make_department("986", "Wallis-et-Futuna", finess_code="9J", finess_prefix="9809")
    wallis.region = None
    wallis.save()
    place = make_establishment(finess="980900015", department=wallis, region=None,
                               legal_entity=make_establishment().legal_entity)  # fmt: skip
    assert "suivi national" in text_of(client.get(place.get_absolute_url()))


@pytest.mark.parametrize("url", ["/etablissements/450000001/", "/entites/450000001/",
                                 "/etablissements/45000/", "/etablissements/abc/"])  # fmt: skip
def test_a_number_that_does_not_exist_is_a_404(client, url):
    assert client.get(url).status_code == 404
