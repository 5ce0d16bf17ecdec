"""The roles of the database: shown, kept as the script of a deployment, made, and checked."""

import os

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from psycopg import sql

from config.database_roles import ROLES, script
from config.role_faults import role_faults

PATH = settings.BASE_DIR / "deploy" / "postgres" / "10-roles.sh"


class Command(BaseCommand):
    help = "Les rôles de la base\u00a0: les affiche, --apply les crée, --verify relit leurs droits."

    def add_arguments(self, parser):
        ways = parser.add_mutually_exclusive_group()
        ways.add_argument("--write", action="store_true", help="écrit deploy/postgres/10-roles.sh")
        ways.add_argument("--check", action="store_true", help="échoue si ce script a vieilli")
        ways.add_argument(
            "--apply",
            action="store_true",
            help="crée ou complète les rôles, avec le compte de DATABASE_ADMIN_URL",
        )
        ways.add_argument(
            "--verify", action="store_true", help="échoue si un rôle peut plus, ou moins"
        )

    def handle(self, *args, write, check, apply, verify, **options):
        if write:
            PATH.write_text(script(), encoding="utf-8")
            self.stdout.write(f"{PATH.relative_to(settings.BASE_DIR)} est à jour.")
        elif check:
            self._check()
        elif apply:
            self._apply()
        elif verify:
            self._verify()
        else:
            self.stdout.write(script())

    def _check(self):
        if PATH.read_text(encoding="utf-8") != script():
            raise CommandError(
                f"{PATH.name} a vieilli\u00a0: lancez manage.py database_roles --write."
            )

    def _apply(self):
        """Each role by itself: one that exists keeps what it has, and gets what it lacked."""
        address = os.environ.get("DATABASE_ADMIN_URL")
        if not address:
            raise CommandError(
                "Donnez DATABASE_ADMIN_URL, l’adresse d’un compte qui crée des rôles."
            )
        try:
            with psycopg.connect(address, autocommit=True) as connection:
                for role in ROLES:
                    made = make(connection, role)
                    self.stdout.write(f"{role.name}\u00a0: {'créé' if made else 'existait'}.")
        except psycopg.Error as failure:
            raise CommandError(f"PostgreSQL refuse\u00a0: {failure}") from failure

    def _verify(self):
        faults = role_faults()
        if faults:
            raise CommandError("Des droits ne sont pas ceux attendus\u00a0:\n" + "\n".join(faults))
        self.stdout.write("Chaque rôle a les droits attendus, et aucun autre.")


def make(connection, role):
    """Make the role if it lacks, then give its password and its delays. Whether it was made."""
    try:
        connection.execute(role.created)
        made = True
    except psycopg.errors.DuplicateObject:
        made = False
    for statement in role.settings:
        connection.execute(statement)
    password = os.environ.get(role.password) if role.password else None
    if password:
        # digested here: what a server writes of its statements never holds a password
        digest = connection.pgconn.encrypt_password(
            password.encode(), role.name.encode(), b"scram-sha-256"
        ).decode()
        words = sql.SQL("ALTER ROLE {} PASSWORD {}")
        connection.execute(words.format(sql.Identifier(role.name), sql.Literal(digest)))
    return made
