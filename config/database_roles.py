"""The roles of the database, told once: for the zero-install one, for a deployment, for its tests.

Without Django: `config/devdb` reads it before there are any settings to speak of. What each may do
with the tables is in `config/database.py`, given again after each migration.
"""

from dataclasses import dataclass, field

DATABASE = "stocks_sante"
OWNER, WEB, READER, JOURNAL = "stocks_owner", "stocks_web", "stocks_reader", "stocks_journal"
BACKUP = "stocks_backup"
ADMINISTRATOR = "postgres"


@dataclass(frozen=True, slots=True)
class DatabaseRole:
    """One role: whether one connects with it, from which variable comes its password, its delays.

    ``is_optional``: without its password it is made, but nobody connects with it. ``replicates``:
    it copies the server as a standby does, and reads no table.
    """

    name: str
    password: str = ""
    is_optional: bool = False
    replicates: bool = False
    delays: dict[str, str] = field(default_factory=dict)

    @property
    def created(self) -> str:
        login = "LOGIN" if self.password else "NOLOGIN"
        return f"CREATE ROLE {self.name} {login}{' REPLICATION' * self.replicates}"

    @property
    def settings(self) -> list[str]:
        return [
            f"ALTER ROLE {self.name} SET {name} = '{value}'" for name, value in self.delays.items()
        ]


ROLES = (
    DatabaseRole(OWNER, "OWNER_PASSWORD"),
    DatabaseRole(
        WEB,
        "WEB_PASSWORD",
        delays={
            "statement_timeout": "10s",
            "lock_timeout": "5s",
            "idle_in_transaction_session_timeout": "60s",
        },
    ),
    DatabaseRole(
        READER,
        "READER_PASSWORD",
        is_optional=True,
        delays={"default_transaction_read_only": "on", "statement_timeout": "60s"},
    ),
    DatabaseRole(BACKUP, "BACKUP_PASSWORD", is_optional=True, replicates=True),
    DatabaseRole(JOURNAL),  # given to whom keeps or ships the journal, and does nothing else
)


def trusting() -> tuple[str, ...]:
    """What makes them where nobody gives a password: own machine, tests. One statement each.

    The owner makes databases there, for the tests.
    """
    made = [statement for role in ROLES for statement in (role.created, *role.settings)]
    return (*made, f"ALTER ROLE {OWNER} CREATEDB")


SCRIPT_HEAD = """#!/bin/sh
# The roles of the application. Written by manage.py database_roles --write from
# config/database_roles.py, as the roles of the zero-install database: do not change it by hand.
set -eu
psql -v ON_ERROR_STOP=1 --username {administrator} --dbname postgres <<'SQL'
"""


def script() -> str:
    """The script that the image of PostgreSQL runs on an empty folder; run again, it adds."""
    lines = [line for role in ROLES for line in _of_script(role)]
    lines.append(
        _unless("pg_database", "datname", DATABASE, f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
    )
    return SCRIPT_HEAD.format(administrator=ADMINISTRATOR) + "\n".join(lines) + "\nSQL\n"


def _of_script(role: DatabaseRole) -> list[str]:
    lines = [_unless("pg_roles", "rolname", role.name, role.created)]
    if role.password:
        # read by psql itself: an argument would show in the list of processes
        variable = role.password.lower()
        value, is_told = f":'{variable}'", f":{{?{variable}}}"
        given = f"ALTER ROLE {role.name} PASSWORD {value};"
        lines.append(f"\\getenv {variable} {role.password}")
        # one not told stays as it was
        lines += [f"\\if {is_told}", given, "\\endif"] if role.is_optional else [given]
    return lines + [f"{one};" for one in role.settings]


def _unless(table: str, column: str, name: str, statement: str) -> str:
    return (
        f"SELECT '{statement}' WHERE NOT EXISTS"  # noqa: S608 - our own names
        f" (SELECT FROM {table} WHERE {column} = '{name}')\\gexec"
    )
