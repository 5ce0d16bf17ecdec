"""What a person types in the weekly grid, read cell by cell: a bad cell never spoils the others."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import SuspiciousOperation

from common.numbers import NumberError, format_integer, parse_integer
from epi_stocks.models.inventory import MEASURES
from epi_stocks.services.saving import CellChange

MOST_CELLS = 200  # three columns of every item and size, with room to spare
LARGEST_BODY = 40_000  # bytes


@dataclass(frozen=True, slots=True)
class TypedCell:
    """One cell as it was sent: what was typed, and the value last seen saved."""

    item_id: int
    measure: str
    text: str
    value: int | None
    seen: int | None
    error: str = ""
    is_exact: bool = False  # « C’est exact » was said of an odd value

    @property
    def name(self) -> str:
        return f"{self.item_id}-{self.measure}"

    @property
    def is_changed(self) -> bool:
        return not self.error and self.value != self.seen

    def as_change(self) -> CellChange:
        return CellChange(self.item_id, self.measure, self.value, self.seen)


def shown(value: int | None) -> str:
    """Write a value as the grid does; blank stays blank, never 0."""
    return "" if value is None else format_integer(value)


def read_cell(name: str, text: str, seen: str, *, is_exact: bool = False) -> TypedCell:
    """Read one cell; the error is a sentence for the person. Raise when the page was forged."""
    item, _, measure = name.partition("-")
    if not (item.isascii() and item.isdigit() and len(item) < 5 and measure in MEASURES):
        raise SuspiciousOperation(f"case inconnue : {name[:20]}")
    try:
        seen_value = parse_integer(seen)
    except NumberError as error:
        raise SuspiciousOperation(f"valeur vue illisible : {seen[:20]}") from error
    try:
        value, sentence = parse_integer(text), ""
    except NumberError as error:
        why, _, _expected = str(error).partition(" Attendu")  # too long under a cell
        value, sentence = None, f"{why} Rien n’est enregistré dans cette case."
    return TypedCell(int(item), measure, text, value, seen_value, sentence, is_exact)


def read_json(body: bytes) -> tuple[dict, list[TypedCell]]:
    """Read what the script sends: the form's own fields, and one or many cells."""
    try:
        sent = json.loads(body) if len(body) <= LARGEST_BODY else None
        cells = {str(one["cell"]): one for one in sent["cells"]}
        texts = [
            read_cell(
                name,
                _text(one["value"]),
                _text(one["seen"]),
                is_exact=one.get("confirm") is True,
            )
            for name, one in cells.items()
        ]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise SuspiciousOperation("envoi illisible") from error
    if len(texts) > MOST_CELLS:
        raise SuspiciousOperation("trop de cases")
    return sent, texts


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def read_form(data: Mapping[str, str]) -> list[TypedCell]:
    """Read the whole form, sent without script; ``vu`` holds the values last seen saved."""
    seen = dict(pair.split(":", 1) for pair in data.get("vu", "").split(",") if ":" in pair)
    texts = {name: data[name] for name in data if name.partition("-")[2] in MEASURES}
    chosen, _, text = data.get("choix", "").partition("=")  # « Garder 640 », « Mettre 700 »
    if chosen in texts:
        texts[chosen] = text
    if len(texts) > MOST_CELLS:
        raise SuspiciousOperation("trop de cases")
    return [
        read_cell(name, text, seen.get(name, ""), is_exact=data.get("exact") == name)
        for name, text in texts.items()
    ]


def seen_values(cells: Iterable) -> str:
    """Write the values shown by a grid, for the form to bring back: « 1-stock:44500,… »."""
    return ",".join(f"{cell.name}:{cell.value}" for cell in cells if cell.value is not None)
