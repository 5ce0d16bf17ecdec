"""What people send is read whatever its encoding, its separator and its layout."""

import io
from datetime import date, datetime, time

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.numbers import NumberError, parse_integer
from common.tabular import ColumnSpec, ErrorReport, LineError, TabularError, read_table
from common.tabular.errors import RefusedValueError
from tests.common import hostile
from tests.common.hostile import COLUMNS, HEADERS, csv_file, sheet, text_cell, workbook


def read(data, columns=COLUMNS):
    return read_table(io.BytesIO(data), columns=columns, filename="stock.csv")


def book(*rows, title="Feuille"):
    file = openpyxl.Workbook()
    file.active.title = title
    for row in rows:
        file.active.append(row)
    return file


def saved(file):
    data = io.BytesIO()
    file.save(data)
    return data.getvalue()


HUNDRED_ROWS = [[f"{n:09}", f"Masque « é », œuvre n° {n} à l’été", str(n)] for n in range(100)]
ONLY_LATIN1 = [[f"{n:09}", f"Masque é à ç n° {n} ÉTÉ", str(n)] for n in range(100)]


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("delimiter", [";", "|", "\t"])
@pytest.mark.parametrize(
    ("encoding", "rows"),
    [
        ("utf-8", HUNDRED_ROWS),
        ("utf-8-sig", HUNDRED_ROWS),
        ("cp1252", HUNDRED_ROWS),
        ("utf-16", HUNDRED_ROWS),
        ("utf-16-le", HUNDRED_ROWS),
        ("utf-16-be", HUNDRED_ROWS),
        ("iso-8859-1", ONLY_LATIN1),
    ],
)
def test_the_same_hundred_rows_whichever_way_they_are_written(encoding, rows, delimiter, newline):
    table = read(csv_file(*rows, delimiter=delimiter, newline=newline, encoding=encoding))
    assert [list(row.values.values())[:3] for row in table.rows] == rows
    assert (table.kind, table.delimiter, table.rows[-1].line_number) == ("csv", delimiter, 101)


def test_commas_separate_too():
    data = b'FINESS,Article,Stock\n1,"Gants, taille M",3\n2,Gants,\n'
    table = read(data)
    assert [row.values["article"] for row in table.rows] == ["Gants, taille M", "Gants"]
    assert table.rows[1]["quantity"] is None


def test_a_single_column_may_hold_any_separator():
    table = read(b"FINESS\n1,5\n", [ColumnSpec("finess", "FINESS")])
    assert table.rows[0]["finess"] == "1,5"


@pytest.mark.parametrize(
    "data",
    [
        csv_file(["1", "Été", "2"]) + "\n2;Été;3".encode("cp1252"),  # two encodings in one file
        csv_file(["1", "Gants déjà stérilisés", "2"], encoding="cp850"),
        csv_file(["1", "HÔPITAL", "2"], encoding="cp850"),
        csv_file(["1", "Gants stérilisés", "2"], encoding="mac-roman"),
        csv_file(["1", "Gants stérilisés".encode().decode("cp1252"), "2"]),  # damaged before
        csv_file(["1", "G\ufffdnts", "2"]),
        csv_file(["1", "Été", "2"], encoding="utf-32"),
        csv_file(["1", "Été", "2"], encoding="utf-16")[:-1],
        csv_file(["1", "\x81", "2"], encoding="iso-8859-1"),
    ],
)
def test_an_encoding_that_cannot_be_told_is_refused_never_guessed(data):
    with pytest.raises(TabularError, match="L’encodage de ce fichier n’a pas pu être reconnu"):
        read(data)


def test_a_separator_that_cannot_be_told_is_refused():
    with pytest.raises(TabularError, match="séparateur"):
        read(b"FINESS;Article\nFINESS,Article\n", COLUMNS[:2])


