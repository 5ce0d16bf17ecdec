"""Is there a pooler between this process and PostgreSQL? The task worker must have none.

Through one that shares connections between transactions its LISTEN is lost in silence: jobs would
wait for the next round of questions, and locks held by a session would be somebody else's.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

REFUSAL = (
    "Le processus de tâches passe par un répartiteur de connexions (PgBouncer)\u00a0: les travaux "
    "ne lui seraient plus annoncés. Donnez-lui l’adresse directe de PostgreSQL dans "
    "DATABASE_DIRECT_URL."
)


def is_pooled(connection: BaseDatabaseWrapper) -> bool:
    """A pooler invents the number that it gives its client; PostgreSQL gives its own process's."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (served_by,) = cursor.fetchone()
    return connection.connection.info.backend_pid != served_by
