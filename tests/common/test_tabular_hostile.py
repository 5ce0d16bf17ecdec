"""Files that would hurt are refused quickly, with a sentence that says what is accepted."""

import io
import resource
import sys
import zipfile

import pytest

from common.tabular import Limits, TabularError, process, read_table
from tests.common import hostile
from tests.common.hostile import COLUMNS, sheet, text_cell, workbook

MEGABYTE = 1024 * 1024


def processor_seconds():
    """What this process and those it started have worked: a busy machine changes nothing to it."""
    spent = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in spent)


def refusal_of(data, limits=None):
    started = processor_seconds()
    with pytest.raises(TabularError) as refusal:
        read_table(io.BytesIO(data), columns=COLUMNS, limits=limits or Limits())
    assert processor_seconds() - started < 5, "a hostile file must not keep a worker at work"
    sentence = str(refusal.value).replace("\u00a0", " ").replace("\u202f", " ")
    assert "Sont acceptés : un classeur .xlsx ou un fichier .csv, 10 Mo" in sentence
    return sentence


def test_the_honest_file_they_imitate_is_read():
    rows = f'<row r="2">{text_cell("010000024")}{text_cell("Gants")}<c r="C2"><v>12</v></c></row>'
    table = read_table(io.BytesIO(workbook(rows)), columns=COLUMNS)
    assert table.rows[0].values == {
        "finess": "010000024",
        "article": "Gants",
        "quantity": 12,
        "note": None,
    }


def test_more_than_ten_megabytes():
    assert "trop lourd" in refusal_of(b"FINESS;Article;Stock\n" + b"1;2;3\n" * 2 * MEGABYTE)


@pytest.mark.parametrize("data", [b"", b"  \r\n\t"])
def test_nothing_at_all(data):
    assert "vide" in refusal_of(data)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "ancien classeur (.xls)"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "mot de passe",
        ),
        (b"<html><table><tr><td>FINESS</td></tr></table></html>", "page web"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><table></table>", "page web"),
        ("\ufeff<html><table></table>".encode("utf-16-le"), "page web"),
        (b'<?xml version="1.0"?><Workbook></Workbook>', "page web"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "encodage"),
        (b"FINESS;Article;Stock\n1;2;\x00\x01\x02\n" + b"x" * 5000, "ni un classeur ni du texte"),
        (b"PK\x03\x04 and then nothing of the kind", "abîmé"),
        (hostile.archive({"mimetype": "x", "content.xml": "<a/>"}), "OpenDocument"),
        (hostile.archive({"[Content_Types].xml": "", "xl/workbook.bin": ""}), ".xlsb"),
        (hostile.archive({"word/document.xml": "<a/>"}), "pas un classeur .xlsx"),
        (workbook(entries={"xl/vbaProject.bin": "x"}), "macros"),
        (
            workbook(
                entries={
                    "[Content_Types].xml": hostile.CONTENT_TYPES.replace(
                        hostile.SPREADSHEET + ".sheet.main",
                        "application/vnd.ms-excel.sheet.macroEnabled.main",
                    )
                }
            ),
            "macros",
        ),
        (workbook(entries={"xl/externalLinks/externalLink1.xml": "<a/>"}), "liens"),
        (workbook(compression=zipfile.ZIP_LZMA), "pas un classeur .xlsx"),
    ],
)
def test_another_kind_of_file_whatever_its_name(data, what):
    assert what in refusal_of(data)


def test_an_encrypted_archive():
    data = bytearray(workbook())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := data.find(signature, start + 1)) >= 0:
            data[start + offset] |= 1
    assert "mot de passe" in refusal_of(bytes(data))


def test_a_bomb_that_says_its_size():
    bomb = workbook(entries={"xl/media/image1.png": b"\0" * (60 * MEGABYTE)})
    assert "démesuré" in refusal_of(bomb)


def test_a_bomb_that_lies_about_its_size():
    name = "xl/worksheets/sheet1.xml"
    rows = " " * (80 * MEGABYTE)
    bomb = hostile.declaring_small_sizes(workbook(sheet_xml=sheet(rows)), name)
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        assert archive.getinfo(name).file_size == 900
    assert refusal_of(bomb)


def test_a_file_that_unpacks_more_than_a_hundred_times():
    assert "démesuré" in refusal_of(workbook("<row></row>" * 100_000))


def test_an_archive_of_many_entries():
    entries = {f"xl/media/{number}.png": "x" for number in range(201)}
    assert "trop d’éléments" in refusal_of(workbook(entries=entries))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities(encoding):
    bomb = (
        f'<?xml version="1.0" encoding="{encoding}"?>'
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    )
    xml = (bomb + sheet(f'<row r="2">{text_cell("&b;")}</row>')).encode(encoding)
    assert "entités" in refusal_of(workbook(sheet_xml=xml))


def test_a_file_outside_named_by_an_entity():
    xml = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + sheet(text_cell("&a;"))
    assert "entités" in refusal_of(workbook(sheet_xml=xml))


def test_a_tiny_file_whose_cell_claims_the_last_corner():
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    data = workbook(sheet_xml=sheet(far, before='<dimension ref="A1:XFD1048576"/>'))
    assert len(data) < 2000
    assert "trop large" in refusal_of(data)


