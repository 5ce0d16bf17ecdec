"""What is written opens as it is, holds no formula, and is read back the same."""

import csv
import io
import zipfile
from contextlib import closing
from datetime import UTC, date, datetime, time
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common import exports
from common.exports import ExportError
from common.numbers import parse_decimal
from common.tabular import ColumnSpec, read_table
from common.tabular.cells import clean_text

HEADERS = ["Code", "Libellé", "Quantité"]
COLUMNS = [ColumnSpec(name, name) for name in HEADERS]
DANGEROUS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://attacker.example","x")',
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\u00a0=1",
    "'=1",
    "''  @x",
    "'quoted",
    "＝1",
    "http://hospital.example/",
    "mailto:a@b.example",
    "_x0041_",
    "007",
    "1E5",
    "a;b,c|d\te",
    'a "quoted" text',
    "two\nlines",
    "<b>&amp;</b>",
    "Ã©",
    "sep=;",
]


def as_xlsx(rows, headers=HEADERS):
    file = io.BytesIO()
    exports.write_xlsx(file, "Feuille", headers, rows)
    file.seek(0)
    return file


def as_csv(rows, headers=HEADERS):
    file = io.BytesIO()
    exports.write_csv(file, headers, rows)
    file.seek(0)
    return file


def read_back(file):
    return [tuple(row.values.values()) for row in read_table(file, columns=COLUMNS).rows]


def kept(text):
    """What a cell keeps of a text: blank is nothing, control characters are dropped."""
    cleaned = clean_text(text)
    return cleaned if cleaned.strip() else None


@pytest.mark.parametrize("write", [as_xlsx, as_csv])
def test_importing_an_export_back_changes_nothing(write):
    rows = [(f"{number:09}", text, number) for number, text in enumerate(DANGEROUS)]
    found = read_back(write(rows))
    assert [(code, label) for code, label, _ in found] == [
        (code, clean_text(label)) for code, label, _ in rows
    ]
    assert [int(quantity) for _, _, quantity in found] == list(range(len(rows)))


any_text = st.text(st.characters(codec="utf-8"), max_size=30)
formula_like = st.builds(
    str.__add__, st.sampled_from(["=", "'=", " +", "\t", "@", "''-"]), any_text
)


@settings(max_examples=6, deadline=None)
@given(st.lists(st.tuples(st.just("1"), any_text | formula_like, st.just(0)), max_size=40))
def test_any_text_comes_back_from_a_workbook(rows):
    assert [label for _, label, _ in read_back(as_xlsx(rows))] == [
        kept(label) for _, label, _ in rows
    ]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.just("1"), any_text | formula_like, st.just(0)), max_size=40))
def test_any_text_comes_back_from_a_csv(rows):
    assert [label for _, label, _ in read_back(as_csv(rows))] == [
        kept(label) for _, label, _ in rows
    ]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.decimals(0, 999_999_999, places=3), min_size=1, max_size=40))
def test_any_number_comes_back_from_a_csv(numbers):
    found = read_back(as_csv([("1", "x", number) for number in numbers]))
    assert [parse_decimal(cell, places=3) for _, _, cell in found] == numbers


def test_numbers_dates_and_instants_come_back_the_same_from_both():
    noon_in_paris = datetime(2026, 11, 16, 11, 0, 5, 999, tzinfo=UTC)
    rows = [
        ("1", date(2026, 11, 16), Decimal("12.50")),
        ("2", noon_in_paris, 12),
        ("3", True, 0.1),
        ("4", date(787, 1, 1), Decimal("1234.567")),
        ("5", time(9, 30), 0),
        ("6", None, Decimal("99999999.99")),
    ]
    labels = ["2026-11-16", "2026-11-16 12:00:05", "oui", "0787-01-01", "09:30:00", None]
    numbers = [Decimal(n) for n in ("12.5", "12", "0.1", "1234.567", "0", "99999999.99")]
    for write in (as_xlsx, as_csv):
        found = read_back(write(rows))
        assert [label for _, label, _ in found] == labels
        assert [parse_decimal(cell, places=3) for _, _, cell in found] == numbers


def test_a_workbook_holds_no_formula_and_no_link():
    file = as_xlsx([("1", text, -4) for text in DANGEROUS])
    with zipfile.ZipFile(file) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
        names = archive.namelist()
    assert "<f>" not in xml
    assert "hyperlink" not in xml
    assert "xl/worksheets/_rels/sheet1.xml.rels" not in names
    sheet = openpyxl.load_workbook(file).active
    assert {cell.data_type for cell in sheet["C"][1:]} == {"n"}
    assert {cell.data_type for cell in sheet["A"][1:]} == {"s"}
    assert sheet["C2"].value == -4
    assert sheet.freeze_panes == "A2"


