"""Start or stop the zero-install database by hand."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import devdb


class Command(BaseCommand):
    help = "Démarre ou arrête la base PostgreSQL sans installation (.data/)."

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["start", "stop"])

    def handle(self, *args, action, **options):
        if settings.IS_PRODUCTION:
            raise CommandError("DATABASE_URL est défini : la base n’est pas la nôtre à démarrer.")
        if action == "start":
            devdb.ensure(settings.DATA_DIR, durable=settings.DATABASES["default"]["DEVDB_DURABLE"])
            self.stdout.write("La base est prête.")
        else:
            stopped = devdb.stop(settings.DATA_DIR)
            self.stdout.write("La base est arrêtée." if stopped else "Aucune base à arrêter.")
