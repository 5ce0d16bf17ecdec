"""What a deployment runs before its web processes: migrate, cache tables, grants."""

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from common.locks import Lock
from config.database import grant_roles
from config.migrating.patience import again_when_locked, forget_unfinished_indexes, short_waits


class Command(BaseCommand):
    help = "Migre la base, crée les tables de cache, donne ses droits aux rôles."

    def handle(self, *args, **options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [Lock.PREPARATION])
        try:
            with short_waits():
                again_when_locked(lambda: self.prepare(options["verbosity"]), self.stderr.write)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [Lock.PREPARATION])
        self.stdout.write("La base est à jour.")

    def prepare(self, verbosity):
        forget_unfinished_indexes()
        call_command("migrate", verbosity=verbosity, interactive=False)
        call_command("createcachetable", verbosity=0)
        grant_roles()
