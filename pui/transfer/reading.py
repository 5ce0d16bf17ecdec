"""From the bytes of a file to its lines: which column holds what, and what no person need decide.

Nothing is checked here but the shape. When a column is not recognised, the result says which
headers are free: the page asks, the answer is remembered for the next files of the pharmacy.
"""

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, NamedTuple

from common.refusal import shown
from common.tabular import CellValue, Row, Table, read_whole_table
from pui.transfer.columns import (
    ASKED,
    CIP,
    DAILY,
    EXPIRY,
    FINESS,
    LABEL,
    READ,
    REPEATED,
    STOCK,
    STRENGTH,
    SUBSTANCE,
    UCD,
    VIRTUAL,
    is_vague,
    role_of,
)
from pui.transfer.shapes import RawLine

LONGEST_HEADER = 200
LONGEST_LABEL = 250
LONGEST_SAMPLE = 30
SAMPLED_IN = 50  # lines, for the first value of each column
_RULE = re.compile(r"\s*-[-\s|]*")  # what a database prints under its headers
_DATABASE_NUMBER = re.compile(r"(-?)([0-9]*)[.,]([0-9]+)")


class Remembered(NamedTuple):
    """What a pharmacy said once of a file with these headers: role → header."""

    headers: Sequence[str]
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """The lines of a file, and how it was read.

    ``roles`` says what each column was read as, blank when it was not read; ``asks`` the roles that
    nobody found: « ucd », « stock », « daily ». There are no lines while it asks for the first two.
    """

    headers: tuple[str, ...]
    roles: tuple[str, ...]
    asks: tuple[str, ...]
    lines: list[RawLine] = field(default_factory=list)
    is_virtual: bool = False
    digest: str = ""
    samples: tuple[str, ...] = ()  # what each column first holds: a person knows it by that

    @property
    def free_headers(self) -> list[str]:
        pairs = zip(self.headers, self.roles, strict=True)
        return [header for header, role in pairs if header and not role]


def read(file: IO[bytes], *, filename: str = "", remembered: Sequence[Remembered] = ()) -> Reading:
    """Read a file with what the pharmacy said of earlier ones. Raise ``TabularError``."""
    table = read_whole_table(file, columns=known_columns(remembered), filename=filename)
    headers = told_apart([header[:LONGEST_HEADER] for header in table.headers])
    told = next((one.columns for one in remembered if tuple(one.headers) == headers), None)
    roles = roles_of(headers, told)
    reading = Reading(
        headers,
        roles,
        asks_of(headers, roles, is_told=told is not None),
        is_virtual=is_virtual(roles),
        digest=table.digest,
        samples=tuple(sample_of(table, place) for place in range(len(headers))),
    )
    if reading.asks:
        return reading
    return dataclasses.replace(reading, lines=list(lines_of(table, roles)))


def sample_of(table: Table, place: int) -> str:
    """The first value of a column, in a few letters."""
    cells = (row.values.get(str(place)) for row in table.rows[:SAMPLED_IN])
    first = next((cell for cell in cells if cell is not None), None)
    return "" if first is None else shown(first, length=LONGEST_SAMPLE)


def told_apart(headers: Sequence[str]) -> tuple[str, ...]:
    """« Qté », « Qté (2) »: of two columns of one name, a person can say which is which."""
    seen: Counter[str] = Counter()
    found = []
    for header in headers:
        seen[header] += 1
        found.append(f"{header} ({seen[header]})" if header and seen[header] > 1 else header)
    return tuple(found)


def known_columns(remembered: Sequence[Remembered]) -> list:
    """The expected columns, with the headers that the pharmacy named once: they are found again."""
    told = [(role, header) for one in remembered for role, header in one.columns.items() if header]
    return [
        dataclasses.replace(
            spec, synonyms=(*spec.synonyms, *(text for role, text in told if role == spec.name))
        )
        for spec in READ
    ]


def roles_of(headers: Sequence[str], told: Mapping[str, str] | None) -> tuple[str, ...]:
    """What each column holds: as the person said, else by its header.

    Two columns for one quantity are none: which of « Stock » and « Quantité » counts is asked.
    """
    told = told or {}
    by_header = {header: role for role, header in told.items() if header}
    roles = [by_header.get(header) or role_of(header) for header in headers]
    roles = [
        "" if role in told and told[role] != header else role
        for header, role in zip(headers, roles, strict=True)
    ]
    if UCD.name not in told:
        roles = without_vague(headers, roles)
    return tuple(
        role if role in REPEATED or roles.count(role) == 1 or told.get(role) else ""
        for role in roles
    )