def test_titles_above_the_header_are_skipped_and_blank_lines_too():
    data = "Stock de la semaine 47;;\n\nHôpital\n" + csv_file(["1", "Gants", "2"]).decode()
    table = read(f"{data}\n;;\n3;Gants;\n".encode())
    assert (table.header_line, table.skipped_lines) == (4, (1, 3))
    assert [(row.line_number, row["finess"]) for row in table.rows] == [(5, "1"), (7, "3")]


@pytest.mark.parametrize("headers", ["finess;ARTICLE;QUANTITÉ", "N° Finess ; article;  stock "])
def test_synonyms_are_known_without_case_accents_nor_spaces(headers):
    table = read(f"{headers}\n1;Gants;2\n".encode())
    assert table.rows[0].values == {
        "finess": "1",
        "article": "Gants",
        "quantity": "2",
        "note": None,
    }
    assert table.columns == ("finess", "article", "quantity")


def test_unknown_columns_are_listed_and_ignored():
    table = read("FINESS;Ville;Article;Stock;Téléphone\n1;Lyon;Gants;2;04\n".encode())
    assert table.unknown_columns == ("Ville", "Téléphone")
    assert "Lyon" not in table.rows[0].values.values()


def test_a_line_with_nothing_in_a_known_column_is_listed_as_skipped():
    table = read(b"FINESS;Article;Stock;Ville\n1;Gants;2;Lyon\n;;;Total\n")
    assert (len(table), table.skipped_lines) == (1, (3,))


def test_a_column_present_twice_is_refused():
    with pytest.raises(TabularError, match=r"« Stock .* » est présente deux fois, en C et en D"):
        read(b"FINESS;Article;Stock;Quantit\xe9\n1;2;3;4\n")


def test_a_missing_column_is_named():
    with pytest.raises(TabularError, match=r"stock\.csv : Colonne absente : « Article »"):
        read(b"FINESS;Stock\n1;2\n")
    with pytest.raises(TabularError, match="Colonnes absentes : « Article », « Stock utilisable"):
        read(b"FINESS\n1\n")
    with pytest.raises(TabularError, match="Aucune ligne d’en-têtes"):
        read(b"a;b\n1;2\n")
    with pytest.raises(TabularError, match="Aucune ligne d’en-têtes"):
        read(b"titre;titre\n" * 20 + csv_file(["1", "2", "3"]))


def test_a_workbook_gives_its_numbers_texts_and_dates():
    table = read(
        saved(
            book(
                ["Titre"],
                ["FINESS", "Article", "Stock", "Remarque"],
                ["010000024", "Gants", 12, "été"],
                [10000024, True, 1.5, date(2026, 11, 16)],
                [None, None, None, "  "],
                ["x", None, 0, datetime.combine(date(2026, 11, 16), time(9, 30))],
            )
        )
    )
    assert [list(row.values.values()) for row in table.rows] == [
        ["010000024", "Gants", 12, "été"],
        [10000024, "VRAI", 1.5, "2026-11-16"],
        ["x", None, 0, "2026-11-16 09:30:00"],
    ]
    assert [row.line_number for row in table.rows] == [3, 4, 6]
    assert (table.kind, table.sheet, len(table.digest)) == ("xlsx", "Feuille", 64)


def test_the_sheet_that_has_the_headers_is_read_and_hidden_ones_are_not():
    file = book(["Lisez-moi"])
    hidden = file.create_sheet("Cachée")
    hidden.append(HEADERS)
    hidden.sheet_state = "hidden"
    file.create_sheet("Saisie").append(HEADERS)
    assert read(saved(file)).sheet == "Saisie"


def test_a_number_cell_that_is_no_number_is_an_error_of_its_line():
    values = ["1e999", "1E999", "NaN", "INF", "-inf", "1__0", "9" * 5000]
    rows = "".join(
        f'<row r="{line}">{text_cell("1")}{text_cell("Gants")}<c><v>{value}</v></c></row>'
        for line, value in enumerate(values, start=2)
    )
    table = read(workbook(rows))
    assert len(table) == len(values)
    for row in table.rows:
        with pytest.raises(NumberError):
            parse_integer(row["quantity"])


