"""The two database roles: what the web role may do with the tables that the owner makes."""

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from common.locks import Lock
from config.journal_purge import purge_statements
from journal.models import UNCHANGED, Entry

# tables where the web role may add but never change nor remove
APPEND_ONLY = ("journal_entry", "journal_seal", "journal_purge", "epi_stocks_replacedline")

# A request names its context at its first change and completes it at the next ones, each in a
# transaction of its own: what it said stays, and nobody comes back to it later.
KEEP_CONTEXT = """
CREATE OR REPLACE FUNCTION keep_history_context() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.created_at = now() THEN
        RETURN NEW;
    ELSIF OLD.created_at < now() - interval '5 minutes' AND NEW.metadata <> OLD.metadata THEN
        RAISE EXCEPTION 'pghistory_context: a past context does not change';
    END IF;
    NEW.metadata := NEW.metadata || jsonb_strip_nulls(OLD.metadata);
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER keep_history_context BEFORE UPDATE ON pghistory_context
    FOR EACH ROW EXECUTE FUNCTION keep_history_context();
"""


def append_only_tables() -> list[str]:
    """The journal, the replaced lines, and every history table of pghistory."""
    histories = [
        model._meta.db_table
        for model in apps.get_models()
        if getattr(model, "pgh_tracked_model", None) is not None
    ]
    return [*APPEND_ONLY, "pghistory_context", *histories]


@transaction.atomic
def grant_web_role() -> None:
    """Give the web role what it needs and no more. Run by the owner after each migration.

    pghistory completes a context by an UPDATE made with the role's own rights: a column is open to
    it, and a trigger keeps what was written there.
    """
    role = connection.ops.quote_name(settings.WEB_ROLE)
    tables = ", ".join(connection.ops.quote_name(name) for name in append_only_tables())
    statements = [
        "SELECT pg_advisory_xact_lock(%s)",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {tables} FROM {role}",
        KEEP_CONTEXT,
        f"GRANT UPDATE (metadata, updated_at) ON pghistory_context TO {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
        *purge_statements(role, UNCHANGED.get_pgid(Entry)),
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, [Lock.GRANTS] if "%s" in statement else None)
