"""The lists of products: what they follow on a day, narrowed, sorted and taken as a file."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from journal.models import Entry
from medications.models import AlternateCode, Presentation, Priority
from tests.builders import make_person
from tests.html_rules import words_of_medicines
from tests.pui.builders import make_followed, make_list, make_product, make_reference

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def address(slug="autres"):
    return reverse("medications:list", kwargs={"slug": slug})


def file_address(slug="autres", kind="csv"):
    return reverse("medications:list_file", kwargs={"slug": slug, "kind": kind})


def text(response):
    return response.content.decode().replace("\u00a0", " ")


def rows_of(response):
    file = b"".join(response).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(file), delimiter=";"))


@pytest.fixture
def reader(client_for):
    return client_for("OIE")


@pytest.fixture
def followed():
    propofol = make_reference("PROPOFOL", "200 mg/20 ml")
    return {
        "midazolam": make_followed(
            make_product(code="9900018", atc="N05CD08", laboratory="Laboratoire A"),
            priority=Priority.NATIONAL,
        ),
        "propofol": make_followed(
            make_product("PROPOFOL 200 mg", reference=propofol, atc="N01AX10")
        ),
        "ended": make_followed(make_product("ANCIEN 1 mg"), ends_on=date(2020, 12, 31)),
        "vaccine": make_followed(make_product("VACCIN GRIPPE A"), slug="grippe"),
    }


def test_a_list_shows_what_it_follows_today_the_most_urgent_first(reader, followed):
    page = text(reader.get(address()))
    assert page.index("MIDAZOLAM 5 mg/ml") < page.index("PROPOFOL 200 mg")
    assert "Liste UCD autres médicaments" in page
    assert "priorité nationale 1" in page
    assert "ANCIEN" not in page
    assert "VACCIN" not in page


def test_a_list_is_read_as_it_was_on_a_day(reader, followed):
    assert "ANCIEN 1 mg" in text(reader.get(address(), {"le": "2020-12-31"}))
    assert "ANCIEN 1 mg" not in text(reader.get(address(), {"le": "2021-01-01"}))


@pytest.mark.parametrize(
    "query",
    [
        {"recherche": "midaz"},
        {"recherche": "9900018"},
        {"recherche": "3400899000186"},
        {"recherche": "laboratoire a"},
        {"priorite": "1"},
        {"atc": "n05"},
    ],
)
def test_search_and_filters_keep_what_was_asked(reader, followed, query):
    page = text(reader.get(address(), query))
    assert "MIDAZOLAM 5 mg/ml" in page
    assert "PROPOFOL 200 mg<" not in page


def test_a_molecule_is_chosen_among_those_of_the_list(reader, followed):
    page = text(reader.get(address(), {"dci": followed["propofol"].substance_id}))
    assert "PROPOFOL 200 mg<" in page
    assert "MIDAZOLAM 5 mg/ml" not in page
    assert "VACCIN" not in page.split("</form>")[0]


def test_what_is_not_understood_is_said_and_the_rest_still_applies(reader, followed):
    page = text(reader.get(address(), {"atc": "?", "le": "hier", "tri": "x", "page": "zéro"}))
    assert "Un code ATC commence par une lettre" in page
    assert "MIDAZOLAM 5 mg/ml" in page


def test_the_order_of_the_page_is_the_one_asked(reader, followed):
    page = text(reader.get(address(), {"tri": "libelle"}))
    assert page.index("MIDAZOLAM 5 mg/ml") < page.index("PROPOFOL 200 mg<")
    assert 'aria-sort="ascending"' in page


def test_the_file_holds_the_same_columns_and_exactly_the_rows_of_the_screen(reader, followed):
    rows = rows_of(reader.get(file_address(), {"recherche": "midaz"}))
    assert len(rows) == 1
    assert rows[0]["UCD"] == "9900018"
    assert rows[0]["UCD13"] == "3400899000186"
    assert (rows[0]["Fictif"], rows[0]["Priorité"]) == ("oui", "priorité nationale 1")
    assert Entry.objects.get(verb="medications.list_exported").details["rows"] == 1


def test_codes_stay_text_in_a_workbook(reader, followed):
    response = reader.get(file_address(kind="xlsx"))
    sheet = load_workbook(io.BytesIO(b"".join(response))).active
    header, first, *_ = sheet.iter_rows(values_only=True)
    assert dict(zip(header, first, strict=True))["UCD"] == "9900018"
    assert reader.get(file_address(kind="pdf")).status_code == 404


def test_a_list_without_product_and_a_search_without_result_say_what_to_do(reader):
    make_list()
    assert "ne suit aucun produit aujourd’hui" in text(reader.get(address()))
    assert "Aucun produit ne correspond" in text(reader.get(address(), {"recherche": "xyzt"}))
    assert "Recherche trop courte" in text(reader.get(address(), {"recherche": "x"}))


def test_covid_lists_are_marked_by_a_word_besides_their_colour(reader):
    make_followed(make_product("VACCIN COVID"), slug="covid")
    make_followed(
        make_product("Seringue 1 ml", code="DSV0001", kind="device", substance=None),
        slug="dispositifs",
    )
    for slug in ("covid", "dispositifs"):
        assert '<span class="app-covid">COVID</span>' in text(reader.get(address(slug)))
    rows = rows_of(reader.get(file_address("dispositifs")))
    assert (rows[0]["Code"], "DCI" in rows[0]) == ("DSV0001", False)


def test_the_list_of_devices_speaks_of_neither_ucd_nor_dci(reader):
    device = make_product("Seringue 1 ml", code="DSV0001", kind="device", substance=None)
    make_followed(device, slug="dispositifs")
    make_followed()
    page = text(reader.get(address("dispositifs")))
    assert "Dispositif (code ou mots du libellé)" in page
    assert words_of_medicines(page) == []
    assert "DCI" in words_of_medicines(text(reader.get(address())))


def test_what_is_decided_and_not_yet_in_force_is_announced(reader):
    today = timezone.localdate()
    coming = make_followed(make_product("NOUVEAU 1 mg"), starts_on=today + DAY)
    make_followed(make_product("PARTANT 1 mg"), ends_on=today)
    page = text(reader.get(address()))
    assert "2 changements annoncés" in page
    assert f"{coming.label} est suivi, priorité 3" in page
    assert "PARTANT 1 mg n’est plus suivi" in page


def test_a_list_takes_as_many_queries_for_one_product_as_for_thirty(client, count_queries):
    client.force_login(make_person("OIE"))
    make_followed()
    with_one = count_queries(address())
    for number in range(30):
        make_followed(make_product(f"PRODUIT {number}"))
    assert count_queries(address()) == with_one


def test_a_product_shows_its_codes_its_group_and_the_history_of_its_priorities(reader):
    product = make_followed(
        make_product(code="9900018"), priority=Priority.NORMAL, ends_on=date(2020, 12, 31)
    )
    make_followed(product, priority=Priority.NATIONAL, starts_on=date(2021, 1, 1))
    sister = make_product("MIDAZOLAM 5 mg/ml B")
    AlternateCode.objects.create(code="9900099", product=product)
    Presentation.objects.create(cip13="3400999990011", product=product, label="Boîte de 10")
    page = text(reader.get(reverse("medications:product", args=["9900018"])))
    for shown in (
        "3400899000186",
        "9900099",
        "3400999990011",
        sister.label,
        "suivi depuis le 01/01/2021",
        "31/12/2020",
        "fictif",
    ):
        assert shown in page
    assert reader.get(reverse("medications:product", args=["0000000"])).status_code == 404
