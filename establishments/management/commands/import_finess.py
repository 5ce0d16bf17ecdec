"""The FINESS directory, brought up to date from its files."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from establishments.finess.importing import TooManyClosuresError, import_files
from establishments.finess.records import FinessFileError
from establishments.finess.report import VERDICT_LABELS, Report
from establishments.finess.staging import Staging
from establishments.models import Region

STEP = 20_000
REMARKS = "SELECT file, line, finess, is_refusal, reason FROM staged_remark ORDER BY file, line"


class Command(BaseCommand):
    help = "Met à jour l’annuaire d’après des fichiers FINESS. Sans --apply, n’écrit rien."

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", type=Path, metavar="FICHIER")
        parser.add_argument("--apply", action="store_true", help="écrit les changements")
        parser.add_argument(
            "--allow-closures",
            action="store_true",
            help="accepte un fichier qui ferme plus de 2 %% des établissements",
        )

    def handle(self, *args, paths, apply, allow_closures, **options):
        for path in paths:
            if not path.is_file():
                raise CommandError(f"{path} : ce fichier n’existe pas.")
        try:
            report = import_files(
                {str(path): path for path in paths},
                apply=apply,
                allow_closures=allow_closures,
                progress=self.tell_progress,
                inspect=self.tell,
            )
        except (FinessFileError, TooManyClosuresError) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(self.conclusion(report, apply))

    def tell_progress(self, count):
        if count % STEP == 0:
            self.stdout.write(f"{count} lignes lues…")

    def tell(self, report: Report, staging: Staging):
        """Say what was read, each refused line, then what would change, by region."""
        units = {file.name: file.layout.unit for file in report.files}
        for file in report.files:
            made_on = f" du {file.made_on:%d/%m/%Y}" if file.made_on else ""
            self.stdout.write(f"{file.name} : {file.layout.value}{made_on}, {file.records} lignes.")
        with connection.cursor() as cursor:
            cursor.execute(REMARKS)
            for file, line, finess, is_refusal, reason in cursor:
                what = "refusé" if is_refusal else "remarque"
                self.stderr.write(
                    f"{file}, {units[file]} {line}, {finess or '?'} : {what}, {reason}."
                )
        names = dict(Region.objects.values_list("code", "name"))
        for code, counts in sorted(report.sites.items(), key=lambda item: names.get(item[0], "")):
            self.stdout.write(f"  {names.get(code, 'Sans région')} : {in_words(counts)}")
        self.stdout.write(f"Établissements : {in_words(report.site_totals)}.")
        self.stdout.write(f"Entités juridiques : {in_words(report.entity_totals)}.")

    def conclusion(self, report, apply):
        if apply:
            return "Rien à changer." if report.changes_nothing else "L’annuaire est à jour."
        warning = ""
        if report.closes_too_much:
            warning = " Plus de 2 % de l’annuaire serait fermé : il faudra --allow-closures."
        return f"Essai : rien n’est écrit, ajoutez --apply.{warning}"


def in_words(counts):
    told = (f"{count} {VERDICT_LABELS[verdict]}" for verdict, count in counts.items() if count)
    return ", ".join(told) or "rien"
