"""Loading 100,000 FINESS lines, against bulk_create(update_conflicts), in the same run.

Everything is rolled back. Two loads are measured: the weekly one (the directory is there, one line
in a hundred changed) and the first one (everything is new: most of the time is then PostgreSQL's
own, indexes and history, which both ways pay).
"""

import os
import resource
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
os.environ.setdefault("DATABASE_ROLE", "owner")
django.setup()

from django.db import connection, transaction  # noqa: E402

from common.identifiers import make_finess  # noqa: E402
from establishments.finess.classic import SITE_FIELDS, split_fields  # noqa: E402
from establishments.finess.comparing import SITE_COLUMNS  # noqa: E402
from establishments.finess.importing import import_files  # noqa: E402
from establishments.models import Department, Establishment, LegalEntity  # noqa: E402
from establishments.services.reference import load_territories  # noqa: E402

SITES = 100_000
CHANGED = 100  # one line in so many
UPDATED = [*SITE_COLUMNS, "legal_entity_id", "region_id", "closed_on"]


def write_file(path: Path, *, changed: bool) -> None:
    departments = [f"{number:02d}" for number in range(1, 96) if number != 20]
    with path.open("w", encoding="utf-8") as file:
        file.write(f"finess;banc;{SITES};2021-01-08\n")
        for rank in range(SITES):
            department = departments[rank % len(departments)]
            row = dict.fromkeys(SITE_FIELDS, "")
            phone = f"02{rank + (changed and rank % CHANGED == 0):08d}"
            row |= {
                "structureet": "structureet",
                "nofinesset": make_finess(f"{department}{rank:06d}"),
                "nofinessej": make_finess(f"{department}{900_000 + rank // 200:06d}"),
                "rs": f"RESIDENCE DES LILAS {rank}",
                "voie": f"{rank % 200} RUE DE L’HÔPITAL",
                "departement": department,
                "ligneacheminement": f"{department}000 CHEF-LIEU",
                "telephone": phone,
                "categetab": "500",
                "siret": f"{rank:014d}",
                "dateouv": "1990-01-01",
                "datemaj": "2020-02-04",
            }
            file.write(";".join(row.values()) + "\n")


def ours(path: Path) -> None:
    import_files({path.name: path}, apply=True, allow_closures=True)


def theirs(path: Path) -> None:
    """Do what one writes first: read, build the objects, bulk_create with update_conflicts."""
    regions = dict(Department.objects.values_list("code", "region_id"))
    with path.open(encoding="utf-8") as file:
        rows = [dict(zip(SITE_FIELDS, split_fields(line), strict=True)) for line in list(file)[1:]]
    names = {row["nofinessej"]: row["rs"] for row in rows}
    LegalEntity.objects.bulk_create(
        [LegalEntity(finess=finess, name=name) for finess, name in names.items()],
        batch_size=1000,
        ignore_conflicts=True,
    )
    entities = dict(LegalEntity.objects.values_list("finess", "pk"))
    Establishment.objects.bulk_create(
        [_site(row, entities, regions) for row in rows],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["finess"],
        update_fields=[name.removesuffix("_id") for name in UPDATED],
    )


def _site(row: dict[str, str], entities: dict[str, int], regions: dict[str, str]) -> Establishment:
    postal_code, _, town = row["ligneacheminement"].partition(" ")
    return Establishment(
        finess=row["nofinesset"],
        legal_entity_id=entities[row["nofinessej"]],
        name=row["rs"],
        address=row["voie"],
        postal_code=postal_code,
        town=town,
        department_id=row["departement"],
        region_id=regions[row["departement"]],
        phone=row["telephone"],
        category_id=row["categetab"],
        siret=row["siret"],
        opened_on=row["dateouv"],
        finess_updated_on=row["datemaj"],
    )


@contextmanager
def rolled_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def seconds(load, path: Path) -> float:
    with rolled_back():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
        start = time.perf_counter()
        load(path)
        return time.perf_counter() - start


def compare(what: str, path: Path, goal: str) -> None:
    measured = min(seconds(ours, path) for _ in range(2))
    reference = seconds(theirs, path)
    print(f"FINESS, {what} de {SITES} lignes : {measured:.1f} s, bulk_create {reference:.1f} s")
    print(f"  rapport {reference / measured:.1f}{goal}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, rolled_back():
        load_territories()
        first, weekly = Path(folder, "first.csv"), Path(folder, "weekly.csv")
        write_file(first, changed=False)
        write_file(weekly, changed=True)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        ours(first)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
        print(f"FINESS, mémoire ajoutée par l’import : {grown} MiB (but : plate)")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE establishments_establishment, establishments_legalentity")
        compare("mise à jour hebdomadaire", weekly, " (but ≥ 7)")
        with rolled_back():
            Establishment.objects.filter(finess__in=_numbers(first)).delete()
            compare("premier chargement", first, "")


def _numbers(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as file:
        return [line.split(";")[1] for line in list(file)[1:]]


if __name__ == "__main__":
    main()
