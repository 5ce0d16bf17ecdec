"""Who may use each address, from the code itself: kept as docs/access.md and checked by a test."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.routes import access_table

PATH = settings.BASE_DIR / "docs" / "access.md"
PREFACE = """# Qui peut ouvrir quelle adresse

Page faite par `manage.py access --write` à partir du code et vérifiée par un test : ne pas la
modifier à la main. Une adresse est publique, ouverte à tout compte, ou réservée à qui peut faire
une action de la matrice des droits. Les lettres disent jusqu’où : P les sites de l’entité du
profil, J tous les sites de son entité juridique, C l’entité qui commande, D le département,
R la région, A des totaux seulement, N le pays, F ce qui est adressé à l’opérateur.

"""


class Command(BaseCommand):
    help = "Affiche la table des adresses, des actions et des rôles ; --write la range dans docs."

    def add_arguments(self, parser):
        parser.add_argument("--write", action="store_true", help="écrit docs/access.md")
        parser.add_argument("--check", action="store_true", help="échoue si la page a vieilli")

    def handle(self, *args, write, check, **options):
        page = PREFACE + access_table()
        if write:
            PATH.parent.mkdir(exist_ok=True)
            PATH.write_text(page, encoding="utf-8")
            self.stdout.write(f"{PATH.relative_to(settings.BASE_DIR)} est à jour.")
        elif check:
            if not PATH.exists() or PATH.read_text(encoding="utf-8") != page:
                raise CommandError("docs/access.md a vieilli : lancez manage.py access --write.")
        else:
            self.stdout.write(page)
