"""Files nobody should send, built piece by piece; and the honest ones they imitate."""

import io
import struct
import zipfile

from common.tabular import ColumnSpec

COLUMNS = [
    ColumnSpec("finess", "FINESS", ("N° FINESS", "numéro finess")),
    ColumnSpec("article", "Article"),
    ColumnSpec("quantity", "Stock utilisable restant (en unité)", ("stock", "quantité")),
    ColumnSpec("note", "Remarque", required=False),
]
HEADERS = ["FINESS", "Article", "Stock utilisable restant (en unité)"]

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

CONTENT_TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SPREADSHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{SPREADSHEET}.styles+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SPREADSHEET}.sharedStrings+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SPREADSHEET}.worksheet+xml"/>'
    "</Types>"
)
WORKBOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Feuille" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>"
)


def text_cell(text, at=""):
    place = f' r="{at}"' if at else ""
    return f'<c{place} t="inlineStr"><is><t>{text}</t></is></c>'


HEADER_ROW = '<row r="1">' + "".join(text_cell(header) for header in HEADERS) + "</row>"


def sheet(rows, *, before="", header=HEADER_ROW):
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{header}{rows}</sheetData></worksheet>'


def workbook(rows="", *, sheet_xml=None, compression=zipfile.ZIP_DEFLATED, entries=None):
    """Build an XLSX by hand; ``entries`` adds or replaces parts by their path."""
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "xl/workbook.xml": WORKBOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/worksheets/sheet1.xml": sheet_xml or sheet(rows),
    }
    return archive(parts | (entries or {}), compression)


def archive(entries, compression=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive_file:
        for name, content in entries.items():
            archive_file.writestr(name, content)
    return file.getvalue()


def declaring_small_sizes(data, name, declared=900):
    """Make an archive lie: the entry ``name`` declares ``declared`` bytes, in both its places."""
    data = bytearray(data)
    for signature, name_offset, size_offset in ((b"PK\x03\x04", 30, 22), (b"PK\x01\x02", 46, 24)):
        start = -1
        while (start := data.find(signature, start + 1)) >= 0:
            if data[start + name_offset :].startswith(name.encode()):
                struct.pack_into("<I", data, start + size_offset, declared)
    return bytes(data)


def csv_file(*rows, delimiter=";", newline="\r\n", encoding="utf-8"):
    return newline.join(delimiter.join(row) for row in (HEADERS, *rows)).encode(encoding)
