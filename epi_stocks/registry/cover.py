"""How long the protective equipment lasts: days of cover, their classes, what they count."""

from decimal import Decimal
from functools import partial
from typing import Final

from common.cover import CoverOfSums, level
from common.indicators import Domain, Indicator, Threshold, Worked, cover_limits
from common.weeks import current_week
from epi_stocks.calendar import calendar_of
from epi_stocks.dashboard.figures import Figures, days_text, doubtful_text, weeks_before_text
from epi_stocks.dashboard.reading import middle
from epi_stocks.indicators import thresholds_on
from epi_stocks.registry.places import (
    CELL,
    GRID,
    HOME,
    KEPT,
    OPEN,
    OPENING,
    PLACES,
    SITES,
    VISU,
    WATCH,
)

EXAMPLE: Final = Figures(
    lines=108, shortage=3, critical=5, tense=12, sufficient=80, carried=6, doubtful=2
)
BOTH: Final = (
    "«\u00a0Stock utilisable restant (en unité)\u00a0» de chaque établissement",
    "«\u00a0Consommation quotidienne anticipable cette semaine\u00a0» de chaque établissement",
)
LEFT_OUT: Final = (
    "Les établissements dont le stock ou la consommation est vide\u00a0; les sites couverts par la "
    "déclaration d’un autre, pour ne pas compter deux fois\u00a0; les valeurs trop anciennes pour "
    "être reprises."
)
equipment = partial(
    Indicator, domain=Domain.EQUIPMENT, owner=CELL, frequency=KEPT, history=(OPENING,)
)


def cover_example() -> Worked:
    sums = CoverOfSums(stock=1200, daily=100), CoverOfSums(stock=300, daily=50)
    whole = CoverOfSums(sum(one.stock for one in sums), sum(one.daily for one in sums))
    apart = " et ".join(days_text(one.days) for one in sums)
    return Worked(
        "Deux établissements\u00a0: 1\u202f200 unités et 100 par jour, 300 unités et 50 par jour "
        f"(chacun seul\u00a0: {apart})",
        days_text(whole.days),
    )


def level_example() -> Worked:
    found = level(650, 100, thresholds_on(current_week())[None])
    return Worked("650 unités pour 100 par jour", str(found.label))


def shortage_example() -> Worked:
    found = level(0, None)
    return Worked("Stock à 0, consommation vide", str(found.label))


def under_alert_example() -> Worked:
    return Worked(
        "3 en rupture, 5 critiques, 12 tendus, 80 suffisants, 8 inconnus",
        f"{EXAMPLE.under_alert} sur {EXAMPLE.known} connus",
    )


def median_example() -> Worked:
    days = (20, 50, 90, 300, 600)  # in tenths
    found = Decimal(middle(days) or 0) / 10
    return Worked("Cinq établissements\u00a0: 2, 5, 9, 30 et 60 jours", days_text(found))


def quantity_example() -> Worked:
    whole = Figures(stock=1200) + Figures(stock=None) + Figures(stock=0)
    return Worked("1\u202f200, une case vide et un 0", f"{whole.stock_text} unités")


def carried_example() -> Worked:
    weeks = calendar_of(current_week()).carried_weeks
    return Worked(
        f"6 valeurs de {weeks_before_text(weeks)}, sur 108",
        f"{EXAMPLE.carried} sur {EXAMPLE.lines} reprises",
    )


def doubtful_example() -> Worked:
    return Worked("Deux saisies inhabituelles sur 108", doubtful_text(EXAMPLE.doubtful))


def limits() -> list[Threshold]:
    return cover_limits(thresholds_on(current_week())[None])


def carrying() -> list[Threshold]:
    weeks = calendar_of(current_week()).carried_weeks
    return [Threshold("Reprise au plus", f"{weeks}\u00a0semaines en arrière")]


