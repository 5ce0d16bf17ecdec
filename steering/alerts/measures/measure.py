"""What a measure is: a figure that another app defines, read for every place at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from common.cover import Level
from common.numbers import format_decimal
from establishments.models import Department, Region
from steering.models import AlertDomain, AlertScale

COUNTRY, COUNTRY_NAME = "FR", "France entière"
WITHOUT_PLACE = "Territoire sans ARS"
NO_BREAK = "\u00a0"


class Subjects(StrEnum):
    """What a measure is of; the value begins the choice of a form."""

    NONE = ""
    ITEM = "equipement"
    SUBSTANCE = "dci"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Place:
    """Where: an establishment (by FINESS), a department, a region or the country (by code)."""

    scale: AlertScale
    code: str
    name: str
    region_code: str = ""
    department_code: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure of one product in one place. ``told``: what it was computed from, in words.

    Without ``value`` nor level nothing is known, which is no reason to warn nor to stop.
    """

    subject: str
    subject_label: str
    place: Place
    value: Decimal | None
    level: Level | None = None
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Within:
    """The territory that establishments are looked for in: never the whole country."""

    region_code: str = ""
    department_code: str = ""


Read = Callable[[AlertScale, datetime, Within], list[Reading]]


@dataclass(frozen=True, slots=True)
class Measure:
    """``read`` asks the app that defines the figure; ``indicator`` names it in the registry.

    ``is_low_bad``: a limit is passed from above, as by a cover; else from below, as by a delay.
    ``is_national``: the figure is for those who follow the country alone (the State stock).
    """

    slug: str
    label: str
    domain: AlertDomain
    unit: str
    scales: Sequence[AlertScale]
    subjects: Subjects
    has_levels: bool
    is_low_bad: bool
    read: Read
    formula: str
    is_national: bool = False

    def text(self, value: Decimal | None, level: Level | None = None) -> str:
        """« 3,2 jours », « 55 % », or why there is no number."""
        if value is None:
            return {Level.SHORTAGE: "aucun stock", Level.NO_USE: "sans consommation"}.get(
                level or Level.UNKNOWN, "inconnu"
            )
        return f"{number_text(value)}{NO_BREAK}{self.unit_of(value)}"

    def unit_of(self, value: Decimal) -> str:
        return self.unit.removesuffix("s") if abs(value) < 2 else self.unit


def number_text(value: Decimal) -> str:
    if value == value.to_integral_value():
        return format_decimal(value, places=0)
    return format_decimal(value, places=1)


def region_names() -> dict[str, str]:
    return dict(Region.objects.values_list("code", "name"))


def department_names() -> dict[str, tuple[str, str]]:
    """« Loiret (45) » and its region, by code."""
    rows = Department.objects.values_list("code", "name", "region_id")
    return {code: (f"{name} ({code})", region or "") for code, name, region in rows}


@dataclass(frozen=True)
class Places:
    """Makes the places of a scale from their codes, with names read once."""

    scale: AlertScale

    def named(self) -> dict[str, Place]:
        match self.scale:
            case AlertScale.COUNTRY:
                return {COUNTRY: Place(self.scale, COUNTRY, COUNTRY_NAME)}
            case AlertScale.REGION:
                return {
                    code: Place(self.scale, code, name, code)
                    for code, name in region_names().items()
                }
            case _:
                return {
                    code: Place(self.scale, code, name, region, code)
                    for code, (name, region) in department_names().items()
                }
