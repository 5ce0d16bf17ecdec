"""Text that no column takes: a NUL, which no keyboard types and no browser sends by itself."""

import psycopg
from django.db import DataError

# a text value, then a value of JSON, as psycopg and PostgreSQL say it
SAID = ("NUL (0x00)", "unsupported Unicode escape sequence")


def is_unreadable(error: BaseException) -> bool:
    """Whether the database refused a value for what it is made of: the request is at fault."""
    return isinstance(error, DataError | psycopg.DataError) and any(
        words in str(error) for words in SAID
    )