def test_odd_cells_cost_an_error_of_their_line_and_not_the_file():
    styles = (
        f'<styleSheet xmlns="{hostile.MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>'
        "</cellXfs></styleSheet>"
    )
    cells = [
        '<c r="C2" s="1"><v>1e300</v></c>',  # a date beyond every calendar
        '<c r="C3" t="s"><v>99</v></c>',  # a shared text that does not exist
        '<c r="C4" t="d"><v>demain</v></c>',
        '<c r="C5"><f>A1*2</f></c>',  # saved without its result
        '<c r="C6" t="e"><v>#REF!</v></c>',
    ]
    rows = "".join(
        f'<row r="{line}">{text_cell("1")}{text_cell("Gants")}{cell}</row>'
        for line, cell in enumerate(cells, start=2)
    )
    table = read(workbook(rows, entries={"xl/styles.xml": styles}))
    assert [row["quantity"] for row in table.rows] == ["#VALUE!", "99", "demain", "=A1*2", "#REF!"]


def test_escaped_and_rich_texts_are_read_as_they_are_seen():
    rich = (
        '<c t="inlineStr"><is><r><t>Ga</t></r><r><t>nts</t></r><rPh sb="0" eb="1"><t>x</t></rPh>'
        "</is></c>"
    )
    row = (
        f'<row r="2">{text_cell("a_x000D__x000A_b_x0007_")}{rich}{text_cell("_x005F_x0041_")}</row>'
    )
    values = read(workbook(sheet_xml=sheet(row))).rows[0].values
    assert list(values.values())[:3] == ["a\nb", "Gants", "_x0041_"]


def test_the_same_file_twice_is_known_by_its_digest():
    data = csv_file(["1", "Gants", "2"])
    assert read(data).digest == read(data).digest != read(data + b"\n").digest


def test_an_upload_already_looked_at_is_read_from_its_beginning():
    upload = SimpleUploadedFile("stock.csv", csv_file(["1", "Gants", "2"]))
    upload.read()
    assert len(read_table(upload, columns=COLUMNS, filename=upload.name)) == 1


def test_a_report_lists_every_line_in_order():
    report = ErrorReport()
    with pytest.raises(RefusedValueError) as refusal:
        parse_integer("-4")
    report.add_refusal(33, "CMJ", refusal.value)
    report.add(12, "FINESS", "01", "il a 2 caractères", "9 caractères")
    assert [error.line for error in report] == [12, 33]
    assert (len(report), report.lines) == (2, {12, 33})
    assert list(report.rows())[1][:4] == (33, "CMJ", "-4", "elle est négative")
    assert len(report.headers) == len(next(report.rows()))
    assert LineError(12, "Stock", "1,234", "ambigu", "1234").sentence == (
        "Ligne 12, Stock\u00a0: «\u00a01,234\u00a0», ambigu. Attendu\u00a0: 1234."
    )


def test_a_report_stops_where_nobody_would_read_on_and_says_so():
    report = ErrorReport(most=2)
    report.add(1, "FINESS", "01", "il a 2 caractères", "9 caractères")
    report.add(2, "FINESS", "01", "il a 2 caractères", "9 caractères")
    assert (len(report), report.is_cut) == (2, False)
    report.add(3, "FINESS", "01", "il a 2 caractères", "9 caractères")
    assert (len(report), report.is_cut) == (2, True)


def test_the_same_code_twice_is_an_error_on_both_lines():
    table = read(csv_file(["1", "Gants", "2"], ["2", "Gants", "2"], ["1", "Gants", ""], ["", "x"]))
    report = ErrorReport()
    report.add_repeated(table.rows, "FINESS", lambda row: row["finess"])
    assert [(error.line, error.reason) for error in report] == [
        (2, "déjà présent à la ligne 4"),
        (4, "déjà présent à la ligne 2"),
    ]
