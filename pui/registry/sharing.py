"""How a scarce medicine is shared out, and what one place may give to another."""

from decimal import Decimal
from functools import partial
from typing import Final

from common.indicators import Domain, Indicator, Medium, Shown, Threshold, Worked
from common.numbers import format_decimal, format_integer
from establishments.redistribution.held import KEPT_DAYS, SERVED_DAYS, Held
from pui.registry.places import CELL, OPENING, SHARE
from pui.sharing.fair import Claim, share

AID: Final = Shown(Medium.SCREEN, "Entraide", "aid")
DONORS: Final = Shown(Medium.SCREEN, "Chercher des donneurs", "pui:donors")
declared = partial(Indicator, owner=CELL, history=(OPENING,))


def level_example() -> Worked:
    claims = [Claim("A", Decimal(20), Decimal(10)), Claim("B", Decimal(100), Decimal(10))]
    found = share(120, claims, pack=10)
    given = ", ".join(
        f"{name}\u00a0: {format_integer(units)}" for name, units in found.given.items()
    )
    return Worked(
        "120 ampoules par boîtes de 10\u00a0; A a 2 jours de stock, B en a 10",
        f"{given}\u00a0; niveau {format_decimal(found.level or Decimal(0), places=1)}\u00a0jours",
    )


def surplus_example() -> Worked:
    found = Held(stock=500, daily=10, promised=40)
    return Worked(
        "Stock 500, consommation 10 par jour, 40 unités déjà promises",
        f"{format_integer(found.surplus)} unités peuvent être données",
    )


def kept() -> list[Threshold]:
    return [
        Threshold("Gardé par le donneur", f"{KEPT_DAYS}\u00a0jours de sa consommation"),
        Threshold("Péremption au plus tôt", f"{SERVED_DAYS}\u00a0jours après le besoin"),
    ]


SHARING: Final = (
    declared(
        slug="niveau-repartition",
        label="Niveau atteint par une répartition",
        definition="Une quantité rare va d’abord là où la couverture est la plus courte, boîte "
        "après boîte. Le niveau est le nombre de jours qu’a, au moins, chaque PUI servie.",
        formula="Plus petite couverture des PUI servies, ce qui leur est donné compris",
        inputs=("Quantité à répartir", "Stock et CMJ de chaque PUI à jour", "Conditionnement"),
        excluded="Les PUI périmées ou sans consommation.",
        unit="jours",
        frequency="À chaque proposition",
        source="Répartition des médicaments prioritaires entre établissements",
        code="pui.sharing.fair.share",
        domain=Domain.MEDICINES,
        example=level_example,
        shown=(SHARE, Shown(Medium.FILE, "Répartition, fichier des PUI (CSV, XLSX)")),
        related=("couverture-medicament",),
    ),
    declared(
        slug="surplus",
        label="Ce qu’un établissement peut donner",
        definition="Ce qui dépasse trois semaines de sa propre consommation, ce qu’il a déjà "
        "promis et ce qui périme trop tôt. Pour les médicaments comme pour les équipements.",
        formula="Stock − 21 × consommation par jour − promis − proche de la péremption, jamais "
        "moins de 0",
        inputs=("Stock et consommation déclarés", "Dépannages promis", "Péremptions déclarées"),
        excluded="Les stocks périmés ou sans consommation.",
        unit="unités",
        frequency="À l’instant",
        source="Entraide entre établissements, second objectif du suivi",
        code="establishments.redistribution.held.Held.surplus",
        domain=Domain.AID,
        example=surplus_example,
        shown=(DONORS, AID),
        thresholds=kept,
    ),
)
