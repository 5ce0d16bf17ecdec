"""National data that EPI-Stocks starts with; loaded again, it changes nothing."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from common.weeks import FIRST_WEEK
from epi_stocks.models import DeclarationRule, EpiItem, ExpectedCategory, TensionThreshold
from establishments.models import EstablishmentCategory

DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True, slots=True)
class LoadedReference:
    """How many rows were missing and have been added."""

    items: int
    categories: int


@transaction.atomic
def load_epi_reference() -> LoadedReference:
    """Add the items, the calendar, the thresholds and the expected categories that are missing."""
    items = load_items()
    DeclarationRule.objects.get_or_create(starts_on=FIRST_WEEK)
    TensionThreshold.objects.get_or_create(item=None, starts_on=FIRST_WEEK)
    return LoadedReference(items, load_expected_categories())


def load_items() -> int:
    """Add the missing items; an item already there keeps what the national cell decided."""
    known = set(EpiItem.objects.values_list("pk", flat=True))
    rows = [
        EpiItem(
            pk=int(row["id"]),
            code=row["code"],
            label=row["label"],
            plural=row["plural"],
            parent_id=int(row["parent"]) if row["parent"] else None,
            size_kind=row["size_kind"],
            rank=int(row["rank"]),
            starts_on=date.fromisoformat(row["starts_on"]) if row["starts_on"] else None,
        )
        for row in read("items.csv")
        if int(row["id"]) not in known
    ]
    EpiItem.objects.bulk_create(sorted(rows, key=lambda item: item.pk))
    return len(rows)


def load_expected_categories() -> int:
    """Add the categories of the « périmètre EPI-Stocks » that the directory knows [002].

    « Tous les établissements de santé, sanitaires, sociaux, médico-sociaux, et de formation aux
    professions de ces secteurs »: in FINESS the aggregates 11, 12, 2201 to 2206 (without dental
    offices), 34 (transfusion, births, surgery), 41, 43 to 46 and 61 to 63. Left out:
    administrations, private practices, laboratories, pharmacies and shops, ordinary schools,
    childcare and leisure, protection of adults, housing without care, spas. The national cell
    changes the list by dates.
    """
    known = set(EstablishmentCategory.objects.values_list("code", flat=True))
    listed = set(ExpectedCategory.objects.values_list("category_id", flat=True))
    rows = [
        ExpectedCategory(category_id=row["code"], starts_on=date.fromisoformat(row["starts_on"]))
        for row in read("expected_categories.csv")
        if row["code"] in known - listed
    ]
    ExpectedCategory.objects.bulk_create(rows)
    return len(rows)


def read(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")
