"""After a test that commits, the tables that hold something are emptied, and no other.

``TRUNCATE`` of three hundred tables writes a new file for each of them and of their indexes, a
second or more, whatever they hold.
"""

from functools import cache

import pgtrigger
from django.db import connection, transaction
from django.test import TransactionTestCase
from psycopg.sql import SQL, Identifier

FILLED = "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND pg_relation_size(oid) > 0"


def empty_after_commits() -> None:
    TransactionTestCase._fixture_teardown = lambda self: empty_what_is_filled()


def empty_what_is_filled() -> None:
    """Foreign keys are checked at the end of the transaction, when nothing is left to refer to."""
    with transaction.atomic(), connection.cursor() as cursor, pgtrigger.ignore():
        cursor.execute(FILLED, [tables()])
        filled = [name for (name,) in cursor.fetchall()]
        for name in filled:
            cursor.execute(SQL("DELETE FROM {}").format(Identifier(name)))


@cache
def tables() -> list[str]:
    return connection.introspection.django_table_names(only_existing=True, include_views=False)
