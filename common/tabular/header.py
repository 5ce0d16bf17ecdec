"""Find the line of the headers among the first ones, then keep what stands under it."""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from common.tabular.cells import clean_text
from common.tabular.errors import MissingColumnsError, TabularError
from common.tabular.table import CellValue, ColumnSpec, Header, Limits, Row, Table

HEADER_SEARCHED_IN = 20  # lines
FEWEST_KNOWN = 2  # headers that make a line one of headers, when none is required
LONGEST_HEADER = 200  # characters

RawRow = tuple[int, Sequence[CellValue]]


def build_table(raw_rows: Iterable[RawRow], columns: Sequence[ColumnSpec], limits: Limits) -> Table:
    """Turn numbered rows of cells into a table, or say which columns are missing."""
    rows = _within(raw_rows, limits)
    first = list(itertools.islice(rows, HEADER_SEARCHED_IN))
    header = locate_header(first, columns, limits)
    kept: list[Row] = []
    skipped: list[int] = []
    for line, cells in itertools.chain(first, rows):
        values: dict[str, CellValue] = dict.fromkeys(spec.name for spec in columns)
        for position, name in header.names.items():
            values[name] = cells[position] if position < len(cells) else None
        has_values = line > header.line and any(value is not None for value in values.values())
        if has_values:
            kept.append(Row(line, values))
        elif line != header.line:
            skipped.append(line)
        if len(kept) > limits.max_rows:
            raise TabularError(_too_many_rows(limits))
    names = tuple(header.names.values())
    return Table(kept, names, header.unknown, tuple(skipped), header.line)


def build_whole_table(
    raw_rows: Iterable[RawRow], columns: Sequence[ColumnSpec], limits: Limits, *, is_known: bool
) -> Table:
    """Keep every column, under its position: « 0 », « 1 »… Who reads the table says what they hold.

    The headers are the line that names the most expected columns, ``FEWEST_KNOWN`` at least; when
    ``is_known`` is false, the first line that looks like headers.
    """
    rows = _within(raw_rows, limits)
    first = list(itertools.islice(rows, HEADER_SEARCHED_IN))
    line, cells = _known_line(first, columns) if is_known else _likely_line(first)
    if not cells:
        raise MissingColumnsError(
            _missing_columns([spec.header for spec in columns], False, limits)
        )
    header = tuple("" if cell is None else str(cell).strip() for cell in cells)
    kept: list[Row] = []
    skipped: list[int] = []
    for number, found in itertools.chain(first, rows):
        if number <= line:
            skipped += [number] if number < line else []
            continue
        padded = [*found[: len(header)], *[None] * (len(header) - len(found))]
        kept.append(Row(number, {str(place): cell for place, cell in enumerate(padded)}))
        if len(kept) > limits.max_rows:
            raise TabularError(_too_many_rows(limits))
    places = tuple(str(place) for place in range(len(header)))
    return Table(kept, places, (), tuple(skipped), line, headers=header)


def _known_line(
    first: Sequence[RawRow], columns: Sequence[ColumnSpec]
) -> tuple[int, Sequence[CellValue]]:
    counts = [count_known(cells, columns) for _, cells in first]
    best = max(counts, default=0)
    return first[counts.index(best)] if best >= FEWEST_KNOWN else (0, ())


def _likely_line(first: Sequence[RawRow]) -> tuple[int, Sequence[CellValue]]:
    """The first line as wide as the table, or nearly, where every cell holds words."""
    widest = max((_filled(cells) for _, cells in first), default=0)
    for line, cells in first:
        words = [cell for cell in cells if isinstance(cell, str) and re.search(r"[^\W\d_]", cell)]
        if len(words) == _filled(cells) and len(words) >= max(FEWEST_KNOWN, widest * 0.6):
            return line, cells
    return 0, ()


def _filled(cells: Sequence[CellValue]) -> int:
    return sum(cell is not None for cell in cells)


