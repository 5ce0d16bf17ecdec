"""Compute the summaries at once: after a load, or when the task worker is not there."""

from django.core.management.base import BaseCommand

from epi_stocks.summaries.refresh import declared_weeks, refresh_due_weeks, refresh_weeks


class Command(BaseCommand):
    help = "Recalcule les chiffres de la Visu des deux dernières semaines, ou de toutes (--all)."

    def add_arguments(self, parser):
        parser.add_argument(
            "--all", action="store_true", dest="every", help="toutes les semaines déclarées"
        )

    def handle(self, *args, every, **options):
        if every:
            done = [week for one in declared_weeks() for week in refresh_weeks([one])]
        else:
            done = refresh_due_weeks()
        self.stdout.write(f"Semaines recalculées : {len(done)}.")
