"""What a file would create, change or leave as it is; nothing here writes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from medications.models import Presentation, Product, ReferenceProduct, Substance
from medications.nomenclature.grouping import Grouping
from medications.nomenclature.records import BoxRecord, Records, UnitRecord

UNIT_FIELDS = ("label", "atc", "form", "strength", "laboratory")
BOX_FIELDS = ("label", "units", "laboratory", "is_marketed")
TOLD = {
    "label": "libellé",
    "atc": "ATC",
    "form": "forme",
    "strength": "dosage",
    "laboratory": "laboratoire",
    "units": "unités par boîte",
    "is_marketed": "commercialisée",
}
VACCINES = "J07"


class Verdict(StrEnum):
    CREATED = "créée"
    CHANGED = "modifiée"
    UNCHANGED = "inchangée"
    REFUSED = "refusée"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a line: its code, and what changes of it in words."""

    line: int
    kind: str
    code: str
    label: str
    verdict: Verdict
    detail: str = ""


@dataclass
class Comparison:
    """``products`` and ``boxes`` are whole rows to write; ``substances`` names to add first."""

    outcomes: list[Outcome] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    boxes: list[tuple[Presentation, str]] = field(default_factory=list)
    substances: set[str] = field(default_factory=set)
    to_substance: dict[str, str] = field(default_factory=dict)
    regrouped: list[str] = field(default_factory=list)  # codes of products that were known

    def counts(self, kind: str) -> dict[Verdict, int]:
        found = dict.fromkeys((Verdict.CREATED, Verdict.CHANGED, Verdict.UNCHANGED), 0)
        for one in self.outcomes:
            if one.kind == kind:
                found[one.verdict] += 1
        return found


def compare(records: Records) -> Comparison:
    """Compare with what is known, in a few statements whatever the size of the file."""
    found = Comparison()
    _compare_units(records, found)
    _compare_boxes(records, found)
    return found


def _compare_units(records: Records, found: Comparison) -> None:
    known = Product.objects.in_bulk([one.code for one in records.units], field_name="code")
    grouping = Grouping(
        dict(Substance.objects.values_list("name", "pk")),
        list(ReferenceProduct.objects.select_related("substance")),
    )
    found.substances = {one.substance for one in records.units} - {""} - set(grouping.substances)
    for record in records.units:
        product = known.get(record.code)
        row = product or _new_product(record)
        changes = _changes(row, record, UNIT_FIELDS) if product else []
        if row.is_fictitious and product:
            row.is_fictitious = False
            changes.append("prend la place d’un code fictif")
        if row.substance_id is None or product is None:
            changes += _group(row, record, grouping, found)
        verdict = _verdict(is_new=product is None, changes=changes)
        if verdict is not Verdict.UNCHANGED:
            row.source = records.layout.source
            found.products.append(row)
        found.outcomes.append(
            Outcome(
                record.line, "UCD", record.code, record.label, verdict, "\u00a0; ".join(changes)
            )
        )


def _new_product(record: UnitRecord) -> Product:
    is_vaccine = record.atc.startswith(VACCINES)
    return Product(
        code=record.code,
        kind=Product.Kind.VACCINE if is_vaccine else Product.Kind.MEDICINE,
        **{name: getattr(record, name) for name in UNIT_FIELDS},
    )


def _group(row: Product, record: UnitRecord, grouping: Grouping, found: Comparison) -> list[str]:
    """A molecule where the file names one; a UCD de référence where only one can be meant.

    What the national cell grouped stays: this is for products that have no molecule yet.
    """
    reference = grouping.reference_of(record.label, record.substance)
    if reference and row.reference_id is None:
        row.reference = reference
        row.substance = reference.substance
        if row.pk:
            found.regrouped.append(row.code)
        return [f"rattachée à {reference.label}"]
    if record.substance:
        found.to_substance[record.code] = record.substance
        return [f"DCI {record.substance}"]
    return []


def _compare_boxes(records: Records, found: Comparison) -> None:
    known = Presentation.objects.select_related("product").in_bulk(
        [one.cip13 for one in records.boxes], field_name="cip13"
    )
    for record in records.boxes:
        box = known.get(record.cip13)
        row = box or _new_box(record)
        changes = _changes(row, record, BOX_FIELDS) if box else []
        former = box.product.code if box and box.product else ""
        if box and record.code and record.code != former:
            changes.append(f"UCD\u00a0: {former or 'aucune'} → {record.code}")
        verdict = _verdict(is_new=box is None, changes=changes)
        if verdict is not Verdict.UNCHANGED:
            found.boxes.append((row, record.code))
        found.outcomes.append(
            Outcome(
                record.line, "CIP13", record.cip13, record.label, verdict, "\u00a0; ".join(changes)
            )
        )


def _new_box(record: BoxRecord) -> Presentation:
    box = Presentation(cip13=record.cip13)
    _changes(box, record, BOX_FIELDS)
    return box


def _changes(
    row: Product | Presentation, record: UnitRecord | BoxRecord, names: Iterable[str]
) -> list[str]:
    """Take what the file says and differs; what it leaves blank stays as it is known."""
    told = []
    for name in names:
        before, after = getattr(row, name), getattr(record, name)
        if after in ("", None) or before == after:
            continue
        told.append(f"{TOLD[name]}\u00a0: {_shown(before)} → {_shown(after)}")
        setattr(row, name, after)
    return told


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return str(value) if value not in ("", None) else "rien"


def _verdict(*, is_new: bool, changes: list[str]) -> Verdict:
    if is_new:
        return Verdict.CREATED
    return Verdict.CHANGED if changes else Verdict.UNCHANGED
