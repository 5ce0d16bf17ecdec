"""Any table of a pharmacy, however it is written, is read as what it says."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from common.exports import template_workbook
from common.numbers import parse_decimal
from common.tabular import TabularError
from pui.expiry import parse_expiry
from pui.transfer.reading import Remembered, read

ONE_BYTE = ("iso-8859-1", "cp1252")  # they have no narrow no-break space
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", *ONE_BYTE)
HEADERS = {
    "ucd": ("UCD", "code UCD", "CodeUCD13", "UCD13", "CODE UCD7"),
    "label": ("Libellé", "produit", "NOM_PRODUIT", "Désignation"),
    "stock": ("Stock", "Quantité en stock", "qté", "QTE STOCK"),
    "daily": ("CMJ", "Consommation moyenne journalière", "conso", "CONSO_JOUR", "Conso/jour"),
    "expiry": ("Péremption", "DLU", "DATE DE PEREMPTION", "Péremption la plus proche", "expiry"),
}
DAYS = {
    "french": "%d/%m/%Y",
    "iso": "%Y-%m-%d",
    "dots": "%d.%m.%Y",
    "database": "%Y-%m-%d 00:00:00",
}
STYLES = {
    "point": "{:.2f}".format,
    "comma": lambda number: f"{number:.2f}".replace(".", ","),
    "spaces": lambda number: f"{number:,.2f}".replace(",", " ").replace(".", ","),
    "no-break": lambda number: f"{number:,.2f}".replace(",", "\u00a0").replace(".", ","),
    "narrow": lambda number: f"{number:,.2f}".translate({44: "\u202f", 46: ","}),
    "dots": lambda number: f"{number:,.2f}".translate({44: ".", 46: ","}),
}
expiries = st.dates(date(2000, 1, 1), date(2040, 12, 31)) | st.none()
quantities = st.decimals(min_value=0, max_value=999_999, places=2) | st.none()
WORDS = (
    *("PROPOFOL", "Noradrénaline", "KÉTAMINE", "Rémifentanil", "sol. inj.", "10 mg/ml", "0,5 µg"),
    *("ampoule", "boîte de 10", "(générique)", '"B. Test"', "x;y", "a,b", "c|d", "=1+1", "20 %"),
)
labels = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
lines = st.tuples(st.integers(9_000_000, 9_999_999), labels, quantities, quantities, expiries)
tables = st.lists(lines, min_size=1, max_size=12, unique_by=lambda line: line[0])


def expected(table):
    return [(str(code), label.strip(), *told) for code, label, *told in table]


def said_by(reading):
    return [
        (
            str(line.codes[0]),
            line.label,
            parse_decimal(line.stock),
            parse_decimal(line.daily),
            parse_expiry(line.expiry),
        )
        for line in reading.lines
    ]


@given(
    table=tables,
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from(";,|\t"),
    ending=st.sampled_from(("\n", "\r\n", "\r")),
    style=st.sampled_from(sorted(STYLES)),
    days=st.sampled_from(sorted(DAYS)),
    titles=st.integers(0, 2),
    data=st.data(),
)
@settings(max_examples=60, deadline=None)
def test_any_table_in_any_accepted_writing_comes_back_equal(
    table, encoding, delimiter, ending, style, days, titles, data
):
    assume(style != "narrow" or encoding not in ONE_BYTE)
    order = data.draw(st.permutations(list(HEADERS)))
    header = [data.draw(st.sampled_from(HEADERS[role])) for role in order]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ending)
    writer.writerows([["Pharmacie à usage intérieur"]] * titles)
    writer.writerow(header)
    for code, label, stock, daily, expiry in table:
        numbers = ["" if one is None else STYLES[style](one) for one in (stock, daily)]
        day = f"{expiry:{DAYS[days]}}" if expiry else ""
        cells = dict(zip(HEADERS, (code, label, *numbers, day), strict=True))
        writer.writerow([cells[role] for role in order])
    reading = read(io.BytesIO(text.getvalue().encode(encoding)))
    assert (reading.asks, said_by(reading)) == ((), expected(table))


@given(table=tables)
@settings(max_examples=4, deadline=None)
def test_any_workbook_comes_back_equal(table):
    rows = [(str(code), *told) for code, *told in table]
    headers = ["UCD", "Libellé", "Stock", "CMJ", "Péremption"]
    workbook = template_workbook(headers, rows, ["Mode d’emploi"])
    assert said_by(read(io.BytesIO(workbook))) == expected(table)


def of(text, **options):
    return read(io.BytesIO(text.encode()), **options)


PRINTED = """
UCD          |UCD    |UCD    |NOM_PRODUIT             |     STOCK|CONSO_JOUR
-------------|-------|-------|------------------------|----------|----------
3400899990144|9999014|       |PROPOFOL 10 MG/ML       |       240|       ,5
             |9999021|9999033|MIDAZOLAM 5 MG/ML       |       420|    10.125

