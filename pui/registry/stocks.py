"""How long the medicines last: cover, classes, DCI in tension, what may run out."""

from decimal import Decimal
from functools import partial
from typing import Final

from common.indicators import Domain, Indicator, Threshold, Worked, cover_limits
from common.numbers import format_decimal
from medications.thresholds import level_of, thresholds_of
from pui.forecast.method import Point, pace
from pui.region.figures import Sums, in_tension, worst
from pui.region.refreshing import CARRIED
from pui.registry.places import (
    API,
    CELL,
    KEPT,
    MORNING,
    OPEN,
    OPENING,
    REGION,
    REGION_FILE,
    STATE,
)
from pui.stock.board import SOON

BOTH: Final = (
    "Stock déclaré par chaque PUI, par UCD",
    "Consommation moyenne journalière (CMJ) déclarée par chaque PUI, par UCD",
    f"Dernière ligne déclarée, de l’échéance ou de l’une des {CARRIED} précédentes",
)
LEFT_OUT: Final = (
    "Les lignes dont le stock ou la consommation est vide\u00a0; celles d’une échéance trop "
    "ancienne\u00a0; ce que maPUI donne d’un dosage dont les UCD sont déclarées."
)


def limits() -> list[Threshold]:
    """Those of today."""
    return cover_limits(thresholds_of())


medicines = partial(
    Indicator,
    domain=Domain.MEDICINES,
    owner=CELL,
    frequency=KEPT,
    history=(OPENING,),
    thresholds=limits,
)


def sums(stock: int, daily: int) -> Sums:
    return Sums(ratio_stock=Decimal(stock), ratio_daily=Decimal(daily), lines=1, ratio_lines=1)


def cover_example() -> Worked:
    found = sums(900, 60) + sums(100, 40)
    return Worked(
        "Deux PUI\u00a0: 900 ampoules et 60 par jour, 100 et 40 par jour", found.days_text
    )


def level_example() -> Worked:
    found = level_of(Decimal(50), Decimal(10))
    return Worked("50 ampoules pour 10 par jour", str(found.label))


def tension_example() -> Worked:
    found = [sums(100, 10), sums(300, 10), sums(0, 5)]
    return Worked(
        "Trois DCI\u00a0: 10 jours, 30 jours et aucun stock", f"{in_tension(found)} sur 3"
    )


def short_example() -> Worked:
    found = worst([sums(0, 5), sums(300, 10)])
    given = "Une PUI sans propofol, avec 30 jours de midazolam"
    return Worked(given, f"comptée en {str(found.label).lower()}")


def run_out_example() -> Worked:
    past = [Point(0, 300.0), Point(7, 230.0), Point(14, 160.0)]
    lost = format_decimal(-pace(past), places=1)
    given = "300, 230 puis 160 ampoules, à une semaine d’intervalle"
    return Worked(given, f"{lost} ampoules de moins par jour")


def soon() -> list[Threshold]:
    return [Threshold("Signalée quand elle est possible sous", f"{SOON.days}\u00a0jours")]


STOCKS: Final = (
    medicines(
        slug="couverture-medicament",
        label="Jours de couverture d’un médicament",
        definition="Combien de jours le stock tiendrait à la consommation moyenne déclarée. Pour "
        "une DCI ou un territoire, c’est un rapport de sommes, non une moyenne des couvertures.",
        formula="Somme des stocks ÷ somme des consommations moyennes journalières, au dixième de "
        "jour inférieur",
        inputs=BOTH,
        excluded=LEFT_OUT,
        unit="jours",
        source="Suivi des stocks d’e-Dispostock\u00a0: quantité en stock et CMJ par UCD",
        code="common.cover.days_of_cover",
        example=cover_example,
        shown=(REGION, REGION_FILE, STATE, API, MORNING, OPEN),
        related=("classe-medicament", "dci-en-tension"),
    ),
    medicines(
        slug="classe-medicament",
        label="Classe de tension d’un médicament",
        definition="Le mot qui dit l’urgence\u00a0: rupture, critique, tendue ou suffisante. La "
        "cellule nationale fixe les seuils, et le jour où ils commencent.",
        formula="Jours de couverture comparés aux seuils",
        inputs=BOTH,
        excluded="Un stock vide\u00a0: la classe est «\u00a0inconnue\u00a0».",
        unit="classe",
        source="Seuils de couverture des médicaments, décidés par la cellule nationale",
        code="common.cover.level",
        example=level_example,
        shown=(REGION, REGION_FILE, STATE, API, MORNING),
        related=("couverture-medicament",),
    ),
    medicines(
        slug="dci-en-tension",
        label="Molécules et dispositifs en tension",
        definition="Nombre de molécules prioritaires dont la couverture du territoire est sous le "
        "seuil de tension. Une DCI est prioritaire quand une de ses UCD est suivie en "
        "«\u00a0priorité nationale 1\u00a0».",
        formula="Nombre de DCI dont la somme des stocks ÷ la somme des consommations est sous le "
        "seuil",
        inputs=(*BOTH, "Liste des UCD suivies, avec leur priorité, à la date"),
        excluded=LEFT_OUT,
        unit="DCI",
        source="Synthèse demandée pour la bascule\u00a0: nombre de DCI prioritaires en tension",
        code="pui.region.figures.in_tension",
        example=tension_example,
        shown=(REGION, REGION_FILE),
        related=("couverture-medicament", "pui-en-rupture"),
    ),
    medicines(
        slug="pui-en-rupture",
        label="PUI à qui manque un produit prioritaire",
        definition="Nombre de pharmacies à qui il manque au moins une molécule prioritaire. Chaque "
        "PUI compte une fois, à sa couverture la plus courte.",
        formula="Nombre de PUI dont la couverture d’au moins une DCI prioritaire est une rupture",
        inputs=BOTH,
        excluded="Les PUI sans ligne assez récente.",
        unit="PUI",
        source="Suivi des stocks d’e-Dispostock",
        code="pui.region.figures.worst",
        example=short_example,
        shown=(REGION,),
        related=("dci-en-tension",),
    ),
    medicines(
        slug="rupture-prevue",
        label="Rupture possible sous trois semaines",
        definition="Produits dont le stock pourrait s’épuiser bientôt si le rythme des dernières "
        "échéances continue. C’est un intervalle, non une date\u00a0: sa borne la plus proche "
        "suffit à prévenir.",
        formula="Produits dont le début de l’intervalle de rupture tombe avant la limite",
        inputs=("Les couvertures des dernières échéances", "Les écarts passés entre prévu et vu"),
        excluded="Les produits sans assez d’échéances pour juger.",
        unit="produits",
        source="Méthode documentée et calibrée (docs/forecast.md)",
        code="pui.forecast.method.pace",
        example=run_out_example,
        shown=(STATE,),
        thresholds=soon,
        related=("couverture-medicament",),
    ),
)