def test_a_tiny_file_whose_cell_claims_the_last_row():
    data = workbook('<row r="1048576"><c r="A1048576"><v>1</v></c></row>')
    assert "trop long" in refusal_of(data)


def test_dimensions_that_lie_change_nothing():
    data = workbook(sheet_xml=sheet("", before='<dimension ref="A1:XFD1048576"/>'))
    assert read_table(io.BytesIO(data), columns=COLUMNS).rows == []


def test_one_row_too_many_and_one_column_too_many():
    limits = Limits(max_rows=50, max_columns=5)
    row = "<row>" + '<c t="str"><v>x</v></c>' * 3 + "</row>"
    assert len(read_table(io.BytesIO(workbook(row * 50)), columns=COLUMNS, limits=limits)) == 50
    assert "trop long" in refusal_of(workbook(row * 51), limits)
    csv_row = b"\nx;x;x"
    head = b"FINESS;Article;Stock"
    assert len(read_table(io.BytesIO(head + csv_row * 50), columns=COLUMNS, limits=limits)) == 50
    assert "trop long" in refusal_of(head + csv_row * 51, limits)
    assert "jusqu’à la colonne F" in refusal_of(head + b"\n1;2;3;4;5;6", limits)


def test_half_a_million_cell_formats():
    formats = '<xf numFmtId="0" fontId="0"/>' * 500_000
    styles = f'<styleSheet xmlns="{hostile.MAIN}"><cellXfs>{formats}</cellXfs></styleSheet>'
    data = workbook(entries={"xl/styles.xml": styles})
    limits = Limits(max_ratio=10_000)  # repeated formats are first caught by their ratio
    assert "démesuré" in refusal_of(data)
    assert "trop de formats" in refusal_of(data, limits)


def test_one_text_repeated_in_every_cell():
    texts = f'<sst xmlns="{hostile.MAIN}"><si><t>{"é" * 30_000}</t></si></sst>'
    rows = ("<row>" + '<c t="s"><v>0</v></c>' * 60 + "</row>") * 100
    data = workbook(rows, entries={"xl/sharedStrings.xml": texts})
    assert "trop de texte" in refusal_of(data, Limits(max_ratio=10_000))


def test_a_file_that_takes_too_long_ends_its_own_process_only():
    rows = "".join(f'<row r="{n}"><c><v>{n}</v></c></row>' for n in range(2, 200_000))
    limits = Limits(max_rows=10**6, processor_seconds=0.2, max_ratio=10_000)
    assert "trop lourd à lire" in refusal_of(workbook(rows), limits)


def test_a_file_that_costs_much_and_gives_no_row_is_stopped():
    data = workbook(sheet_xml=sheet("<a/>" * 4_000_000))
    limits = Limits(max_ratio=10_000, stall_seconds=0.5)
    assert "trop lourd à lire" in refusal_of(data, limits)


def test_a_file_that_takes_too_much_memory_ends_its_own_process_only(caplog):
    data = workbook(sheet_xml=sheet("<a/>" * 1_000_000))
    limits = Limits(max_ratio=10_000, memory_bytes=100 * MEGABYTE, stall_seconds=60)
    assert "trop lourd à lire" in refusal_of(data, limits)
    assert "SIGPROF" not in caplog.text


def test_the_process_that_reads_is_told_no_secret(monkeypatch):
    tell_all = "import json, os; print(json.dumps({'refused': str(dict(os.environ))}))"
    monkeypatch.setattr(process, "COMMAND", [sys.executable, "-c", tell_all])
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    with pytest.raises(TabularError) as refusal:
        read_table(io.BytesIO(workbook()), columns=COLUMNS)
    assert "'PATH'" in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_a_silent_process_is_given_up():
    rows = "".join(f'<row r="{n}"><c><v>{n}</v></c></row>' for n in range(2, 200_000))
    limits = Limits(max_rows=10**6, wall_seconds=0.5, max_ratio=10_000)
    assert "trop lourd à lire" in refusal_of(workbook(rows), limits)


@pytest.mark.parametrize(
    "data",
    [
        workbook(sheet_xml="<worksheet"),
        workbook(sheet_xml=sheet('<row r="-1.5"><c r="??"><v>1</v></c></row>')),
        workbook(sheet_xml=sheet("", header='<row r="1"><c r="A0"><v>1</v></c></row>')),
        workbook(entries={"xl/workbook.xml": "not xml"}),
        workbook(entries={"[Content_Types].xml": "<Types/>"}),
        workbook(entries={"xl/styles.xml": "<styleSheet"}),
        workbook(entries={"xl/_rels/workbook.xml.rels": ""}),
        workbook()[:-30],
        workbook()[:200],
    ],
)
def test_a_damaged_workbook(data):
    assert refusal_of(data)


def test_a_csv_with_a_quote_left_open_does_not_swallow_its_lines():
    data = b'FINESS;Article;Stock\n1;"Gants;2\n3;Gants;4\n'
    assert "guillemet" in refusal_of(data)


def test_a_csv_of_ten_million_columns():
    assert refusal_of(b"FINESS;Article;Stock\n" + b"1;" * 5_000_000)
