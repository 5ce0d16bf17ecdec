"""Read the cells of a workbook already checked: openpyxl's reader, less what feeds no cell.

One odd cell must cost one line error, not the file: what cannot be read is kept as its text, which
the number parser will refuse with its line and its column.
"""

import dataclasses
import math
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import IO, Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.worksheet._reader import (
    DATA_TAG,
    FORMULA_TAG,
    INLINE_STRING,
    ROW_TAG,
    VALUE_TAG,
    WorkSheetParser,
)
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS, STYLES_TYPE

from common.tabular.cells import moment_text
from common.tabular.errors import MissingColumnsError, TabularError
from common.tabular.header import RawRow, build_table, build_whole_table
from common.tabular.table import CellValue, ColumnSpec, Limits, Table

MAX_FORMATS = 100_000  # a spreadsheet itself holds 65,490, and as many in named styles at worst
LONGEST_CELL = 32_767
ROWS_OF_PROGRESS = 500
TEXTS_OF_PROGRESS = 100_000

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NAMESPACE = f"{{{SHEET_MAIN_NS}}}"


class Workbook(ExcelReader):  # type: ignore[misc]
    """The visible sheets, the shared texts and which formats are dates; nothing else is opened."""

    def __init__(self, file: IO[bytes], limits: Limits, on_progress: Callable[[], None]) -> None:
        super().__init__(file, read_only=True, data_only=True, keep_links=False)
        self.limits = limits
        self.on_progress = on_progress
        self.characters = 0
        self.read_manifest()
        self.read_workbook()
        self.texts = list(self._read_texts())
        self.dates, self.durations = self._read_formats()

    def sheets(self) -> list[tuple[str, str]]:
        return [
            (sheet.name, relation.target)
            for sheet, relation in self.parser.find_sheets()
            if sheet.state == "visible"
            and "chartsheet" not in relation.Type
            and relation.target in self.valid_files
        ]

    def rows(self, target: str) -> Iterator[RawRow]:
        """Give the rows that hold something, under their own number, up to their last cell."""
        with self.archive.open(target) as source:
            parser = _SheetParser(
                source, self.texts, True, self.wb.epoch, self.dates, self.durations
            )
            for count, (line, cells) in enumerate(parser.parse()):
                if count % ROWS_OF_PROGRESS == 0:
                    self.on_progress()
                if values := {cell["column"]: cell["value"] for cell in cells}:
                    yield line, self._as_sequence(values)

    def _as_sequence(self, values: dict[int, Any]) -> list[CellValue]:
        """Stop one column after the last accepted: a cell can claim to stand in XFD."""
        filled = {column: plain(value) for column, value in values.items() if value is not None}
        self.characters += sum(len(value) for value in filled.values() if isinstance(value, str))
        if self.characters > self.limits.max_unpacked:
            raise TabularError(f"Ce classeur contient trop de texte. {self.limits.accepted}")
        last = max(filled, default=0)
        if last > self.limits.max_columns:
            raise TabularError(f"Ce tableau est trop large. {self.limits.accepted}")
        return [filled.get(column) for column in range(1, last + 1)]

    def _read_texts(self) -> Iterator[str]:
        """Read the shared texts; openpyxl's own reading loses every « x005F_ »."""
        most = self.limits.max_rows * self.limits.max_columns
        for count, element in enumerate(self._elements(SHARED_STRINGS, "si")):
            if count > most:
                raise TabularError(f"Ce classeur contient trop de texte. {self.limits.accepted}")
            if count % TEXTS_OF_PROGRESS == 0:
                self.on_progress()
            yield text_of(element)
            element.clear()

    def _read_formats(self) -> tuple[set[int], set[int]]:
        """Tell which cell formats show a date or a duration, without building any style."""
        codes = dict(BUILTIN_FORMATS)
        numbers: list[int] = []
        for count, element in enumerate(self._elements(STYLES_TYPE, "numFmt", "xf", "cellXfs")):
            if count > MAX_FORMATS:
                raise TabularError(
                    f"Ce classeur contient trop de formats de cellule. {self.limits.accepted}"
                )
            if element.tag == f"{_NAMESPACE}numFmt":
                codes[int(element.get("numFmtId", 0))] = element.get("formatCode", "")
            elif element.tag == f"{_NAMESPACE}cellXfs":
                numbers = [int(format_.get("numFmtId", 0)) for format_ in element]
        shown = [codes.get(number, "") for number in numbers]
        dates = {index for index, code in enumerate(shown) if is_date_format(code)}
        return dates, {index for index in dates if is_timedelta_format(shown[index])}

    def _elements(self, content_type: str, *tags: str) -> Iterator[Element]:
        part = self.package.find(content_type)
        if part is None or part.PartName[1:] not in self.valid_files:
            return
        wanted = {f"{_NAMESPACE}{tag}" for tag in tags}
        with self.archive.open(part.PartName[1:]) as source:
            yield from (element for _, element in iterparse(source) if element.tag in wanted)


