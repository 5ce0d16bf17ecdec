"""Those who sent the files of the old Médicaments domain become GF Dispostock [001]."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q

from accounts.backends import person_named
from accounts.models import Profile
from accounts.services.automatic import grant_former_gf
from common.identifiers import IdentifierError, normalize_finess
from common.tabular import ColumnSpec, Row, TabularError, read_table

COLUMNS = (
    ColumnSpec("email", "e-mail", ("email", "mail", "courriel", "adresse", "adresse électronique")),
    ColumnSpec("finess", "FINESS", ("n° finess", "numéro finess", "finess ej", "finess et")),
)


class Command(BaseCommand):
    help = (
        "Accorde GF e-Dispostock à qui tenait GF dans l’ancien domaine Médicaments, d’après un "
        "fichier à deux colonnes, e-mail et FINESS. Sans --write, n’écrit rien."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, metavar="FICHIER", help=".csv ou .xlsx")
        parser.add_argument("--write", action="store_true", help="accorde et prévient")

    def handle(self, *args, path, write, **options):
        rows = self.read(path)
        with transaction.atomic():
            outcomes = [self.give(row) for row in rows]
            if not write:
                transaction.set_rollback(True)
        given = sum(outcomes)
        written = "" if write else " Essai : rien n’est écrit, ajoutez --write."
        self.stdout.write(f"Lignes lues : {len(rows)}. Habilitations accordées : {given}.{written}")

    def read(self, path: Path) -> list[Row]:
        if not path.is_file():
            raise CommandError(f"{path} : ce fichier n’existe pas.")
        with path.open("rb") as file:
            try:
                return read_table(file, columns=COLUMNS, filename=path.name).rows
            except TabularError as refusal:
                raise CommandError(str(refusal)) from None

    def give(self, row: Row) -> int:
        """Give what the line tells; say what it lacks when it gives nothing."""
        try:
            profile = profile_of(str(row["email"] or ""), normalize_finess(row["finess"]))
        except (IdentifierError, LookupError) as refusal:
            self.stderr.write(f"Ligne {row.line_number} : {refusal}")
            return 0
        given = grant_former_gf(profile)
        told = ", ".join(map(str, given)) or "rien : déjà accordé, demandé, ou retiré depuis"
        self.stdout.write(f"Ligne {row.line_number}, {profile.user}, {profile} : {told}.")
        return len(given)


def profile_of(email: str, finess: str) -> Profile:
    """The profile in force of this person there; the sentence of LookupError says what lacks."""
    user = person_named(email)
    if user is None or not user.is_active:
        raise LookupError(f"« {email} » n’est l’adresse d’aucun compte : invitez la personne.")
    entity = Q(establishment__finess=finess) | Q(legal_entity__finess=finess)
    profile = Profile.objects.usable().filter(entity, user=user).select_related("user").first()
    if profile is None:
        raise LookupError(f"{user} n’a pas de profil actif sur {finess} : il faut le demander.")
    return profile
