"""The nomenclatures that FINESS files and everything else refer to."""

from django.core.management.base import BaseCommand

from establishments.services.reference import load_territories


class Command(BaseCommand):
    help = "Charge les régions, départements, catégories, statuts et structures administratives."

    def handle(self, *args, **options):
        for what, count in load_territories().items():
            self.stdout.write(f"{what} : {count}")