class _SheetParser(WorkSheetParser):  # type: ignore[misc]
    def parse(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        """Look at the rows alone: neither dimensions, which lie, nor formats, links and rules."""
        for _, element in iterparse(self.source):
            if element.tag == ROW_TAG:
                row = self.parse_row(element)
                element.clear()
                yield row
            elif element.tag == DATA_TAG:
                return

    def parse_cell(self, element: Element) -> dict[str, Any]:
        """Keep as text what cannot be read, and a formula saved without its result."""
        inline = element.find(INLINE_STRING)
        if inline is not None:
            element.set("t", "str")  # its text is read below, without an object per run
        try:
            cell: dict[str, Any] = super().parse_cell(element)
        except (ValueError, ArithmeticError, LookupError):
            cell = {"column": self.col_counter, "value": element.findtext(VALUE_TAG)}
        value = cell["value"]
        if inline is not None:
            cell["value"] = text_of(inline)
        elif value is None and (formula := element.findtext(FORMULA_TAG)):
            cell["value"] = f"={formula}"
        elif element.get("t") == "str" and isinstance(value, str):
            cell["value"] = unescape(value)
        elif isinstance(value, float) and not math.isfinite(value):
            cell["value"] = element.findtext(VALUE_TAG)
        return cell


def text_of(element: Element) -> str:
    """Join the runs of a text, without the phonetic hints some of them carry."""
    runs = [*element.findall(f"{_NAMESPACE}t"), *element.findall(f"{_NAMESPACE}r/{_NAMESPACE}t")]
    return unescape("".join(run.text or "" for run in runs))


def unescape(text: str) -> str:
    """Undo the way workbooks write control characters: « _x000A_ » is a line feed."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def plain(value: Any) -> CellValue:
    """Reduce a cell to text, whole number or number; dates become text in ISO form."""
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, int | float):
        return value
    if isinstance(value, date | datetime | time):
        return moment_text(value)
    if isinstance(value, timedelta):
        return str(value)
    return str(value)[:LONGEST_CELL]


def read_sheet(workbook: Workbook, columns: Sequence[ColumnSpec]) -> Table:
    """Read the first visible sheet that has the headers; none: say what the first one lacks."""
    limits = workbook.limits
    refusal = TabularError(f"Ce classeur n’a aucune feuille visible. {limits.accepted}")
    for number, (name, target) in enumerate(workbook.sheets()):
        try:
            table = build_table(workbook.rows(target), columns, limits)
        except MissingColumnsError as error:
            refusal = error if number == 0 else refusal
        else:
            return dataclasses.replace(table, kind="xlsx", sheet=name)
    raise refusal


def read_whole_sheet(workbook: Workbook, columns: Sequence[ColumnSpec]) -> Table:
    """Read every column of the first visible sheet with known headers, else of the first one."""
    limits = workbook.limits
    sheets = workbook.sheets()
    tries = [(name, target, True) for name, target in sheets]
    tries += [(name, target, False) for name, target in sheets[:1]]
    refusal = TabularError(f"Ce classeur n’a aucune feuille visible. {limits.accepted}")
    for name, target, is_known in tries:
        try:
            table = build_whole_table(workbook.rows(target), columns, limits, is_known=is_known)
        except MissingColumnsError as error:
            refusal = error
        else:
            return dataclasses.replace(table, kind="xlsx", sheet=name)
    raise refusal
