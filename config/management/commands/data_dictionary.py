"""Every column of the base, from the models: kept as docs/data-dictionary.md, checked by a test."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.dictionary.page import dictionary
from config.dictionary.personal import UndeclaredError

PATH = settings.BASE_DIR / "docs" / "data-dictionary.md"


class Command(BaseCommand):
    help = "Affiche le dictionnaire des données\u00a0; --write le range dans docs."

    def add_arguments(self, parser):
        parser.add_argument("--write", action="store_true", help="écrit docs/data-dictionary.md")
        parser.add_argument("--check", action="store_true", help="échoue si la page a vieilli")

    def handle(self, *args, write, check, **options):
        try:
            page = dictionary()
        except UndeclaredError as missing:
            raise CommandError(str(missing)) from missing
        if write:
            PATH.write_text(page, encoding="utf-8")
            self.stdout.write(f"{PATH.relative_to(settings.BASE_DIR)} est à jour.")
        elif check:
            if not PATH.exists() or PATH.read_text(encoding="utf-8") != page:
                raise CommandError(
                    "docs/data-dictionary.md a vieilli\u00a0: lancez "
                    "manage.py data_dictionary --write."
                )
        else:
            self.stdout.write(page)
