"""What is sealed: each entry, seal and purge as one line of JSON that never varies.

A dump of the tables is enough to compute the digests again elsewhere: an entry is the list of its
columns in the order of ``COLUMNS``, texts as PostgreSQL writes them, without a space.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from journal.models import Purge, Seal

COLUMNS = (
    "id",
    "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')",
    "verb",
    "by_id",
    "profile",
    "target",
    "finess",
    "region_code",
    "department_code",
    "details::text",
    "request_id",
    "address::text",
)
ID, AT = 0, 1
ROWS = f"""
    SELECT {", ".join(COLUMNS)} FROM journal_entry
     WHERE id > %(after)s AND id <= %(through)s ORDER BY id LIMIT %(limit)s
"""  # noqa: S608
Row = Sequence[Any]


def entries_between(after: int, through: int, limit: int) -> list[Row]:
    """The first of these entries by number, as they are sealed."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"after": after, "through": through, "limit": limit})
        return list(cursor.fetchall())


def line_of(row: Row) -> bytes:
    return _line(row) + b"\n"


def digest_of(rows: Iterable[Row]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update(line_of(row))
    return digest.hexdigest()


def text_of_seal(seal: Seal) -> bytes:
    """What the key signs."""
    return _line(
        [
            "seal",
            seal.number,
            seal.first_id,
            seal.last_id,
            seal.count,
            seal.digest,
            seal.previous,
            moment(seal.at),
            seal.horizon and moment(seal.horizon),
            seal.key,
        ]
    )


def text_of_purge(purge: Purge) -> bytes:
    told = (purge.first, purge.last, purge.count, purge.months, moment(purge.at), purge.key)
    return _line(["purge", *told])


def chained(seal: Seal) -> str:
    """The digest of a whole seal: the next one carries it, and so does the head kept outside."""
    return hashlib.sha256(text_of_seal(seal) + seal.mac.encode()).hexdigest()


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def instant(text: str) -> datetime:
    """The date of an entry, from its column."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _line(values: Sequence[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
