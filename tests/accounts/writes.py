"""What a request wrote, as the database itself counts it."""

from django.db import connection


def written():
    """How many rows this transaction wrote, journal and sessions apart, as PostgreSQL counts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)"
            " FROM pg_stat_xact_user_tables"
            " WHERE relname NOT IN ('journal_entry', 'django_session', 'cache_limits')"
        )
        return cursor.fetchone()[0]
