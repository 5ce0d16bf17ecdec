"""Whom a wave is for, as somebody asks it: a file, a typed list, categories of a territory."""

import re
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from typing import IO, Final

from django.http import FileResponse

from common.exports import template_response
from common.tabular import CellValue, ColumnSpec, Limits, Row, TabularError, read_table
from establishments.models import Department, Establishment, Region

RECIPIENT: Final = "FINESS destinataire"
PUI: Final = "FINESS de la PUI"
FLOW: Final = "Flux"
PIVOT: Final = "FINESS de l’hôpital pivot"
COLUMNS: Final = (
    ColumnSpec(
        "recipient",
        RECIPIENT,
        ("FINESS", "N° FINESS", "Numéro FINESS", "FINESS géographique", "Destinataire"),
    ),
    ColumnSpec("pui", PUI, ("FINESS PUI", "PUI"), required=False),
    ColumnSpec("flow", FLOW, ("Provenance", "Origine"), required=False),
    ColumnSpec("pivot", PIVOT, ("FINESS pivot", "Hôpital pivot", "Pivot"), required=False),
)
BETWEEN: Final = re.compile(r"[,;\t]")
LIMITS: Final = Limits(max_rows=10_000)
NOTES: Final = (
    "Une ligne par destinataire final (EHPAD, USLD…), par son numéro FINESS géographique.",
    "PUI\u00a0: le FINESS du site où elle est implantée. Vide\u00a0: la PUI du destinataire, sinon "
    "celle qui le dessert dans le registre des PUI.",
    "Flux\u00a0: A (Santé publique France) ou B (hôpital pivot). Vide\u00a0: A, ou B si un hôpital "
    "pivot est écrit.",
    "FINESS de l’hôpital pivot\u00a0: celui du site de sa PUI, pour le flux B seulement.",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One recipient as it was written, and the line where; a blank part is not told."""

    number: int
    recipient: str
    pui: str = ""
    flow: str = ""
    pivot: str = ""


Packed = Sequence[Sequence[str | int]]


def pack(asked: Collection[Asked]) -> Packed:
    """As a form carries it from the preview to the confirmation."""
    return [astuple(one) for one in asked]


def unpack(rows: Packed) -> list[Asked]:
    return [Asked(int(number), *map(str, texts)) for number, *texts in rows]


def read_file(file: IO[bytes], filename: str) -> list[Asked]:
    """``TabularError`` says why it cannot be read."""
    table = read_table(file, columns=COLUMNS, filename=filename, limits=LIMITS)
    if not table.rows:
        raise TabularError("Ce fichier n’a aucune ligne sous ses titres de colonnes.")
    return [_asked(row) for row in table.rows]


def _asked(row: Row) -> Asked:
    parts = (_text(row.values.get(column.name)) for column in COLUMNS)
    return Asked(row.line_number, *parts)


def _text(value: CellValue) -> str:
    """A number cell as its digits: a spreadsheet took them for a quantity."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def typed_list(text: str, *, pivot: str = "") -> list[Asked]:
    """One number a line, or several between commas or semicolons; told by their line."""
    return [
        Asked(number, one.strip(), pivot=pivot)
        for number, line in enumerate(text.splitlines(), start=1)
        for one in BETWEEN.split(line)
        if one.strip()
    ]


def of_categories(
    codes: Collection[str],
    region: Region | None,
    department: Department | None,
    *,
    pivot: str = "",
) -> list[Asked]:
    """The open establishments of these categories, in a territory or in the whole country."""
    sites = Establishment.objects.open().filter(category__in=codes)
    if department:
        sites = sites.filter(department=department)
    elif region:
        sites = sites.filter(region=region)
    numbers = sites.order_by("finess").values_list("finess", flat=True)
    return [Asked(number, finess, pivot=pivot) for number, finess in enumerate(numbers, start=1)]


def template() -> FileResponse:
    """The file to fill in."""
    headers = [column.header for column in COLUMNS]
    return template_response(
        headers,
        [],
        NOTES,
        filename="destinataires-vague",
        title="Destinataires",
        text_columns=headers,
        choices={FLOW: ["A", "B"]},
    )
