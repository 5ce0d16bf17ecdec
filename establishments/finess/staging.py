"""Temporary tables where the files are poured by COPY, before anything is compared or written.

They belong to the connection and hold nothing but what the files say. Memory stays flat: rows are
handed over by batches, and nothing is kept here.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import DatabaseError, connection

from establishments.finess.classic import read_classic
from establishments.finess.modern import read_modern
from establishments.finess.nomenclature import Nomenclature
from establishments.finess.opening import FinessFile, Layout, open_finess
from establishments.finess.records import (
    EntityRecord,
    FinessFileError,
    PositionRecord,
    Progress,
    Record,
    Remark,
    SiteRecord,
)
from establishments.finess.report import FileSummary

BATCH = 5_000
TABLES: dict[type[Record], str] = {
    EntityRecord: "staged_entity",
    SiteRecord: "staged_site",
    PositionRecord: "staged_position",
    Remark: "staged_remark",
}
COLUMN_TYPES = {
    "line": "integer",
    "opened_on": "date",
    "closed_on": "date",
    "finess_updated_on": "date",
    "is_closed": "boolean",
    "is_refusal": "boolean",
    "latitude": "numeric(8, 5)",
    "longitude": "numeric(8, 5)",
}


class Staging:
    """What the files say, in temporary tables of the current connection."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.read = 0
        self.files: list[FileSummary] = []
        self.batches: dict[type, list[tuple[str, Record]]] = {kind: [] for kind in TABLES}

    def create(self) -> None:
        with connection.cursor() as cursor:
            for kind, table in TABLES.items():
                cursor.execute(f"DROP TABLE IF EXISTS {table}")
                columns = ", ".join(
                    f"{name} {COLUMN_TYPES.get(name, 'text')}" for name in kind._fields
                )
                cursor.execute(f"CREATE TEMP TABLE {table} (file text, {columns})")

    def drop(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {', '.join(TABLES.values())}")

    def pour(self, path: Path, name: str, nomenclature: Nomenclature) -> None:
        """Read a whole file into the tables."""
        before = self.read
        with open_finess(path) as file:
            for record in _records(file, nomenclature):
                self._add(name, record)
            self._flush()
        if self.read == before:
            raise FinessFileError(f"{name} ne contient aucun établissement lisible.")
        self.files.append(FileSummary(name, file.layout, file.made_on, self.read - before))

    def settle(self) -> None:
        """Refuse the numbers present twice, then let PostgreSQL know the sizes."""
        with connection.cursor() as cursor:
            for table in ("staged_entity", "staged_site"):
                cursor.execute(TWICE.format(table=table))
            cursor.execute(f"ANALYZE {', '.join(TABLES.values())}")

    def _add(self, name: str, record: Record) -> None:
        batch = self.batches[type(record)]
        batch.append((name, record))
        if isinstance(record, EntityRecord | SiteRecord) or is_refused(record):
            self.read += 1
            if self.read % BATCH == 0:
                self.progress(self.read)
        if len(batch) >= BATCH:
            self._copy(type(record))

    def _flush(self) -> None:
        for kind in TABLES:
            self._copy(kind)
        self.progress(self.read)

    def _copy(self, kind: type) -> None:
        statement = f"COPY {TABLES[kind]} FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for name, record in self.batches[kind]:
                copy.write_row((name, *record))
        self.batches[kind] = []


def is_refused(record: Record) -> bool:
    return isinstance(record, Remark) and record.is_refusal


TWICE = """
WITH twice AS (
    SELECT finess FROM {table} GROUP BY finess HAVING count(*) > 1
), removed AS (
    DELETE FROM {table} s USING twice WHERE s.finess = twice.finess
    RETURNING s.file, s.line, s.finess, s.department_id
)
INSERT INTO staged_remark (file, line, finess, region_id, is_refusal, reason)
SELECT r.file, r.line, r.finess, d.region_id, true, 'numéro présent plusieurs fois'
FROM removed r LEFT JOIN establishments_department d ON d.code = r.department_id
"""


@contextmanager
def staged(paths: dict[str, Path], progress: Progress) -> Iterator[Staging]:
    """Pour files, by the name to show for each, and drop the tables afterwards."""
    staging = Staging(progress)
    nomenclature = Nomenclature.load()
    staging.create()
    try:
        for name, path in paths.items():
            staging.pour(path, name, nomenclature)
        staging.settle()
        yield staging
    finally:
        with suppress(DatabaseError):  # in a broken transaction they vanish with it
            staging.drop()


def _records(file: FinessFile, nomenclature: Nomenclature) -> Iterator[Record]:
    if file.layout is Layout.JSON:
        return read_modern(file, nomenclature)
    return read_classic(file.lines(), nomenclature)