def test_dates_in_a_workbook_are_dates_in_paris_time():
    file = as_xlsx([("1", datetime(2026, 11, 15, 23, 30, tzinfo=UTC), date(2026, 11, 16))])
    row = openpyxl.load_workbook(file).active[2]
    assert row[1].value.isoformat() == "2026-11-16T00:30:00"
    assert (row[1].number_format, row[2].number_format) == ("dd/mm/yyyy hh:mm", "dd/mm/yyyy")


def test_a_csv_opens_in_a_french_spreadsheet_and_no_text_of_it_is_a_formula():
    rows = [("007", text, -4) for text in DANGEROUS] + [("008", "été", Decimal("-1.5"))]
    data = as_csv(rows).getvalue()
    assert data.startswith("\ufeffCode;Libellé;Quantité\r\n".encode())
    cells = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert not [row[1] for row in cells if row[1].strip().startswith(tuple("=+-@＝"))]
    assert [row[2] for row in cells[1:]] == ["-4"] * len(DANGEROUS) + ["-1,5"]
    assert cells[-1][:2] == ["008", "été"]


def test_what_a_spreadsheet_would_round_or_refuse_is_written_as_text():
    rows = [("1", "x", 3400890099943), ("2", "x", 12345678901234567), ("3", "x", float("nan"))]
    rows += [("4", "y" * 40_000, Decimal("Infinity")), ("5", "x", 2**70)]
    found = read_back(as_xlsx(rows))
    assert [cell for _, _, cell in found] == [
        3400890099943,
        "12345678901234567",
        "nan",
        "Infinity",
        str(2**70),
    ]
    assert len(found[3][1]) == 32_767


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Commandes", "Commandes"),
        ("Stock [EPI] : 16/11", "Stock EPI 16 11"),
        ("", "Feuille 1"),
        ("'x'", "x"),
        ("é" * 40, "é" * 31),
    ],
)
def test_any_title_makes_a_sheet(title, name):
    assert exports.sheet_name(title) == name
    file = io.BytesIO()
    exports.write_xlsx(file, title, HEADERS, [])
    assert openpyxl.load_workbook(file).sheetnames == [name]


def test_a_workbook_too_long_is_refused_and_nothing_is_sent(monkeypatch):
    monkeypatch.setattr(exports, "LAST_ROW", 10)
    with pytest.raises(ExportError, match="choisissez le format CSV"):
        exports.spreadsheet_response("x", HEADERS, [("1", "x", 0)] * 10, filename="x")


@pytest.mark.django_db  # the end of a response looks at the connection
@pytest.mark.parametrize("extension", ["xlsx", "csv"])
def test_a_response_is_a_file_to_keep(extension):
    rows = iter([("007", "Gants", 12)])
    if extension == "xlsx":
        response = exports.spreadsheet_response("Été", HEADERS, rows, filename="été")
    else:
        response = exports.csv_response(HEADERS, rows, filename="été.csv")
    with closing(response):
        data = b"".join(response.streaming_content)
    found = read_table(io.BytesIO(data), columns=COLUMNS)
    assert (found.kind, found.rows[0]["Code"]) == (extension, "007")
    assert f"%C3%A9t%C3%A9.{extension}" in response["Content-Disposition"]
    assert int(response["Content-Length"]) == len(data)


def test_a_failure_in_the_middle_sends_nothing():
    def rows():
        yield "1", "x", 0
        raise RuntimeError("the database is gone")

    for send in (
        lambda: exports.csv_response(HEADERS, rows(), filename="x"),
        lambda: exports.spreadsheet_response("x", HEADERS, rows(), filename="x"),
    ):
        with pytest.raises(RuntimeError):
            send()


@pytest.mark.django_db  # the end of a response looks at the connection
def test_a_template_is_filled_in_and_read_back():
    response = exports.template_response(
        HEADERS,
        [["010000024", "=1+1", None], ["2", "Gants", Decimal("1.5")]],
        ["=Une ligne par article.", "Vide n’est pas 0."],
        filename="modele",
        text_columns=["Code"],
        choices={HEADERS[1]: ["A créer", "A supprimer"]},
    )
    with closing(response):
        data = b"".join(response.streaming_content)
    assert read_back(io.BytesIO(data)) == [("010000024", "=1+1", None), ("2", "Gants", 1.5)]
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Saisie", "Mode d’emploi"]
    sheet = book["Saisie"]
    assert (sheet["A2"].number_format, sheet.column_dimensions["A"].number_format) == ("@", "@")
    assert (sheet.freeze_panes, book["Mode d’emploi"]["A1"].data_type) == ("A2", "s")
    (offer,) = sheet.data_validations.dataValidation
    assert (offer.formula1, str(offer.sqref)) == ('"A créer,A supprimer"', "B2:B5000")


def test_a_column_of_a_template_is_as_wide_as_its_longest_text():
    rows = [["1", "PUI du centre hospitalier", None], ["2", "x" * 90, None]]
    data = exports.template_workbook(HEADERS, rows, [])
    widths = openpyxl.load_workbook(io.BytesIO(data))["Saisie"].column_dimensions
    assert (widths["A"].width, widths["B"].width) == (12, 40)
