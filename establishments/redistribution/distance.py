"""How far two establishments are, in kilometres as the crow flies, and how that is known.

By their coordinates when both are known; else by the middles of their departments, and the page
says so.
"""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from django.db import models

from common.nearness import FAR, between

EARTH_RADIUS_KM = 6371.0
SAME_DEPARTMENT_KM = 25  # only to compare with known distances: never shown


class Source(models.TextChoices):
    COORDINATES = "position", "coordonnées FINESS"
    DEPARTMENT = "department", "milieux des départements"
    UNKNOWN = "unknown", "inconnue"


@dataclass(frozen=True, slots=True)
class Point:
    """In degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an establishment is, as far as it is known."""

    department: str | None = None
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Distance:
    km: int | None = None
    source: Source = Source.UNKNOWN

    @property
    def rank(self) -> int:
        """What orders donors and what the solver pays: an unknown distance is the farthest."""
        if self.km is None:
            return FAR
        if self.source is Source.DEPARTMENT:
            return max(self.km, SAME_DEPARTMENT_KM)
        return self.km

    @property
    def text(self) -> str:
        """« à 42 km », « même département », « à environ 120 km »."""
        if self.km is None:
            return "distance inconnue"
        if self.source is Source.COORDINATES:
            return f"à {self.km}\u00a0km" if self.km else "à moins d’un kilomètre"
        return f"à environ {self.km}\u00a0km" if self.km else "même département"


def distance_between(one: Spot, other: Spot) -> Distance:
    if one.point and other.point:
        return Distance(round(great_circle_km(one.point, other.point)), Source.COORDINATES)
    km = between(one.department, other.department)
    return Distance() if km == FAR else Distance(km, Source.DEPARTMENT)


def great_circle_km(one: Point, other: Point) -> float:
    """By the haversine formula, on a sphere: within 0.5 %."""
    north, south = radians(one.latitude), radians(other.latitude)
    across = radians(other.longitude - one.longitude)
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(across / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, half)))
