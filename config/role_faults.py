"""What the roles may do in the database one is connected to, against what they should."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from config.database import BY_FUNCTION, COLUMNS, SECRET_COLUMNS, append_only_tables, roles_present
from config.database_roles import BACKUP, JOURNAL, READER

WRITES = ["INSERT", "DELETE", "TRUNCATE"]
# columns that pghistory completes, which a trigger keeps
COMPLETED = {"pghistory_context": {"metadata", "updated_at"}}
RIGHTS = """
SELECT t.relname,
       ARRAY(SELECT one FROM unnest(%(writes)s::text[]) AS one
              WHERE has_table_privilege(%(role)s, t.oid, one)),
       ARRAY(SELECT a.attname::text FROM pg_attribute AS a
              WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
                AND has_column_privilege(%(role)s, t.oid, a.attnum, 'SELECT')),
       ARRAY(SELECT a.attname::text FROM pg_attribute AS a
              WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
                AND has_column_privilege(%(role)s, t.oid, a.attnum, 'UPDATE'))
  FROM pg_class AS t
 WHERE t.relnamespace = 'public'::regnamespace AND t.relkind IN ('r', 'p', 'v', 'm')
"""
# those of the server, those of a role that it can become, and that of making tables where functions
# of the owner look for theirs
POWERS = """
SELECT rolname FROM pg_roles AS one
 WHERE rolname = ANY(%(roles)s) AND (
       rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls
       OR rolreplication AND rolname <> %(copies)s
       OR has_schema_privilege(rolname, 'public', 'CREATE')
       OR EXISTS (SELECT FROM pg_auth_members WHERE member = one.oid))
"""
# what runs with the rights of the owner: whom else than the site it obeys, and where it looks
DOORS = """
SELECT p.oid::regprocedure::text,
       ARRAY(SELECT one FROM unnest(%(others)s::text[]) AS one
              WHERE has_function_privilege(one, p.oid, 'EXECUTE')),
       EXISTS (SELECT FROM unnest(p.proconfig) AS one WHERE one LIKE 'search_path=%%')
  FROM pg_proc AS p
 WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
"""


def role_faults() -> list[str]:
    """One sentence for each right that a role has too much, or lacks."""
    kept, present = set(append_only_tables()), roles_present()
    missing = sorted({READER, JOURNAL, BACKUP} - present)
    faults = [
        f"{name}\u00a0: ce rôle n’existe pas (manage.py database_roles --apply)" for name in missing
    ]
    faults += _powers([settings.WEB_ROLE, *present])
    faults += _doors(sorted(present))
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        columns = {table: set(names) for table, names in cursor.fetchall()}
    faults += _of(settings.WEB_ROLE, lambda table: _of_web(table, kept, columns))
    if READER in present:
        faults += _of(READER, lambda table: _of_reader(table, columns))
    if JOURNAL in present:
        faults += _of(JOURNAL, lambda table: _of_journal(table, kept, columns))
    if BACKUP in present:
        faults += _of(BACKUP, lambda table: (set(), set(), set()))
    return faults


def _of_web(table, kept, columns):
    everything = columns[table]
    if table in kept:
        return _added(table), everything, COMPLETED.get(table, set())
    if table == "django_migrations":
        return set(), everything, set()
    return {"INSERT", "DELETE"}, everything, everything


def _of_reader(table, columns):
    return set(), columns[table] - SECRET_COLUMNS.get(table, set()), set()


def _of_journal(table, kept, columns):
    return (_added(table), columns[table], set()) if table in kept else (set(), set(), set())


def _added(table):
    return set() if table in BY_FUNCTION else {"INSERT"}


def _of(role, expected) -> Iterator[str]:
    """What it writes, reads, changes on each table: the sentences of what differs."""
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS, {"role": role, "writes": WRITES})
        rows = cursor.fetchall()
    for table, written, read, changed in rows:
        writes, readable, changeable = expected(table)
        yield from _told(role, table, "écrire", set(written), writes)
        yield from _told(role, table, "lire", set(read), readable)
        yield from _told(role, table, "modifier", set(changed), changeable)


def _told(role, table, verb, has, wanted) -> Iterator[str]:
    if has - wanted:
        yield f"{role}\u00a0: {verb} {table}, de trop\u00a0: {', '.join(sorted(has - wanted))}"
    if wanted - has:
        yield f"{role}\u00a0: {verb} {table}, il manque\u00a0: {', '.join(sorted(wanted - has))}"


def _powers(roles) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(POWERS, {"roles": roles, "copies": BACKUP})
        return [
            f"{name}\u00a0: ce rôle a des pouvoirs de trop, du serveur ou d’un autre rôle"
            for (name,) in cursor.fetchall()
        ]


def _doors(others) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(DOORS, {"others": others})
        rows = cursor.fetchall()
    for name, obeyed, looks_where_told in rows:
        yield from (f"{role}\u00a0: appeler {name}, de trop" for role in obeyed)
        if not looks_where_told:
            yield f"{name}\u00a0: cette fonction du propriétaire n’a pas son propre search_path"
