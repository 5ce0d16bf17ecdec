"""The table of a territory: its lines, its order, its files."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from journal.models import Entry
from medications.models import Priority, Product
from pui.region import rows
from pui.region.rows import every_row, read_rows
from pui.region.tables import Names, stocks_table
from tests.builders import make_person
from tests.html_rules import assert_sound_html
from tests.pui.builders import (
    make_followed,
    make_product,
    make_pui,
)
from tests.pui.region.conftest import REGION, read, rows_of, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("lines", "grain", "count"),
    [
        ("etablissement", "dci", 4),
        ("pui", "ucd", 4),
        ("pui", "dci", 4),
        ("departement", "reference", 4),
        ("region", "dci", 2),
    ],
)
def test_rows_and_products_are_two_choices(declared, lines, grain, count):
    found, total = read_rows(read(make_person("ARA"), lignes=lines, produits=grain))
    assert len(found) == total == count


def test_the_ucds_of_a_dci_add_up_in_their_group(declared):
    second = make_product("CISATRACURIUM B", reference=declared.cis.reference, unit="ampoule")
    make_followed(second, priority=Priority.NATIONAL)
    declared.declare(declared.orleans, {declared.cis: (50, 10), second: (160, 0)}, back=0)
    declared.refresh()
    user = make_person("ARA")
    by_ucd, _ = read_rows(
        read(user, lignes="pui", produits="ucd", departement="45", dci="CISATRACURIUM")
    )
    by_reference, _ = read_rows(
        read(user, lignes="pui", produits="reference", departement="45", dci="CISATRACURIUM")
    )
    assert [row.sums.stock for row in by_ucd] == [50, 160]
    assert [(row.sums.stock, row.sums.daily) for row in by_reference] == [(210, 10)]


def test_the_pharmacies_of_an_establishment_add_up_in_its_line(declared, ars):
    """One site, two pharmacies: 50 and 160 in stock, 10 and 20 a day."""
    annex = make_pui("PUI annexe", on=declared.orleans.establishment)
    declared.declare(annex, {declared.cis: (160, 20)})
    asked = {"lignes": "etablissement", "dci": "CISATRACURIUM"}
    found, _ = read_rows(read(make_person("ARA"), **asked, departement="45"))
    assert [(row.sums.stock, row.sums.daily, row.sums.days) for row in found] == [(210, 30, 7)]
    page = ars.get(REGION, asked)
    assert_sound_html(page)
    site = declared.orleans.establishment
    assert f'<a href="{site.get_absolute_url()}"><strong>CH de Orléans</strong></a>' in page.text
    rows = rows_of(ars.get(reverse("pui:region_file", args=["stocks", "csv"]), asked))
    assert [(row["Établissement"], row["FINESS du site"], row["Stock"]) for row in rows] == [
        ("CH de Orléans", site.finess, "210,00"),
        ("CH de Bourges", declared.bourges.establishment.finess, "1000,00"),
    ]


def test_a_reference_is_counted_in_the_unit_of_its_ucds_whatever_mapui_sends(declared):
    reference = declared.cis.reference
    make_product(reference.label, reference=reference, kind=Product.Kind.VIRTUAL, code="MV1")
    user = make_person("ARA")
    found, _ = read_rows(read(user, lignes="pui", produits="reference", dci="CISATRACURIUM"))
    assert {row.unit for row in found} == {"ampoule"}


@pytest.mark.parametrize("lines", ["etablissement", "pui"])
@pytest.mark.parametrize("grain", ["dci", "reference", "ucd"])
def test_the_pharmacies_and_the_departments_say_the_same(declared, grain, lines):
    """A pharmacy alone in its department has its figures: live lines and summaries agree."""
    user = make_person("ARA")
    live, _ = read_rows(read(user, lignes=lines, produits=grain, departement="45"))
    summed, _ = read_rows(read(user, lignes="departement", produits=grain, departement="45"))
    assert [(row.group, row.sums) for row in live] == [(row.group, row.sums) for row in summed]


@pytest.mark.parametrize("order", rows.ORDERS)
def test_lines_that_stand_alone_in_their_group_say_what_their_sums_would(
    declared, monkeypatch, order
):
    kinds = [(0, None), (0, 5), (2, 5), (0, 0), (9, 0), (30, 5), (60, 5), (500, 5)]
    others = [make_followed(make_product(f"AUTRE {rank}")) for rank in range(len(kinds))]
    told = {declared.cis: (None, 10), declared.mida: (7, None), declared.other: (None, None)}
    told |= dict(zip(others, kinds, strict=True))
    declared.declare(declared.orleans, told, back=0)
    user = make_person("ARA")
    alone = read_rows(read(user, lignes="pui", produits="ucd"), order)
    assert len(alone[0]) == alone[1] == 5 + len(kinds)
    monkeypatch.setattr(rows, "source_of", lambda scope, groups: rows.PHARMACIES)
    assert alone == read_rows(read(user, lignes="pui", produits="ucd"), order)


@pytest.mark.parametrize("lines", ["etablissement", "pui", "departement", "region"])
@pytest.mark.parametrize("order", rows.ORDERS)
def test_a_file_reads_by_parts_the_lines_of_every_page(declared, monkeypatch, lines, order):
    monkeypatch.setattr(rows, "CHUNK", 1)
    scope = read(make_person("ARA"), lignes=lines, produits="ucd")
    found, total = read_rows(scope, order)
    assert list(every_row(scope, order)) == found
    assert len(found) == total > 1


@pytest.mark.parametrize("lines", ["etablissement", "pui"])
def test_the_pharmacies_of_the_country_one_by_one_make_no_file(declared, lines):
    wide = read(make_person("NAT", domain="dispostock"), lignes=lines)
    assert list(every_row(wide)) == []


def test_a_cut_by_class_keeps_only_it(declared):
    found, _ = read_rows(
        read(make_person("NAT", domain="dispostock"), lignes="departement", niveau="rupture")
    )
    assert [(row.place, row.group) for row in found] == [("69", "CISATRACURIUM")]


def test_the_file_is_the_table_on_the_screen(declared, ars):
    asked = {"lignes": "pui", "dci": "CISATRACURIUM"}
    answer = ars.get(reverse("pui:region_file", args=["stocks", "csv"]), asked)
    rows = rows_of(answer)
    assert [(row["PUI"], row["Couverture (jours)"]) for row in rows] == [
        ("PUI de Orléans", "5,0"),
        ("PUI de Bourges", "100,0"),
    ]
    page = text_of(ars.get(REGION, asked))
    assert page.index("PUI de Orléans") < page.index("PUI de Bourges")
    entry = Entry.objects.get(verb="pui.region_exported")
    assert entry.details["filters"] == "lignes=pui&dci=CISATRACURIUM"


def test_the_dci_chosen_is_told_once_on_the_page_and_on_each_line_of_the_file(declared, ars):
    asked = {"lignes": "pui", "dci": "CISATRACURIUM"}
    assert 'data-label="DCI"' not in ars.get(REGION, asked).text
    assert 'data-label="DCI"' in ars.get(REGION, {"lignes": "pui"}).text
    rows = rows_of(ars.get(reverse("pui:region_file", args=["stocks", "csv"]), asked))
    assert {row["DCI"] for row in rows} == {"CISATRACURIUM"}


def test_the_workbook_holds_the_same_columns(declared, ars):
    answer = ars.get(reverse("pui:region_file", args=["stocks", "xlsx"]))
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    scope = read(ars.user)
    assert [cell.value for cell in sheet[1]] == stocks_table(
        scope, Names({}, {}, lambda code: None)
    ).headers


def test_the_detail_has_a_line_for_each_pharmacy_and_ucd_fresh_or_stale(declared, ars):
    old = make_pui("PUI muette", on=declared.orleans.establishment)
    declared.declare(old, {declared.cis: (7, 1)}, back=3)
    rows = rows_of(ars.get(reverse("pui:region_file", args=["detail", "csv"])))
    assert {(row["PUI"], row["À jour"]) for row in rows} == {
        ("PUI de Orléans", "oui"),
        ("PUI de Bourges", "oui"),
        ("PUI muette", "non"),
    }
    assert {row["UCD"] for row in rows} == {declared.cis.code, declared.mida.code}
