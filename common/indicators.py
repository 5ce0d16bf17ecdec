"""What an indicator is: each app declares its own in ``<app>/registry.py`` as ``INDICATORS``.

The registry page lists them; the tag ``{% indicator_link %}`` leads there from the figure itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from django.db import models

from common.cover import Thresholds
from common.installed import modules


class Domain(models.TextChoices):
    """What a figure speaks of: the parts of the registry, in the order of its page."""

    EQUIPMENT = "equipements", "Équipements de protection"
    MEDICINES = "medicaments", "Médicaments"
    VACCINES = "vaccins", "Vaccins"
    ORDERS = "commandes", "Commandes sur le stock de l’État"
    AID = "entraide", "Entraide"
    ACCESS = "acces", "Comptes et accès"
    SERVICE = "service", "Le service lui-même"


class Medium(models.TextChoices):
    """How a figure reaches its reader."""

    SCREEN = "ecran", "Écran"
    FILE = "fichier", "Fichier"
    API = "api", "Interface pour les machines"
    OPEN = "ouvertes", "Données ouvertes"
    MAIL = "courriel", "Courriel"


@dataclass(frozen=True, slots=True)
class Shown:
    """Where the figure is read; ``route`` names its address, blank where it takes an argument."""

    medium: Medium
    label: str
    route: str = ""


@dataclass(frozen=True, slots=True)
class Worked:
    """An example: the numbers put in, and what the function of the platform gives of them."""

    given: str
    result: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit in force today, as a person reads it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Revision:
    """A definition that changed, from which day on."""

    on: date
    text: str


def no_threshold() -> list[Threshold]:
    return []


def cover_limits(days: Thresholds) -> list[Threshold]:
    """The days of cover under which a stock changes its class."""
    unit = "jours" if days.shortage > 1 else "jour"
    return [
        Threshold("Rupture", f"aucun stock, ou moins de {days.shortage}\u00a0{unit}"),
        Threshold("Critique", f"moins de {days.critical}\u00a0jours"),
        Threshold("Tendue", f"moins de {days.tense}\u00a0jours"),
        Threshold("Suffisante", f"{days.tense}\u00a0jours ou plus"),
    ]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure, one definition: what it tells, how it is computed, from what, how often, by whom.

    ``slug`` names it in addresses and never changes; ``code`` is the dotted name of the function
    that computes it, shown to no one: a test resolves it. ``example`` and ``thresholds`` are asked
    when the page is drawn: they come from that function and from the rules in force; a plain count
    needs no example.
    """

    slug: str
    label: str
    definition: str
    formula: str
    inputs: Sequence[str]
    excluded: str
    unit: str
    frequency: str
    owner: str
    source: str
    code: str
    domain: Domain
    shown: Sequence[Shown]
    example: Callable[[], Worked] | None = None
    thresholds: Callable[[], Sequence[Threshold]] = no_threshold
    history: Sequence[Revision] = field(default_factory=tuple)
    related: Sequence[str] = field(default_factory=tuple)


@cache
def every_indicator() -> Mapping[str, Indicator]:
    """All those that the apps declare, by slug, in their order; a slug twice is a fault."""
    found: dict[str, Indicator] = {}
    for module in modules("registry"):
        declared: Sequence[Indicator] = module.INDICATORS
        for one in declared:
            if one.slug in found:
                raise ValueError(f"two indicators are named {one.slug}")
            found[one.slug] = one
    return MappingProxyType(found)


def indicator(slug: str) -> Indicator:
    return every_indicator()[slug]


def by_domain(indicators: Sequence[Indicator]) -> dict[Domain, list[Indicator]]:
    """The parts that have some, in the order of ``Domain``."""
    found: dict[Domain, list[Indicator]] = {}
    for domain in Domain:
        if mine := [one for one in indicators if one.domain == domain]:
            found[domain] = mine
    return found


def as_row(one: Indicator) -> dict[str, Any]:
    """What a file tells of it."""
    return {
        "identifiant": one.slug,
        "domaine": str(one.domain.label),
        "libelle": one.label,
        "definition": one.definition,
        "formule": one.formula,
        "donnees": "\u00a0; ".join(one.inputs),
        "non_retenu": one.excluded,
        "unite": one.unit,
        "frequence": one.frequency,
        "responsable": one.owner,
        "source": one.source,
    }
