"""The project's own nomenclature, with which e-Dispostock starts; loaded again, it changes nothing.

Invented codes, each flagged: a deployment replaces them by ``import_ucd``. What is already known
keeps what the national cell decided of it.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from medications.models import (
    AlternateCode,
    MonitoredList,
    Monitoring,
    Presentation,
    Priority,
    Product,
    ReferenceProduct,
    ReportingRule,
    Substance,
)

DATA = Path(__file__).resolve().parent.parent / "data"
SOURCE = "nomenclature du projet"
Line = dict[str, str]
References = dict[tuple[str, str], ReferenceProduct]


@dataclass(frozen=True, slots=True)
class LoadedNomenclature:
    """How many rows were missing and have been added."""

    lists: int
    products: int


@transaction.atomic
def load_medication_reference() -> LoadedNomenclature:
    """Add the lists, their rule and the products that are missing, followed from the first day."""
    followed_from = load_lists()
    known = set(Product.objects.values_list("code", flat=True))
    real = lists_of_real_products()
    lines = [
        line
        for line in read("products.csv")
        if line["code"] not in known and line["list"] not in real
    ]
    references = load_references(lines)
    products = Product.objects.bulk_create(product_of(line, references) for line in lines)
    by_code = {product.code: product for product in products}
    follow(lines, by_code, followed_from)
    add_codes(lines, by_code)
    return LoadedNomenclature(len(followed_from), len(products))


def lists_of_real_products() -> set[str]:
    """A list that follows official codes is in earnest: nothing invented is added to it."""
    rows = Monitoring.objects.filter(product__is_fictitious=False)
    return set(rows.values_list("monitored_list", flat=True))


def load_lists() -> dict[str, date]:
    """Add the missing lists and their first rule; the day from which each follows its products."""
    days = {}
    for line in read("lists.csv"):
        row, is_new = MonitoredList.objects.get_or_create(
            slug=line["slug"], defaults={"rank": int(line["rank"])}
        )
        days[row.slug] = date.fromisoformat(line["followed_from"])
        if is_new or not row.rules.exists():
            ReportingRule.objects.create(
                monitored_list=row,
                weekdays=[int(day) for day in line["weekdays"].split("|")],
                due_time=time.fromisoformat(line["due_time"]),
                starts_on=date.fromisoformat(line["rule_starts_on"]),
            )
    return days


def load_references(lines: Iterable[Line]) -> References:
    """The molecules and the « UCD de référence » of these lines, the missing ones added."""
    wanted = {(line["dci"], line["reference_strength"]) for line in lines if line["dci"]}
    Substance.objects.bulk_create(
        (Substance(name=name) for name in sorted({dci for dci, _ in wanted})),
        ignore_conflicts=True,
    )
    substances = {
        one.name: one for one in Substance.objects.filter(name__in={d for d, _ in wanted})
    }
    ReferenceProduct.objects.bulk_create(
        (
            ReferenceProduct(
                label=f"{dci} {strength}", substance=substances[dci], strength=strength
            )
            for dci, strength in sorted(wanted)
        ),
        ignore_conflicts=True,
    )
    found = ReferenceProduct.objects.filter(substance__in=substances.values())
    return {(one.substance.name, one.strength): one for one in found.select_related("substance")}


def product_of(line: Line, references: References) -> Product:
    reference = references.get((line["dci"], line["reference_strength"]))
    plain = ("code", "kind", "label", "atc", "form", "strength", "unit", "laboratory")
    return Product(
        **{name: line[name] for name in plain},
        reference=reference,
        substance=reference.substance if reference else None,
        is_fictitious=True,
        source=SOURCE,
    )


def follow(lines: Iterable[Line], products: dict[str, Product], days: dict[str, date]) -> None:
    """A « médicament virtuel » is on no list: it only stands for what maPUI sends [001]."""
    Monitoring.objects.bulk_create(
        Monitoring(
            monitored_list_id=line["list"],
            product=products[line["code"]],
            priority=Priority(int(line["priority"])),
            starts_on=days[line["list"]],
        )
        for line in lines
        if line["list"]
    )


def add_codes(lines: Iterable[Line], products: dict[str, Product]) -> None:
    """The boxes and the other UCDs that files of pharmacies carry for these products."""
    lines = list(lines)
    AlternateCode.objects.bulk_create(
        (
            AlternateCode(code=code, product=products[line["code"]])
            for line in lines
            for code in filter(None, line["alternates"].split("|"))
        ),
        ignore_conflicts=True,
    )
    Presentation.objects.bulk_create(
        (
            Presentation(
                cip13=line["cip13"],
                product=products[line["code"]],
                label=f"{line['label']}, boîte de {line['units']}",
                units=Decimal(line["units"]),
                laboratory=line["laboratory"],
            )
            for line in lines
            if line["cip13"]
        ),
        ignore_conflicts=True,
    )


def read(name: str) -> Iterator[Line]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")
