"""Prove that nothing sealed in the journal was changed, removed nor added."""

from itertools import islice
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from common.numbers import format_integer
from journal.sealing.standing import standing
from journal.sealing.verifying import Tally, findings

SHOWN = 20


class Command(BaseCommand):
    help = "Vérifie le journal contre ses sceaux, et contre les têtes notées hors de la base."

    def add_arguments(self, parser):
        parser.add_argument(
            "--heads",
            type=Path,
            metavar="FICHIER",
            help="le fichier journal-seals.jsonl, ou les journaux techniques du processus de "
            "tâches, tels que gardés ailleurs (par défaut, le fichier de DATA_DIR)",
        )

    def handle(self, *args, heads, **options):
        if not settings.JOURNAL_KEYS:
            raise CommandError(
                "La variable JOURNAL_KEY manque\u00a0: aucun sceau ne peut être relu."
            )
        if heads and not heads.is_file():
            raise CommandError(f"Le fichier {heads} n’existe pas.")
        path = heads or settings.JOURNAL_HEADS_FILE
        tally = Tally()
        with transaction.atomic():
            self.freeze()
            found = list(islice(findings(tally, path if path.is_file() else None), SHOWN))
            now = standing()
        if heads and not tally.heads and not found:
            raise CommandError(f"Le fichier {heads} ne contient aucune tête de chaîne.")
        for sentence in found:
            self.stderr.write(f"- {sentence}")
        if found:
            raise CommandError(f"Le journal n’est pas intact\u00a0: {found[0]}")
        self.tell(tally, now)

    def freeze(self):
        """One state of the database from end to end, while entries and seals are written."""
        with connection.cursor() as cursor:
            if not connection.savepoint_ids:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")

    def tell(self, tally, now):
        last = tally.last
        purged = f", {format_integer(tally.purged)} lots purgés" if tally.purged else ""
        self.stdout.write(
            f"Le journal est intact\u00a0: {format_integer(tally.entries)} entrées dans "
            f"{format_integer(tally.batches - tally.purged)} lots{purged}, "
            f"{format_integer(tally.heads)} têtes comparées."
        )
        if last:
            self.stdout.write(f"Dernier lot\u00a0: {last.number}, scellé le {moment(last.at)}.")
        if not tally.heads:
            self.stdout.write(
                "Aucune tête hors de la base\u00a0: une fin coupée ne se verrait pas (--heads)."
            )
        if now.waiting:
            late = " Le scellement est en retard." if now.is_late else ""
            self.stdout.write(
                f"Pas encore scellées\u00a0: {format_integer(now.waiting)} entrées, depuis le "
                f"{moment(now.since)}.{late}"
            )


def moment(at):
    return f"{timezone.localtime(at):%d/%m/%Y à %H\u00a0h\u00a0%M}"
