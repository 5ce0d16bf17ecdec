"""The columns of the open data: the file, its Table Schema and the page agree."""

from typing import Final

from medications.models import MonitoredList
from pui.feeds.schema import Dictionary, Field

REQUIRED: Final = {"required": True}
NOT_NEGATIVE: Final = {"minimum": 0}
COUNTRY: Final = "FR"
WITHOUT_REGION: Final = "00"
SCALES: Final = ("pays", "region")
MASKED: Final = "vide quand la ligne est secrète"

OPEN_STOCKS = Dictionary(
    name="stocks-pui",
    title="Stocks de médicaments des pharmacies à usage intérieur, par région",
    description="Une ligne par liste suivie, échéance, région (puis France entière) et UCD de "
    "référence.",
    version="1.0.0",
    fields=(
        Field(
            "liste",
            "Liste suivie",
            "Liste que les pharmacies déclarent.",
            constraints=REQUIRED | {"enum": MonitoredList.Slug.values},
        ),
        Field("echeance", "Échéance", "Jour de la déclaration attendue.", "date", REQUIRED),
        Field(
            "echelle",
            "Échelle",
            "pays\u00a0: la somme des régions.",
            constraints=REQUIRED | {"enum": list(SCALES)},
        ),
        Field(
            "region",
            "Région",
            "Code INSEE\u00a0; FR\u00a0: France entière\u00a0; 00\u00a0: territoires sans ARS.",
            constraints=REQUIRED,
        ),
        Field("region_nom", "Nom de la région", "Nom de la région.", constraints=REQUIRED),
        Field(
            "ucd_reference",
            "UCD de référence",
            "Une DCI à un dosage\u00a0; le libellé d’un produit sans regroupement.",
            constraints=REQUIRED,
        ),
        Field("dci", "DCI", "Dénomination commune internationale.", constraints=REQUIRED),
        Field("unite", "Unité", "Ce qui est compté\u00a0: ampoule, flacon…"),
        Field("secret", "Secret", "Les chiffres de la ligne sont secrets.", "boolean", REQUIRED),
        Field(
            "pui_declarantes",
            "PUI déclarantes",
            f"Pharmacies qui ont déclaré stock et consommation\u00a0; {MASKED}.",
            "integer",
            {"minimum": 1},
        ),
        Field("stock", "Stock", f"Somme, en unités\u00a0; {MASKED}.", "number", NOT_NEGATIVE),
        Field(
            "conso_jour",
            "Consommation par jour",
            f"Somme des consommations moyennes journalières, en unités\u00a0; {MASKED}.",
            "number",
            NOT_NEGATIVE,
        ),
        Field(
            "couverture_jours",
            "Jours de couverture",
            "Stock ÷ consommation, au dixième inférieur\u00a0; vide sans consommation, ou "
            f"{MASKED.removeprefix('vide ')}.",
            "number",
            NOT_NEGATIVE,
        ),
        Field("publie_le", "Publié le", "Jour de la publication.", "date", REQUIRED),
    ),
    key=("liste", "echeance", "region", "ucd_reference"),
)
