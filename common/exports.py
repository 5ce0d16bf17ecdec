"""Write tables for people, XLSX and CSV, in constant memory; no text becomes a formula or a link.

A file is written whole before it is sent: a failure in the middle is an error page, never a file
cut short that looks complete. Importing an export back changes nothing.
"""

import csv
import io
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from common.tabular.cells import clean_text, guard_formula, moment_text
from common.weeks import PARIS

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
LAST_ROW = 1_048_576
LAST_OFFERED = 5_000  # the row down to which a column of a template offers its words
LONGEST_CELL = 32_767
DIGITS_OF_A_SPREADSHEET = 15
LARGEST_WHOLE_NUMBER = 999_999_999_999_999
FIRST_YEAR_OF_A_SPREADSHEET = 1900
NOTES_SHEET = "Mode d’emploi"

Plain = str | int | float | Decimal | date | datetime | None
Rows = Iterable[Sequence[Any]]


class ExportError(Exception):
    """The table cannot be written. The message is for the person, in French."""


def spreadsheet_response(
    title: str, headers: Sequence[str], rows: Rows, *, filename: str
) -> FileResponse:
    """Send the rows as a workbook of one sheet, ``title``."""
    with _temporary_file() as file:
        write_xlsx(file, title, headers, rows)
    return _response(file, filename, ".xlsx", XLSX_TYPE)


def csv_response(headers: Sequence[str], rows: Rows, *, filename: str) -> FileResponse:
    """Send the rows as a CSV that French spreadsheets open as it is."""
    with _temporary_file() as file:
        write_csv(file, headers, rows)
    return _response(file, filename, ".csv", CSV_TYPE)


def template_response(
    headers: Sequence[str],
    rows: Rows,
    notes: Sequence[str],
    *,
    filename: str,
    title: str = "Saisie",
    text_columns: Collection[str] = (),
    choices: Mapping[str, Sequence[str]] | None = None,
) -> FileResponse:
    """Send a template to fill in: see ``template_workbook``."""
    data = template_workbook(
        headers, rows, notes, title=title, text_columns=text_columns, choices=choices
    )
    return _response(io.BytesIO(data), filename, ".xlsx", XLSX_TYPE)


def write_xlsx(file: str | IO[bytes], title: str, headers: Sequence[str], rows: Rows) -> int:
    """Write one sheet and return its number of rows; codes stay text, numbers numbers."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    count = 0
    with xlsxwriter.Workbook(file, options) as workbook:
        sheet = workbook.add_worksheet(sheet_name(title))
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        formats = {
            datetime: workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
            date: workbook.add_format({"num_format": "dd/mm/yyyy"}),
        }
        sheet.freeze_panes(1, 0)
        for column, header in enumerate(headers):
            sheet.set_column(column, column, _width(header))
            sheet.write_string(0, column, str(header), bold)
        for count, row in enumerate(rows, start=1):
            if count >= LAST_ROW:
                raise ExportError(
                    "Un classeur ne peut pas contenir autant de lignes : choisissez le format CSV."
                )
            for column, value in enumerate(row):
                _write_cell(sheet, count, column, plain_value(value), formats)
    return count


def write_csv(file: IO[bytes], headers: Sequence[str], rows: Rows) -> int:
    """Write UTF-8 with its mark, « ; » and CRLF, and return the number of rows."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([guard_formula(clean_text(str(header))) for header in headers])
    count = 0
    for row in rows:
        writer.writerow([csv_text(plain_value(value)) for value in row])
        count += 1
    text.detach()
    return count


