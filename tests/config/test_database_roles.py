"""The roles of the database, each as itself: what it may, and what it never sees."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import dj_database_url
import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from config import devdb
from config.database import COLUMNS, SECRET_COLUMNS, append_only_tables, grant_roles
from config.database_roles import BACKUP, JOURNAL, OWNER, READER, ROLES, WEB, script, trusting
from config.journal_purge import SIGNATURE
from config.management.commands.database_roles import PATH
from config.role_faults import POWERS, role_faults

pytestmark = pytest.mark.django_db
REFUSED = psycopg.errors.InsufficientPrivilege
# a column so named holds what opens a door, unless it is told here why not
SUSPECT = re.compile(
    r"passw|secret|token|digest|nonce|session|hash|seal|verifier|otp|(^|_)key$|^data$|^args$|extra"
)
HARMLESS = {
    # digests of files and of rows, to recognise the same one twice
    "epi_stocks_inventoryimport.digest", "establishments_finessimport.digest",
    "orders_capacityimport.digest", "orders_invoicefile.digest", "orders_orderfile.csv_digest",
    "orders_orderfile.json_digest", "orders_logisticsreport.digest", "pui_transmission.digest",
    "steering_messagefile.digest",
    # of what is sealed, and which key sealed it; of a statement without its values
    "journal_seal.digest", "journal_seal.key", "journal_purge.key",
    "monitoring_slowstatement.digest",
    # a form sent twice is one order, one call of a machine one transmission
    "orders_order.token", "orders_orderevent.token", "orders_reception.token",
    "orders_receptionevent.token", "orders_claim.token", "orders_claimevent.token",
    "orders_claimmessage.token", "orders_deliveryaddress.key", "orders_deliveryaddressevent.key",
    "orders_logisticsreport.key", "orders_logisticsreportevent.key", "pui_transmission.key",
    "support_forumpost.token", "support_forumpostevent.token", "support_ticketmessage.token",
    # the second when a session began; when a digest was sent
    "steering_visit.session", "support_forumreader.digest_at",
}  # fmt: skip


def other_connection(role):
    """As another role of the same server, trusted there as in the zero-install database."""
    owner = connection.get_connection_params()
    url = dj_database_url.parse(settings.DATABASE_URL) if settings.DATABASE_URL else {}
    address = {key: owner[key] for key in ("host", "port", "dbname") if owner.get(key)}
    return psycopg.connect(**address, user=role, password=url.get("PASSWORD") or None)


@pytest.fixture
def reader(db):
    with other_connection(READER) as opened:
        yield opened
        opened.rollback()


def columns():
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        return {table: set(names) for table, names in cursor.fetchall()}


def refused(opened, statement):
    with pytest.raises(REFUSED):
        opened.execute(statement)
    opened.rollback()


def test_the_reader_reads_what_figures_are_made_of_and_no_secret(reader):
    assert reader.execute("SELECT count(*) FROM establishments_establishment").fetchone()
    assert reader.execute("SELECT count(id) FROM accounts_user").fetchone()
    for table, secret in SECRET_COLUMNS.items():
        for name in sorted(secret):
            refused(reader, f'SELECT "{name}" FROM "{table}"')  # noqa: S608 - our own names
        refused(reader, f'SELECT * FROM "{table}"')  # noqa: S608


@pytest.mark.session  # what it sets stays on the connection, which a pooler hands to the next
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO journal_entry DEFAULT VALUES",
        "UPDATE accounts_user SET first_name = ''",
        "DELETE FROM accounts_user",
        "TRUNCATE orders_order",
        "CREATE TABLE mine ()",
        "SET ROLE stocks_owner",
    ],
)
def test_the_reader_writes_nothing_even_when_it_asks_for_transactions_that_write(reader, statement):
    assert reader.execute("SHOW default_transaction_read_only").fetchone() == ("on",)
    reader.rollback()
    reader.execute("SET default_transaction_read_only = off")
    reader.commit()
    refused(reader, statement)


def test_whoever_keeps_the_journal_adds_to_it_and_sees_nothing_else():
    rights = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"]
    statement = """
        SELECT t.relname, r FROM pg_class AS t, unnest(%s::text[]) AS r
         WHERE t.relnamespace = 'public'::regnamespace AND t.relkind = 'r'
           AND has_table_privilege(%s, t.oid, r)"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [rights, JOURNAL])
        allowed = set(cursor.fetchall())
    kept = {(one, right) for one in append_only_tables() for right in rights[:2]}
    assert allowed == kept - {("journal_purge", "INSERT")}  # a function of the owner tells it


def test_the_rights_of_each_role_are_those_expected():
    assert role_faults() == []
    call_command("database_roles", verify=True)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            f"GRANT SELECT ON accounts_user TO {READER}",
            "lire accounts_user, de trop\u00a0: password",
        ),
        (f"GRANT UPDATE (reason) ON accounts_profile TO {READER}", "modifier accounts_profile"),
        (f"GRANT DELETE ON journal_entry TO {WEB}", "écrire journal_entry, de trop\u00a0: DELETE"),
        (
            f"GRANT UPDATE (at) ON journal_entry TO {WEB}",
            "modifier journal_entry, de trop\u00a0: at",
        ),
        (
            f"GRANT TRUNCATE ON orders_order TO {WEB}",
            "écrire orders_order, de trop\u00a0: TRUNCATE",
        ),
        (
            f"REVOKE INSERT ON journal_entry FROM {WEB}",
            "écrire journal_entry, il manque\u00a0: INSERT",
        ),
        (f"GRANT SELECT ON accounts_user TO {JOURNAL}", f"{JOURNAL}\u00a0: lire accounts_user"),
        (f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO {READER}", f"{READER}\u00a0: appeler purge_"),
        (f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO PUBLIC", f"{JOURNAL}\u00a0: appeler purge_"),
        (f"GRANT CREATE ON SCHEMA public TO {WEB}", f"{WEB}\u00a0: ce rôle a des pouvoirs de trop"),
        (f"ALTER FUNCTION {SIGNATURE} RESET search_path", "n’a pas son propre search_path"),
    ],
)
def test_a_right_too_many_or_too_few_is_told(statement, told):
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert [fault for fault in role_faults() if told in fault]
    with pytest.raises(CommandError, match="Des droits ne sont pas ceux attendus"):
        call_command("database_roles", verify=True)


