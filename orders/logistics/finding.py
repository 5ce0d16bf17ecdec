"""Beneficiaries, platforms and products, found for the lines of a file in a statement each."""

from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from typing import IO, Final

from django.db.models import Q

from common.identifiers import IdentifierError, normalize_finess
from common.tabular import CellValue, ColumnSpec, ErrorReport, Limits, TabularError, read_table
from orders.models import Beneficiary

FINESS: Final = "FINESS"
FINESS_COLUMN: Final = ColumnSpec(
    "finess",
    FINESS,
    ("N° FINESS", "Numéro FINESS", "FINESS bénéficiaire", "FINESS ET", "FINESS EJ"),
)
LIMITS: Final = Limits(max_rows=5_000)


@dataclass(frozen=True, slots=True)
class Asked:
    """A line as it was written: its number, the FINESS, what is beside, a quantity perhaps."""

    number: int
    finess: str
    name: str
    units: str = ""


Packed = Sequence[Sequence[str | int]]


def pack(asked: Collection[Asked]) -> Packed:
    """As a form carries it from the preview to the confirmation."""
    return [astuple(one) for one in asked]


def unpack(rows: Packed) -> list[Asked]:
    return [Asked(int(number), *map(str, texts)) for number, *texts in rows]


def read_lines(
    file: IO[bytes], filename: str, columns: Sequence[ColumnSpec]
) -> tuple[list[Asked], str]:
    """The lines and the digest of the file; ``TabularError`` says why it cannot be read."""
    table = read_table(file, columns=columns, filename=filename, limits=LIMITS)
    if not table.rows:
        raise TabularError("Ce fichier n’a aucune ligne sous ses titres de colonnes.")
    names = [column.name for column in columns]
    lines = [
        Asked(row.line_number, *(_text(row.values.get(name)) for name in names))
        for row in table.rows
    ]
    return lines, table.digest


def beneficiaries_of(asked: Collection[Asked], errors: ErrorReport) -> dict[int, Beneficiary]:
    """The beneficiary of each line, by its number; the others are refused with why."""
    numbers: dict[int, str] = {}
    for one in asked:
        try:
            numbers[one.number] = normalize_finess(one.finess)
        except IdentifierError as refusal:
            errors.add_refusal(one.number, FINESS, refusal)
    wanted = set(numbers.values())
    rows = Beneficiary.objects.filter(
        Q(establishment__finess__in=wanted) | Q(legal_entity__finess__in=wanted)
    ).select_related("establishment", "legal_entity", "platform", "region")
    known = {one.finess: one for one in rows}
    found: dict[int, Beneficiary] = {}
    for line, finess in numbers.items():
        place = known.get(finess)
        if place is None:
            reason = "ne commande pas sous ce numéro, ou est inconnu de FINESS"
            errors.add(line, FINESS, finess, reason, "un bénéficiaire du stock de l’État")
        elif not place.is_listed:
            reason = f"{place} n’est plus bénéficiaire du stock de l’État"
            errors.add(line, FINESS, finess, reason, "un bénéficiaire du stock de l’État")
        else:
            found[line] = place
    return found


def _text(value: CellValue) -> str:
    """A number cell as its digits: a spreadsheet took them for a quantity."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()
