"""What an agency types in the column of quantities: read line by line, blank is not 0."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from common.numbers import NumberError, parse_integer
from pui.models import PharmacyShare


@dataclass
class Typed:
    """``texts`` are the values as typed, by line; ``seen`` those that were before one's eyes."""

    texts: dict[int, str] = field(default_factory=dict)
    values: dict[int, int] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def shown(rows: Iterable[PharmacyShare]) -> dict[int, str]:
    """The fields of a page that nobody has typed in yet."""
    return {one.pk: str(one.quantity) for one in rows}


def read_typed(sent: Mapping[str, str], rows: Iterable[PharmacyShare]) -> Typed:
    """The fields of these lines that the form carried; a line without field is left alone."""
    found = Typed()
    for one in rows:
        text = sent.get(f"q-{one.pk}")
        if text is None:
            continue
        found.texts[one.pk] = text
        found.seen[one.pk] = _whole(sent.get(f"seen-{one.pk}", ""))
        try:
            value = parse_integer(text)
        except NumberError as refusal:
            found.errors.append(f"{one.pui.label}\u00a0: {refusal}")
            continue
        if value is None:
            found.errors.append(f"{one.pui.label}\u00a0: tapez 0 pour ne rien lui donner.")
        else:
            found.values[one.pk] = value
    return found


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1
