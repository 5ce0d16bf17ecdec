"""The columns of every file of stocks: read under many names, written under one."""

import re

from common.tabular import ColumnSpec
from common.tabular.header import key_of

UCD = ColumnSpec(
    "ucd",
    "UCD",
    (
        *("Code UCD", "UCD7", "UCD 7", "Code UCD7", "CodeUCD", "CodeUCD7", "UCD13", "UCD 13"),
        *("Code UCD13", "Code UCD 13", "CodeUCD13", "N° UCD", "Autre UCD", "Autres UCD"),
        *("UCD alternatif", "UCD alternative", "UCD2", "UCD 2", "Référence UCD"),
        *("Code", "Codes", "Code produit", "Code article", "Référence"),
    ),
)
CIP = ColumnSpec(
    "cip", "CIP13", ("CIP", "CIP 13", "Code CIP", "Code CIP13", "CodeCIP", "CodeCIP13")
)
LABEL = ColumnSpec(
    "label",
    "Libellé",
    (
        *("Produit", "Nom produit", "Nom du produit", "Libellé produit", "Libellé du produit"),
        *("Libellé UCD", "LibelleUCD", "Désignation", "Spécialité", "Article", "Médicament"),
        *("Libellé article", "Dénomination", "Nom", "Nom commercial"),
    ),
)
STOCK = ColumnSpec(
    "stock",
    "Quantité en stock",
    (
        *("Stock", "Qté", "Quantité", "Qté en stock", "Qté stock", "Quantité stock", "Stocks"),
        *("Stock disponible", "Stock total", "Stock actuel", "Stock en UCD", "Stock UCD"),
        *("Quantité disponible", "Stock réel", "Stock physique", "Qte stock", "Stock du jour"),
    ),
)
DAILY = ColumnSpec(
    "daily",
    "Consommation moyenne journalière",
    (
        *("CMJ", "Conso", "Consommation", "Conso jour", "Conso/jour", "Conso journalière"),
        *("Conso par jour", "Conso/j", "Consommation/j", "CMJ UCD", "CMJ (UCD)"),
        *("Consommation journalière", "Consommation moyenne", "Consommation par jour"),
        *("Consommation quotidienne", "Conso moyenne journalière", "Conso moyenne", "Conso moy"),
        *("Consommation moyenne journalière (CMJ)", "CMJ (UCD/jour)", "Conso moy jour"),
        *("Consommation/jour", "Consommation moyenne/jour", "Consommation moyenne par jour"),
    ),
)
EXPIRY = ColumnSpec(
    "expiry",
    "Péremption la plus proche",
    (
        *("Péremption", "Péremptions", "Date de péremption", "Date péremption", "Dates péremption"),
        *("Prochaine péremption", "Péremption proche", "Première péremption"),
        *("Date de péremption la plus proche", "Péremption mini", "Péremption minimale"),
        *("DLU", "DLUO", "DLC", "Date limite", "Date limite d’utilisation", "Date limite usage"),
        *("Date d’expiration", "Date expiration", "Expiration", "Expire le", "Périme le"),
        *("Expiry", "Expiry date", "Exp", "Date exp", "Nearest expiry"),
    ),
)
FINESS = ColumnSpec(
    "finess",
    "FINESS",
    (
        *("N° FINESS", "Numéro FINESS", "FINESS géographique", "FINESS ET", "FINESS EJ"),
        *("FINESS juridique", "Code FINESS", "FINESS établissement", "FINESS PUI"),
        "FINESS du site",
    ),
)
VIRTUAL = ColumnSpec(
    "virtual",
    "Médicament virtuel",
    ("Medicament virtuel maPUI", "Virtuel", "Libellé virtuel", "Code virtuel"),
)
SUBSTANCE = ColumnSpec("substance", "DCI", ("Molécule", "Molecule", "Principe actif", "Substance"))
STRENGTH = ColumnSpec("strength", "Dosage", ("Concentration", "Dosage unitaire", "Force"))

READ = (UCD, CIP, LABEL, STOCK, DAILY, EXPIRY, FINESS, VIRTUAL, SUBSTANCE, STRENGTH)
LABELS = {spec.name: spec.header for spec in READ}
ASKED = (UCD, LABEL, STOCK, DAILY, EXPIRY)  # those a person names when they are not recognised
REPEATED = frozenset({UCD.name, FINESS.name, LABEL.name})  # may stand several times on a line
ROLES = {key_of(text): spec.name for spec in READ for text in (spec.header, *spec.synonyms)}

# What our own files carry: read back, they say the same.
OF_LINES = (STOCK.header, DAILY.header, EXPIRY.header, FINESS.header)
WRITTEN = ("UCD", "UCD13", LABEL.header, *OF_LINES)
# The same of a transmission of maPUI: one line per « médicament virtuel », without any code.
WRITTEN_VIRTUAL = (VIRTUAL.header, *OF_LINES)
# Codes of the house's own as often as UCDs: read as UCDs when no other column is.
VAGUE = frozenset(map(key_of, ("Code", "Codes", "Code produit", "Code article", "Référence")))
_DATED = re.compile(r" (?:(?:au|du|le) )?[0-9]+(?: [0-9]+)*$")


def role_of(header: str) -> str:
    """What a column holds, by its header alone; nothing when it is not one of ours.

    « Stock au 17/11/2020 » is « Stock »: next week's file says another day.
    """
    key = key_of(header)
    return ROLES.get(key) or ROLES.get(_DATED.sub("", key), "")


def is_vague(header: str) -> bool:
    return key_of(header) in VAGUE
