"""Which tables could be spread over servers: kept as docs/operations/distribution.md, by a test."""

from django.conf import settings
from django.core.management.base import BaseCommand

from config.distribution import distribution_table

PATH = settings.BASE_DIR / "docs" / "operations" / "distribution.md"
PREFACE = """# Les tables et leur établissement

Page faite par `manage.py distribution --write` d’après les modèles et vérifiée par un test\u00a0:
ne pas la modifier à la main. Elle prépare une répartition entre plusieurs serveurs (Citus, voir
[scale.md](scale.md))\u00a0: «\u00a0répartie\u00a0» a déjà la colonne `establishment_id`,
«\u00a0à rapprocher\u00a0» la trouverait par les clés obligatoires nommées\u00a0; les autres
seraient copiées partout (nomenclatures) ou resteraient sur le serveur de coordination (comptes,
journal, aide). Citus veut la colonne dans la clé primaire et dans chaque clé unique\u00a0: ce qui
ne l’a pas est nommé.

| Promesse | Commande qui la prouve | Dernière mesure (date, machine) |
| --- | --- | --- |
| Telle que les modèles la font | `tests/config/test_distribution.py` | à chaque `make test` |

"""


class Command(BaseCommand):
    help = "Affiche la place de chaque table\u00a0; --write la range dans docs/operations."

    def add_arguments(self, parser):
        parser.add_argument("--write", action="store_true", help="écrit la page")

    def handle(self, *args, write, **options):
        page = PREFACE + distribution_table()
        if write:
            PATH.write_text(page, encoding="utf-8")
        self.stdout.write(f"{PATH.name} est à jour." if write else page)