UCD          |UCD    |UCD    |NOM_PRODUIT             |     STOCK|CONSO_JOUR
-------------|-------|-------|------------------------|----------|----------
3400899990380|       |       |ATRACURIUM              |         0|
"""


def test_what_a_pharmacy_database_prints_is_read_page_after_page():
    found = of(PRINTED).lines
    assert [line.codes for line in found] == [
        ("3400899990144", "9999014"),
        ("9999021", "9999033"),
        ("3400899990380",),
    ]
    assert [
        (line.label, parse_decimal(line.stock), parse_decimal(line.daily)) for line in found
    ] == [
        ("PROPOFOL 10 MG/ML", 240, Decimal("0.5")),
        ("MIDAZOLAM 5 MG/ML", 420, Decimal("10.13")),
        ("ATRACURIUM", 0, None),
    ]


def test_a_bare_decimal_of_a_person_stays_doubtful():
    assert of("UCD;Stock;CMJ\n9999014;1;,5\n").lines[0].daily == ",5"


def test_unknown_headers_are_asked_about_and_nothing_is_read():
    reading = of("Ref maison;Nom maison;Reste\n9999014;PROPOFOL;12\n")
    assert reading.asks == ("ucd", "stock", "daily")
    assert reading.free_headers == ["Ref maison", "Nom maison", "Reste"]
    assert reading.lines == []


def test_a_column_is_shown_with_the_first_value_that_it_holds():
    long = "PROPOFOL " * 9
    reading = of(f"Ref maison;Nom maison;Reste;Vide\n9999014;{long};;\n9999021;;12;\n")
    assert reading.samples == ("9999014", f"{long[:30]}…", "12", "")


def test_two_columns_of_one_name_are_told_apart_and_never_mixed():
    reading = of("UCD;Qté;Qté\n9999014;;7\n9999021;40;2\n")
    assert reading.headers == ("UCD", "Qté", "Qté (2)")
    assert reading.asks == ("stock", "daily")
    told = {"ucd": "UCD", "stock": "Qté", "daily": "Qté (2)"}
    again = of(
        "UCD;Qté;Qté\n9999014;;7\n9999021;40;2\n",
        remembered=[Remembered(list(reading.headers), told)],
    )
    assert [(line.stock, line.daily) for line in again.lines] == [(None, "7"), ("40", "2")]


def test_what_the_pharmacy_said_of_the_same_headers_is_used_wherever_they_stand():
    headers = ["Ref maison", "Nom maison", "Reste", "Par jour"]
    told = {"ucd": "Ref maison", "stock": "Reste", "daily": "Par jour", "label": ""}
    text = "Pharmacie;;;\nRef maison;Nom maison;Reste;Par jour\n9999014;PROPOFOL;12;3\n"
    reading = of(text, remembered=[Remembered(headers, told)])
    assert (reading.lines[0].codes, reading.lines[0].stock) == (("9999014",), "12")


def test_two_columns_for_one_quantity_are_asked_about():
    reading = of("UCD;Stock;Quantité;CMJ\n9999014;1;2;3\n")
    assert (reading.asks, reading.free_headers) == (("stock",), ["Stock", "Quantité"])
    told = {"stock": "Quantité"}
    remembered = [Remembered(["UCD", "Stock", "Quantité", "CMJ"], told)]
    assert (
        of("UCD;Stock;Quantité;CMJ\n9999014;1;2;3\n", remembered=remembered).lines[0].stock == "2"
    )


def test_one_line_per_molecule_and_strength_is_the_shape_of_mapui():
    reading = of("Molécule;Dosage;Stock;CMJ\nMIDAZOLAM;5 mg/ml;12;3\n")
    assert (reading.is_virtual, reading.lines[0].label) == (True, "MIDAZOLAM 5 mg/ml")
    assert of("Médicament virtuel;Stock;CMJ\nMIDAZOLAM 5 mg/ml;12;3\n").is_virtual
    assert not of("UCD;DCI;Dosage;Stock;CMJ\n9999014;MIDAZOLAM;5 mg/ml;12;3\n").is_virtual


def test_lines_that_say_nothing_are_passed_over():
    text = "UCD;Libellé;Stock;CMJ\n;CURARES;;\n9999014;PROPOFOL;12;3\n;;;\n"
    assert [line.number for line in of(text).lines] == [3]


@pytest.mark.parametrize(
    "text", ["9999014;PROPOFOL;12;3\n9999021;MIDAZOLAM;1;1\n", "bonjour\n", "x" * 100]
)
def test_a_table_without_headers_is_refused(text):
    with pytest.raises(TabularError, match="en-têtes"):
        of(text)


def test_the_code_of_the_house_is_not_the_ucd_when_another_column_is():
    reading = of("Code;UCD;Stock;CMJ\nA12;9999014;1;2\n")
    assert (reading.roles, reading.lines[0].codes) == (("", "ucd", "stock", "daily"), ("9999014",))
    assert of("Code;Stock;CMJ\n9999014;1;2\n").lines[0].codes == ("9999014",)
    assert of("Code;Référence;Stock;CMJ\n9999014;A12;1;2\n").asks == ("ucd",)


def test_a_dated_header_is_known_whatever_the_day():
    reading = of("UCD;Stock au 17/11/2020;Conso/jour\n9999014;1;2\n")
    assert reading.lines[0].stock == "1"


def test_every_finess_of_the_line_is_kept():
    reading = of("FINESS EJ;FINESS ET;UCD;Stock;CMJ\n450990106;450990114;9999014;1;2\n")
    assert reading.lines[0].finess == ("450990106", "450990114")
    assert of("FINESS du site;UCD;Stock\n450990114;9999014;1\n").lines[0].finess == ("450990114",)


def test_the_first_of_two_labels_that_says_something_is_taken():
    assert of("Produit;Libellé;UCD;Stock;CMJ\n;PROPOFOL;9999014;1;2\n").lines[0].label == "PROPOFOL"
