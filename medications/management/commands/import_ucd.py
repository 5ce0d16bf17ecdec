"""The nomenclature of medicines, brought up to date from the public tables."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from common.exports import write_csv
from medications.nomenclature.comparing import Verdict
from medications.nomenclature.importing import (
    RefusedLinesError,
    Report,
    import_nomenclature,
)
from medications.nomenclature.layouts import NomenclatureError

MOST_TOLD = 20
HEADERS = ("Ligne", "Sorte", "Code", "Libellé", "Verdict", "Détail")


class Command(BaseCommand):
    help = (
        "Met à jour la nomenclature d’après la table UCD de l’Assurance maladie, la table CIP_UCD "
        "ou la BDPM, reconnues d’elles-mêmes. Sans --apply, n’écrit rien."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, metavar="FICHIER")
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--apply", action="store_true", help="écrit les changements")
        choice.add_argument(
            "--dry-run", action="store_true", help="n’écrit rien (c’est aussi le cas sans option)"
        )
        parser.add_argument(
            "--without-refused", action="store_true", help="importe le reste sans elles"
        )
        parser.add_argument(
            "--replace-fictitious",
            action="store_true",
            help="dès demain, suit les UCD réelles à la place des fictives de même référence",
        )
        parser.add_argument("--report", type=Path, help="écrit le sort de chaque ligne (CSV)")

    def handle(self, *args, path, apply, without_refused, replace_fictitious, report, **options):
        if not path.is_file():
            raise CommandError(f"{path}\u00a0: ce fichier n’existe pas.")
        try:
            found = import_nomenclature(
                path,
                apply=apply,
                without_refused=without_refused,
                replace_fictitious=replace_fictitious,
            )
        except RefusedLinesError as refusal:
            self.tell_refused(refusal.report)
            raise CommandError(str(refusal)) from None
        except NomenclatureError as refusal:
            raise CommandError(str(refusal)) from None
        self.tell_refused(found)
        self.tell(found, replace_fictitious)
        if report:
            write_report(report, found)
        self.stdout.write(conclusion(found, apply=apply))

    def tell_refused(self, found: Report):
        for one in found.records.refused:
            self.stderr.write(one.sentence)

    def tell(self, found: Report, replace_fictitious: bool):
        self.stdout.write(f"{found.layout.label}, {found.records.lines} lignes.")
        for kind in ("UCD", "CIP13"):
            counts = found.comparison.counts(kind)
            told = [
                f"{count} {verdict}{'s' if count > 1 else ''}" for verdict, count in counts.items()
            ]
            if any(counts.values()):
                self.stdout.write(f"{kind}\u00a0: {', '.join(told)}.")
        self.stdout.write(f"Lignes refusées\u00a0: {len(found.records.refused.lines)}.")
        if found.records.odd_keys:
            self.stdout.write(
                f"Remarque\u00a0: {found.records.odd_keys} UCD dont la clé ne correspond pas."
            )
        changed = [one for one in found.outcomes if one.verdict is Verdict.CHANGED]
        for one in changed[:MOST_TOLD]:
            self.stdout.write(f"  ligne {one.line}, {one.kind} {one.code}\u00a0: {one.detail}")
        if len(changed) > MOST_TOLD:
            rest = len(changed) - MOST_TOLD
            self.stdout.write(f"  … et {rest} autres (--report les écrit toutes).")
        self.tell_replaced(found, replace_fictitious)

    def tell_replaced(self, found: Report, replace_fictitious: bool):
        if not found.replaced:
            return
        count = len(found.replaced)
        what = (
            "Produits fictifs remplacés" if replace_fictitious else "Produits fictifs à remplacer"
        )
        self.stdout.write(f"{what} (gardés avec leur historique)\u00a0: {count}.")
        for one in found.replaced[:MOST_TOLD]:
            self.stdout.write(f"  {one.sentence}")
        if not replace_fictitious:
            self.stdout.write("Ajoutez --replace-fictitious pour suivre les réels dès demain.")


def write_report(path: Path, found: Report) -> None:
    rows = (
        (one.line, one.kind, one.code, one.label, str(one.verdict), one.detail)
        for one in found.outcomes
    )
    with path.open("wb") as file:
        write_csv(file, HEADERS, rows)


def conclusion(found: Report, *, apply: bool) -> str:
    if not apply:
        return "Essai\u00a0: rien n’est écrit, ajoutez --apply."
    return "Rien à changer." if found.changes_nothing else "La nomenclature est à jour."