def template_workbook(
    headers: Sequence[str],
    rows: Rows,
    notes: Sequence[str],
    *,
    title: str = "Saisie",
    text_columns: Collection[str] = (),
    choices: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """Build a workbook to fill in: the table first, then a sheet of notes for its reader.

    ``text_columns`` are the headers whose empty cells are already text, so that a code typed there
    keeps its zeros; ``choices`` the words that a column offers, others may be typed.
    """
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = sheet_name(title)
    for row in (headers, *rows):
        sheet.append([_template_value(plain_value(value)) for value in row])
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # openpyxl makes a formula of what begins with =
                cell.number_format = "@"
    for position, header in enumerate(headers, start=1):
        _dress_column(sheet, position, is_text=header in text_columns)
        if words := (choices or {}).get(header):
            _offer(sheet, get_column_letter(position), words)
    sheet.freeze_panes = "A2"
    _add_notes(workbook, notes)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _dress_column(sheet: Any, position: int, *, is_text: bool) -> None:
    """As wide as its longest text, within reason."""
    letter = get_column_letter(position)
    dimension = sheet.column_dimensions[letter]
    dimension.width = max(_width(str(cell.value or "")) for cell in sheet[letter])
    dimension.number_format = "@" if is_text else "General"
    heading = sheet.cell(1, position)
    heading.font = Font(bold=True)
    heading.alignment = Alignment(wrap_text=True, vertical="top")


def _offer(sheet: Any, letter: str, words: Sequence[str]) -> None:
    offer = DataValidation("list", formula1=f'"{",".join(words)}"', showErrorMessage=False)
    offer.add(f"{letter}2:{letter}{LAST_OFFERED}")
    sheet.add_data_validation(offer)


def plain_value(value: Any) -> Plain:
    """Reduce a value to what a cell holds: Paris time, oui or non, clean text."""
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        local = value.astimezone(PARIS) if value.tzinfo else value
        return local.replace(tzinfo=None, microsecond=0)
    if isinstance(value, int | float | date):
        return value
    if isinstance(value, time):
        return moment_text(value)
    text = clean_text(str(value))[:LONGEST_CELL]
    return text if text.strip() else None


def csv_text(value: Plain) -> str:
    """Write a cell as the reader takes it back: a decimal comma, an ISO date, a guarded text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return guard_formula(value)
    if isinstance(value, date):
        return moment_text(value)
    if isinstance(value, int):
        return str(int(value))
    number = Decimal(repr(value)) if isinstance(value, float) else value
    if not number.is_finite():
        return str(value)
    text = f"{number:f}".replace(".", ",")
    decimals = text.partition(",")[2]
    return f"{text}0" if len(decimals) == 3 else text  # 1,234 could be read as a thousand


def sheet_name(title: str) -> str:
    """Give a name that spreadsheets accept: 31 characters, none of ``[]:*?/\\``."""
    allowed = "".join(" " if mark in "[]:*?/\\" else mark for mark in clean_text(title))
    return " ".join(allowed.split())[:31].strip("' ") or "Feuille 1"


@contextmanager
def _temporary_file() -> Iterator[IO[bytes]]:
    """Leave the file open for the response, which closes it; close it here when writing failed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        yield file
    except BaseException:
        file.close()
        raise


def _write_cell(
    sheet: Any, row: int, column: int, value: Plain, formats: dict[type[date], Any]
) -> None:
    if value is None:
        return
    if isinstance(value, date):
        if value.year < FIRST_YEAR_OF_A_SPREADSHEET:
            sheet.write_string(row, column, moment_text(value))
        else:
            sheet.write_datetime(row, column, value, formats[type(value)])
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif _fits_a_number_cell(value):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, csv_text(value))


def _fits_a_number_cell(value: float | Decimal) -> bool:
    """A spreadsheet keeps fifteen digits and silently drops the others: then it is text."""
    if isinstance(value, int):
        return abs(value) <= LARGEST_WHOLE_NUMBER
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if isinstance(value, float) or not number.is_finite():
        return number.is_finite()
    return len(number.normalize().as_tuple().digits) <= DIGITS_OF_A_SPREADSHEET


def _template_value(value: Plain) -> Plain:
    return value if not isinstance(value, float | Decimal) or _fits_a_number_cell(value) else None


def _add_notes(workbook: Workbook, notes: Sequence[str]) -> None:
    sheet = workbook.create_sheet(NOTES_SHEET)
    sheet.column_dimensions["A"].width = 100
    for line, note in enumerate(notes, start=1):
        cell = sheet.cell(line, 1, clean_text(note))
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _width(header: str) -> int:
    return min(max(len(str(header)) + 2, 12), 40)


def _response(file: IO[bytes], filename: str, extension: str, content_type: str) -> FileResponse:
    file.seek(0)
    name = filename if filename.endswith(extension) else f"{filename}{extension}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
