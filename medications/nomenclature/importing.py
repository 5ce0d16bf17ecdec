"""Bring the nomenclature up to date from a public table: a dry run, then all or nothing."""

from dataclasses import dataclass, field
from pathlib import Path

import pghistory
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.utils import timezone

from common.locks import Lock
from journal.services import record
from medications.models import Presentation, Product, Substance
from medications.nomenclature.comparing import (
    BOX_FIELDS,
    UNIT_FIELDS,
    Comparison,
    Outcome,
    Verdict,
    compare,
)
from medications.nomenclature.layouts import Layout, read_layout
from medications.nomenclature.records import Records, records_of
from medications.nomenclature.replacing import ONE_DAY, Replacement, replace, replacements
from medications.regrouping import tell_regrouped

BATCH = 2_000
WRITTEN = (*UNIT_FIELDS, "is_fictitious", "substance", "reference", "source", "updated_at")


class RefusedLinesError(Exception):
    """Some lines are refused: the person corrects the file, or says to go without them."""

    def __init__(self, report: "Report") -> None:
        self.report = report
        count = len(report.records.refused.lines)
        what = f"{count} lignes refusées" if count > 1 else "1 ligne refusée"
        super().__init__(
            f"{what}\u00a0: rien n’a été importé. Corrigez le fichier, "
            "ou importez le reste avec --without-refused."
        )


@dataclass
class Report:
    """What a file holds and what it does to the nomenclature."""

    layout: Layout
    records: Records
    comparison: Comparison
    replaced: list[Replacement] = field(default_factory=list)

    @property
    def outcomes(self) -> list[Outcome]:
        """Every line with its verdict, in the order of the file."""
        refused = [
            Outcome(one.line, one.column, one.value, "", Verdict.REFUSED, one.reason)
            for one in self.records.refused
        ]
        return sorted([*self.comparison.outcomes, *refused], key=lambda one: (one.line, one.kind))

    @property
    def changes_nothing(self) -> bool:
        return not (self.comparison.products or self.comparison.boxes)


def import_nomenclature(
    path: Path,
    *,
    apply: bool,
    without_refused: bool = False,
    replace_fictitious: bool = False,
    by: AbstractBaseUser | None = None,
) -> Report:
    """Compare a file with the nomenclature and, when ``apply`` says so, write the differences.

    Everything is written in one transaction, or nothing is. Raises ``NomenclatureError`` for a
    file that is not known, ``RefusedLinesError`` when some lines are and nobody said to go on.
    """
    layout, table = read_layout(path)
    records = records_of(layout, table)
    with transaction.atomic(), pghistory.context(task="import_ucd", user=getattr(by, "pk", None)):
        if apply:
            _wait_for_turn()
        report = Report(layout, records, compare(records))
        report.replaced = replacements(report.comparison.products)
        if apply:
            if records.refused.errors and not without_refused:
                raise RefusedLinesError(report)
            _write(report.comparison)
            if replace_fictitious:
                report.replaced = replacements()
                replace(report.replaced, timezone.localdate() + ONE_DAY)
            _record(path, report, by, replaced=replace_fictitious)
    return report


def _wait_for_turn() -> None:
    """One import or one national decision at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.NOMENCLATURE])


def _write(comparison: Comparison) -> None:
    """Insert or update by code, a few thousand rows a statement."""
    Substance.objects.bulk_create(
        (Substance(name=name) for name in sorted(comparison.substances)), ignore_conflicts=True
    )
    named = set(comparison.to_substance.values())
    substances = Substance.objects.filter(name__in=named).in_bulk(field_name="name")
    for product in comparison.products:
        product.pk = None
        if name := comparison.to_substance.get(product.code):
            product.substance = substances[name]
    Product.objects.bulk_create(
        comparison.products,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=WRITTEN,
    )
    moved = Product.objects.filter(code__in=comparison.regrouped)
    tell_regrouped(moved.values_list("pk", flat=True))
    _write_boxes(comparison)


def _write_boxes(comparison: Comparison) -> None:
    codes = {code for _, code in comparison.boxes} - {""}
    products = Product.objects.in_bulk(codes, field_name="code")
    rows = []
    for box, code in comparison.boxes:
        box.pk = None
        box.product = products[code] if code else box.product
        rows.append(box)
    Presentation.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["cip13"],
        update_fields=[*BOX_FIELDS, "product"],
    )


def _record(path: Path, report: Report, by: AbstractBaseUser | None, *, replaced: bool) -> None:
    record(
        "medications.nomenclature_imported",
        by=by,
        target=path.name,
        layout=report.layout.label,
        units={str(key): count for key, count in report.comparison.counts("UCD").items()},
        boxes={str(key): count for key, count in report.comparison.counts("CIP13").items()},
        refused_lines=len(report.records.refused.lines),
        withdrawn=[one.product.code for one in report.replaced] if replaced else [],
    )