def test_giving_the_rights_again_takes_back_what_was_added():
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT SELECT, UPDATE ON accounts_user TO {READER}")
    grant_roles()
    assert role_faults() == []


def test_every_column_whose_name_says_secret_is_kept_from_the_reader():
    suspect = {
        f"{table}.{name}"
        for table, names in columns().items()
        for name in names
        if SUSPECT.search(name) and name not in SECRET_COLUMNS.get(table, ())
    }
    assert suspect - HARMLESS == set()
    assert HARMLESS - suspect == set()


def test_one_truth_for_the_zero_install_database_and_the_deployment():
    call_command("database_roles", check=True)
    for role in ROLES:
        assert role.created in trusting()
        assert role.created in script()
        assert [one for one in role.settings if one not in script()] == []
    assert "CREATEDB" not in script()
    made = [role.name for role in ROLES if role.name in script()]
    assert made == [OWNER, WEB, READER, BACKUP, JOURNAL]
    assert "-v " not in script().replace("-v ON_ERROR_STOP", "")  # seen in the list of processes


@pytest.mark.parametrize(
    "statement",
    [
        f"GRANT {OWNER} TO {WEB}",
        f"GRANT pg_execute_server_program TO {WEB}",
        f"ALTER ROLE {WEB} REPLICATION",
        f"ALTER ROLE {WEB} CREATEDB",
    ],
)
def test_a_role_that_can_become_another_or_act_on_the_server_is_told(statement):
    with psycopg.connect(administrator()) as opened:
        opened.execute(statement)
        told = opened.execute(POWERS, {"roles": [WEB, BACKUP], "copies": BACKUP}).fetchall()
        opened.rollback()
    assert told == [(WEB,)]


def administrator():
    owner = connection.get_connection_params()
    words = {"user": "postgres", "dbname": "postgres"}
    return psycopg.conninfo.make_conninfo(
        **words, **{key: owner[key] for key in ("host", "port") if owner.get(key)}
    )


def test_making_them_again_is_of_no_consequence(monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_ADMIN_URL", administrator())
    call_command("database_roles", apply=True)
    assert capsys.readouterr().out.splitlines() == [
        f"{role.name}\u00a0: existait." for role in ROLES
    ]
    assert role_faults() == []


@pytest.fixture
def server(monkeypatch):
    """Another server than that of the tests: its passwords are of no consequence."""
    data = Path(tempfile.mkdtemp(prefix="stocks-sante-roles-"))
    devdb.ensure(data, durable=False)
    monkeypatch.setenv("PGHOST", str(devdb.socket_folder(data)))
    monkeypatch.setenv("PATH", f"{devdb.binaries()}{os.pathsep}{os.environ['PATH']}")
    for role in ROLES:
        monkeypatch.delenv(role.password or "NONE_PASSWORD", raising=False)
    yield psycopg.conninfo.make_conninfo(host=str(devdb.socket_folder(data)), user="postgres")
    devdb.stop(data)
    shutil.rmtree(data)


def passwords(address):
    with psycopg.connect(address) as opened:
        return dict(opened.execute("SELECT rolname, rolpassword FROM pg_authid").fetchall())


def test_a_password_that_is_not_told_again_stays(server, monkeypatch):
    words = ["sh", str(PATH)]
    for role in (OWNER, WEB, BACKUP):
        monkeypatch.setenv(f"{role.removeprefix('stocks_').upper()}_PASSWORD", f"of {role}")
    subprocess.run(words, check=True, capture_output=True)
    before = passwords(server)
    assert before[BACKUP].startswith("SCRAM-SHA-256$")
    assert before[READER] is None
    monkeypatch.delenv("BACKUP_PASSWORD")
    monkeypatch.setenv("WEB_PASSWORD", "another")
    subprocess.run(words, check=True, capture_output=True)
    after = passwords(server)
    assert after[BACKUP] == before[BACKUP]
    assert after[WEB] != before[WEB]


def test_the_log_of_the_server_never_holds_a_password(server, monkeypatch):
    with psycopg.connect(server) as opened:
        opened.execute("ALTER ROLE postgres SET log_statement = 'all'")
    monkeypatch.setenv("DATABASE_ADMIN_URL", server)
    monkeypatch.setenv("WEB_PASSWORD", "s3cret")
    call_command("database_roles", apply=True)
    log = (Path(os.environ["PGHOST"]) / "pg.log").read_text()
    assert "ALTER ROLE" in log
    assert "s3cret" not in log
    assert passwords(server)[WEB].startswith("SCRAM-SHA-256$")


def test_whoever_makes_them_must_say_who_they_are(monkeypatch):
    monkeypatch.delenv("DATABASE_ADMIN_URL", raising=False)
    with pytest.raises(CommandError, match="DATABASE_ADMIN_URL"):
        call_command("database_roles", apply=True)


def test_nobody_connects_as_the_keeper_of_the_journal():
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        other_connection(JOURNAL)
