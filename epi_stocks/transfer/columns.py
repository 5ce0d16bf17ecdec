"""The columns of every inventory file, written and read back under the same headings."""

from common.tabular import ColumnSpec
from epi_stocks.models import InventoryLine
from epi_stocks.models.inventory import MEASURES

LABELS = {one: str(InventoryLine._meta.get_field(one).verbose_name) for one in MEASURES}

FINESS = ColumnSpec("finess", "FINESS", ("Numéro FINESS", "N° FINESS", "FINESS géographique"))
NAME = ColumnSpec("name", "Établissement", ("Raison sociale", "Nom"), required=False)
WEEK = ColumnSpec("week", "Semaine du", ("Semaine", "Lundi"), required=False)
ITEM = ColumnSpec("item", "Consommable", ("Équipement", "Article", "EPI"))
STOCK = ColumnSpec("stock", LABELS["stock"], ("Stock", "Stock utilisable", "Stock restant"))
DAILY = ColumnSpec(
    "daily", LABELS["daily"], ("Consommation quotidienne", "Consommation", "Consommation par jour")
)
SUPPLY = ColumnSpec(
    "supply",
    LABELS["supply"],
    ("Approvisionnement prévu", "Approvisionnement", "Livraison prévue"),
)
SAVED_AT = ColumnSpec("saved_at", "Enregistré le", required=False)

READ = (FINESS, NAME, WEEK, ITEM, STOCK, DAILY, SUPPLY, SAVED_AT)
TEMPLATE_HEADERS = [one.header for one in (FINESS, NAME, ITEM, STOCK, DAILY, SUPPLY)]
EXPORT_HEADERS = [one.header for one in READ]

NOTES = [
    "Une ligne par établissement et par consommable. Gardez la première ligne, celle des titres.",
    "Case vide : ne change rien à ce qui est déjà saisi. 0 : il n’y en a plus.",
    "Les quantités sont des nombres entiers d’unités, jamais de boîtes.",
    "Gants : remplissez la ligne « Gants » ou les lignes par taille, jamais les deux.",
    "Le numéro FINESS est celui de l’établissement géographique, en texte : ses zéros comptent.",
    "Rien n’est enregistré avant que vous ayez vu le contrôle du fichier et confirmé.",
]
