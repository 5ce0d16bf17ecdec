"""Read a CSV whose encoding and separator nobody told: undecidable is a refusal, never mojibake."""

import codecs
import csv
import dataclasses
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from common.tabular.cells import unguard_formula
from common.tabular.errors import TabularError
from common.tabular.header import (
    FEWEST_KNOWN,
    HEADER_SEARCHED_IN,
    RawRow,
    build_table,
    build_whole_table,
    count_known,
)
from common.tabular.table import ColumnSpec, Limits, Table

DELIMITERS = (";", ",", "|", "\t")
LONGEST_HEADER = 20_000  # characters of a line that are looked at to find the separator

_MARKED = (  # the longest marks first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f]")
_C1 = re.compile(rb"[\x80-\x9f]")
# UTF-8 read once as Windows and saved again, or letters lost before the file was sent:
_DAMAGED = re.compile("\ufffd|[ÃÂ][\u0080-\u00bf]|â€|Ã[†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œž‚ƒ„…]")
# A DOS or Macintosh file read as Windows: marks that no French text holds, or not inside a word.
_FOREIGN = re.compile(
    "[\u0080-\u009f‚ƒ„†‡ˆ‰‹Ž˜›ž]|[a-zß-ÿ][–—“”…™ŠŒŸ][a-zß-ÿ]|[A-Z]€[A-Z]|[A-Z][ß-ÿ][A-Z]"
)


def read_delimited(
    data: bytes, columns: Sequence[ColumnSpec], limits: Limits, *, is_whole: bool = False
) -> Table:
    """Read the rows under the headers; the separator is the one that makes the headers appear."""
    text, encoding = decode(data, limits)
    delimiter = find_delimiter(text, columns, limits)
    if is_whole:
        is_known = _score(text, delimiter, columns) >= FEWEST_KNOWN
        delimiter = delimiter if is_known else likely_delimiter(text)
        rows = _rows(text, delimiter, limits)
        table = build_whole_table(rows, columns, limits, is_known=is_known)
    else:
        table = build_table(_rows(text, delimiter, limits), columns, limits)
    for row in table.rows:
        row.values.update(
            {
                name: unguard_formula(cell)
                for name, cell in row.values.items()
                if isinstance(cell, str)
            }
        )
    return dataclasses.replace(table, kind="csv", encoding=encoding, delimiter=delimiter)


def decode(data: bytes, limits: Limits) -> tuple[str, str]:
    """Return the text and its encoding, or refuse what can be read in two ways."""
    encoding = _marked_encoding(data, limits) or _unmarked_encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeError:
        raise TabularError(_undecidable(limits)) from None
    if _NOT_TEXT.search(text):
        raise TabularError(f"Ce fichier n’est ni un classeur ni du texte. {limits.accepted}")
    if _is_doubtful(text, encoding):
        raise TabularError(_undecidable(limits))
    return text, encoding


def find_delimiter(text: str, columns: Sequence[ColumnSpec], limits: Limits) -> str:
    """Try each separator on the first lines: the one under which most headers are known."""
    scores = {delimiter: _score(text, delimiter, columns) for delimiter in DELIMITERS}
    best = max(scores.values())
    found = [delimiter for delimiter, score in scores.items() if score == best]
    if best > 1 and len(found) > 1:
        raise TabularError(
            f"Le séparateur des colonnes est ambigu : utilisez le point-virgule. {limits.accepted}"
        )
    return found[0]


def likely_delimiter(text: str) -> str:
    """Of headers that nobody knows: the separator that cuts the most lines into as many cells."""
    return max(DELIMITERS, key=lambda delimiter: _regularity(text, delimiter))


def _regularity(text: str, delimiter: str) -> tuple[int, int]:
    widths = Counter(len(cells) for cells in _first_rows(text, delimiter) if len(cells) > 1)
    width, lines = max(widths.items(), key=lambda item: item[::-1], default=(0, 0))
    return lines, width


def _first_rows(text: str, delimiter: str) -> list[list[str]]:
    lines = itertools.islice(io.StringIO(text, newline=""), HEADER_SEARCHED_IN)
    try:
        return list(csv.reader((line[:LONGEST_HEADER] for line in lines), delimiter=delimiter))
    except csv.Error:
        return []


def _marked_encoding(data: bytes, limits: Limits) -> str:
    for mark, encoding in _MARKED:
        if data.startswith(mark):
            if not encoding:
                raise TabularError(_undecidable(limits))
            return encoding
    return ""


def _unmarked_encoding(data: bytes) -> str:
    """UTF-16 shows by its zeros; UTF-8 by its validity; cp1252 by what ISO-8859-1 leaves empty."""
    start = data[:4096]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) > len(start) // 4 and min(even, odd) == 0:
        return "utf-16-be" if even else "utf-16-le"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252" if _C1.search(data) else "iso-8859-1"
    return "utf-8"


def _is_doubtful(text: str, encoding: str) -> bool:
    """A file that carries the mark of its encoding is believed."""
    if encoding in ("cp1252", "iso-8859-1"):
        return bool(_DAMAGED.search(text) or _FOREIGN.search(text))
    return encoding == "utf-8" and bool(_DAMAGED.search(text))


def _score(text: str, delimiter: str, columns: Sequence[ColumnSpec]) -> int:
    rows = _first_rows(text, delimiter)
    return max((count_known(row, columns) for row in rows), default=0)


def _rows(text: str, delimiter: str, limits: Limits) -> Iterator[RawRow]:
    """A quote left open would swallow the lines below without a word: it is refused instead."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, cells
    except csv.Error:
        raise TabularError(
            f"Ligne {number + 1} : un guillemet est ouvert sans être refermé, ou une case est "
            f"démesurée. {limits.accepted}"
        ) from None


def _undecidable(limits: Limits) -> str:
    return (
        "L’encodage de ce fichier n’a pas pu être reconnu : des accents seraient perdus. "
        f"Enregistrez-le au format .xlsx ou « CSV UTF-8 », puis renvoyez-le. {limits.accepted}"
    )
