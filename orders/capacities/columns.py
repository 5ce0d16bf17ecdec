"""The columns of every file of capacities, written and read back under the same headings."""

from typing import Final

from common.tabular import ColumnSpec, Limits
from orders.models import Basis

FINESS: Final = ColumnSpec("finess", "FINESS", ("Numéro FINESS", "N° FINESS", "FINESS ET"))
NAME: Final = ColumnSpec("name", "Établissement", ("Raison sociale", "Nom"), required=False)
NUMBERS: Final = {
    Basis.BED: ColumnSpec("bed", "Lits", ("Nombre de lits",), required=False),
    Basis.PLACE: ColumnSpec("place", "Places", ("Nombre de places",), required=False),
    Basis.PROFESSIONAL: ColumnSpec(
        "professional", "Professionnels", ("Nombre de professionnels", "Effectif"), required=False
    ),
}
DAY: Final = ColumnSpec("as_of", "Date", ("Au", "Connu au", "Date de validité"))
SOURCE: Final = ColumnSpec("source", "Source", required=False)
READ: Final = (FINESS, NAME, *NUMBERS.values(), DAY, SOURCE)
TEMPLATE_HEADERS: Final = [one.header for one in (FINESS, NAME, *NUMBERS.values(), DAY)]
EXPORT_HEADERS: Final = [one.header for one in READ]
LIMITS: Final = Limits(max_rows=60_000)  # the whole country, a line an establishment

NOTES: Final = [
    "Une ligne par établissement. Gardez la première ligne, celle des titres.",
    "FINESS\u00a0: le numéro de l’établissement (ET), en texte\u00a0: ses zéros comptent.",
    "Lits, places, professionnels\u00a0: des nombres entiers. Case vide\u00a0: ne change rien. "
    "0\u00a0: il n’y en a pas.",
    "Date\u00a0: le jour où ces nombres étaient vrais, par exemple 31/12/2025.",
    "Un nombre plus ancien que celui déjà connu est refusé.",
    "Rien n’est enregistré avant que vous ayez lu ce qui change et confirmé.",
]
