"""Which pharmacies declared, which are late, how fresh a stock is."""

from datetime import date
from functools import partial
from typing import Final

from django.utils import timezone

from common.indicators import Domain, Indicator, Threshold, Worked
from common.weeks import PARIS
from medications.calendar import calendar_of
from medications.models import MonitoredList
from medications.sentences import due_sentence
from pui.overview import Rate
from pui.registry.places import (
    API,
    CELL,
    HOME,
    KEPT,
    LATE,
    MENU,
    MORNING,
    OPENING,
    REGION,
    STATE,
)
from pui.stock.freshness import Freshness, State

EXAMPLE: Final = Rate(date(2020, 11, 20), declared=118, expected=131)
EXPECTED: Final = (
    "Registre des PUI\u00a0: celles ouvertes le jour de l’échéance",
    "Calendrier daté des échéances de la liste",
    "Transmissions reçues pour l’échéance",
)
declaring = partial(
    Indicator,
    domain=Domain.MEDICINES,
    owner=CELL,
    frequency=KEPT,
    excluded="Les établissements desservis par la PUI d’un autre\u00a0; les PUI fermées.",
    history=(OPENING,),
)


def rate_example() -> Worked:
    return Worked("118 PUI ont déclaré, 131 attendues", EXAMPLE.text)


def late_example() -> Worked:
    return Worked("131 attendues, 118 ont déclaré", f"{EXAMPLE.late} PUI en retard")


def fresh_example() -> Worked:
    found = Freshness(State.FRESH, date(2020, 11, 20))
    return Worked("Dernière échéance passée\u00a0: le 20/11\u00a0; déclarée", found.text)


def next_due() -> list[Threshold]:
    """The due day that comes, of the list that every pharmacy declares."""
    calendar = calendar_of(MonitoredList.Slug.OTHERS)
    sentence = due_sentence(calendar.expected(timezone.now().astimezone(PARIS)))
    return [Threshold("Prochaine échéance, «\u00a0autres médicaments\u00a0»", sentence)]


DECLARING: Final = (
    declaring(
        slug="taux-declaration-pui",
        label="Taux de déclaration des PUI",
        definition="La part des pharmacies attendues qui ont transmis leur stock pour l’échéance, "
        "comparée à celle de l’échéance précédente à la même heure.",
        formula="PUI qui ont déclaré l’échéance ÷ PUI attendues",
        inputs=EXPECTED,
        unit="%",
        source="Une transmission par semaine au moins\u00a0; fréquence datée, par liste",
        code="pui.overview.rate_of",
        example=rate_example,
        shown=(REGION, HOME, MENU),
        thresholds=next_due,
        related=("pui-en-retard", "fraicheur-stock"),
    ),
    declaring(
        slug="pui-en-retard",
        label="PUI en retard",
        definition="Les pharmacies attendues dont rien n’est arrivé pour la dernière échéance. "
        "Sans déclaration, une PUI ne peut pas être servie sur le stock de l’État.",
        formula="PUI attendues − PUI qui ont déclaré",
        inputs=EXPECTED,
        unit="PUI",
        source="Suivi des transmissions par l’ARS",
        code="pui.region.late.late_puis",
        example=late_example,
        shown=(LATE, REGION, HOME),
        thresholds=next_due,
        related=("taux-declaration-pui",),
    ),
    declaring(
        slug="fraicheur-stock",
        label="Fraîcheur d’un stock",
        definition="Un stock est à jour quand la PUI a déclaré la dernière échéance passée, ou une "
        "plus récente. Périmé, il ne permet plus de servir la PUI sur le stock de l’État.",
        formula="Dernière échéance déclarée ≥ dernière échéance passée",
        inputs=EXPECTED,
        unit="à jour, périmé ou jamais déclaré",
        source="Seules les PUI qui déclarent peuvent être servies",
        code="pui.stock.freshness.is_fresh",
        example=fresh_example,
        shown=(STATE, LATE, API, MORNING),
        thresholds=next_due,
        related=("pui-en-retard",),
    ),
    declaring(
        slug="lignes-non-declarees",
        label="Lignes non déclarées",
        definition="Produits suivis que la PUI n’a pas déclarés à la dernière échéance. Ils sont "
        "vides\u00a0: ni comptés, ni mis à 0.",
        formula="Produits suivis − produits déclarés, PUI par PUI",
        inputs=("Liste des produits suivis à la date", *EXPECTED),
        unit="lignes",
        source="Vide n’est pas 0",
        code="pui.stock.board.Board.missing",
        shown=(STATE,),
        related=("fraicheur-stock",),
    ),
    declaring(
        slug="pui-ouvertes",
        label="PUI ouvertes",
        definition="Pharmacies à usage intérieur inscrites au registre et non fermées, et combien "
        "ont une fiche de livraison incomplète\u00a0: un fournisseur ne saurait pas y livrer.",
        formula="PUI du registre − PUI fermées",
        inputs=("Registre des PUI",),
        unit="PUI",
        source="Registre tenu par les établissements, validé par les ARS",
        code="pui.overview.register_figures",
        shown=(MENU,),
    ),
)
