"""Load the nomenclatures shipped with the application; loading them again changes nothing."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db import models, transaction

from establishments.models import (
    AdministrativeBody,
    BeneficiaryCategory,
    Department,
    EstablishmentCategory,
    LegalStatus,
    Region,
)

DATA = Path(__file__).resolve().parents[1] / "data"
Kind = AdministrativeBody.Kind
NATIONAL_BODIES = {
    Kind.NATIONAL: "Cellule nationale (MSS, DGS, DGOS)",
    Kind.SPF: "Santé publique France",
    Kind.LA_POSTE: "La Poste",
    Kind.CONSORTIUM: "Consortium RESAH – UniHA",
}


@transaction.atomic
def load_territories() -> dict[str, int]:
    """Create or correct the nomenclatures, and say how many rows each one holds.

    What the national cell may edit on screen (mailboxes, dates of the beneficiary categories) is
    only created, never overwritten.
    """
    return {
        "régions": _load_regions(),
        "départements et territoires": _load(Department, _departments()),
        "catégories d’établissement": _load(EstablishmentCategory, _rows("categories")),
        "statuts juridiques": _load(LegalStatus, _legal_statuses()),
        "catégories bénéficiaires": _load_beneficiary_categories(),
        "structures administratives": _load_bodies(),
    }


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


def _load(
    model: type[models.Model], rows: Iterator[dict[str, object]] | Iterator[dict[str, str]]
) -> int:
    """Insert the rows, or correct those that exist, by their primary key."""
    objects = [model(**row) for row in rows]
    key = model._meta.pk.name
    columns = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    return len(
        model._default_manager.bulk_create(
            objects, update_conflicts=True, unique_fields=[key], update_fields=columns
        )
    )


def _load_regions() -> int:
    rows = list(_rows("regions"))
    for row in rows:
        fields = {"name": row["name"], "is_overseas": row["is_overseas"] == "oui"}
        Region.objects.update_or_create(
            code=row["code"],
            defaults=fields,
            create_defaults=fields | {"mailbox": row["mailbox"]},
        )
    return len(rows)


def _departments() -> Iterator[dict[str, object]]:
    for row in _rows("departments"):
        yield {**row, "region_id": row["region_id"] or None}


def _legal_statuses() -> Iterator[dict[str, object]]:
    for row in _rows("legal_statuses"):
        yield {**row, "is_public": row["is_public"] == "oui"}


def _load_beneficiary_categories() -> int:
    known = set(BeneficiaryCategory.objects.values_list("category_id", flat=True))
    BeneficiaryCategory.objects.bulk_create(
        BeneficiaryCategory(
            category_id=row["category"], starts_on=date.fromisoformat(row["starts_on"])
        )
        for row in _rows("beneficiary_categories")
        if row["category"] not in known
    )
    return BeneficiaryCategory.objects.count()


def _load_bodies() -> int:
    """One ARS and one OMEDIT a region, one council a department, and the national operators."""
    bodies = [AdministrativeBody(kind=kind, name=name) for kind, name in NATIONAL_BODIES.items()]
    for region in Region.objects.all():
        ars = {"name": f"ARS {region.name}", "mailbox": region.mailbox}
        bodies.append(AdministrativeBody(kind=Kind.ARS, region=region, **ars))
        bodies.append(
            AdministrativeBody(kind=Kind.OMEDIT, region=region, name=f"OMEDIT {region.name}")
        )
    bodies.extend(
        AdministrativeBody(
            kind=Kind.DEPARTMENT_COUNCIL,
            department=department,
            name=f"Conseil départemental – {department}",
        )
        for department in Department.objects.filter(region__isnull=False)
    )
    AdministrativeBody.objects.bulk_create(bodies, ignore_conflicts=True)
    return AdministrativeBody.objects.count()
