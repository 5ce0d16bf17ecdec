"""Where the service stands: its database, its files, its disk. Sizes are in bytes."""

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from config.administration.jobs import rows_of
from config.settings.environment import DATA_DIR

TABLES_SHOWN = 12
DATABASE = """
    SELECT current_setting('server_version'),
           pg_database_size(current_database()),
           (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
           current_setting('max_connections')::int,
           (SELECT max(now() - xact_start) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid())
"""
TABLES = """
    SELECT relname, pg_total_relation_size(oid), GREATEST(reltuples, 0)::bigint
      FROM pg_class
     WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
     ORDER BY 2 DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Database:
    """What PostgreSQL says of itself; ``oldest`` is the age of the oldest transaction of others."""

    version: str
    size: int
    connections: int
    most_connections: int
    oldest: timedelta | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its indexes; rows as the planner last estimated them."""

    name: str
    size: int
    rows: int


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of the service; ``size`` counts the files that stand in it, at any depth."""

    label: str
    files: int
    size: int


@dataclass(frozen=True, slots=True)
class Disk:
    total: int
    free: int

    @property
    def is_short(self) -> bool:
        """Under a tenth free: uploads and the database will soon be refused."""
        return self.free * 10 < self.total


def database() -> Database:
    return Database(*rows_of(DATABASE)[0])


def tables() -> list[Table]:
    return [Table(*row) for row in rows_of(TABLES, {"limit": TABLES_SHOWN})]


def folders() -> list[Folder]:
    kept = (
        ("Fichiers reçus, en attente de lecture", Path(settings.MEDIA_ROOT)),
        ("Fichiers échangés avec les entrepôts", Path(settings.LOGISTICS_DIR)),
    )
    return [_weighed(label, path) for label, path in kept]


def disk() -> Disk:
    found = shutil.disk_usage(DATA_DIR if DATA_DIR.exists() else settings.BASE_DIR)
    return Disk(found.total, found.free)


def _weighed(label: str, path: Path) -> Folder:
    sizes = [size for one in path.rglob("*") if (size := _size(one)) is not None]
    return Folder(label, len(sizes), sum(sizes))


def _size(path: Path) -> int | None:
    """None for a folder, and for a file taken away since it was listed."""
    try:
        return path.stat().st_size if path.is_file() else None
    except OSError:
        return None
