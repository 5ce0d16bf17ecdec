"""What a line of a table says of a UCD and of a box, or why it is refused."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from stdnum import ean

from common.identifiers import normalize_ucd, ucd_key_holds
from common.numbers import format_decimal, parse_decimal
from common.refusal import RefusedValueError
from common.tabular import ErrorReport, Row, Table
from medications.nomenclature.layouts import Layout

AMOUNT_SHAPE = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,12})?")
ATC_SHAPE = re.compile(r"[A-Z]([0-9]{2}([A-Z]([A-Z]([0-9]{2})?)?)?)?")
CIP13_SHAPE = re.compile(r"3400[0-9]{9}")
CIP7_SHAPE = re.compile(r"[0-9]{7}")
CIP_PREFIX = "34009"
MOST_ERRORS = 200_000
LONGEST = {"label": 250, "form": 120, "strength": 60, "laboratory": 120, "box": 400}  # characters
FALSE = ("false", "faux", "non", "0")


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A UCD as a file tells it; blank: the file does not say."""

    line: int
    code: str
    label: str
    atc: str = ""
    form: str = ""
    strength: str = ""
    laboratory: str = ""
    substance: str = ""


@dataclass(frozen=True, slots=True)
class BoxRecord:
    """A box; ``code`` is the UCD inside, where the file tells it."""

    line: int
    cip13: str
    label: str
    code: str = ""
    units: Decimal | None = None
    laboratory: str = ""
    is_marketed: bool | None = None  # the file does not say


@dataclass
class Records:
    """What a file holds: refused lines are in ``refused`` and nowhere else."""

    layout: Layout
    lines: int
    units: list[UnitRecord] = field(default_factory=list)
    boxes: list[BoxRecord] = field(default_factory=list)
    refused: ErrorReport = field(default_factory=lambda: ErrorReport(most=MOST_ERRORS))
    odd_keys: int = 0


def records_of(layout: Layout, table: Table) -> Records:
    """Read every line, then leave out those that contradict one another."""
    found = Records(layout, len(table))
    for row in table.rows:
        _read(row, found)
    _refuse_contradictions(found)
    wrong = found.refused.lines
    boxes = [one for one in found.boxes if one.line not in wrong]
    units = {one.code: one for one in reversed(found.units) if one.line not in wrong}
    found.units, found.boxes = sorted(units.values(), key=lambda one: one.line), boxes
    found.odd_keys = sum(not ucd_key_holds(one.code) for one in found.units)
    return found


def _read(row: Row, found: Records) -> None:
    try:
        unit = _unit(row) if found.layout.holds_units else None
        box = _box(row, unit)
    except _RefusedCellError as refusal:
        found.refused.add_refusal(row.line_number, refusal.column, refusal.cause)
        return
    if unit:
        found.units.append(unit)
    if box:
        found.boxes.append(box)


class _RefusedCellError(Exception):
    def __init__(self, column: str, cause: RefusedValueError) -> None:
        self.column = column
        self.cause = cause
        super().__init__(str(cause))


def _cell(column: str, read: Callable[..., Any], *values: Any) -> Any:
    """Read one cell; a refusal names its column."""
    try:
        return read(*values)
    except RefusedValueError as refusal:
        raise _RefusedCellError(column, refusal) from refusal


def _unit(row: Row) -> UnitRecord:
    code = _cell("UCD", normalize_ucd, row["ucd"])
    if row.values.get("ucd13") is not None:
        _cell("UCD13", _same_code, row["ucd13"], code)
    return UnitRecord(
        row.line_number,
        code,
        _cell("libellé", _needed_text, row["label"], "label"),
        atc=_cell("ATC", _atc, row.values.get("atc")),
        form=_cell("forme", _text, row.values.get("form"), "form"),
        strength=_cell("dosage", _text, _strength(row), "strength"),
        laboratory=_cell("laboratoire", _text, row.values.get("laboratory"), "laboratory"),
        substance=str(row.values.get("substance") or "").strip().upper(),
    )


def _box(row: Row, unit: UnitRecord | None) -> BoxRecord | None:
    number = row.values.get("cip13") or row.values.get("cip")
    if number is None:
        return None
    if unit:
        label = row.values.get("box") or unit.label
    else:
        label = ", ".join(str(row[one]) for one in ("name", "presentation") if row[one])
    return BoxRecord(
        row.line_number,
        _cell("CIP13", normalize_cip, number),
        _cell("libellé", _box_label, label),
        code=unit.code if unit else "",
        units=_cell("quantité", parse_decimal, row.values.get("units")),
        laboratory=unit.laboratory if unit else "",
        is_marketed=_yes_or_no(row.values.get("marketed")),
    )


