"""What a person types in the grid, read cell by cell: a bad cell never spoils the others."""

import json
from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import SuspiciousOperation

from common.numbers import parse_decimal
from common.refusal import RefusedValueError
from pui.expiry import parse_expiry
from pui.grid.shapes import MEASURES, Cell, Content, Key, Measure, shown
from pui.services.draft import CellChange

MOST_CELLS = (
    1_900  # below the fields that a form may have; three columns of a list much longer than any
)
LARGEST_BODY = 500_000  # bytes
NAMES = frozenset(measure.value for measure in MEASURES)


@dataclass(frozen=True, slots=True)
class TypedCell:
    """One cell as it was sent: what was typed, and the value last seen saved."""

    key: Key
    text: str
    value: Content
    seen: Content
    error: str = ""

    @property
    def name(self) -> str:
        return self.key.name

    @property
    def is_changed(self) -> bool:
        return not self.error and self.value != self.seen

    def as_change(self) -> CellChange:
        return CellChange(self.key, self.value, self.seen)


def read_cell(name: str, text: str, seen: str) -> TypedCell:
    """Read one cell; the error is a sentence for the person. Raise when the page was forged."""
    product, _, measure = name.partition("-")
    if not (product.isascii() and product.isdigit() and len(product) < 10 and measure in NAMES):
        raise SuspiciousOperation(f"case inconnue\u00a0: {name[:20]}")
    try:
        seen_value = read_value(measure, seen)
    except RefusedValueError as error:
        raise SuspiciousOperation(f"valeur vue illisible\u00a0: {seen[:20]}") from error
    try:
        value, sentence = read_value(measure, text), ""
    except RefusedValueError as error:
        why, _, _expected = str(error).partition(" Attendu")  # too long under a cell
        value, sentence = None, f"{why} Rien n’est enregistré dans cette case."
    return TypedCell(Key(int(product), measure), text, value, seen_value, sentence)


def read_value(measure: str, text: str) -> Content:
    """Raise ``RefusedValueError`` for what is neither blank nor of its column."""
    return parse_expiry(text) if measure == Measure.EXPIRY else parse_decimal(text)


def read_json(body: bytes) -> tuple[dict[str, Any], list[TypedCell]]:
    """Read what the script sends: the form's own fields, and one or many cells."""
    try:
        sent = json.loads(body) if len(body) <= LARGEST_BODY else None
        cells = {str(one["cell"]): one for one in sent["cells"]}
        typed = [
            read_cell(name, text_of(one["value"]), text_of(one["seen"]))
            for name, one in cells.items()
        ]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise SuspiciousOperation("envoi illisible") from error
    require_few(typed)
    return sent, typed


def text_of(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def read_form(data: Mapping[str, str]) -> list[TypedCell]:
    """Read the whole form, sent without script; ``vu`` holds the values last seen saved."""
    seen = dict(pair.split(":", 1) for pair in data.get("vu", "").split(";") if ":" in pair)
    texts = {name: data[name] for name in data if name.partition("-")[2] in NAMES}
    chosen, _, text = data.get("choix", "").partition("=")  # « Garder 640 », « Mettre 700 »
    if chosen in texts:
        texts[chosen] = text
    require_few(texts)
    return [read_cell(name, text, seen.get(name, "")) for name, text in texts.items()]


def require_few(cells: Sized) -> None:
    if len(cells) > MOST_CELLS:
        raise SuspiciousOperation("trop de cases")


def seen_values(cells: Iterable[Cell]) -> str:
    """Write the values shown, for the form to bring back: « 12-stock:44 500;… »."""
    return ";".join(f"{cell.name}:{shown(cell.value)}" for cell in cells if cell.value is not None)