COVER: Final = (
    equipment(
        slug="couverture-epi",
        label="Jours de couverture d’un équipement",
        definition="Combien de jours le stock utilisable tiendrait à la consommation annoncée. "
        "Pour un territoire, c’est un rapport de sommes et non une moyenne des couvertures\u00a0: "
        "un petit site très pourvu ne cache pas un grand site qui manque.",
        formula="Somme des stocks utilisables ÷ somme des consommations quotidiennes, au dixième "
        "de jour inférieur",
        inputs=BOTH,
        excluded=LEFT_OUT,
        unit="jours",
        source="Mode d’emploi d’EPI-Stocks\u00a0; seuil d’alerte de 21 jours",
        code="common.cover.days_of_cover",
        example=cover_example,
        shown=(VISU, PLACES, SITES, HOME, WATCH, GRID, OPEN),
        thresholds=limits,
        related=("classe-epi", "mediane-epi", "report-epi"),
    ),
    equipment(
        slug="classe-epi",
        label="Classe de tension d’un équipement",
        definition="Le mot qui dit l’urgence\u00a0: rupture, critique, tendue ou suffisante. Un "
        "stock de 0 est une rupture même quand la consommation est vide\u00a0; une consommation de "
        "0 est «\u00a0sans consommation\u00a0», même sans stock.",
        formula="Jours de couverture comparés aux seuils en force le lundi de la semaine",
        inputs=BOTH,
        excluded="Un stock vide\u00a0: la classe est «\u00a0inconnue\u00a0».",
        unit="classe",
        source="Seuils nationaux datés, réglés par la cellule nationale",
        code="common.cover.level",
        example=level_example,
        shown=(VISU, PLACES, SITES, HOME, WATCH, GRID, OPEN),
        thresholds=limits,
        related=("couverture-epi", "ruptures-epi"),
    ),
    equipment(
        slug="ruptures-epi",
        label="Établissements en rupture d’un équipement",
        definition="Nombre d’établissements qui n’ont plus de stock, ou dont le stock ne tient pas "
        "un jour.",
        formula="Nombre d’établissements dont la classe est «\u00a0rupture\u00a0»",
        inputs=BOTH,
        excluded="Les établissements sans consommation et ceux dont le stock est vide.",
        unit="établissements",
        source="Seuils nationaux datés",
        code="epi_stocks.dashboard.figures.Figures.count",
        example=shortage_example,
        shown=(VISU, PLACES, HOME),
        thresholds=limits,
        related=("classe-epi", "sous-seuil-epi"),
    ),
    equipment(
        slug="sous-seuil-epi",
        label="Établissements sous le seuil d’alerte",
        definition="Nombre d’établissements dont la couverture est sous le seuil de tension, "
        "ruptures et couvertures critiques comprises, sur ceux dont la classe est connue.",
        formula="En rupture + critiques + tendus, sur ces trois et les suffisants",
        inputs=BOTH,
        excluded="Les établissements sans consommation ou inconnus.",
        unit="établissements",
        source="Seuil d’alerte de 21 jours",
        code="epi_stocks.dashboard.figures.Figures.under_alert",
        example=under_alert_example,
        shown=(VISU, HOME),
        thresholds=limits,
        related=("classe-epi", "ruptures-epi"),
    ),
    equipment(
        slug="mediane-epi",
        label="Couverture médiane",
        definition="La moitié des établissements tient moins longtemps, l’autre moitié autant ou "
        "plus. Elle dit la situation ordinaire, que le rapport de sommes d’un territoire ne dit "
        "pas.",
        formula="Médiane des jours de couverture des établissements",
        inputs=BOTH,
        excluded=LEFT_OUT,
        unit="jours",
        source="Choix de la plateforme",
        code="epi_stocks.dashboard.reading.median_cover",
        example=median_example,
        shown=(VISU,),
        thresholds=limits,
        related=("couverture-epi",),
    ),
    equipment(
        slug="quantites-epi",
        label="Stock, consommation et approvisionnement déclarés",
        definition="Sommes de ce que les établissements ont saisi, en unités. Une case vide veut "
        "dire «\u00a0non déclaré\u00a0» et n’est jamais comptée comme un 0.",
        formula="Somme des valeurs saisies, colonne par colonne",
        inputs=(*BOTH, "«\u00a0Approvisionnement prévu cette semaine\u00a0» de chacun"),
        excluded="Les cases vides\u00a0; quand les gants sont saisis par taille, leur total saisi.",
        unit="unités (par jour pour la consommation)",
        source="Mode d’emploi d’EPI-Stocks, les trois colonnes de la grille",
        code="epi_stocks.dashboard.figures.total",
        example=quantity_example,
        shown=(VISU, PLACES, SITES, OPEN),
        related=("couverture-epi",),
    ),
    equipment(
        slug="report-epi",
        label="Part des valeurs reprises",
        definition="Le lundi, presque personne n’a encore déclaré\u00a0: le chiffre d’un "
        "territoire prend alors, pour chaque établissement, sa dernière valeur assez récente. "
        "Cette part dit combien le chiffre doit au passé.",
        formula="Valeurs venues d’une semaine précédente ÷ valeurs comptées",
        inputs=("La semaine d’où vient chaque valeur retenue",),
        excluded="Les valeurs plus anciennes que la reprise permise.",
        unit="%",
        source="Choix de la plateforme\u00a0; règle datée de la cellule nationale",
        code="epi_stocks.summaries.lines.lines_sql",
        example=carried_example,
        shown=(VISU,),
        thresholds=carrying,
        related=("couverture-epi",),
    ),
    equipment(
        slug="a-verifier-epi",
        label="Saisies à vérifier",
        definition="Saisies très différentes de ce que l’établissement déclare d’habitude\u00a0: "
        "une boîte pour une unité, un chiffre de trop. Elles sont comptées aussitôt, telles "
        "quelles, et le chiffre du territoire dit combien il en contient.",
        formula="Nombre de lignes dont une valeur est inhabituelle et n’a pas été confirmée",
        inputs=("Les douze dernières semaines de la même case",),
        excluded="Celles que l’établissement a confirmées («\u00a0C’est exact\u00a0»).",
        unit="saisies",
        source="Choix de la plateforme, documenté dans docs/epi-anomalies.md",
        code="epi_stocks.anomalies.is_doubtful",
        example=doubtful_example,
        shown=(VISU, PLACES, SITES),
        related=("couverture-epi",),
    ),
)