def without_vague(headers: Sequence[str], roles: Sequence[str]) -> list[str]:
    """« Code » is the UCD only when it is the one code of the table."""
    codes = [place for place, role in enumerate(roles) if role in (UCD.name, CIP.name)]
    vague = {place for place in codes if is_vague(headers[place])}
    if len(codes) == len(vague) == 1:
        return list(roles)
    return ["" if place in vague else role for place, role in enumerate(roles)]


def asks_of(headers: Sequence[str], roles: Sequence[str], *, is_told: bool) -> tuple[str, ...]:
    """The roles to ask for. A file without any consumption is asked about once."""
    asks = []
    if not {UCD.name, CIP.name} & set(roles) and not is_virtual(roles):
        asks.append(UCD.name)
    if STOCK.name not in roles:
        asks.append(STOCK.name)
    is_free = any(header and not role for header, role in zip(headers, roles, strict=True))
    if DAILY.name not in roles and is_free and not is_told:
        asks.append(DAILY.name)
    return tuple(asks)


def is_virtual(roles: Sequence[str]) -> bool:
    """maPUI gives one line per molecule and strength, without any code [001]."""
    has_code = bool({UCD.name, CIP.name} & set(roles))
    return not has_code and (VIRTUAL.name in roles or {SUBSTANCE.name, STRENGTH.name} <= set(roles))


def lines_of(table: Table, roles: Sequence[str]) -> Iterable[RawLine]:
    """Give the lines that say something; rules, titles and headers printed again say nothing."""
    places = {role: [str(at) for at, one in enumerate(roles) if one == role] for role in set(roles)}
    is_printed = any(is_rule(row) for row in table.rows[:1])
    for row in table.rows:
        if is_rule(row) or is_header_again(row, table.headers):
            continue
        line = line_of(row, places, is_printed=is_printed)
        if line.stock is not None or line.daily is not None or any(line.codes) or line.cip:
            yield line


def line_of(row: Row, places: Mapping[str, list[str]], *, is_printed: bool) -> RawLine:
    def every(role: str) -> tuple[CellValue, ...]:
        found = (trimmed(row[place]) for place in places.get(role, ()))
        return tuple(cell for cell in found if cell is not None)

    def one(role: str) -> CellValue:
        return next(iter(every(role)), None)

    numbers = [one(STOCK.name), one(DAILY.name)]
    if is_printed:
        numbers = [database_number(cell) for cell in numbers]
    names = [one(role) for role in (VIRTUAL.name, LABEL.name)]
    name = next((text for text in names if text is not None), None)
    if name is None:
        parts = [one(SUBSTANCE.name), one(STRENGTH.name)]
        name = " ".join(str(part) for part in parts if part is not None)
    return RawLine(
        row.line_number,
        every(UCD.name),
        str(name)[:LONGEST_LABEL],
        *numbers,
        every(FINESS.name),
        one(CIP.name),
        one(EXPIRY.name),
    )


def is_rule(row: Row) -> bool:
    """A line of dashes, as databases print under their headers."""
    cells = [cell for cell in row.values.values() if cell is not None]
    return bool(cells) and all(isinstance(one, str) and _RULE.fullmatch(one) for one in cells)


def is_header_again(row: Row, headers: Sequence[str]) -> bool:
    """Headers are printed again on each page."""
    cells = (trimmed(cell) for cell in row.values.values())
    return all((cell or "") == header for cell, header in zip(cells, headers, strict=True))


def trimmed(cell: CellValue) -> CellValue:
    if not isinstance(cell, str):
        return cell
    return cell.strip() or None


def database_number(cell: CellValue) -> CellValue:
    """« ,5 » and « 10.125 », doubtful when a person writes them, are plain in a database’s list."""
    if not isinstance(cell, str) or not (match := _DATABASE_NUMBER.fullmatch(cell)):
        return cell
    sign, whole, decimals = match.groups()
    return float(f"{sign}{whole or 0}.{decimals}")


__all__ = ["ASKED", "Reading", "Remembered", "read"]
