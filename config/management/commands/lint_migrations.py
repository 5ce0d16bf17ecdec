"""Hold the migrations to the rules of a deployment without interruption."""

from django.core.management.base import BaseCommand, CommandError

from config.migrating.reading import all_faults


class Command(BaseCommand):
    help = "Refuse une migration qui ferait attendre les personnes (docs/operations/migrations.md)."
    requires_system_checks = []

    def handle(self, *args, **options):
        found = [f"{one.app_label}.{one.name}\u00a0: {fault}" for one, fault in all_faults()]
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write("Les migrations ne font attendre personne.")
