"""What both layouts say of a line: refused, or taken with notes."""

from collections.abc import Iterator

from common.identifiers import FinessCheck
from establishments.finess.nomenclature import Nomenclature
from establishments.finess.records import (
    EntityRecord,
    Record,
    RefusedLineError,
    Remark,
    SiteRecord,
)

CORSICAN_KEY = "sa clé ne correspond pas (numéro corse : accepté)"


def refused(
    number: int, finess: str, refusal: RefusedLineError, nomenclature: Nomenclature
) -> Remark:
    """The line is left out; ``finess`` is what it gives for its number, right or wrong."""
    return Remark(number, finess[:20], nomenclature.region_of(finess), True, str(refusal))


def noted(
    record: EntityRecord | SiteRecord, notes: list[str], nomenclature: Nomenclature
) -> Iterator[Record]:
    """The record, and all its notes as one remark."""
    yield record
    if notes:
        region = nomenclature.regions.get(record.department_id or "")
        yield Remark(record.line, record.finess, region, False, " ; ".join(notes))


def note_keys(notes: list[str], *numbers: FinessCheck) -> None:
    """A key that does not hold is accepted in Corsica alone, and said once a line."""
    if not all(number.key_ok for number in numbers):
        notes.append(CORSICAN_KEY)


def known_category(category: str, finess: str, nomenclature: Nomenclature) -> str:
    """A site whose category FINESS does not list is refused."""
    if category not in nomenclature.categories:
        raise RefusedLineError(f"catégorie « {category[:20]} » inconnue", finess)
    return category