def locate_header(first: Sequence[RawRow], columns: Sequence[ColumnSpec], limits: Limits) -> Header:
    """Take the line that names the most columns; every required one must be there, once."""
    names = _names_of(tuple(columns))
    matches = [(line, _match(cells, names)) for line, cells in first]
    line, found = max(matches, key=lambda match: len(match[1]), default=(0, {}))
    missing = [spec.header for spec in columns if spec.required and spec not in found.values()]
    if missing:
        raise MissingColumnsError(_missing_columns(missing, bool(found), limits))
    by_name: dict[str, int] = {}
    for position, spec in found.items():
        if spec.name in by_name:
            raise TabularError(
                f"La colonne « {spec.header} » est présente deux fois, "
                f"en {letter_of(by_name[spec.name])} et en {letter_of(position)}. "
                "Gardez-en une seule, puis renvoyez le fichier."
            )
        by_name[spec.name] = position
    cells = next(cells for number, cells in first if number == line)
    unknown = tuple(
        str(cell).strip()
        for position, cell in enumerate(cells)
        if position not in found and cell is not None
    )
    return Header(line, {position: spec.name for position, spec in found.items()}, unknown)


def count_known(cells: Sequence[CellValue], columns: Sequence[ColumnSpec]) -> int:
    """Count the cells that name an expected column: what tells the separator of a CSV."""
    return len(_match(cells, _names_of(tuple(columns))))


@lru_cache(maxsize=64)
def _names_of(columns: tuple[ColumnSpec, ...]) -> Mapping[str, ColumnSpec]:
    """Each column by its names: asked of every line of every separator tried."""
    return {key_of(text): spec for spec in columns for text in (spec.header, *spec.synonyms)}


def key_of(header: object) -> str:
    """Compare headers by letters and digits alone: « N° FINESS » is « n finess »."""
    text = (
        str(header)[:LONGEST_HEADER]
        .casefold()
        .replace("œ", "oe")
        .replace("æ", "ae")
        .replace("º", " ")
    )
    letters = unicodedata.normalize("NFKD", text)
    plain = "".join(mark for mark in letters if not unicodedata.combining(mark))
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


def letter_of(position: int) -> str:
    """Name a column as a spreadsheet does: 0 is A, 26 is AA."""
    letters = ""
    number = position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _match(cells: Sequence[CellValue], names: Mapping[str, ColumnSpec]) -> dict[int, ColumnSpec]:
    keys = ((position, key_of(cell)) for position, cell in enumerate(cells) if cell is not None)
    return {position: names[key] for position, key in keys if key in names}


def _within(raw_rows: Iterable[RawRow], limits: Limits) -> Iterator[RawRow]:
    """Pass on the rows that hold something, cleaned; stop a table too long or too wide at once."""
    for line, cells in raw_rows:
        width = len(cells)
        while width and _blank_as_none(cells[width - 1]) is None:
            width -= 1
        if not width:
            continue
        if width > limits.max_columns:
            raise TabularError(
                f"Le tableau va jusqu’à la colonne {letter_of(width - 1)}. {limits.accepted}"
            )
        if line > limits.max_rows + HEADER_SEARCHED_IN:
            raise TabularError(_too_many_rows(limits))
        yield line, [_blank_as_none(cell) for cell in cells[:width]]


def _blank_as_none(cell: CellValue) -> CellValue:
    if not isinstance(cell, str):
        return cell
    text = clean_text(cell)
    return text if text.strip() else None


def _too_many_rows(limits: Limits) -> str:
    return f"Le tableau est trop long. {limits.accepted}"


def _missing_columns(missing: Sequence[str], is_header_found: bool, limits: Limits) -> str:
    names = ", ".join(f"« {name} »" for name in missing)
    if not is_header_found:
        return (
            f"Aucune ligne d’en-têtes n’a été trouvée dans les {HEADER_SEARCHED_IN} premières "
            f"lignes. Colonnes attendues : {names}. {limits.accepted}"
        )
    if len(missing) > 1:
        return f"Colonnes absentes : {names}. Ajoutez-les au tableau."
    return f"Colonne absente : {names}. Ajoutez-la au tableau."
