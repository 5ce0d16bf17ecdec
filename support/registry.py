"""The indicators of assistance, as the registry explains them."""

from datetime import timedelta
from typing import Final

from common.indicators import Domain, Indicator, Medium, Shown, Worked
from support.usage import hours


def delay_example() -> Worked:
    found = hours([timedelta(hours=1), timedelta(hours=3), timedelta(hours=50)])
    return Worked("Trois réponses, en 1, 3 et 50 heures", f"{found}\u00a0heures")


INDICATORS: Final = (
    Indicator(
        slug="delai-reponse",
        label="Délai de première réponse de l’assistance",
        definition="Le temps dans lequel la moitié des demandes d’assistance a reçu sa première "
        "réponse.",
        formula="Médiane de (première réponse − ouverture), en heures, arrondie au-dessus",
        inputs=("Demandes d’assistance des trente derniers jours qui ont une réponse",),
        excluded="Les demandes sans réponse encore\u00a0; moins de cinq demandes n’est pas dit.",
        unit="heures",
        frequency="Compté chaque nuit",
        owner="Assistance",
        source="Statistiques publiques d’un service de l’État",
        code="support.usage.usage",
        domain=Domain.SERVICE,
        example=delay_example,
        shown=(
            Shown(Medium.SCREEN, "Statistiques d’usage", "steering:stats"),
            Shown(Medium.FILE, "Statistiques d’usage (CSV)", "steering:stats_file"),
        ),
    ),
)
