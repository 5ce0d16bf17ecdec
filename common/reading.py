"""Where a page is read: the primary, or its streaming replica for the pages that may.

Nothing changes for those who read: models are routed by ``ReplicaRouter``, statements of ours go
to ``reading`` instead of ``django.db.connection``. Whatever writes, and whatever says who a person
is and what they may do, knows the primary alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

REPLICA = "replica"
# what is shown; accounts, sessions, rights, journal and jobs are read where they are written
SHOWN = frozenset(
    {"establishments", "medications", "pui", "epi_stocks", "vaccines", "orders", "steering"}
)
_alias: ContextVar[str] = ContextVar("reading_alias", default=DEFAULT_DB_ALIAS)


def reading_alias() -> str:
    return _alias.get()


@contextmanager
def reading_replica() -> Iterator[None]:
    """While it lasts, what this thread reads of what is shown comes from the replica."""
    with _reading(REPLICA):
        yield


@contextmanager
def reading_primary() -> Iterator[None]:
    """Within a page that reads the replica: what is kept for everybody is never late."""
    with _reading(DEFAULT_DB_ALIAS):
        yield


@contextmanager
def _reading(alias: str) -> Iterator[None]:
    token = _alias.set(alias)
    try:
        yield
    finally:
        _alias.reset(token)


class Reading:
    """The connection of statements that only read: ``with reading.cursor() as cursor``."""

    def __getattr__(self, name: str) -> Any:
        return getattr(connections[reading_alias()], name)


reading = Reading()


class ReplicaRouter:
    """Reads of what is shown follow the page; all the rest, writes first, goes to the primary."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        return reading_alias() if model._meta.app_label in SHOWN else DEFAULT_DB_ALIAS

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS
