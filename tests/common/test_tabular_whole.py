"""Tables whose columns a person may have to name: every column is kept, the headers are found."""

import io

import pytest
from openpyxl import Workbook

from common.tabular import ColumnSpec, TabularError, read_whole_table

COLUMNS = (ColumnSpec("code", "Code", ("UCD",)), ColumnSpec("stock", "Stock"))


def of(text, **options):
    return read_whole_table(io.BytesIO(text.encode()), columns=COLUMNS, **options)


def workbook(*sheets):
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Feuille {number}")
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file


def test_known_headers_are_found_under_titles_and_every_column_is_kept():
    table = of("Stock de la PUI;;\nRayon;Code;Stock;Code\nA;12;3;13\nB;14\n")
    assert table.headers == ("Rayon", "Code", "Stock", "Code")
    assert [row.values for row in table.rows] == [
        {"0": "A", "1": "12", "2": "3", "3": "13"},
        {"0": "B", "1": "14", "2": None, "3": None},
    ]
    assert (table.skipped_lines, table.header_line) == ((1,), 2)


@pytest.mark.parametrize("delimiter", [";", ",", "|", "\t"])
def test_unknown_headers_are_those_that_look_like_it(delimiter):
    text = "Pharmacie\nRef maison;Reste;Par jour\n12;3;4\n13;5;6\n".replace(";", delimiter)
    table = of(text)
    assert (table.headers, table.delimiter) == (("Ref maison", "Reste", "Par jour"), delimiter)
    assert [row["1"] for row in table.rows] == ["3", "5"]


def test_decimal_commas_are_no_separator():
    assert of("Ref;Reste;Par jour\n12;3,5;4,5\n13;5,5;6,5\n").headers == (
        "Ref",
        "Reste",
        "Par jour",
    )


def test_a_workbook_is_read_from_its_sheet_with_known_headers_else_from_the_first():
    known = [["Code", "Stock", "Rayon"], ["12", 3, "A"]]
    notes = [["À lire", "avant"], ["tout", "le reste"]]
    table = read_whole_table(workbook(notes, known), columns=COLUMNS)
    assert (table.sheet, table.headers) == ("Feuille 1", ("Code", "Stock", "Rayon"))
    unknown = [["Ref", "Reste"], ["12", 3]]
    table = read_whole_table(workbook(unknown, notes), columns=COLUMNS)
    assert (table.sheet, table.rows[0].values) == ("Feuille 0", {"0": "12", "1": 3})


@pytest.mark.parametrize("text", ["12;3\n13;4\n", "un seul titre\n"])
def test_a_table_without_any_header_is_refused(text):
    with pytest.raises(TabularError, match="en-têtes"):
        of(text, filename="stock.csv")


def test_its_limits_are_those_of_every_table():
    with pytest.raises(TabularError, match="trop long"):
        of("Code;Stock\n" + "1;1\n" * 20_001)
