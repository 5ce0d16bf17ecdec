"""What is told of the words themselves: the indicators, the nomenclature of the equipment."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.utils import timezone

from common.indicators import as_row, every_indicator
from epi_stocks.models import EpiItem
from pui.feeds.schema import Dictionary, Field
from steering.open_data.dataset import REQUIRED, Dataset, Row

INDICATORS: Final = Dictionary(
    name="indicateurs",
    title="Indicateurs de la plateforme et leurs définitions",
    description="Une ligne par indicateur.",
    version="1.0.0",
    fields=(
        Field(
            "identifiant",
            "Identifiant",
            "Celui des adresses\u00a0; ne change pas.",
            constraints=REQUIRED,
        ),
        Field("domaine", "Domaine", "De quoi il parle.", constraints=REQUIRED),
        Field("libelle", "Libellé", "Son nom.", constraints=REQUIRED),
        Field("definition", "Définition", "Ce qu’il dit.", constraints=REQUIRED),
        Field("formule", "Formule", "Comment il se calcule.", constraints=REQUIRED),
        Field("donnees", "Données", "À partir de quoi, séparées par des points-virgules."),
        Field("non_retenu", "Non retenu", "Ce qui n’est pas compté."),
        Field("unite", "Unité", "En quoi il se compte.", constraints=REQUIRED),
        Field("frequence", "Fréquence", "Quand il change.", constraints=REQUIRED),
        Field("responsable", "Responsable", "Qui en répond.", constraints=REQUIRED),
        Field("source", "Source", "D’où vient la règle."),
    ),
    key=("identifiant",),
)
EQUIPMENT: Final = Dictionary(
    name="nomenclature-epi",
    title="Nomenclature des équipements de protection",
    description="Une ligne par équipement, tailles de gants comprises.",
    version="1.0.0",
    fields=(
        Field("code", "Code", "Celui des autres fichiers.", constraints=REQUIRED),
        Field("libelle", "Libellé", "Au singulier.", constraints=REQUIRED),
        Field("pluriel", "Pluriel", "Au pluriel.", constraints=REQUIRED),
        Field("total_de", "Total", "Pour une taille, le code de son total."),
        Field("taille", "Sorte de taille", "Vide sans taille."),
        Field("compte_du", "Compté à partir du", "Vide\u00a0: pas encore compté.", "date"),
        Field("compte_au", "Compté jusqu’au", "Vide\u00a0: toujours compté.", "date"),
    ),
    key=("code",),
)


def today_alone(now: datetime) -> Sequence[date]:
    return [timezone.localdate(now)]


def indicator_rows(day: date) -> list[Row]:
    names = [one.name for one in INDICATORS.fields]
    return [[as_row(one)[name] for name in names] for one in every_indicator().values()]


def equipment_rows(day: date) -> list[Row]:
    rows = EpiItem.objects.select_related("parent").order_by("rank")
    return [
        (
            one.code,
            one.label,
            one.plural,
            one.parent.code if one.parent else None,
            one.get_size_kind_display() if one.size_kind else None,
            one.starts_on,
            one.ends_on,
        )
        for one in rows
    ]


ON_CHANGE: Final = "Quand une définition change"
DATASETS: Final = (
    Dataset(
        INDICATORS,
        today_alone,
        indicator_rows,
        "Définition, formule, données et responsable de chaque indicateur.",
        ON_CHANGE,
        "En vigueur depuis le",
        is_reference=True,
    ),
    Dataset(
        EQUIPMENT,
        today_alone,
        equipment_rows,
        "Codes et libellés des équipements suivis, et leurs dates.",
        ON_CHANGE,
        "En vigueur depuis le",
        is_reference=True,
    ),
)
