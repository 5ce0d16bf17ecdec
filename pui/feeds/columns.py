"""The columns of the daily snapshot, in order: the file, its Table Schema and the page agree."""

from typing import Final

from common.cover import Level
from medications.models import MonitoredList, Product
from pui.feeds.schema import Dictionary, Field

REQUIRED: Final = {"required": True}
FINESS: Final = {"pattern": "[0-9][0-9A-Z][0-9]{7}"}
NOT_NEGATIVE: Final = {"minimum": 0}

DAY = Field("date_releve", "Jour du relevé", "Jour où le relevé a été fait.", "date", REQUIRED)
PLACE_FIELDS = (
    Field("region", "Région", "Code INSEE de la région\u00a0; vide sans ARS."),
    Field("region_nom", "Nom de la région", "Nom de la région."),
    Field("departement", "Département", "Code INSEE du département."),
    Field("finess_ej", "FINESS EJ", "Entité juridique de la PUI.", constraints=REQUIRED | FINESS),
    Field("finess_et", "FINESS ET", "Site où la PUI est implantée.", constraints=REQUIRED | FINESS),
    Field("etablissement", "Établissement", "Nom du site.", constraints=REQUIRED),
    Field("pui_id", "Numéro de la PUI", "Numéro stable de la PUI.", "integer", REQUIRED),
    Field("pui", "PUI", "Libellé de la PUI.", constraints=REQUIRED),
)
PRODUCT_FIELDS = (
    Field(
        "liste",
        "Liste suivie",
        "Liste qui suit le produit ce jour-là.",
        constraints=REQUIRED | {"enum": MonitoredList.Slug.values},
    ),
    Field(
        "priorite",
        "Priorité",
        "1\u00a0: priorité nationale 1\u00a0; 3\u00a0: la plus basse.",
        "integer",
        REQUIRED | {"minimum": 1, "maximum": 3},
    ),
    Field(
        "code",
        "Code du produit",
        "Code UCD à 7 chiffres\u00a0; code propre d’un dispositif ou d’un médicament virtuel.",
        constraints=REQUIRED,
    ),
    Field(
        "ucd13",
        "UCD13",
        "Code UCD à 13 chiffres\u00a0; vide pour ce qui n’a pas d’UCD.",
        constraints={"pattern": "[0-9]{13}"},
    ),
    Field("libelle", "Libellé", "Libellé du produit.", constraints=REQUIRED),
    Field(
        "sorte", "Sorte", "Sorte de produit.", constraints=REQUIRED | {"enum": Product.Kind.labels}
    ),
    Field(
        "ucd_reference", "UCD de référence", "Une DCI à un dosage\u00a0; vide sans regroupement."
    ),
    Field("dci", "DCI", "Dénomination commune internationale."),
    Field("atc", "ATC", "Code ATC."),
    Field("unite", "Unité", "Ce qui est compté\u00a0: ampoule, flacon…"),
)
STOCK_FIELDS = (
    Field("echeance", "Échéance", "Échéance de la dernière déclaration.", "date", REQUIRED),
    Field("transmis_le", "Transmis le", "Heure de Paris, avec son décalage.", "datetime", REQUIRED),
    Field(
        "a_jour",
        "À jour",
        "Déclaré à la dernière échéance passée de la liste, ou à une plus récente.",
        "boolean",
        REQUIRED,
    ),
    Field(
        "stock",
        "Stock",
        "En unités. Vide\u00a0: non déclaré\u00a0; 0\u00a0: aucun.",
        "number",
        NOT_NEGATIVE,
    ),
    Field(
        "conso_jour",
        "Consommation par jour",
        "Consommation moyenne journalière, en unités. Vide\u00a0: non déclarée.",
        "number",
        NOT_NEGATIVE,
    ),
    Field(
        "couverture_jours",
        "Jours de couverture",
        "Stock ÷ consommation, au dixième inférieur\u00a0; vide quand il n’a pas de sens.",
        "number",
        NOT_NEGATIVE,
    ),
    Field(
        "classe",
        "Classe",
        "Rupture (moins de 1 jour), critique (7), tendue (21), suffisante.",
        constraints=REQUIRED | {"enum": Level.values},
    ),
    Field(
        "peremption",
        "Péremption la plus proche",
        "Celle des unités en stock qui périment en premier. Vide\u00a0: non déclarée.",
        "date",
    ),
)
SNAPSHOT = Dictionary(
    name="releve-stocks-pui",
    title="Relevé quotidien des stocks des pharmacies à usage intérieur",
    description="Une ligne par PUI ouverte et par produit suivi\u00a0: le dernier stock déclaré.",
    version="1.1.0",
    fields=(DAY, *PLACE_FIELDS, *PRODUCT_FIELDS, *STOCK_FIELDS),
    key=("date_releve", "pui_id", "code"),
)