def normalize_cip(value: object) -> str:
    """Return the thirteen digits of a CIP13, or of the CIP7 before 2009 with its prefix."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = re.sub(r"\s", "", str(value))
    if CIP7_SHAPE.fullmatch(text):
        return f"{CIP_PREFIX}{text}{ean.calc_check_digit(CIP_PREFIX + text)}"
    expected = "13 chiffres qui commencent par 3400, colonne au format Texte"
    if not CIP13_SHAPE.fullmatch(text):
        raise RefusedValueError(value, "un code CIP13", "il n’en a pas la forme", expected)
    if not ean.is_valid(text):
        reason = "sa clé ne correspond pas, un chiffre est faux"
        raise RefusedValueError(value, "un code CIP13", reason, expected)
    return text


def _same_code(value: object, code: str) -> None:
    if normalize_ucd(value) != code:
        reason = f"ce n’est pas l’UCD13 de {code}"
        raise RefusedValueError(value, "cette UCD", reason, "les deux codes d’une même UCD")


def _atc(value: object) -> str:
    text = str(value or "").strip().upper()
    if text and not ATC_SHAPE.fullmatch(text):
        reason = "il n’en a pas la forme"
        raise RefusedValueError(value, "un code ATC", reason, "par exemple N01AX10, ou rien")
    return text


def _needed_text(value: object, name: str) -> str:
    if value is None or not str(value).strip():
        raise RefusedValueError("", "un libellé", "la case est vide", "le libellé de l’UCD")
    return _text(value, name)


def _text(value: object, name: str) -> str:
    text = "" if value is None else str(value).strip()
    return _short_enough(text, LONGEST[name])


def _yes_or_no(value: object) -> bool | None:
    text = "" if value is None else str(value).strip().lower()
    return text not in FALSE if text else None


def _box_label(value: object) -> str:
    return _short_enough(str(value).strip(), LONGEST["box"])


def _short_enough(text: str, most: int) -> str:
    if len(text) > most:
        reason = f"il a {len(text)} caractères"
        raise RefusedValueError(text, "un texte possible", reason, f"{most} caractères au plus")
    return text


def _strength(row: Row) -> str | None:
    """« 35.0000 », « MG » are « 35 mg »; what is no number is left as it is.

    Every decimal of a strength counts: 0,125 mg and 0,12 mg are two products.
    """
    amount, unit = row.values.get("strength"), row.values.get("strength_unit")
    if amount is None:
        return None
    written = str(amount).strip()
    if AMOUNT_SHAPE.fullmatch(written):
        whole, _, decimals = written.replace(",", ".").partition(".")
        places = len(decimals.rstrip("0"))
        written = format_decimal(Decimal(f"{whole}.{decimals or 0}"), places=places)
    return f"{written} {str(unit or '').lower()}".strip()


def _refuse_contradictions(found: Records) -> None:
    """The same code twice is an error on both lines, unless it is a UCD with several boxes."""
    units, boxes = _Repeated("UCD", found.refused), _Repeated("CIP13", found.refused)
    for one in found.units:
        told = (one.label, one.laboratory) if found.layout.repeats_units else one.line
        units.add(one.code, one.line, told)
    for box in found.boxes:
        boxes.add(box.cip13, box.line, box.line)
    units.refuse()
    boxes.refuse()


class _Repeated:
    """The lines of each code, and what they say of it."""

    def __init__(self, column: str, refused: ErrorReport) -> None:
        self.column = column
        self.refused = refused
        self.told: dict[str, dict[Any, list[int]]] = {}

    def add(self, code: str, line: int, what: Any) -> None:
        self.told.setdefault(code, {}).setdefault(what, []).append(line)

    def refuse(self) -> None:
        for code, told in self.told.items():
            lines = sorted(line for found in told.values() for line in found)
            for line in lines if len(told) > 1 else ():
                other = next(one for one in lines if one != line)
                reason = f"dit autre chose que la ligne {other} du même code"
                self.refused.add(line, self.column, code, reason, "une seule description par code")
