"""The roles of the database: what each may do with the tables that the owner makes."""

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from common.locks import Lock
from config.database_roles import BACKUP, JOURNAL, READER
from config.forgetting import forgetting_statements
from config.journal_purge import purge_statements
from journal.models import UNCHANGED, Entry

# tables where the web role may add but never change nor remove
APPEND_ONLY = ("journal_entry", "journal_seal", "journal_purge", "epi_stocks_replacedline")
# of these, those that a function of the owner alone adds to
BY_FUNCTION = ("journal_purge",)

# What opens a door, or could: digests of passwords, keys of second factors, what travels sealed
# in the queue, sessions, one-time codes. The read-only role reads the rest of these tables.
SECRET_COLUMNS = {
    "account_emailconfirmation": {"key"},
    "accounts_apitoken": {"digest"},
    "accounts_invitation": {"nonce"},
    "accounts_legacycode": {"digest"},
    "accounts_signon": {"code_digest", "session_id", "spent_tokens"},
    "accounts_user": {"password"},
    "allauth_idp_oidc_client": {"data", "secret"},
    "allauth_idp_oidc_token": {"data", "hash"},
    "cache_limits": {"cache_key", "value"},
    "cache_pages": {"cache_key", "value"},
    "django_session": {"session_data", "session_key"},
    "mfa_authenticator": {"data"},
    "procrastinate_jobs": {"args"},
    "socialaccount_socialaccount": {"extra_data"},
    "socialaccount_socialapp": {"key", "secret"},
    "socialaccount_socialtoken": {"token", "token_secret"},
    "support_ticket": {"token"},
    "usersessions_usersession": {"data", "session_key"},
}

# A request names its context at its first change and completes it at the next ones, each in a
# transaction of its own: what it said stays, and nobody comes back to it later, but the owner's
# function that forgets old addresses (``config.forgetting``).
KEEP_CONTEXT = """
CREATE OR REPLACE FUNCTION keep_history_context() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.created_at = now() THEN
        RETURN NEW;
    ELSIF OLD.created_at < now() - interval '5 minutes' AND NEW.metadata <> OLD.metadata THEN
        IF current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class
                           WHERE oid = TG_RELID) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'pghistory_context: a past context does not change';
    END IF;
    NEW.metadata := NEW.metadata || jsonb_strip_nulls(OLD.metadata);
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER keep_history_context BEFORE UPDATE ON pghistory_context
    FOR EACH ROW EXECUTE FUNCTION keep_history_context();
"""

COLUMNS = """
SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position)
  FROM information_schema.columns
 WHERE table_schema = 'public' AND table_name IN (
       SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm'))
 GROUP BY table_name
"""


def append_only_tables() -> list[str]:
    """The journal, the replaced lines, and every history table of pghistory."""
    histories = [
        model._meta.db_table
        for model in apps.get_models()
        if getattr(model, "pgh_tracked_model", None) is not None
    ]
    return [*APPEND_ONLY, "pghistory_context", *histories]


def grant_roles() -> None:
    """Give each role what it needs and no more. Run by the owner after each migration."""
    grant_web_role()
    present = roles_present()
    if READER in present:
        grant_reader_role()
    if JOURNAL in present:
        grant_journal_role()


def roles_present() -> set[str]:
    """Of the roles that a deployment may do without, those that it made."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [[READER, JOURNAL, BACKUP]]
        )
        return {name for (name,) in cursor.fetchall()}


@transaction.atomic
def grant_web_role() -> None:
    """The site reads and writes; of the journal and the histories, it only reads and adds.

    pghistory completes a context by an UPDATE made with the role's own rights: a column is open to
    it, and a trigger keeps what was written there.
    """
    role = connection.ops.quote_name(settings.WEB_ROLE)
    tables = ", ".join(map(connection.ops.quote_name, append_only_tables()))
    _run(
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {tables} FROM {role}",
        KEEP_CONTEXT,
        f"GRANT UPDATE (metadata, updated_at) ON pghistory_context TO {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
        *purge_statements(role, UNCHANGED.get_pgid(Entry)),
        *forgetting_statements(role),
    )


@transaction.atomic
def grant_reader_role() -> None:
    """Who makes figures reads everything but what opens a door, and writes nothing."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        columns = dict(cursor.fetchall())
    plain = ", ".join(quote(table) for table in columns if table not in SECRET_COLUMNS)
    statements = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {READER}",
        f"GRANT USAGE ON SCHEMA public TO {READER}",
        f"GRANT SELECT ON {plain} TO {READER}",
    ]
    for table, secret in SECRET_COLUMNS.items():
        read = ", ".join(quote(name) for name in columns[table] if name not in secret)
        statements.append(f"GRANT SELECT ({read}) ON {quote(table)} TO {READER}")
    _run(*statements)


@transaction.atomic
def grant_journal_role() -> None:
    """Whoever keeps the journal reads it and adds to it, and sees nothing else."""
    tables = ", ".join(map(connection.ops.quote_name, append_only_tables()))
    _run(
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {JOURNAL}",
        f"GRANT USAGE ON SCHEMA public TO {JOURNAL}",
        f"GRANT SELECT, INSERT ON {tables} TO {JOURNAL}",
        f"REVOKE INSERT ON {', '.join(BY_FUNCTION)} FROM {JOURNAL}",
    )


def _run(*statements: str) -> None:
    """One after the other, by one process at a time: two that grant at once fail."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.GRANTS])
        for statement in statements:
            cursor.execute(statement)
